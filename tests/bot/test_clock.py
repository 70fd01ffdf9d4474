"""The clock of the machine jumps ahead and back: the watch goes on, deletes nothing early, and says what happened."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.deliver.watchdog import observe
from bot.demo.platforms import StandIn, TikTokAccount
from bot.pipeline.controls import is_wanted
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.digest import due_digest, make_digest
from bot.pipeline.housekeeping import PROVEN, SILENT, keep_house
from bot.sources.contract import Outcome
from storage import Media, Store
from tests.bot.conftest import HOUR, NOW, make_posts, put
from tests.storage.conftest import judged, poll, seen, wanted

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


def test_a_year_ahead_and_back_costs_no_look_and_no_digest(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    put(platform, tiktok, posts=make_posts(1, None))
    run_cycle(watch, NOW)
    make_digest(watch.store, watch.config, NOW)
    run_cycle(watch, NOW + YEAR)
    make_digest(watch.store, watch.config, NOW + YEAR)
    assert "clock" not in {one.kind for one in observe(watch.store, watch.config, NOW + YEAR)}
    put(platform, tiktok, posts=make_posts(2, None, first=-1))
    with caplog.at_level(logging.WARNING):
        first = run_cycle(watch, NOW + DAY)
        second = run_cycle(watch, NOW + DAY + HOUR)
    assert first.polled + second.polled >= 1, "within the hour, and not in a year"
    assert first.new_posts + second.new_posts == 1
    assert caplog.text.count("the clock went back by 364 days") == 1
    told = [one for one in observe(watch.store, watch.config, NOW + DAY + 2 * HOUR) if one.kind == "clock"]
    assert "timedatectl" in told[0].remedy
    assert "clock" not in {one.kind for one in observe(watch.store, watch.config, NOW + 3 * DAY)}, "told for a day"
    due = due_digest(watch.store, watch.config, NOW + 2 * DAY)
    assert due is not None
    make_digest(watch.store, watch.config, NOW + 2 * DAY, day=due)
    assert due_digest(watch.store, watch.config, NOW + 2 * DAY) is None, "once a day, as ever"


@pytest.fixture
def aged(watch: Watch) -> tuple[Store, Media]:
    """A store with media of no alert, last looked at now."""
    watch.store.sync_accounts([wanted()])
    (post,) = poll(watch.store, watch.store.accounts()[0], [seen(1)], at=NOW)
    return watch.store, judged(watch.store, post, at=NOW)


def test_a_clock_that_jumps_ahead_deletes_nothing_until_it_has_shown_that_time_for_a_day(
    watch: Watch, aged: tuple[Store, Media], caplog: pytest.LogCaptureFixture
) -> None:
    store, media = aged
    poll(store, store.accounts()[0], at=NOW + YEAR)
    with caplog.at_level(logging.WARNING):
        assert keep_house(store, watch.config, NOW + YEAR) == 0
    assert "its clock jumped ahead (check it with `date -u`); nothing is deleted" in caplog.text
    assert store.evidence.path(media.sha256) is not None
    assert [one.at for one in store.polls()] == [NOW, NOW + YEAR]
    assert keep_house(store, watch.config, NOW + YEAR + PROVEN) == 1, "the machine was off for a year"


def test_a_watch_that_ran_deletes_as_ever(watch: Watch, aged: tuple[Store, Media]) -> None:
    store, _ = aged
    assert keep_house(store, watch.config, NOW + SILENT) == 1


def test_an_answer_of_a_control_account_from_the_future_is_none(watch: Watch, aged: tuple[Store, Media]) -> None:
    store, _ = aged
    outcomes = [Outcome.EMPTY]
    assert not is_wanted("tiktok", outcomes, store, NOW + HOUR / 2)
    assert is_wanted("tiktok", outcomes, store, NOW - DAY)
