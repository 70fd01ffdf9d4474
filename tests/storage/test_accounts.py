"""Accounts follow the configuration, nothing is lost, and the longest overdue comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Account, RecordInvalid, RecordNotFound, Store
from tests.storage.conftest import DAY, HOUR, NOW, poll, seen, wanted

OTHER = "https://www.tiktok.com/@other"


def test_a_new_account_is_due_at_once_and_knows_nothing(store: Store, account: Account) -> None:
    assert store.due_accounts(NOW) == [account]
    assert (account.url, account.person, account.handle, account.interval_s) == (
        wanted().url,
        "Someone",
        "deep.someone",
        2700,
    )
    assert (account.stable_id, account.outcome, account.last_ok_at, account.error_count) == (None, None, None, 0)
    assert store.known_ids(account.id) == frozenset()
    assert store.latest_profile(account.id) is None


def test_an_account_that_left_is_disabled_and_comes_back_with_its_past(store: Store, account: Account) -> None:
    poll(store, account, [seen(1)])
    store.sync_accounts([wanted(OTHER)])
    assert [one.url for one in store.accounts()] == [OTHER]
    assert [one.enabled for one in store.accounts(enabled_only=False)] == [False, True]
    assert [one.url for one in store.due_accounts(NOW + DAY)] == [OTHER]
    store.sync_accounts([wanted(), wanted(OTHER)])
    back = store.account(account.id)
    assert back.enabled
    assert back.last_ok_at == NOW
    assert store.known_ids(account.id) == {seen(1).platform_id}


def test_repeating_a_configuration_changes_nothing(store: Store, account: Account) -> None:
    poll(store, account, [seen(1)])
    before = store.accounts()
    store.sync_accounts([wanted(), wanted()])
    assert store.accounts() == before


def test_person_and_interval_follow_the_configuration_and_the_handle_does_not(store: Store, account: Account) -> None:
    store.sync_accounts([replace(wanted(person=None), handle="as.configured", interval_s=60)])
    changed = store.account(account.id)
    assert (changed.person, changed.interval_s, changed.handle) == (None, 60, "deep.someone")


def test_a_shorter_interval_makes_it_due_and_never_cuts_a_back_off_short(store: Store, account: Account) -> None:
    poll(store, account)
    store.sync_accounts([wanted(interval_s=5000)])
    assert store.due_accounts(NOW) == []
    store.sync_accounts([wanted(interval_s=900)])
    assert [one.id for one in store.due_accounts(NOW)] == [account.id]
    poll(store, account, outcome="rate_limited", succeeded=False)
    store.sync_accounts([wanted(interval_s=300)])
    assert store.due_accounts(NOW) == []


def test_the_longest_overdue_comes_first_and_the_never_polled_before_all(store: Store) -> None:
    store.sync_accounts([wanted(f"{OTHER}{number}") for number in range(4)])
    first, second, third, fourth = store.accounts()
    poll(store, first, at=NOW - 2 * HOUR)
    poll(store, second, at=NOW - 3 * HOUR)
    poll(store, third, at=NOW)
    assert [one.id for one in store.due_accounts(NOW)] == [fourth.id, second.id, first.id]
    assert [one.id for one in store.due_accounts(NOW + HOUR)] == [fourth.id, second.id, first.id, third.id], "included"


def test_what_is_not_there_and_what_cannot_be_are_named(store: Store) -> None:
    with pytest.raises(RecordNotFound, match="no account number 7"):
        store.account(7)
    with pytest.raises(RecordInvalid, match="interval_s"):
        store.sync_accounts([wanted(interval_s=0)])
    assert store.accounts() == []
