"""`lookalikes`: the command from the question to the configuration, on the loopback platform."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.demo.platforms import StandIn, TikTokAccount
from bot.lookalikes import Pace
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from tests.cli.conftest import check_contract, invoke, lines
from tests.conftest import PERSON, write_config

ARGUMENTS = ("--platform", "tiktok", "--most", "3")


@pytest.fixture
def config(
    tmp_path: Path,
    shared_workers: tuple[LimitedExecutor, SourceWorker],
    platform: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """A configuration whose search uses the shared processes and pauses for nobody."""
    from bot.cli import lookalikes as module

    executor, worker = shared_workers

    def take(one: Any) -> Any:
        return lambda *_, **__: contextlib.nullcontext(one)

    monkeypatch.setattr(module, "LimitedExecutor", take(executor))
    monkeypatch.setattr(module, "SourceWorker", take(worker))
    monkeypatch.setattr(module, "settings_of", lambda _: SourceSettings(platform.dialer()))
    monkeypatch.setattr(module, "Pace", lambda pause, chance, stopping: Pace(0, chance, stopping))
    # the person's own first candidate on TikTok is a handle with a mark in it
    platform.tiktok.put(TikTokAccount("aureliovantor1", "Aurelio [bold]Vantor", "dm me", followers=4200))
    yield write_config(tmp_path)
    platform.tiktok.remove("aureliovantor1")


def test_the_questions_can_be_seen_before_anybody_is_asked(config: Path, platform: StandIn) -> None:
    platform.clear()
    told = lines(invoke("lookalikes", PERSON, *ARGUMENTS, "--dry-run", "--json", "-c", config).stdout)
    assert len(told) == 3
    assert {"platform", "handle", "url", "rules", "log10_lr"} == told[0].keys()
    assert platform.requests(path="/@") == []


def test_what_exists_is_told_and_can_be_watched_and_nobody_is_asked_twice(config: Path, platform: StandIn) -> None:
    result = invoke("lookalikes", PERSON.lower(), *ARGUMENTS, "--json", "-c", config)
    assert result.exit_code == 0, result.stderr
    *found, summary = lines(result.stdout)
    check_contract("lookalikes", [*found, summary])
    assert [one["handle"] for one in found] == ["aureliovantor1"]
    assert (found[0]["followers"], found[0]["watched"]) == (4200, False)
    assert (summary["candidates"], summary["asked"], summary["exists"], summary["absent"]) == (3, 3, 1, 2)
    platform.clear()
    again = invoke(
        "lookalikes",
        PERSON,
        *ARGUMENTS,
        "--add",
        "-c",
        config,
    )
    assert "aureliovantor1" in again.stdout
    assert "[bold]" in again.stdout
    assert platform.requests(path="/@") == []
    assert load(config).accounts == (), "nobody said yes"
    added = invoke("lookalikes", PERSON, *ARGUMENTS, "--add", "--yes", "--json", "-c", config)
    assert added.exit_code == 0, added.stderr
    accounts = load(config).accounts
    assert [(one.url, one.person) for one in accounts] == [("https://www.tiktok.com/@aureliovantor1", PERSON)]
    shown = lines(invoke("lookalikes", PERSON, "--shown", "--json", "-c", config).stdout)
    assert shown[0]["watched"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Nobody"], f'"Nobody" is not in the configuration, which protects {PERSON}'),
        ([PERSON, "--yes"], "--yes goes with --add"),
        ([PERSON, "--add", "--json"], "needs --yes"),
        ([PERSON, "--platform", "instagram"], "'instagram' is not one of"),
    ],
)
def test_a_wrong_call_is_told(config: Path, arguments: list[str], said: str) -> None:
    result = invoke("lookalikes", *arguments, "-c", config)
    assert result.exit_code == 2
    assert said in result.stderr
