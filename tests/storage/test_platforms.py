"""Platforms and events in the store: kept, replaced, append-only, counted."""

from __future__ import annotations

import sqlite3

import pytest

from storage import AccountEvent, PlatformState, PollRecord, Purpose, Store, StoredVerdict
from tests.storage.conftest import HOUR, NOW, poll, seen, wanted


def test_a_platform_has_one_row_that_is_brought_up_to_date(store: Store) -> None:
    assert store.platform_state("tiktok") is None
    first = PlatformState("tiktok", "blocked", NOW, "refused", failures=2, trips=1, held_until=NOW + HOUR)
    store.record_platform(first)
    assert store.platform_state("tiktok") == first
    second = PlatformState("tiktok", "ok", NOW + HOUR, ok_at=NOW + HOUR, control_outcome="ok", control_at=NOW)
    store.record_platform(second)
    store.record_platform(PlatformState("bluesky", "ok", NOW))
    assert store.platform_states() == [PlatformState("bluesky", "ok", NOW), second]


def test_events_are_kept_in_their_order_and_never_changed(store: Store) -> None:
    store.sync_accounts([wanted()])
    account = store.accounts()[0]
    events = [
        AccountEvent(account.id, NOW, "handle", "a", "b"),
        AccountEvent(account.id, NOW + HOUR, "gone", "b", "no such account"),
    ]
    for event in reversed(events):
        store.record_event(event)
    assert store.account_events(account.id) == events
    assert store.account_events(since=NOW + HOUR) == events[1:]
    assert store.account_events(account.id + 1) == []
    for change in ("UPDATE account_events SET kind = 'back'", "DELETE FROM account_events"):
        with pytest.raises(sqlite3.Error, match="append-only"):
            store.db.execute(change)


def test_outcomes_in_a_row_end_with_the_first_other_one(store: Store) -> None:
    store.sync_accounts([wanted()])
    account = store.accounts()[0]
    assert store.outcomes_in_a_row(account.id, 5) == []
    for number, outcome in enumerate(("gone", "ok", "gone", "gone", "gone")):
        store.record_poll(
            PollRecord(account.id, NOW + number * HOUR, outcome, requests=2),
            next_check_at=NOW,
            succeeded=outcome == "ok",
        )
    assert [outcome for outcome, _ in store.outcomes_in_a_row(account.id, 5)] == ["gone"] * 3
    assert len(store.outcomes_in_a_row(account.id, 2)) == 2
    assert store.outcomes_in_a_row(account.id, 5)[0][1] == NOW + 4 * HOUR
    assert store.requests_since(account.platform, NOW + HOUR) == 8
    assert store.requests_since("another", NOW) == 0


def test_a_posts_own_page_fills_what_its_listing_lacked_and_counts_once(store: Store) -> None:
    store.sync_accounts([wanted()])
    (post,) = poll(store, store.accounts()[0], [seen(1, caption="")])
    measured = len(store.post_metrics(post.id))
    store.describe_post(post.id, seen(1, caption="words", views=7), at=NOW + HOUR)
    assert store.post(post.id).caption == "words"
    assert len(store.post_metrics(post.id)) == max(measured, 1)


def test_requests_beside_polls_are_counted_by_what_they_were_for(store: Store) -> None:
    for purpose, hours in ((Purpose.CONTROL, 0), (Purpose.PICTURE, 1), (Purpose.DOWNLOAD, 1), (Purpose.DOWNLOAD, 2)):
        store.record_requests("tiktok", purpose, 3, at=NOW + hours * HOUR)
    store.record_requests("vk", Purpose.DOWNLOAD, 9, at=NOW)
    assert store.other_requests_since("tiktok", NOW) == 6
    assert store.other_requests_since("tiktok", NOW + HOUR) == 3
    assert store.downloads_since("tiktok", NOW) == 2
    assert store.downloads_since("tiktok", NOW + 2 * HOUR) == 1
    assert store.prune_requests(NOW + HOUR) == 2
    assert store.other_requests_since("tiktok", NOW) == 3


def test_first_sightings_leave_out_what_was_old_then_unless_it_has_an_alert(store: Store) -> None:
    store.sync_accounts([wanted()])
    account = store.accounts()[0]
    old = seen(1, published_at=NOW - 500 * HOUR)
    poll(store, account, [old, seen(2, published_at=NOW - HOUR), seen(3, published_at=None)])
    poll(store, account, [seen(4, published_at=NOW)], at=NOW + HOUR)

    def sightings() -> list[tuple[object, bool]]:
        return list(store.first_sightings(account.id, fresh=100 * HOUR, alerts={"high"}))

    assert sightings() == [(NOW, False), (NOW + HOUR, False)]
    store.write("UPDATE posts SET published_at = ?", ["2020-01-01T00:00:00.000000Z"])
    assert sightings() == []
    store.record_verdict(StoredVerdict(1, "undetermined", "high", "a rule", "Words."), at=NOW)
    assert sightings() == [(NOW, True)]


def test_a_look_can_be_hastened_and_not_put_off(store: Store) -> None:
    store.sync_accounts([wanted()])
    account = store.accounts()[0]
    poll(store, account, [])
    due = store.account(account.id).next_check_at
    assert due is not None
    store.hasten(account.id, due + HOUR)
    assert store.account(account.id).next_check_at == due
    store.hasten(account.id, due - HOUR)
    assert store.account(account.id).next_check_at == due - HOUR
