"""Pictures of profiles and of people: append-only here, forgotten there."""

from __future__ import annotations

import sqlite3

import pytest

from storage import Account, Avatar, PersonPicture, Profile, Store
from storage.avatars import OFFICIAL, PHOTO
from storage.traces import Marks
from tests.storage.conftest import HOUR, NOW, judged, poll, seen, wanted

HASH, MIRROR = bytes(range(32)), bytes(range(32, 64))


def made(account: Account, number: int, **more: object) -> Avatar:
    values: dict[str, object] = {"sha256": f"{number:064d}", "hash": HASH, "mirrored": MIRROR}
    return Avatar(account.id, NOW + number * HOUR, f"https://p.example/{number}.jpg", **(values | more))  # type: ignore[arg-type]


def test_tries_are_kept_in_their_order_and_never_changed(store: Store, account: Account) -> None:
    tries = [made(account, 1), made(account, 2, sha256=None, hash=None, mirrored=None, problem="gone: 404")]
    for one in tries:
        store.record_avatar(one)
    assert store.avatars(account.id) == tries
    assert store.latest_tries() == {account.id: tries[1]}
    assert store.latest_avatars() == {account.id: tries[0]}, "the last that could be had"
    for change in ("UPDATE avatars SET problem = ''", "DELETE FROM avatars"):
        with pytest.raises(sqlite3.Error, match="append-only"):
            store.db.execute(change)


def test_the_address_that_a_watched_account_names_now(store: Store) -> None:
    store.sync_accounts([wanted(), wanted("https://www.tiktok.com/@other")])
    first, other = store.accounts()
    for hours, address in enumerate(("https://p.example/a.jpg", "https://p.example/b.jpg")):
        at = NOW + hours * HOUR
        poll(store, first, at=at, profile=Profile(first.id, at, "someone", avatar_url=address))
    poll(store, other, profile=Profile(other.id, NOW, "other"))
    assert store.announced_avatars() == [(first.id, "https://p.example/b.jpg")]
    store.sync_accounts([wanted("https://www.tiktok.com/@other")])
    assert store.announced_avatars() == []


def test_posts_are_judged_again_when_their_accounts_picture_is_had_or_turns_up_elsewhere(store: Store) -> None:
    store.sync_accounts([wanted(), wanted("https://www.tiktok.com/@other")])
    first, other = store.accounts()
    (post,) = poll(store, first, [seen(1, published_at=NOW)])
    judged(store, post, at=NOW)
    since = NOW - HOUR
    assert store.outdated_verdicts(since) == []
    store.record_avatar(made(first, 1, sha256=None, hash=None, mirrored=None, problem="gone"))
    assert store.outdated_verdicts(since) == [], "nothing more is known"
    store.record_avatar(made(first, 2))
    assert [one.id for one in store.outdated_verdicts(since)] == [post.id]
    judged(store, post, at=NOW + 3 * HOUR)
    assert store.outdated_verdicts(since) == []
    store.record_avatar(made(other, 4), copies=[first.id])
    assert [one.id for one in store.outdated_verdicts(since)] == [post.id]
    judged(store, post, at=NOW + 5 * HOUR)
    store.record_avatar(made(other, 6), copies=[first.id])
    assert store.outdated_verdicts(since) == [], "it was told before"


def test_pictures_of_people_are_replaced_and_overwritten_when_they_leave(store: Store) -> None:
    photo = PersonPicture("Jane", PHOTO, "0" * 64, "jane.jpg", NOW, HASH + MIRROR)
    official = PersonPicture("Jane", OFFICIAL, "https://x.example/jane", "https://x.example/jane", NOW)
    for one in (photo, official):
        store.record_person_picture(one)
    later = PersonPicture("Jane", OFFICIAL, official.source, official.name, NOW + HOUR, MIRROR)
    store.record_person_picture(later)
    assert store.person_pictures() == [photo, later]
    assert "bytes" not in repr(photo)
    assert store.retain_person_pictures({later.key}) == 1
    assert store.person_pictures() == [later]
    store.checkpoint()
    assert HASH + MIRROR not in (store.folder / "doppelwatch.db").read_bytes()


def test_a_purge_takes_the_pictures_of_the_persons_accounts_with_their_files(store: Store) -> None:
    store.sync_accounts([wanted(), wanted("https://www.tiktok.com/@other", person="Another")])
    first, other = store.accounts()
    kept = {one.id: store.evidence.keep_bytes(f"picture of {one.id}".encode(), ".jpg").sha256 for one in (first, other)}
    for one in (first, other):
        store.record_avatar(made(one, 1, sha256=kept[one.id]), copies=[other.id if one is first else first.id])
    store.record_person_picture(PersonPicture("Someone", PHOTO, "0" * 64, "someone.jpg", NOW, HASH))
    store.purge("Someone", Marks(("Someone",)), at=NOW)
    assert [one.account_id for one in store.latest_avatars().values()] == [other.id]
    assert store.person_pictures() == []
    assert store.rows("SELECT * FROM avatar_copies") == []
    assert store.evidence.path(kept[first.id]) is None
    assert store.evidence.path(kept[other.id]) is not None
