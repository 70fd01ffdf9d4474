"""The daemon: real APScheduler jobs on a short tick; a job that fails or is late ends nothing; a stop is clean."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import schedule
from bot.config import Config, Deliver
from bot.demo.platforms import StandIn, TikTokAccount
from bot.errors import StoreBusy
from bot.lock import hold
from bot.pipeline.housekeeping import keep_house
from bot.schedule import serve
from bot.sources.registry import SourceSettings
from storage import Store, StoreFull
from tests.bot.conftest import HOUR, NOW

TICK = timedelta(seconds=0.1)


class Daemon:
    """`serve` on a thread of its own, with a clock that can be set."""

    def __init__(self, config: Config, settings: SourceSettings) -> None:
        self.now = NOW
        self.stopping = threading.Event()
        self.running = threading.Event()
        self.error: BaseException | None = None
        self._config, self._settings = config, settings
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            serve(
                self._config,
                self._settings,
                self.stopping,
                clock=lambda: self.now,
                tick=TICK,
                started=self.running.set,
            )
        except BaseException as error:
            self.error = error

    def __enter__(self) -> Daemon:
        self._thread.start()
        assert self.running.wait(20) or self.error
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        assert self.error is None


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    """Wait until something is the case."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.fixture
def settings(platform: StandIn) -> SourceSettings:
    return SourceSettings(platform.dialer())


@contextmanager
def reading(config: Config) -> Iterator[Store]:
    """The store beside the daemon."""
    with Store.open(config.store, read_only=True) as store:
        yield store


def counts(config: Config) -> dict[str, int]:
    with reading(config) as store:
        return dict(store.counts())


def test_the_daemon_watches_on_its_tick_and_leaves_the_store_free(
    config: Config, settings: SourceSettings, tiktok: TikTokAccount
) -> None:
    with Daemon(config, settings) as daemon:
        until(lambda: counts(config).get("judged") == 3)
        with pytest.raises(StoreBusy), hold(config.store):
            pytest.fail("the daemon does not hold its store")
        with reading(config) as store:
            assert len(store.polls()) == 1, "many ticks, one poll that was due"
        daemon.now = NOW + 2 * HOUR

        def polls() -> int:
            with reading(config) as store:
                return len(store.polls())

        until(lambda: polls() == 2)
    with hold(config.store):
        pass
    with Store.open(config.store) as store:
        assert store.digests() == [], "its time had not come"


def test_a_job_that_fails_does_not_end_the_daemon(
    config: Config, settings: SourceSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def faulty(*_: object, **__: object) -> None:
        calls.append("tick")
        if len(calls) == 1:
            raise ZeroDivisionError("a fault of ours")
        if len(calls) == 2:
            raise StoreFull("no space is left; free some")

    monkeypatch.setattr(schedule, "run_cycle", faulty)
    with caplog.at_level(logging.WARNING), Daemon(config, settings):
        until(lambda: len(calls) >= 4)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2, "each failure is told once"
    assert "job tick failed: a fault of ours" in told[0]
    trace = caplog.records[0].exc_info
    assert trace is not None
    assert trace[0] is ZeroDivisionError, "with where it happened"
    assert told[1] == "job tick failed: no space is left; free some"


def test_a_tick_that_takes_longer_than_its_interval_is_not_run_twice_at_once(
    config: Config, settings: SourceSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    inside: list[int] = []
    most: list[int] = []

    def slow(*_: object, **__: object) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.35)
        inside.pop()

    monkeypatch.setattr(schedule, "run_cycle", slow)
    with caplog.at_level(logging.WARNING), Daemon(config, settings):
        until(lambda: len(most) >= 3)
    assert max(most) == 1
    assert caplog.records == [], "a busy minute is nothing to warn of"


def test_a_stop_waits_for_the_job_in_hand(
    config: Config, settings: SourceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    begun = threading.Event()

    def slow(watch: object, *_: object, **__: object) -> None:
        begun.set()
        time.sleep(0.5)
        ended.append(True)

    monkeypatch.setattr(schedule, "run_cycle", slow)
    with Daemon(config, settings) as daemon:
        begun.wait(10)
        daemon.stopping.set()
    assert ended


def test_a_digest_that_was_missed_while_the_daemon_was_off_is_made_good_and_sent(
    config: Config, settings: SourceSettings, tiktok: TikTokAccount, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    config = config.model_copy(update={"deliver": Deliver(folder=out, free_space=0)})
    with Store.open(config.store) as store:
        store.gather_digest("2026-01-01", covers_to=datetime(2026, 1, 1, tzinfo=UTC))
    midnight = NOW.replace(hour=23, minute=59)

    def days() -> list[str]:
        with reading(config) as store:
            return [record.day for record in store.digests() if record.rendered_at is not None]

    late = Daemon(config, settings)
    late.now = midnight
    with late:
        until(lambda: days() == [midnight.date().isoformat(), "2026-01-01"])
        until(lambda: list(out.glob(f"{midnight.date()}-digest-*.eml")))
    with reading(config) as store:
        assert [len(store.digest_posts(record.id)) for record in store.digests()] == [3, 0], "what the first tick found"


def test_the_house_is_kept_also_where_the_daemon_never_runs_for_a_day(
    config: Config, settings: SourceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "AFTER_START", timedelta(seconds=0.3))
    left = config.store / "tmp" / "stray"
    kept = threading.Event()
    real = keep_house

    def keep(*arguments: Any) -> int:
        deleted = real(*arguments)
        kept.set()
        return deleted

    monkeypatch.setattr(schedule, "keep_house", keep)
    with Daemon(config, settings):
        left.write_bytes(b"half")
        assert kept.wait(20)
    assert not left.exists()


def test_a_store_that_is_held_is_refused(config: Config, settings: SourceSettings) -> None:
    with hold(config.store), pytest.raises(StoreBusy):
        serve(config, settings, threading.Event())
