"""Cases: sealed with the rows, bound by the log, kept until they are released, and every change is named."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Account, RecordNotFound, Store, StoredVerdict
from storage.chain import BEGINNING, SEALED, LogEntry, first_break, read_lines, write_lines
from storage.opening import FILE_NAME
from tests.storage.conftest import DAY, NOW, judged, poll, seen


def sealed(store: Store, account: Account, number: int = 1) -> int:
    """A post that became a case."""
    post = poll(store, account, [seen(number)])[0]
    judged(store, post, "urgent")
    store.seal(post.id, {"versions": {}, "models": []}, at=NOW)
    return post.id


def change(store: Store, *statements: str) -> None:
    """Change rows as somebody would who does not use this program."""
    with sqlite3.connect(store.folder / FILE_NAME) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            assert db.execute(statement).rowcount


def test_what_was_not_changed_fits(store: Store, account: Account) -> None:
    post = sealed(store, account)
    sealed(store, account, 2)
    poll(store, account, [seen(1, views=5)], at=NOW + DAY)  # the watch goes on
    assert list(store.faults(must_have={"urgent"})) == []
    assert list(store.faults(post)) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE verdicts SET summary = 'x' WHERE post_id = 1", "case 1: its rows in the table verdicts"),
        ("UPDATE posts SET url = 'x' WHERE id = 1", "case 1: its rows in the table posts"),
        ("DELETE FROM judgements WHERE post_id = 1", "case 1: its rows in the table judgements"),
        ("UPDATE custody_log SET case_id = 9 WHERE id = 1", "entry 2 does not follow entry 1"),
        ("UPDATE custody_log SET case_id = 9 WHERE id = 2", "entry 2 was changed"),
        ("DELETE FROM custody_log WHERE id = 1", "entry 1 is missing"),
        ("DELETE FROM custody_log WHERE id = 2", "removed from its end"),
    ],
)
def test_a_changed_row_is_named(store: Store, account: Account, statement: str, named: str) -> None:
    sealed(store, account)
    sealed(store, account, 2)
    change(store, statement)
    assert named in next(store.faults())


def test_a_changed_and_a_missing_file_are_named(store: Store, account: Account) -> None:
    post = sealed(store, account)
    media = store.post(post).media_sha256
    assert media is not None
    path = store.evidence.path(media)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(b"another")
    assert next(store.faults()) == f"case {post}: its file {media} was changed"
    path.unlink()
    assert next(store.faults()) == f"case {post}: its file {media} is missing"


def test_an_alert_that_was_never_sealed_is_named(store: Store, account: Account) -> None:
    judged(store, poll(store, account, [seen(1)])[0], "urgent")
    assert list(store.faults(must_have={"urgent"})) == ["case 1: the post has an alert and was never sealed"]
    assert store.unsealed({"urgent"}) == [1]


def test_nothing_is_sealed_where_the_transaction_fails(store: Store, account: Account) -> None:
    post = sealed(store, account)

    def judge_and_fail() -> None:
        with store.transaction():
            store.record_verdict(StoredVerdict(post, "likely", "high", "r", "Other."), at=NOW)
            store.seal(post, {}, at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge_and_fail()
    assert len(store.custody_log()) == 1
    assert list(store.faults()) == []


def test_a_case_keeps_its_media_until_it_is_released(store: Store, account: Account) -> None:
    post = sealed(store, account)
    media = store.post(post).media_sha256
    store.record_verdict(StoredVerdict(post, "unrelated", "none", "r", "Nothing."), at=NOW)
    store.seal(post, {}, at=NOW)
    later = NOW + timedelta(days=60)
    assert store.prune_media(later, {"urgent"}) == []
    store.release(post, at=later)
    assert store.prune_media(later, {"urgent"}) == [media]
    assert list(store.faults()) == []  # the tombstone says why the records are gone
    assert [entry.kind for entry in store.custody_log()] == ["sealed", "sealed", "released"]
    assert (store.is_case(post), store.was_case(post)) == (False, True)
    with pytest.raises(RecordNotFound, match="is no case"):
        store.release(post, at=later)


def test_a_released_alert_keeps_no_media(store: Store, account: Account) -> None:
    post = sealed(store, account)
    store.release(post, at=NOW)
    assert store.prune_media(NOW + DAY, {"urgent"}) == [store.post(post).media_sha256]


def test_a_case_that_is_none_cannot_be_sealed(store: Store) -> None:
    with pytest.raises(RecordNotFound, match="post number 5"):
        store.seal(5, {}, at=NOW)


def test_the_log_is_checked_by_the_hash_of_its_lines() -> None:
    first = LogEntry(1, "t", SEALED, 7, "a" * 64, BEGINNING)
    second = LogEntry(2, "t", SEALED, 8, "b" * 64, first.sha256)
    text = write_lines([first, second])
    assert hashlib.sha256(text.splitlines(keepends=True)[0].encode()).hexdigest() == second.before
    assert read_lines(text) == [first, second]
    assert first_break([first, second]) is None
    assert first_break([second]) == "entry 1 is missing (the next one is 2)"
    for wrong in (text.replace(":7", ": 7"), text.replace("sealed", "s", 1).replace('"at"', '"ax"'), "[]\n", "x"):
        with pytest.raises(ValueError, match="line 1"):
            read_lines(wrong)


def test_records_lie_in_the_evidence_under_their_hash(store: Store, account: Account, tmp_path: Path) -> None:
    post = sealed(store, account)
    entry = store.cases()[post]
    path = store.evidence.path(entry.content_sha256)
    assert path is not None
    assert path.suffix == ".json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.content_sha256
    record = store.record(entry.content_sha256)
    assert record is not None
    assert record["rows"]["posts"][0]["id"] == post
