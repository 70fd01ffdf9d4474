"""Platforms and events in the store: kept, replaced, append-only, counted."""

from __future__ import annotations

import sqlite3

import pytest

from storage import AccountEvent, PlatformState, PollRecord, Store
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
