"""Reach taken again at growing gaps, along with looks that are due anyway, and profiles that are not read each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.cycle import Watch, wanted_accounts
from bot.pipeline.poll import JITTER, poll
from bot.pipeline.remeasure import is_due, next_moment
from bot.sources.contract import Listing, ListRequest
from storage import Account, StoredVerdict
from tests.bot.conftest import HOUR, NOW, URL, make_posts, put
from tests.conftest import PERSON, make_config, settle

DAY = 24 * HOUR
GAPS = (HOUR, DAY, 7 * DAY)


def look(watch: Watch, account: Account, now: datetime) -> None:
    poll(watch.store.account(account.id), store=watch.store, sources=watch.sources, config=watch.config, now=now)


def measured(watch: Watch) -> dict[str, int]:
    """How often each post was measured, by its caption."""
    return {post.caption: len(watch.store.post_metrics(post.id)) for post in watch.store.posts()}


def with_polling(watch: Watch, **polling: Any) -> Watch:
    config = make_config(watch.config.store.parent, accounts=[{"url": URL, "person": PERSON}], polling=polling)
    return replace(watch, config=config)


def test_all_that_is_listed_is_measured_where_a_moment_has_come_and_the_newest_in_between(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    posts = make_posts(20, None)
    put(platform, tiktok, posts=posts)
    watch = with_polling(watch, remeasure=["1 h", "1 day", "7 days"], first_index=20, listing_limit=20)
    look(watch, account, NOW)
    assert set(measured(watch).values()) == {1}
    look(watch, account, NOW + HOUR / 2)
    assert sorted(measured(watch).values()) == [1] * 5 + [2] * 15, "of known posts no second page is asked for"
    look(watch, account, NOW + HOUR)
    assert sorted(measured(watch).values()) == [2] * 5 + [3] * 15
    look(watch, account, NOW + 2 * HOUR)
    look(watch, account, NOW + 23 * HOUR)
    assert sorted(measured(watch).values()) == [2] * 5 + [5] * 15
    put(platform, tiktok, state=State.RATE_LIMITED)
    look(watch, account, NOW + 25 * HOUR)
    put(platform, tiktok, posts=posts)
    look(watch, account, NOW + 26 * HOUR)
    assert sorted(measured(watch).values()) == [3] * 5 + [6] * 15, "a look that failed measured nothing"


def test_a_look_in_full_sends_no_request_more(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, posts=make_posts(8, None))
    look(watch, account, NOW)
    platform.clear()
    look(watch, account, NOW + 3 * HOUR)
    assert len(platform.requests()) == 2, "as the look that reads the profile, and nothing else"


def test_the_profile_is_not_read_at_each_look(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    requests = []
    watch = with_polling(watch, profile="2 h", remeasure=["7 days"])
    for minutes in (0, 60, 119, 120, 180):
        platform.clear()
        look(watch, account, NOW + timedelta(minutes=minutes))
        requests.append(len(platform.requests()))
    assert requests == [2, 1, 1, 2, 1]
    put(platform, tiktok, bio="New words.", state=State.GONE)
    look(watch, account, NOW + timedelta(minutes=200))
    assert watch.store.account(account.id).outcome == "gone", "a list that is empty is asked about at once"


def test_a_post_of_an_account_that_sleeps_is_measured_an_hour_after_it_was_found(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    sleeping = tuple(make_posts(1, None, first=24 * 30 * number)[0] for number in range(1, 5))
    put(platform, tiktok, posts=(*make_posts(1, None, first=-24), *sleeping))
    look(watch, account, NOW)
    due = watch.store.account(account.id).next_check_at
    assert due is not None
    assert HOUR <= due - NOW <= HOUR * (1 + JITTER), "and not after three"
    look(watch, account, due)
    later = watch.store.account(account.id).next_check_at
    assert later is not None
    assert later - due >= 2 * HOUR, "six hours bear that a look in the pace comes along"


def test_nobody_is_looked_at_more_often_than_is_written(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    watch.store.write("UPDATE accounts SET interval_s = 86400")
    look(watch, account, NOW)
    due = watch.store.account(account.id).next_check_at
    assert due is not None
    assert due - NOW >= DAY * (1 - JITTER)


def test_moments_are_counted_from_the_first_sight_and_go_on_where_there_is_an_alert(
    watch: Watch, tiktok: TikTokAccount, account: Account
) -> None:
    store = watch.store
    assert is_due(account, GAPS, store, NOW), "it was never looked at"
    look(watch, account, NOW)

    def due(at: datetime, last: datetime) -> bool:
        return is_due(replace(store.account(account.id), measured_at=last), GAPS, store, at)

    assert not due(NOW + HOUR - timedelta(seconds=1), NOW)
    assert due(NOW + HOUR, NOW)
    assert due(NOW + 30 * DAY, NOW + 2 * DAY), "a moment that was missed is made good"
    assert not due(NOW + 30 * DAY, NOW + 8 * DAY)
    store.write("UPDATE posts SET state = 'judged'")
    store.record_verdict(StoredVerdict(store.posts()[0].id, "undetermined", "high", "a rule", "Words."), at=NOW)
    assert due(NOW + 14 * DAY, NOW + 8 * DAY)
    assert due(NOW + 28 * DAY, NOW + 15 * DAY)
    assert not due(NOW + 5000 * DAY, NOW + 365 * DAY)


def test_the_next_moment_is_one_that_the_pace_misses(watch: Watch, tiktok: TikTokAccount, account: Account) -> None:
    look(watch, account, NOW)
    store, minutes = watch.store, timedelta(minutes=1)
    assert next_moment(account, GAPS, store, NOW, pace=3 * HOUR, fastest=45 * minutes) == NOW + HOUR
    assert next_moment(account, GAPS, store, NOW + 2 * HOUR, pace=3 * HOUR, fastest=45 * minutes) is None
    assert next_moment(account, GAPS, store, NOW, pace=HOUR, fastest=45 * minutes) is None
    assert next_moment(account, GAPS, store, NOW, pace=3 * HOUR, fastest=2 * HOUR) is None


def test_a_folder_is_never_read_as_if_nothing_of_it_were_known(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "a.mp4").write_bytes(b"x")
    settle(drop)
    config = make_config(tmp_path, accounts=[f"folder:{drop}"])
    watch.store.sync_accounts(wanted_accounts(config))
    asked = []
    real = watch.sources.list_posts

    def noted(request: ListRequest) -> Listing:
        asked.append(len(request.known))
        return real(request)

    monkeypatch.setattr(watch.sources, "list_posts", noted)
    for hours in (0, 1, 30):
        look(replace(watch, config=config), watch.store.accounts()[0], NOW + hours * HOUR)
    assert asked == [0, 1, 1], "it shows no counts that could be measured again"
