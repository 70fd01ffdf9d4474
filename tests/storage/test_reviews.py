"""Decisions and the history of verdicts: append-only, and by them what is to be judged again or told later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import (
    Account,
    Post,
    PostState,
    Profile,
    RecordInvalid,
    Review,
    Store,
    StoredFinding,
    StoredVerdict,
)
from storage.migrations import m002_reviews, migrations
from storage.opening import FILE_NAME
from tests.storage.conftest import DAY, HOUR, NOW, fetched, judged, poll, seen

SINCE = NOW - 14 * DAY
LATER = NOW + HOUR


@pytest.fixture
def post(store: Store, account: Account) -> Post:
    """A judged post whose reach was measured once."""
    (made,) = poll(store, account, [seen(1, views=100)], at=NOW - HOUR)
    judged(store, made, "normal", at=NOW)
    return store.post(made.id)


def verdict(post: Post, priority: str, rule: str = "rule") -> StoredVerdict:
    return StoredVerdict(post.id, "unrelated", priority, rule, "Nothing alike.")


def finding(post: Post, detector: str, stage: str) -> StoredFinding:
    return StoredFinding(post.id, detector, "1", "identity", "ok", "It says so.", stage=stage)


def test_decisions_are_kept_in_their_order_and_never_changed(store: Store, post: Post) -> None:
    store.record_review(Review(post.id, "dismiss", "unrelated", "normal", "a cousin"), at=NOW)
    store.record_review(Review(post.id, "confirm", "unrelated", "none"), at=LATER)
    found = store.reviews(post.id)
    assert [(one.decision, one.note, one.at) for one in found] == [("dismiss", "a cousin", NOW), ("confirm", "", LATER)]
    assert store.reviews() == found
    for sql in ("UPDATE reviews SET decision = 'official'", "DELETE FROM reviews", "DELETE FROM judgements"):
        with pytest.raises(RecordInvalid, match="append-only"):
            store.write(sql)
    with pytest.raises(RecordInvalid):
        store.record_review(Review(post.id, "convict", "unrelated", "normal"), at=NOW)
    with pytest.raises(RecordInvalid):
        store.record_review(Review(post.id + 1, "confirm", "unrelated", "normal"), at=NOW)


def test_the_history_has_a_row_for_each_change_and_none_for_the_same_again(store: Store, post: Post) -> None:
    for hours, priority in enumerate(("normal", "urgent", "urgent", "low"), 1):
        store.record_verdict(verdict(post, priority, "no_resemblance"), at=NOW + hours * HOUR)
    assert [(one.priority, one.judged_at) for one in store.judgements(post.id)] == [
        ("normal", NOW),
        ("urgent", NOW + 2 * HOUR),
        ("low", NOW + 4 * HOUR),
    ]


def test_a_judging_replaces_the_context_and_never_the_clip(store: Store, post: Post) -> None:
    fetched(store, post, b"again", at=NOW)
    store.record_examination(post.id, [finding(post, "forgery", "clip")], at=NOW)
    for words in ("handle", "disclosure"):
        store.record_verdict(verdict(post, "low"), at=LATER, context=[finding(post, words, "context")])
    assert [(one.detector, one.stage) for one in store.findings(post.id)] == [
        ("forgery", "clip"),
        ("disclosure", "context"),
    ]
    store.record_verdict(verdict(post, "low"), at=LATER)
    assert len(store.findings(post.id)) == 2, "without findings all stay as they are"
    with pytest.raises(RecordInvalid, match="context"):
        store.record_verdict(verdict(post, "low"), at=LATER, context=[finding(post, "forgery", "clip")])
    with pytest.raises(RecordInvalid, match="context finding of handle"):
        store.record_examination(post.id, [finding(post, "handle", "context")], at=LATER)
    assert store.post(post.id).state is PostState.JUDGED
    store.record_examination(post.id, [finding(post, "forgery", "clip")], at=LATER)
    assert [one.detector for one in store.findings(post.id)] == ["forgery"], "new bytes, all anew"


def more_views(store: Store, account: Account) -> None:
    poll(store, account, [seen(1, views=200)], at=LATER)


def same_views(store: Store, account: Account) -> None:
    poll(store, account, [seen(1, views=100)], at=LATER)


def another_bio(store: Store, account: Account) -> None:
    poll(store, account, at=LATER, profile=Profile(account.id, LATER, bio="Parody"))


def a_decision(store: Store, account: Account) -> None:
    store.record_review(Review(store.posts()[0].id, "dismiss", "unrelated", "normal"), at=LATER)


@pytest.mark.parametrize(
    ("change", "recent", "old"),
    [
        (more_views, True, False),
        (same_views, False, False),
        (another_bio, True, False),
        (a_decision, True, True),
    ],
)
def test_a_post_is_judged_again_when_more_is_known(
    store: Store, account: Account, post: Post, change: Callable[[Store, Account], None], recent: bool, old: bool
) -> None:
    assert store.outdated_verdicts(SINCE) == []
    change(store, account)
    assert [one.id for one in store.outdated_verdicts(SINCE)] == ([post.id] if recent else [])
    assert [one.id for one in store.outdated_verdicts(LATER)] == ([post.id] if old else [])
    store.record_verdict(verdict(post, "normal"), at=LATER)
    assert store.outdated_verdicts(SINCE) == [], "it was judged with that"


def test_a_post_goes_by_several_names(store: Store, post: Post) -> None:
    for name in (str(post.id), post.url, post.platform_id):
        assert [one.id for one in store.posts_called(name)] == [post.id]
    for name in ("", "0", "9" * 40, "²", "https://example.org/"):
        assert store.posts_called(name) == []


def test_a_store_of_before_keeps_its_verdicts_as_the_beginning_of_the_history(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        pass
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.executescript(
        """
        DROP TABLE reviews; DROP TABLE judgements; ALTER TABLE findings DROP COLUMN stage;
        INSERT INTO accounts (id, url, platform, handle, interval_s) VALUES (1, 'u', 'tiktok', 'x', 60);
        INSERT INTO posts (id, account_id, platform_id, url, state, first_seen_at, state_since)
            VALUES (1, 1, '7', 'u/7', 'judged', '2026-11-25T09:30:00.000000Z', '2026-11-25T09:30:00.000000Z');
        INSERT INTO verdicts (post_id, label, priority, rule, summary, judged_at)
            VALUES (1, 'unrelated', 'none', 'somebody else', 'S.', '2026-11-25T09:30:00.000000Z');
        INSERT INTO findings (post_id, detector, version, question, status, statement, examined_at) VALUES
            (1, 'forgery', '1', 'synthesis', 'ok', 'S.', '2026-11-25T09:30:00.000000Z'),
            (1, 'handle', '1', 'identity', 'ok', 'S.', '2026-11-25T09:30:00.000000Z');
        """
    )
    connection.execute(f"DELETE FROM {migrations.migrations_table} WHERE name = ?", [m002_reviews.__name__])
    connection.commit()
    connection.close()
    with Store.open(tmp_path) as store:
        assert [(one.rule, one.judged_at) for one in store.judgements(1)] == [("somebody else", NOW)]
        assert [one.stage for one in store.findings(1)] == ["clip", "context"]
