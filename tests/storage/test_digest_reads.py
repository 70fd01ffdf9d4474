"""What a digest reads of its posts in one query each, and of no other's."""

from __future__ import annotations

import pytest

from storage import Account, Store, StoredFinding, StoredVerdict
from tests.storage.conftest import DAY, HOUR, NOW, fetched, judged, poll, seen


@pytest.fixture
def digests(store: Store, account: Account) -> tuple[int, int]:
    """Two days: posts 1 and 2 in the first, post 3 in the second, post 4 in none."""
    first, second, third, fourth = poll(store, account, [seen(number, views=10 * number) for number in (1, 2, 3, 4)])
    poll(store, account, [seen(number, views=11 * number) for number in (1, 2, 3, 4)], at=NOW + HOUR)
    for post, priority in ((second, "urgent"), (first, "none")):
        judged(store, post, priority)
    for post in (first, second):
        findings = [
            StoredFinding(post.id, detector, "1", "identity", "ok", f"{detector} on {post.caption}.")
            for detector in ("faces", "handle")
        ]
        store.record_examination(post.id, findings, at=NOW)
        store.record_verdict(verdict(store, post.id), at=NOW)
    one = store.gather_digest("2026-11-25", covers_to=NOW)
    judged(store, third, "urgent")
    two = store.gather_digest("2026-11-26", covers_to=NOW + DAY)
    fetched(store, fourth)
    return one.id, two.id


def verdict(store: Store, post_id: int) -> StoredVerdict:
    found = store.verdict(post_id)
    assert found is not None
    return found


def test_the_verdicts_of_a_digest(store: Store, digests: tuple[int, int]) -> None:
    one, two = digests
    assert [(row.post_id, row.priority) for row in store.digest_verdicts(one)] == [(1, "none"), (2, "urgent")]
    assert [(row.post_id, row.priority) for row in store.digest_verdicts(two)] == [(3, "urgent")]


def test_the_reach_of_a_digest_is_in_order_of_time(store: Store, digests: tuple[int, int]) -> None:
    one, two = digests
    assert [(row.post_id, row.views) for row in store.digest_metrics(one)] == [(1, 10), (1, 11), (2, 20), (2, 22)]
    assert [(row.post_id, row.views) for row in store.digest_metrics(two)] == [(3, 30), (3, 33)]


def test_the_digests_by_priority(store: Store, digests: tuple[int, int]) -> None:
    one, two = digests
    store.gather_digest("2026-11-27", covers_to=NOW + 2 * DAY)
    assert store.digest_priorities() == {one: {"none": 1, "urgent": 1}, two: {"urgent": 1}}
