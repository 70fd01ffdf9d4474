"""When watching fails: each kind is told once by the same ways until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.deliver import deliver, queue_troubles
from bot.deliver.compose import Composer
from bot.deliver.watchdog import observe
from storage import PlatformState, Store
from tests.conftest import make_config
from tests.digest.scene import HOUR, NOW, Scene

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "watch") as made:
        yield made


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path, deliver={"folder": str(tmp_path / "out"), "free_space": "0 B", "failures": 3})


def kinds(store: Store, config: Config, now: object = NOW) -> dict[str, str]:
    return {one.kind: f"{one.subject}: {one.detail} {one.remedy}" for one in observe(store, config, now)}  # type: ignore[arg-type]


def test_a_watch_that_works_has_no_trouble(store: Store, config: Config) -> None:
    scene = Scene(store)
    scene.poll(scene.account("x"))
    assert kinds(store, config) == {}


def test_an_account_that_fails_too_often_is_told_with_what_to_do(store: Store, config: Config) -> None:
    scene = Scene(store)
    account, fine = scene.account("x"), scene.account("fine")
    scene.poll(fine, at=NOW)
    for number in range(3):
        assert "account" not in kinds(store, config)
        scene.poll(account, at=NOW - (3 - number) * HOUR, outcome="gone", detail="no such page")
    told = kinds(store, config)["account"]
    assert told.startswith("@x (TikTok): Gone: the last 3 looks failed.")
    assert "no such page" in told
    assert "Search by hand" in told
    scene.poll(account, at=NOW)
    assert kinds(store, config) == {}


def test_a_platform_that_refuses_is_one_trouble_and_not_one_an_account(store: Store, config: Config) -> None:
    scene = Scene(store)
    for name in ("a", "b", "c"):
        for number in range(4):
            scene.poll(scene.account(name), at=NOW - number * HOUR, outcome="blocked")
    store.record_platform(PlatformState("tiktok", "blocked", NOW, failures=2, trips=1, held_until=NOW + HOUR))
    told = kinds(store, config)
    assert told.keys() == {"platform"}
    assert "3 accounts there cannot be seen" in told["platform"]
    # one refusal that did not open the breaker is nothing to wake anybody for
    store.record_platform(PlatformState("tiktok", "blocked", NOW, failures=1))
    assert "platform" not in kinds(store, config)


def test_silence_is_told_after_a_day_of_trying(store: Store, config: Config) -> None:
    scene = Scene(store)
    account = scene.account("x")
    scene.poll(account, at=NOW - 7 * DAY)
    # a week without power: the first minute proves nothing
    scene.poll(account, at=NOW, outcome="network")
    assert kinds(store, config, NOW) == {}
    assert "could not be seen for 7 days" in kinds(store, config, NOW + HOUR)["silence"].replace(
        "be seen", "not be seen"
    )
    scene.poll(account, at=NOW + HOUR)
    assert kinds(store, config, NOW + 2 * HOUR) == {}
    assert kinds(store, config, NOW + 3 * DAY) == {}, "nothing was tried since, so nothing failed"


def test_a_full_disk_and_a_missing_model_are_told(store: Store, tmp_path: Path) -> None:
    config = make_config(
        tmp_path,
        deliver={"folder": str(tmp_path / "out"), "free_space": "1 TB"},
        models={"identity": str(tmp_path / "gone.onnx")},
    )
    told = kinds(store, config)
    assert told.keys() == {"disk", "model"}
    assert "less than 1 TB (deliver.free_space)" in told["disk"]
    assert f"There is no file {tmp_path / 'gone.onnx'}" in told["model"]
    assert "correct models.identity" in told["model"]


def test_each_trouble_is_told_once_until_it_is_over(store: Store, config: Config, tmp_path: Path) -> None:
    scene = Scene(store)
    account = scene.account("x")
    for number in range(3):
        scene.poll(account, at=NOW - (3 - number) * HOUR, outcome="gone")
    assert [queue_troubles(store, config, NOW + number * HOUR) for number in range(3)] == [1, 0, 0]
    deliver(store, config, NOW + 3 * HOUR)
    (path,) = (tmp_path / "out").iterdir()
    assert "An account cannot be seen: @x (TikTok)" in path.read_text()
    scene.poll(account, at=NOW + 4 * HOUR)
    assert queue_troubles(store, config, NOW + 4 * HOUR) == 0
    scene.digest("2026-11-25", at=NOW + 5 * HOUR)
    text = Composer(store, config, NOW + 5 * HOUR).digest(store.digests()[0]).text
    assert "! Over: An account cannot be seen: @x (TikTok)" in text
    for number in range(3):
        scene.poll(account, at=NOW + (20 + number) * HOUR, outcome="gone")
    assert queue_troubles(store, config, NOW + 23 * HOUR) == 1
