"""The outbox, alerts that are told at once, and troubles: each told once, whatever is repeated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Account, DeliveryState, NewDelivery, Observed, RecordInvalid, RecordNotFound, Store
from tests.storage.conftest import DAY, HOUR, NOW, judged, poll, seen

ORDER = ("urgent", "high", "normal", "low", "none")
TO_JANE = NewDelivery("digest 2026-11-25 mail jane", "digest", "mail jane@example.org", "<1@example.org>")


def test_a_delivery_is_queued_once_and_due_at_once(store: Store) -> None:
    assert store.queue([TO_JANE], NOW) == 1
    assert store.queue([replace(TO_JANE, message_id="<2@example.org>")], NOW + HOUR) == 0
    (delivery,) = store.due_deliveries(NOW)
    assert (delivery.message_id, delivery.state, delivery.attempts) == ("<1@example.org>", DeliveryState.WAITING, 0)
    assert store.due_deliveries(NOW - HOUR) == []


def test_two_deliveries_with_one_message_id_are_refused(store: Store) -> None:
    store.queue([TO_JANE], NOW)
    with pytest.raises(RecordInvalid):
        store.queue([replace(TO_JANE, key="another")], NOW)


def test_a_try_that_is_cut_off_is_made_again_at_the_time_set_before(store: Store) -> None:
    store.queue([TO_JANE], NOW)
    (delivery,) = store.due_deliveries(NOW)
    store.begin_try(delivery.id, next_try_at=NOW + HOUR)
    assert store.due_deliveries(NOW) == []
    (again,) = store.due_deliveries(NOW + HOUR)
    assert (again.attempts, again.message_id) == (1, delivery.message_id)


def test_what_was_sent_is_not_due_again(store: Store) -> None:
    store.queue([TO_JANE], NOW)
    (delivery,) = store.due_deliveries(NOW)
    store.begin_try(delivery.id, next_try_at=NOW + HOUR)
    store.record_delay(delivery.id, "the server is down")
    assert store.deliveries()[0].problem == "the server is down"
    store.record_sent(delivery.id, NOW + HOUR)
    (sent,) = store.deliveries(DeliveryState.SENT)
    assert (sent.ended_at, sent.problem, sent.next_try_at) == (NOW + HOUR, "", None)
    assert store.due_deliveries(NOW + DAY) == []
    assert store.try_failed_again(NOW) == 0


def test_a_failure_is_final_until_somebody_asks(store: Store) -> None:
    store.queue([TO_JANE], NOW)
    store.record_failure(store.due_deliveries(NOW)[0].id, "no such mailbox", NOW)
    assert store.due_deliveries(NOW + DAY) == []
    assert [one.problem for one in store.deliveries(DeliveryState.FAILED, ended_since=NOW)] == ["no such mailbox"]
    assert store.deliveries(DeliveryState.FAILED, ended_since=NOW + HOUR) == []
    assert store.try_failed_again(NOW + DAY) == 1
    assert [one.attempts for one in store.due_deliveries(NOW + DAY)] == [0]


def test_a_delivery_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(RecordNotFound):
        store.record_sent(7, NOW)
    with pytest.raises(RecordNotFound):
        store.hand_out(7, [], NOW)


def test_a_digest_that_was_handed_out_takes_no_more_posts(store: Store, account: Account) -> None:
    first, second = poll(store, account, [seen(1), seen(2)])
    judged(store, first)
    digest = store.gather_digest("2026-11-25", covers_to=NOW)
    assert store.hand_out(digest.id, [replace(TO_JANE, digest_id=digest.id)], NOW)
    assert not store.hand_out(digest.id, [replace(TO_JANE, digest_id=digest.id)], NOW + HOUR)
    judged(store, second)
    closed = store.gather_digest("2026-11-25", covers_to=NOW + HOUR)
    assert (closed.covers_to, closed.handed_out_at) == (NOW, NOW)
    assert [post.id for post in store.digest_posts(closed.id)] == [first.id]
    tomorrow = store.gather_digest("2026-11-26", covers_to=NOW + DAY)
    assert [post.id for post in store.digest_posts(tomorrow.id)] == [second.id]
    assert len(store.deliveries()) == 1


def test_news_is_what_nobody_was_told_of_as_so_pressing(store: Store, account: Account) -> None:
    posts = poll(store, account, [seen(number) for number in range(4)])
    for post, priority in zip(posts, ("high", "urgent", "low", "urgent"), strict=True):
        judged(store, post, priority)

    def news() -> list[tuple[int, str]]:
        return [(one.post_id, one.priority) for one in store.news(ORDER[:2], ORDER)]

    assert news() == [(posts[1].id, "urgent"), (posts[3].id, "urgent"), (posts[0].id, "high")]
    alerts = store.news(ORDER[:1], ORDER)[:1]
    store.tell_at_once(alerts, [replace(TO_JANE, kind="alert")], NOW)
    assert store.told_at_once() == NOW
    assert news() == [(posts[3].id, "urgent"), (posts[0].id, "high")]
    digest = store.gather_digest("2026-11-25", covers_to=NOW)
    store.mark_rendered(digest.id, "page", NOW)
    assert news() == []
    judged(store, posts[2], "urgent", at=NOW + HOUR)  # told as low
    judged(store, posts[0], "urgent", at=NOW + HOUR)  # told as high
    judged(store, posts[1], "high", at=NOW + HOUR)  # told as urgent: less is no news
    assert news() == [(posts[0].id, "urgent"), (posts[2].id, "urgent")]


def test_the_latest_alerts_come_first_and_count_from_when_they_became_alerts(store: Store, account: Account) -> None:
    posts = poll(store, account, [seen(number) for number in range(3)])
    for hours, (post, priority) in enumerate(zip(posts, ("urgent", "none", "high"), strict=True)):
        judged(store, post, priority, at=NOW + hours * HOUR)
    judged(store, posts[1], "high", at=NOW + 5 * HOUR)
    judged(store, posts[0], "high", at=NOW + 6 * HOUR)
    found = [(one.post_id, one.since) for one in store.latest_alerts(ORDER[:2], 10)]
    assert found == [(posts[1].id, NOW + 5 * HOUR), (posts[2].id, NOW + 2 * HOUR), (posts[0].id, NOW)]
    assert len(store.latest_alerts(ORDER[:2], 1)) == 1


BLOCKED = Observed("platform", "tiktok", "blocked", "wait")
FULL = Observed("disk", "/store", "1 MB free", "free some")


def observe(store: Store, *observed: Observed, hours: int) -> None:
    store.observe_troubles(observed, NOW + hours * HOUR, settled=6 * HOUR)


def test_a_trouble_is_one_row_from_its_begin_to_its_end(store: Store) -> None:
    observe(store, BLOCKED, FULL, hours=0)
    observe(store, replace(BLOCKED, detail="still blocked"), hours=1)
    blocked, full = store.troubles()
    assert (blocked.since, blocked.over_at, blocked.detail) == (NOW, None, "still blocked")
    assert (full.since, full.over_at) == (NOW, NOW + HOUR)
    assert [one.id for one in store.troubles(now_only=True)] == [blocked.id]
    assert len(store.troubles(since=NOW + 2 * HOUR)) == 1


def test_a_trouble_that_comes_and_goes_is_the_same_until_it_has_stayed_away(store: Store) -> None:
    observe(store, BLOCKED, hours=0)
    store.tell_troubles(store.troubles(untold=True), [replace(TO_JANE, kind="trouble")], NOW)
    observe(store, hours=1)
    observe(store, BLOCKED, hours=2)
    assert store.troubles(untold=True) == []
    observe(store, hours=3)
    observe(store, BLOCKED, hours=10)
    (again,) = store.troubles(untold=True)
    assert (again.since, len(store.troubles())) == (NOW + 10 * HOUR, 2)


def test_the_message_and_that_it_was_told_are_recorded_together(store: Store) -> None:
    observe(store, BLOCKED, hours=0)
    with pytest.raises(RecordInvalid):
        store.tell_troubles(store.troubles(), [replace(TO_JANE, kind="gossip")], NOW)
    assert len(store.troubles(untold=True)) == 1
    assert store.deliveries() == []
