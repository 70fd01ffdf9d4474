"""A judged post enters exactly one digest, whatever is repeated, killed or judged again."""

from __future__ import annotations

import pytest

from storage import Account, RecordInvalid, RecordNotFound, Store, StoredFinding, StoredVerdict
from tests.storage.conftest import DAY, HOUR, NOW, fetched, judged, poll, seen

DAY_1, DAY_2, DAY_3 = "2026-11-25", "2026-11-26", "2026-11-27"


def entries(store: Store, day: str) -> list[str]:
    """Captions of the posts of a day's digest."""
    return [post.caption for record in store.digests() if record.day == day for post in store.digest_posts(record.id)]


def test_only_judged_posts_enter_and_each_enters_once(store: Store, account: Account) -> None:
    first, second, third = poll(store, account, [seen(1), seen(2), seen(3)])
    judged(store, second)
    judged(store, first)
    fetched(store, third)
    store.gather_digest(DAY_1, covers_to=NOW)
    assert entries(store, DAY_1) == ["clip 1", "clip 2"]
    judged(store, third)
    for _ in range(3):
        store.gather_digest(DAY_2, covers_to=NOW + DAY)
    store.gather_digest(DAY_1, covers_to=NOW)
    assert (entries(store, DAY_1), entries(store, DAY_2)) == (["clip 1", "clip 2"], ["clip 3"])
    assert len(store.rows("SELECT * FROM digest_entries")) == 3


def test_a_post_that_is_judged_again_stays_where_it_is(store: Store, account: Account) -> None:
    (post,) = poll(store, account, [seen(1)])
    assert store.digest_entry(post.id) is None
    judged(store, post)
    record = store.gather_digest(DAY_1, covers_to=NOW)
    judged(store, post, "urgent")
    store.gather_digest(DAY_2, covers_to=NOW + DAY)
    entry = store.digest_entry(post.id)
    assert entry is not None
    assert (entry.digest_id, entry.post_id) == (record.id, post.id)


def test_a_digest_covers_from_where_the_one_before_ended(store: Store) -> None:
    first = store.gather_digest(DAY_1, covers_to=NOW)
    assert (first.covers_from, first.covers_to) == (None, NOW)
    third = store.gather_digest(DAY_3, covers_to=NOW + 2 * DAY)
    assert third.covers_from == NOW, "a day without a digest leaves no gap"
    later = store.gather_digest(DAY_1, covers_to=NOW + HOUR)
    assert (later.id, later.covers_from, later.covers_to) == (first.id, None, NOW + HOUR)
    assert store.gather_digest(DAY_1, covers_to=NOW).covers_to == NOW + HOUR, (
        "a clock that went back takes nothing away"
    )
    assert [one.day for one in store.digests()] == [DAY_3, DAY_1]


def test_a_page_that_was_not_written_or_is_out_of_date_is_known(store: Store, account: Account) -> None:
    record = store.gather_digest(DAY_1, covers_to=NOW)
    assert [one.id for one in store.unrendered_digests()] == [record.id], "also an empty digest has a page"
    store.mark_rendered(record.id, "/digests/2026-11-25.html", NOW)
    assert store.unrendered_digests() == []
    written = store.gather_digest(DAY_1, covers_to=NOW + HOUR)
    assert (written.path, written.rendered_at) == ("/digests/2026-11-25.html", NOW)
    judged(store, poll(store, account, [seen(1)])[0])
    again = store.gather_digest(DAY_1, covers_to=NOW + HOUR)
    assert (again.rendered_at, again.path) == (None, "/digests/2026-11-25.html")
    store.gather_digest(DAY_2, covers_to=NOW + DAY)
    assert [one.day for one in store.unrendered_digests()] == [DAY_1, DAY_2], "oldest first"
    assert store.digest(record.id) == again


@pytest.mark.parametrize(
    "day", ["", "today", "2026-13-01", "20261125", "2026-W48-3", "2026-11-25T00:00", "２026-11-25"]
)
def test_a_day_is_an_iso_date(store: Store, day: str) -> None:
    with pytest.raises(RecordInvalid, match="is no day"):
        store.gather_digest(day, covers_to=NOW)
    assert store.digests() == []


def test_a_digest_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(RecordNotFound, match="no digest number 3"):
        store.digest(3)
    with pytest.raises(RecordNotFound, match="no digest number 3"):
        store.mark_rendered(3, "x", NOW)
    assert store.digest_posts(3) == []


def test_what_a_page_shows_comes_in_one_question_each(store: Store, account: Account) -> None:
    posts = poll(store, account, [seen(number, views=number) for number in (1, 2, 3)])
    for post, priority in zip(posts, ("urgent", "none", "none"), strict=True):
        judged(store, post, priority)
        finding = StoredFinding(post.id, "handle", "1", "identity", "ok", f"About {post.caption}.")
        store.record_examination(post.id, [finding], at=NOW)
        store.record_verdict(StoredVerdict(post.id, "unrelated", priority, "rule", "Summary."), at=NOW)
    record = store.gather_digest(DAY_1, covers_to=NOW)
    assert [one.priority for one in store.digest_verdicts(record.id)] == ["urgent", "none", "none"]
    assert [one.views for one in store.digest_metrics(record.id)] == [1, 2, 3]
    assert store.digest_priorities() == {record.id: {"none": 2, "urgent": 1}}
    assert store.digest_verdicts(record.id + 1) == []
