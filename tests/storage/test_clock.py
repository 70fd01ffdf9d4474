"""The clock of a machine is a year ahead, then right again: what was planned meanwhile does not wait for a year."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import Account, NewDelivery, PlatformState, PollRecord, PostState, Purpose, Store
from storage.clock import AHEAD, SOON
from tests.storage.conftest import DAY, HOUR, NOW, poll, seen

YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ahead(store: Store, account: Account) -> Store:
    """A store in which everything was planned, or noted, a year ahead; its first look was at the right time."""
    poll(store, account, [seen(1)])
    (post,) = store.posts()
    later = NOW + YEAR
    poll(store, account, at=later, measured=True, with_profile=True)
    store.record_problem(post.id, PostState.FAILED, "blocked", at=later, next_try_at=later + DAY)
    store.record_platform(PlatformState("tiktok", "blocked", later, held_until=later + 2 * DAY, control_at=later))
    store.record_stamp_failure("no answer", now=later, next_try_at=later + HOUR)
    store.queue([NewDelivery("key", "trouble", "mail x@example.org", "<1@x>")], later)
    return store


def planned(store: Store) -> dict[str, datetime | None]:
    (account,), (post,), (platform,), (delivery,) = (
        store.accounts(), store.posts(), store.platform_states(), store.deliveries(),
    )  # fmt: skip
    stamping = store.stamping()
    assert stamping is not None
    return {
        "account": account.next_check_at,
        "post": post.next_try_at,
        "platform": platform.held_until,
        "delivery": delivery.next_try_at,
        "stamp": stamping.next_try_at,
    }


def test_nothing_waits_for_the_wrong_time(ahead: Store) -> None:
    assert all(at is not None and at >= NOW + YEAR for at in planned(ahead).values())
    assert ahead.due_accounts(NOW + 2 * HOUR) == []
    assert ahead.bring_back(NOW + HOUR) == YEAR - HOUR
    assert all(at is not None and at <= NOW + HOUR + SOON for at in planned(ahead).values())
    (account,), (platform,) = ahead.accounts(), ahead.platform_states()
    for at in (account.last_ok_at, account.measured_at, account.profile_at, platform.control_at):
        assert at == NOW + HOUR, "it is not later than now, so that its age can be told"
    assert ahead.deliveries()[0].queued_at == NOW + HOUR
    assert len(ahead.due_accounts(NOW + 2 * HOUR)) == 1
    assert [one.at for one in ahead.polls()] == [NOW, NOW + YEAR], "what happened stays as it was written"


def test_repeating_it_changes_nothing_and_a_look_ends_it(ahead: Store) -> None:
    ahead.bring_back(NOW + HOUR)
    before = planned(ahead)
    assert ahead.bring_back(NOW + HOUR + MINUTE) is None
    assert planned(ahead) == before
    poll(ahead, ahead.accounts()[0], at=NOW + 2 * HOUR)
    ahead.record_platform(PlatformState("tiktok", "blocked", NOW, held_until=NOW + 5 * DAY))
    assert ahead.bring_back(NOW + 2 * HOUR) is None
    assert ahead.platform_states()[0].held_until == NOW + 5 * DAY, "what the right clock planned is left alone"


@pytest.mark.parametrize(("back", "found"), [(timedelta(0), False), (AHEAD, False), (AHEAD + MINUTE, True)])
def test_a_small_step_of_the_clock_is_none(store: Store, account: Account, back: timedelta, found: bool) -> None:
    poll(store, account, at=NOW + 2 * DAY)
    assert (store.went_back(NOW + 2 * DAY - back) is not None) is found
    assert (store.bring_back(NOW + 2 * DAY - back) is not None) is found


def test_a_store_without_looks_has_no_clock_to_compare(store: Store) -> None:
    assert store.went_back(NOW) is None
    assert store.bring_back(NOW) is None
    assert store.right_since(NOW) is None


def test_it_is_known_since_when_the_clock_is_right_again(ahead: Store) -> None:
    assert ahead.right_since(NOW + HOUR) is None
    for number in (1, 2):
        poll(ahead, ahead.accounts()[0], at=NOW + number * HOUR)
    assert ahead.right_since(NOW + 3 * HOUR) == NOW + HOUR
    assert ahead.right_since(NOW + 2 * YEAR) is None, "then that time has come"


def test_requests_of_the_wrong_time_do_not_fill_a_limit(store: Store, account: Account) -> None:
    store.record_poll(PollRecord(account.id, NOW + YEAR, "ok", requests=9), next_check_at=NOW + YEAR, succeeded=True)
    for purpose in (Purpose.CONTROL, Purpose.DOWNLOAD):
        store.record_requests("tiktok", purpose, 3, at=NOW + YEAR)
    sent = (store.requests_since, store.other_requests_since, store.downloads_since)
    assert [count("tiktok", NOW) for count in sent] == [9, 3, 1]
    assert [count("tiktok", NOW, NOW + DAY) for count in sent] == [0, 0, 0]
