"""The quick form of the soak: a day of the real daemon beside faults, and what it is held to."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from rich.progress import Progress

from benchmarks.runner import Options
from bot.demo.platforms import State
from bot.sources.contract import Outcome
from drills import soak
from drills._soak_world import Fault, World
from drills._vitals import children, folder_mb, vitals
from tests.storage.conftest import NOW


@pytest.mark.slow
def test_a_day_beside_faults_misses_nothing() -> None:
    figures = soak.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert (figures["missed"], figures["posts_missed"], figures["posts_doubled"]) == (0, 0, 0)
    assert figures["posts"] == figures["examined"] > 3
    assert {"ok", "blocked", "rate_limited", "gone", "network"} <= set(figures["outcomes"]), "the faults were met"
    assert figures["ends"] == [0, -9, 0], "stopped, killed, and at the end stopped again"
    assert figures["crashes"] > 0
    assert (figures["digests"] > 0, figures["mails"] >= figures["digests"]) == (True, True)
    assert (figures["mails_doubled"], figures["mails_waiting"], figures["errors"]) == (0, 0, 0)
    assert 20 < figures["rss_start_mb"] < 1000
    assert 5 < figures["files_end"] < 60
    json.dumps(figures)


def test_the_full_form_takes_days_and_accounts() -> None:
    parser = argparse.ArgumentParser()
    soak.add_arguments(parser)
    assert vars(parser.parse_args([])) == {"days": 7, "accounts": 300}
    assert vars(parser.parse_args(["--days", "2", "--accounts", "40"])) == {"days": 2, "accounts": 40}


HOURS = Sequence[tuple[float, Outcome]]


@pytest.mark.parametrize(
    ("looks", "missed"),
    [
        ([(0, Outcome.OK), (5, Outcome.OK), (10, Outcome.OK), (15, Outcome.OK)], 0),
        ([(0, Outcome.OK), (7, Outcome.OK), (12, Outcome.OK), (17, Outcome.OK)], 1),
        ([(0, Outcome.OK), (5, Outcome.OK)], 1),
        ([(0, Outcome.OK), (5, Outcome.NETWORK), (12, Outcome.OK), (17, Outcome.OK)], 0),
        ([], 1),
    ],
)
def test_looks_that_did_not_happen_are_counted(tmp_path: Path, looks: HOURS, missed: int) -> None:
    world = World(3, NOW, timedelta(0), tmp_path)
    made = [(NOW + timedelta(hours=hour), outcome) for hour, outcome in looks]
    assert len(soak._missed(world, 1, made, NOW + timedelta(hours=20))) == missed


def test_what_a_platform_causes_is_no_miss_of_ours(tmp_path: Path) -> None:
    world = World(3, NOW, timedelta(0), tmp_path)
    hours = [NOW + timedelta(hours=number) for number in range(24)]
    made = [(hours[0], Outcome.OK), (hours[8], Outcome.OK), (hours[13], Outcome.OK), (hours[18], Outcome.OK)]
    other = Fault("away", State.FORBIDDEN, hours[1], hours[3], frozenset({0}))
    world.plan([other])
    assert len(soak._missed(world, 1, made, hours[20])) == 1, "another platform's fault excuses nothing"
    world.plan([Fault("away", State.FORBIDDEN, hours[1], hours[3], frozenset({1}))])
    assert soak._missed(world, 1, made, hours[20]) == []


def test_the_world_publishes_and_fails_in_time(tmp_path: Path) -> None:
    world = World(10, NOW, timedelta(days=2), tmp_path)
    world.plan([Fault("gone", State.GONE, NOW + timedelta(hours=2), NOW + timedelta(hours=4), frozenset({1}))])
    known = len({account.handle for stage in world.stages for account in stage.accounts()})
    assert known == 10
    world.move(NOW + timedelta(hours=3))
    assert len([one for stage in world.stages for one in stage.accounts()]) == 9
    world.move(NOW + timedelta(days=2))
    assert len([one for stage in world.stages for one in stage.accounts()]) == 10
    assert world.published
    assert len(list(tmp_path.glob("*.mp4"))) == len(world.published), "each has a clip of its own"
    assert {stage.name for stage in world.stages} == {"tiktok", "feed", "mastodon"}


def test_vitals_are_the_kernels() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"]) as process,
        Path("/dev/null").open("rb"),
    ):
        seen = vitals(os.getpid())
        assert process.pid in children(os.getpid())
        process.kill()
    assert 10 < seen.rss_mb < 4000
    assert seen.files >= 4
    assert seen.workers >= 1


def test_the_size_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x" * 1_500_000)
    assert folder_mb(tmp_path) == 1.5
