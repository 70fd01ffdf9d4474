"""The steps of the work: each moves a post on, may be repeated, and leaves it where it was if it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from storage import (
    Account,
    Media,
    Post,
    PostState,
    RecordInvalid,
    RecordNotFound,
    Store,
    StoredFinding,
    StoredVerdict,
)
from tests.storage.conftest import HOUR, NOW, fetched, judged, poll, seen

LATER = NOW + HOUR


@pytest.fixture
def post(store: Store, account: Account) -> Post:
    return poll(store, account, [seen(1)])[0]


def finding(post: Post, detector: str = "forgery") -> StoredFinding:
    return StoredFinding(post.id, detector, "1", "synthesis", "ok", "A score.", score=0.5, log10_lr=0.2)


def verdict(post: Post, label: str = "unrelated") -> StoredVerdict:
    return StoredVerdict(post.id, label, "none", "rule", "Nothing alike.")


def test_a_post_goes_from_seen_to_judged(store: Store, post: Post) -> None:
    media = fetched(store, post, at=LATER)
    after = store.post(post.id)
    assert (after.state, after.media_sha256, after.state_since) == (PostState.FETCHED, media.sha256, LATER)
    store.record_examination(post.id, [finding(post), finding(post, "faces")], at=LATER + HOUR)
    assert store.post(post.id).state is PostState.EXAMINED
    assert [one.detector for one in store.findings(post.id)] == ["forgery", "faces"]
    store.record_verdict(verdict(post), at=LATER + 2 * HOUR)
    after = store.post(post.id)
    assert (after.state, after.state_since) == (PostState.JUDGED, LATER + 2 * HOUR)
    kept = store.verdict(post.id)
    assert kept is not None
    assert kept.judged_at == LATER + 2 * HOUR
    assert store.counts() == {"judged": 1}


def test_each_step_may_be_repeated(store: Store, post: Post) -> None:
    media = fetched(store, post)
    store.record_examination(post.id, [finding(post)], at=NOW)
    before = store.post(post.id), store.findings(post.id)
    store.record_fetch(post.id, media, at=LATER)
    store.record_examination(post.id, [finding(post)], at=LATER)
    assert (store.post(post.id), [replace(one, examined_at=NOW) for one in store.findings(post.id)]) == before
    store.record_verdict(verdict(post), at=NOW)
    store.record_verdict(verdict(post, "undetermined"), at=LATER)
    kept = store.verdict(post.id)
    assert kept is not None
    assert (kept.label, kept.judged_at) == ("undetermined", LATER)
    assert store.post(post.id).state_since == NOW
    store.record_fetch(post.id, media, at=LATER)
    assert store.post(post.id).state is PostState.JUDGED, "the same media again sends nobody back"
    assert len(store.rows("SELECT * FROM media")) == 1


def test_other_media_start_the_work_over(store: Store, post: Post) -> None:
    judged(store, post)
    other = fetched(store, post, b"another cut", at=LATER)
    assert (store.post(post.id).state, store.post(post.id).media_sha256) == (PostState.FETCHED, other.sha256)


def test_media_that_come_again_after_their_deletion_are_there_again(store: Store, post: Post) -> None:
    media = fetched(store, post)
    store.evidence.delete(media.sha256)
    store.write("UPDATE media SET deleted_at = '2026-11-25T00:00:00.000000Z'")
    again = store.evidence.keep_bytes(b"video", ".mov")
    store.record_fetch(post.id, again, at=LATER)
    assert store.rows("SELECT sha256, suffix, deleted_at FROM media") == [
        {"sha256": media.sha256, "suffix": ".mov", "deleted_at": None}
    ]


@pytest.mark.parametrize("state", [PostState.GONE, PostState.SKIPPED, PostState.FAILED])
def test_a_problem_is_one_line_and_counted(store: Store, post: Post, state: PostState) -> None:
    store.record_problem(post.id, state, "no answer\n  from the   platform\t", at=LATER)
    after = store.post(post.id)
    assert (after.state, after.problem, after.attempts) == (state, "no answer from the platform", 1)
    assert (after.state_since, after.next_try_at) == (LATER, None)
    store.record_problem(post.id, state, "again", at=LATER + HOUR)
    assert (store.post(post.id).attempts, store.post(post.id).state_since) == (2, LATER)


def test_a_failed_post_waits_with_the_seen_ones_when_its_time_has_come(store: Store, post: Post) -> None:
    store.record_problem(post.id, PostState.FAILED, "timeout", at=NOW, next_try_at=LATER)
    assert store.work(PostState.SEEN, LATER - HOUR / 2) == []
    assert [one.id for one in store.work(PostState.SEEN, LATER)] == [post.id]
    assert store.work(PostState.FETCHED, LATER) == []
    assert [one.id for one in store.work(PostState.FAILED, NOW)] == [post.id]
    fetched(store, post, at=LATER)
    after = store.post(post.id)
    assert (after.state, after.problem, after.next_try_at) == (PostState.FETCHED, "", None)
    assert after.attempts == 1, "what went wrong before is not forgotten"


def test_a_post_that_failed_for_good_never_waits_again(store: Store, post: Post) -> None:
    store.record_problem(post.id, PostState.FAILED, "damaged", at=NOW)
    assert store.work(PostState.SEEN, NOW + 10_000 * HOUR) == []


def test_work_is_done_oldest_first_and_bounded(store: Store, account: Account) -> None:
    poll(store, account, [seen(3), seen(1), seen(2, published_at=None)])
    expected = ["clip 1", "clip 3", "clip 2"]
    assert [one.caption for one in store.work(PostState.SEEN, NOW)] == expected, "unknown times count from first sight"
    assert [one.caption for one in store.work(PostState.SEEN, NOW, limit=2)] == expected[:2]
    assert store.work(PostState.SEEN, NOW, limit=0) == []


def test_posts_can_be_asked_by_account_and_state(store: Store, account: Account) -> None:
    first, second = poll(store, account, [seen(1), seen(2)])
    fetched(store, second)
    assert [one.id for one in store.posts(account_id=account.id)] == [first.id, second.id]
    assert [one.id for one in store.posts(state=PostState.FETCHED)] == [second.id]
    assert store.posts(account_id=account.id + 1) == []
    assert list(store.counts().items()) == [("seen", 1), ("fetched", 1)]


def test_a_step_on_a_post_that_is_not_there_is_refused(store: Store) -> None:
    ghost = Media("0" * 64, 1)
    steps: tuple[Callable[[], None], ...] = (
        lambda: store.record_fetch(9, ghost, at=NOW),
        lambda: store.record_examination(9, [], at=NOW),
        lambda: store.record_verdict(StoredVerdict(9, "l", "none", "r", "s"), at=NOW),
        lambda: store.record_problem(9, PostState.GONE, "", at=NOW),
    )
    for step in steps:
        with pytest.raises(RecordNotFound, match="no post number 9"):
            step()
    assert store.rows("SELECT * FROM media") == []


def test_a_step_that_fails_leaves_the_post_where_it_was(store: Store, post: Post) -> None:
    fetched(store, post)
    before = store.post(post.id)
    with pytest.raises(RecordInvalid, match="about post"):
        store.record_examination(post.id, [finding(post), replace(finding(post), post_id=post.id + 1)], at=LATER)
    with pytest.raises(RecordInvalid, match="no zone"):
        store.record_examination(post.id, [finding(post)], at=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault
    with pytest.raises(RecordInvalid, match=r"findings\.log10_lr"):
        store.record_examination(post.id, [replace(finding(post), log10_lr=float("nan"))], at=LATER)
    assert store.findings(post.id) == []
    assert store.post(post.id) == before


def test_a_post_is_in_exactly_one_of_the_known_states(store: Store, post: Post) -> None:
    with pytest.raises(RecordInvalid, match="CHECK"):
        store.write("UPDATE posts SET state = 'lost'")
    with pytest.raises(RecordInvalid, match="FOREIGN KEY"):
        store.write("UPDATE posts SET media_sha256 = ?", ["0" * 64])
