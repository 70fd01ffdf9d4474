"""What one poll brings is committed together: new posts once, reach each time, changed words, the id that stays."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from storage import Account, AccountMetric, PollRecord, PostState, Profile, RecordInvalid, RecordNotFound, Store
from storage.polls import NOT_EXAMINED
from tests.storage.conftest import DAY, HOUR, NOW, judged, poll, seen, wanted

LATER = NOW + HOUR


def test_new_posts_come_once_and_known_ones_never_again(store: Store, account: Account) -> None:
    first = poll(store, account, [seen(2), seen(1)])
    assert [post.caption for post in first] == ["clip 1", "clip 2"], "oldest first"
    assert {post.state for post in first} == {PostState.SEEN}
    assert all((post.first_seen_at, post.state_since, post.attempts) == (NOW, NOW, 0) for post in first)
    second = poll(store, account, [seen(3), seen(2), seen(1)], at=LATER)
    assert [post.caption for post in second] == ["clip 3"]
    assert [(one.at, one.new_posts) for one in store.polls(account.id)] == [(NOW, 2), (LATER, 1)]
    assert store.known_ids(account.id) == {seen(number).platform_id for number in (1, 2, 3)}


def test_two_accounts_may_have_posts_of_the_same_number(store: Store, account: Account) -> None:
    store.sync_accounts([wanted("https://www.tiktok.com/@other")])
    other = store.accounts()[0]
    poll(store, account, [seen(1)])
    assert [post.account_id for post in poll(store, other, [seen(1)])] == [other.id]


def test_at_first_contact_the_newest_are_examined_and_the_others_only_indexed(store: Store, account: Account) -> None:
    """A pinned old post stands first in the listing and is old all the same; one without a time counts as oldest."""
    listed = [seen(1), *(seen(number) for number in range(9, 1, -1)), seen(0, published_at=None)]
    random.Random(4).shuffle(listed)
    new = poll(store, account, listed, examine_first=3)
    assert [post.caption for post in new if post.state is PostState.SEEN] == ["clip 7", "clip 8", "clip 9"]
    skipped = [post for post in new if post.state is PostState.SKIPPED]
    assert len(skipped) == 7
    assert {post.problem for post in skipped} == {NOT_EXAMINED}
    assert new[0].caption == "clip 0"
    assert [post.caption for post in store.work(PostState.SEEN, NOW)] == ["clip 7", "clip 8", "clip 9"]
    poll(store, account, [seen(9, views=5), seen(2, views=7)], at=LATER)
    again = store.find_post(account.id, seen(2).platform_id)
    assert again is not None
    assert again.state is PostState.SKIPPED, "an indexed post is measured and never examined later"
    assert [one.views for one in store.post_metrics(again.id)] == [7]


@pytest.mark.parametrize(("examine_first", "expected"), [(0, 0), (1, 1), (99, 3), (None, 3)])
def test_how_many_are_examined_is_a_bound(
    store: Store, account: Account, examine_first: int | None, expected: int
) -> None:
    new = poll(store, account, [seen(1), seen(2), seen(3)], examine_first=examine_first)
    assert sum(post.state is PostState.SEEN for post in new) == expected


def test_a_post_that_is_listed_twice_is_one(store: Store, account: Account) -> None:
    """Pinned posts stand twice in some listings; half an emoji in an id makes no second one."""
    new = poll(store, account, [seen(1, views=10), seen(2), seen(1, views=11)])
    assert len(new) == 2
    assert [one.views for one in store.post_metrics(new[0].id)] == [10]
    assert len(poll(store, account, [seen(3, platform_id="\ud800"), seen(3, platform_id="\udfff")])) == 1


def test_changed_words_are_taken_over_and_words_not_shown_wipe_nothing(store: Store, account: Account) -> None:
    (post,) = poll(store, account, [seen(1, ai_label=None, duration_s=None, published_at=None)])
    poll(store, account, [seen(1, caption="now #deepfake", ai_label=True, duration_s=9.5, published_at=NOW)], at=LATER)
    changed = store.post(post.id)
    told = (changed.caption, changed.ai_label, changed.duration_s, changed.published_at)
    assert told == ("now #deepfake", True, 9.5, NOW)
    poll(store, account, [seen(1, caption="", ai_label=None, duration_s=None, published_at=None)], at=LATER + HOUR)
    assert store.post(post.id) == changed
    poll(store, account, [seen(1, caption="again", ai_label=False)], at=LATER + HOUR)
    assert (store.post(post.id).caption, store.post(post.id).ai_label) == ("again", False)
    assert (changed.url, changed.first_seen_at, changed.state) == (post.url, post.first_seen_at, post.state)


def test_reach_is_measured_at_each_listing_that_shows_any(store: Store, account: Account) -> None:
    (post,) = poll(store, account, [seen(1, views=10, likes=1)])
    poll(store, account, [seen(1)], at=LATER)
    poll(store, account, [seen(1, views=10, comments=-3, shares=2**63)], at=LATER + HOUR)
    assert [(one.at, one.views, one.likes, one.comments, one.shares) for one in store.post_metrics(post.id)] == [
        (NOW, 10, 1, None, None),
        (LATER + HOUR, 10, None, None, None),
    ]


def test_a_judged_post_is_measured_and_stays_judged(store: Store, account: Account) -> None:
    (post,) = poll(store, account, [seen(1)])
    judged(store, post)
    before = store.post(post.id)
    poll(store, account, [seen(1, views=5)], at=LATER)
    assert store.post(post.id) == before
    assert len(store.post_metrics(post.id)) == 1


def test_followers_are_kept_over_time(store: Store, account: Account) -> None:
    for hours, followers in enumerate((100, None, 250, -1)):
        at = NOW + hours * HOUR
        poll(store, account, at=at, metric=AccountMetric(999, at, followers, None))
    assert [(one.account_id, one.at, one.followers) for one in store.account_metrics(account.id)] == [
        (account.id, NOW, 100),
        (account.id, NOW + 2 * HOUR, 250),
    ]


def shown(at: datetime = NOW, **more: Any) -> Profile:
    values: dict[str, Any] = {"handle": "deep.someone", "display_name": "Someone", "bio": "golf", "verified": False}
    return Profile(999, at, **(values | more))


def test_a_profile_row_is_added_where_something_is_another(store: Store, account: Account) -> None:
    for hours, profile in enumerate(
        (
            shown(),
            shown(),
            shown(bio="golf. Parody"),
            shown(bio=None, verified=None),  # not shown this time: nothing is known to have changed
            shown(bio=""),  # shown, and empty now
            shown(bio="", verified=True),
        )
    ):
        at = NOW + hours * HOUR
        poll(store, account, at=at, profile=replace(profile, seen_at=at))
    kept = [(one.seen_at.hour - NOW.hour, one.bio, one.verified) for one in store.profiles(account.id)]
    assert kept == [(0, "golf", False), (2, "golf. Parody", False), (4, "", False), (5, "", True)]
    assert store.latest_profile(account.id) == store.profiles(account.id)[-1]
    assert {one.account_id for one in store.profiles(account.id)} == {account.id}


def test_an_avatar_is_another_by_its_path_only(store: Store, account: Account) -> None:
    for address in (
        "https://p16.example.com/avatar/1.jpg?sign=a",
        "https://p77.example.com/avatar/1.jpg?sign=b",
        "https://p16.example.com/avatar/2.jpg?sign=c",
        "https://[broken",
        "https://[broken",
    ):
        poll(store, account, profile=shown(avatar_url=address))
    assert [one.avatar_url for one in store.profiles(account.id)] == [
        "https://p16.example.com/avatar/1.jpg?sign=a",
        "https://p16.example.com/avatar/2.jpg?sign=c",
        "https://[broken",
    ]


def test_a_new_handle_is_the_accounts_and_the_old_one_stays_in_its_history(store: Store, account: Account) -> None:
    poll(store, account, profile=shown())
    poll(store, account, at=LATER, profile=shown(LATER, handle="deep.renamed"))
    assert store.account(account.id).handle == "deep.renamed"
    assert [one.handle for one in store.profiles(account.id)] == ["deep.someone", "deep.renamed"]
    poll(store, account, at=LATER, profile=shown(LATER, handle=None))
    assert store.account(account.id).handle == "deep.renamed"


def test_the_stable_id_is_pinned_at_first_sight(store: Store, account: Account) -> None:
    poll(store, account, stable_id="")
    assert store.account(account.id).stable_id is None
    for stable_id in ("first", "another", None):
        poll(store, account, stable_id=stable_id)
        assert store.account(account.id).stable_id == "first"
    with pytest.raises(RecordInvalid, match="set once"):
        store.write("UPDATE accounts SET stable_id = 'another'")
    with pytest.raises(RecordInvalid, match="set once"):
        store.write("UPDATE accounts SET stable_id = NULL")


def test_the_outcome_its_beginning_and_the_errors_in_a_row_are_counted(store: Store, account: Account) -> None:
    story = [("ok", True), ("rate_limited", False), ("rate_limited", False), ("gone", False), ("empty", True)]
    told = []
    for hours, (outcome, succeeded) in enumerate(story):
        poll(store, account, at=NOW + hours * HOUR, outcome=outcome, succeeded=succeeded)
        now = store.account(account.id)
        assert now.next_check_at == NOW + (hours + 1) * HOUR
        assert now.outcome_since is not None
        assert now.last_ok_at is not None
        told.append((now.outcome, (now.outcome_since - NOW) // HOUR, (now.last_ok_at - NOW) // HOUR, now.error_count))
    assert told == [
        ("ok", 0, 0, 0),
        ("rate_limited", 1, 0, 1),
        ("rate_limited", 1, 0, 2),
        ("gone", 3, 0, 3),
        ("empty", 4, 4, 0),
    ]


def test_polls_can_be_asked_by_account_and_time(store: Store, account: Account) -> None:
    for days in range(3):
        poll(store, account, at=NOW + days * DAY)
    assert [one.at for one in store.polls()] == [NOW, NOW + DAY, NOW + 2 * DAY]
    assert [one.at for one in store.polls(account.id, since=NOW + DAY)] == [NOW + DAY, NOW + 2 * DAY]
    assert store.polls(account.id + 1) == []


def test_a_poll_is_committed_whole_or_not_at_all(store: Store, account: Account) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the fault
    with pytest.raises(RecordInvalid, match="no zone"):
        poll(store, account, [seen(1, views=1), seen(2, published_at=naive)], profile=shown(), stable_id="x")
    assert store.account(account.id) == account
    assert store.posts() == []
    assert store.polls() == []
    assert store.profiles(account.id) == []


def test_a_poll_of_an_account_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(RecordNotFound, match="no account number 5"):
        store.record_poll(PollRecord(5, NOW, "ok"), next_check_at=NOW, succeeded=True)


@pytest.mark.parametrize("table", ["profiles", "account_metrics", "post_metrics"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = 9", "DELETE FROM {}"])
def test_history_is_append_only_for_every_program(store: Store, account: Account, table: str, change: str) -> None:
    poll(store, account, [seen(1, views=1)], profile=shown(), metric=AccountMetric(account.id, NOW, 1))
    with pytest.raises(RecordInvalid, match=f"{table} is append-only"):
        store.write(change.format(table))
    other = sqlite3.connect(store.folder / "doppelwatch.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(change.format(table))
    other.close()
    assert len(store.rows(f"SELECT * FROM {table}")) == 1


def test_a_time_in_another_zone_is_the_same_instant(store: Store, account: Account) -> None:
    away = NOW.astimezone(timezone(timedelta(hours=9)))
    poll(store, account, at=away)
    assert store.polls()[0].at == NOW
    assert store.rows("SELECT at FROM polls") == [{"at": "2026-11-25T09:30:00.000000Z"}]
