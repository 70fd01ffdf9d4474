"""How often an account is looked at, within the configured bounds, and how much a platform is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.platforms import StandIn, TikTokAccount
from bot.pipeline.budget import is_spent
from bot.pipeline.cycle import Watch, run_cycle, wanted_accounts
from bot.pipeline.pace import paced
from bot.pipeline.poll import JITTER, poll
from storage import Account, Lookalike, PollRecord
from tests.bot.conftest import HOUR, NOW, URL, make_posts, put
from tests.conftest import make_config

FASTEST, SLOWEST = timedelta(minutes=45), 3 * HOUR
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("gap", "since", "expected"),
    [
        (timedelta(minutes=10), timedelta(), FASTEST),
        (DAY, timedelta(), HOUR),
        (2 * DAY, timedelta(), 2 * HOUR),
        (30 * DAY, timedelta(), SLOWEST),
        (DAY, 2 * DAY, 2 * HOUR),
        (timedelta(minutes=10), 365 * DAY, SLOWEST),
    ],
)
def test_the_pace_follows_the_posts(gap: timedelta, since: timedelta, expected: timedelta) -> None:
    newest_first = [NOW - since - gap * number for number in range(12)]
    assert paced(newest_first, NOW, fastest=FASTEST, slowest=SLOWEST) == expected
    assert paced(newest_first[::-1], NOW, fastest=FASTEST, slowest=SLOWEST) == expected


def test_a_pinned_old_post_changes_nothing() -> None:
    daily = [NOW - DAY * number for number in range(6)]
    assert paced([NOW - 900 * DAY, *daily], NOW, fastest=FASTEST, slowest=SLOWEST) == HOUR


def test_an_account_of_which_too_little_is_known_is_looked_at_often() -> None:
    for few in ((), (NOW - 900 * DAY,)):
        assert paced(few, NOW, fastest=FASTEST, slowest=SLOWEST) == FASTEST


def test_a_slowest_that_is_shorter_than_the_interval_slows_nobody() -> None:
    sleeping = [NOW - 100 * DAY * number for number in range(1, 5)]
    assert paced(sleeping, NOW, fastest=FASTEST, slowest=timedelta(minutes=5)) == FASTEST


def waited(watch: Watch, account: Account) -> timedelta:
    poll(account, store=watch.store, sources=watch.sources, config=watch.config, now=NOW)
    due = watch.store.account(account.id).next_check_at
    assert due is not None
    return due - NOW


def test_an_account_that_sleeps_is_polled_seldom_unless_it_has_an_interval_of_its_own(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, posts=make_posts(3, None, first=24 * 365))
    assert abs(waited(watch, account) - SLOWEST) <= SLOWEST * JITTER
    own = make_config(watch.config.store.parent, accounts=[{"url": URL, "interval": "45 min"}])
    watched = Watch(own, watch.store, watch.sources, watch.executor)
    watch.store.sync_accounts(wanted_accounts(own))
    assert abs(waited(watched, watch.store.account(account.id)) - FASTEST) <= FASTEST * JITTER


def sent(watch: Watch, account: Account, requests: int, ago: timedelta) -> None:
    watch.store.record_poll(
        PollRecord(account.id, NOW - ago, "ok", requests=requests), next_check_at=NOW, succeeded=True
    )


def test_what_is_left_must_be_enough_for_a_whole_poll(watch: Watch, account: Account) -> None:
    polling = watch.config.polling.model_copy(
        update={"requests_per_hour": 20, "requests_per_day": 40, "max_requests": 12}
    )
    assert not is_spent(watch.store, "tiktok", polling, NOW)
    sent(watch, account, 8, timedelta(minutes=59))
    assert not is_spent(watch.store, "tiktok", polling, NOW)
    sent(watch, account, 1, timedelta(minutes=1))
    assert is_spent(watch.store, "tiktok", polling, NOW)
    assert not is_spent(watch.store, "youtube", polling, NOW), "each platform has its own"
    assert not is_spent(watch.store, "tiktok", polling, NOW + timedelta(minutes=2))
    sent(watch, account, 20, timedelta(hours=23))
    assert is_spent(watch.store, "tiktok", polling, NOW + timedelta(minutes=2)), "the day's"
    assert not is_spent(watch.store, "tiktok", polling, NOW + timedelta(hours=2))


def test_a_search_for_lookalikes_counts_as_well(watch: Watch, account: Account) -> None:
    polling = watch.config.polling.model_copy(update={"requests_per_hour": 20, "max_requests": 12})
    sent(watch, account, 6, timedelta(minutes=30))
    assert not is_spent(watch.store, "tiktok", polling, NOW)
    watch.store.record_lookalike(
        Lookalike(
            "Jane", "tiktok", "deepjane", "https://www.tiktok.com/@deepjane", ("added word",), 1.0, "absent", "gone",
            NOW - timedelta(minutes=10), requests=3,
        )
    )  # fmt: skip
    assert is_spent(watch.store, "tiktok", polling, NOW)
    assert not is_spent(watch.store, "youtube", polling, NOW)


def test_a_limit_below_what_one_poll_may_need_still_lets_polls_through(watch: Watch, account: Account) -> None:
    polling = watch.config.polling.model_copy(update={"requests_per_hour": 20, "max_requests": 200})
    assert not is_spent(watch.store, "tiktok", polling, NOW)


def test_accounts_beyond_the_limit_stay_due(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    narrow = make_config(
        watch.config.store.parent, accounts=[URL], polling={"requests_per_hour": 20, "max_requests": 12}
    )
    watched = Watch(narrow, watch.store, watch.sources, watch.executor)
    sent(watch, account, 9, timedelta(minutes=30))
    report = run_cycle(watched, NOW)
    assert (report.polled, report.held) == (0, 1)
    assert platform.requests() == []
    assert run_cycle(watched, NOW + timedelta(minutes=31)).polled == 1
