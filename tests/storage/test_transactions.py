"""Everything in a transaction is committed together, or nothing is; one inside another joins it."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from storage import Account, RecordInvalid, Store, StoreReadOnly
from tests.storage.conftest import poll, seen, wanted


def urls(store: Store) -> list[str]:
    return [account.url for account in store.accounts()]


def test_an_error_takes_everything_back_and_the_store_goes_on(store: Store) -> None:
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), store.transaction():  # noqa: PT012 - the transaction is what is tested
            store.sync_accounts([wanted()])
            raise error
    assert urls(store) == []
    store.sync_accounts([wanted()])
    assert urls(store) == [wanted().url]


def test_an_inner_transaction_joins_the_outer_one(store: Store) -> None:
    with pytest.raises(ValueError, match="outer"), store.transaction():  # noqa: PT012 - as above
        with store.transaction():
            store.sync_accounts([wanted()])
        raise ValueError("outer")
    assert urls(store) == []


def test_an_inner_error_that_is_caught_takes_only_its_own_part_back(store: Store) -> None:
    with store.transaction():
        store.sync_accounts([wanted()])
        with pytest.raises(RecordInvalid), store.transaction():  # noqa: PT012 - as above
            store.write("UPDATE accounts SET person = 'Other'")
            store.write("UPDATE accounts SET interval_s = 0")
    assert [(account.url, account.person) for account in store.accounts()] == [(wanted().url, "Someone")]


def test_nothing_is_seen_by_others_before_the_commit(store: Store) -> None:
    with Store.open(store.folder, read_only=True) as reader:
        with store.transaction():
            store.sync_accounts([wanted()])
            assert urls(reader) == []
        assert urls(reader) == [wanted().url]


def test_wrong_sql_is_our_fault_and_says_so(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        store.write("DELETE FROM nowhere")
    store.sync_accounts([wanted()])


def test_hostile_text_is_a_value_and_never_sql(store: Store, account: Account) -> None:
    hostile = "x'; DROP TABLE posts; --"
    poll(store, account, [seen(1, caption=hostile, platform_id=hostile)])
    post = store.find_post(account.id, hostile)
    assert post is not None
    assert post.caption == hostile


def test_a_reader_has_no_transactions(store: Store) -> None:
    with Store.open(store.folder, read_only=True) as reader, pytest.raises(StoreReadOnly), reader.transaction():
        pytest.fail("a transaction was begun")


def test_threads_take_turns(store: Store, account: Account) -> None:
    """The daemon's jobs run on a thread of the scheduler while the main thread may still read."""
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for number in range(start, start + 20):
                with store.transaction():
                    poll(store, account, [seen(number)])
                    poll(store, account, [seen(number)])
                store.posts()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 100, 200)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert len(store.posts()) == 60
    assert sum(one.new_posts for one in store.polls()) == 60
