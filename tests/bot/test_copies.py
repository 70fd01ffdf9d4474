"""The lookup of copies, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.pipeline.convert import stored_hashes
from bot.pipeline.copies import RADIUS, copies_of, index_of
from bot.pipeline.judge import judge_post
from detectors.specimen import FrameHash
from storage import Account, PollRecord, Post, SeenPost, Store, StoredHash, WantedAccount
from tests.conftest import PERSON, make_config

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
RANDOM = np.random.default_rng(0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


def bits(random: np.random.Generator = RANDOM) -> bytes:
    return random.bytes(32)


def changed(hash_: bytes, by: int) -> bytes:
    """The hash with so many of its bits turned over."""
    places = np.random.default_rng(by).choice(256, by, replace=False)
    value = int.from_bytes(hash_)
    for place in places:
        value ^= 1 << int(place)
    return value.to_bytes(32)


def account_of(store: Store, handle: str) -> Account:
    url = f"https://www.tiktok.com/@{handle}"
    wanted = [
        WantedAccount(url=one.url, platform=one.platform, person=one.person, handle=one.handle, interval_s=900)
        for one in store.accounts()
    ]
    store.sync_accounts([*wanted, WantedAccount(url, "tiktok", PERSON, handle, 900)])
    return next(one for one in store.accounts() if one.url == url)


def post_of(store: Store, account: Account, *frames: FrameHash, number: int = 1) -> Post:
    """A post with this fingerprint."""
    seen = SeenPost(str(number), f"{account.url}/video/{number}", published_at=NOW)
    poll = PollRecord(account_id=account.id, at=NOW, outcome="ok")
    (post,) = store.record_poll(poll, posts=[seen], next_check_at=NOW + timedelta(hours=1), succeeded=True)
    store.record_fingerprint(post.id, stored_hashes(post.id, frames))
    return post


def frame(second: float, whole: bytes, **more: object) -> FrameHash:
    return FrameHash(second, whole, 90, **more)  # type: ignore[arg-type]


def found(store: Store, post: Post, account: Account, **config: object) -> list[tuple[str, float, int, bool]]:
    copies = copies_of(post, account, store=store, config=make_config(store.folder, **config))
    assert copies is not None
    return [(one.handle, round(one.matched, 3), one.distance, one.mirrored) for one in copies]


def test_the_same_pictures_on_another_account_are_found_up_to_the_radius(store: Store) -> None:
    first, second = account_of(store, "first"), account_of(store, "second")
    one, two, three = bits(), bits(), bits()
    post = post_of(store, first, frame(0, one), frame(1, two), frame(2, three))
    post_of(store, second, frame(0.5, changed(one, RADIUS)), frame(1.5, changed(two, 9)), frame(9, bits()))
    assert found(store, post, first) == [("second", 0.667, 9, False)]


def test_one_bit_more_or_one_frame_only_is_no_copy(store: Store) -> None:
    first, second, third = (account_of(store, name) for name in ("first", "second", "third"))
    one, two = bits(), bits()
    post = post_of(store, first, frame(0, one), frame(1, two))
    post_of(store, second, frame(0, changed(one, RADIUS + 1)), frame(1, changed(two, RADIUS + 1)))
    post_of(store, third, frame(0, one), frame(1, bits()))
    assert found(store, post, first) == []


def test_a_copy_that_turns_up_later_has_the_first_one_judged_again_once(store: Store) -> None:
    first, second = account_of(store, "first"), account_of(store, "second")
    one, two, config = bits(), bits(), make_config(store.folder)
    early = post_of(store, first, frame(0, one), frame(1, two))
    post_of(store, first, frame(0, bits()), frame(1, bits()), number=2)

    def judged(post: Post, account: Account, hours: int) -> list[int]:
        """Judge a post so many hours later; the numbers of those that are to be judged again then."""
        judge_post(post, account, store=store, config=config, now=NOW + timedelta(hours=hours))
        return [one.id for one in store.outdated_verdicts(NOW - timedelta(days=1))]

    assert judged(early, first, 0) == []
    late = post_of(store, second, frame(0.5, changed(one, 5)), frame(1.5, two))
    assert judged(late, second, 1) == [early.id]
    assert store.outdated_verdicts(NOW + timedelta(days=1)) == [], "what is old is left alone"
    assert judged(early, first, 1) == []
    (copies,) = [row for row in store.findings(early.id) if row.detector == "copies"]
    assert "@second on tiktok" in copies.statement
    assert judged(late, second, 2) == [], "it was found before"


def test_a_mirrored_and_a_cropped_copy_are_found(store: Store) -> None:
    first, second, third = (account_of(store, name) for name in ("first", "second", "third"))
    one, two, mirror_one, mirror_two, inner_one, inner_two = (bits() for _ in range(6))
    post = post_of(
        store, first,
        frame(0, one, mirrored=mirror_one, inner=(inner_one,)), frame(1, two, mirrored=mirror_two, inner=(inner_two,)),
    )  # fmt: skip
    post_of(store, second, frame(0, changed(mirror_one, 3)), frame(1, changed(mirror_two, 5)))
    post_of(store, third, frame(0, inner_one), frame(1, inner_two))
    assert found(store, post, first) == [("second", 1.0, 3, True), ("third", 1.0, 0, False)]


def test_a_repost_on_the_same_account_is_no_copy_and_what_has_no_hash_is_not_looked_up(store: Store) -> None:
    first = account_of(store, "first")
    one, two = bits(), bits()
    post = post_of(store, first, frame(0, one), frame(1, two))
    post_of(store, first, frame(0, one), frame(1, two), number=2)
    assert found(store, post, first) == []
    bare = post_of(store, first, number=3)
    assert copies_of(bare, first, store=store, config=make_config(store.folder)) is None


def test_faces_are_compared_between_frames_that_match(store: Store) -> None:
    first, second = account_of(store, "first"), account_of(store, "second")
    one, two, face = bits(), bits(), bits()
    post = post_of(store, first, frame(0.1, one, face=face), frame(1.7, two, face=face))
    post_of(store, second, frame(0.3, one, face=changed(face, 70)), frame(1.9, two, face=changed(face, 55)))
    (copy,) = copies_of(post, first, store=store, config=make_config(store.folder)) or ()
    assert copy.face_distance == 55


def test_what_comes_later_is_found_at_once_and_a_large_store_agrees_with_counting(store: Store) -> None:
    account = account_of(store, "first")
    random = np.random.default_rng(7)
    post = post_of(store, account)
    rows = [StoredHash(post.id, float(number), "whole", random.bytes(32), 80) for number in range(3000)]
    store.record_fingerprint(post.id, rows)
    index = index_of(store)
    asked = changed(rows[1234].hash, 20)
    expected = [
        (post.id, away)
        for one in rows
        if (away := (int.from_bytes(asked) ^ int.from_bytes(one.hash)).bit_count()) <= 100
    ]
    assert sorted(index.near(asked, 100)) == sorted(expected)
    assert len(expected) > 1
    late = post_of(store, account, frame(5.0, bytes(32)), number=9)
    assert index_of(store) is index
    assert index.near(bytes(32)) == [(late.id, 0)]
    # the complement differs in all 256 bits, more than fit one byte
    assert index.near(b"\xff" * 32) == []


def test_what_took_the_place_of_an_earlier_fingerprint_is_found_and_the_earlier_no_more(store: Store) -> None:
    first, second = account_of(store, "first"), account_of(store, "second")
    old, new = (bits(), bits()), (bits(), bits())
    asks_old = post_of(store, first, frame(0, old[0]), frame(1, old[1]))
    asks_new = post_of(store, first, frame(0, new[0]), frame(1, new[1]), number=2)
    theirs = post_of(store, second, frame(0, old[0]), frame(1, old[1]))
    assert found(store, asks_old, first) == [("second", 1.0, 0, False)]
    # the latest rows go, and others come: none of these may get the numbers of those
    store.record_fingerprint(theirs.id, stored_hashes(theirs.id, (frame(0, new[0]), frame(1, new[1]))))
    assert found(store, asks_new, first) == [("second", 1.0, 0, False)]
    assert found(store, asks_old, first) == []


def test_what_another_process_adds_is_found(store: Store) -> None:
    first, second = account_of(store, "first"), account_of(store, "second")
    one, two = bits(), bits()
    post = post_of(store, first, frame(0, one), frame(1, two))
    assert found(store, post, first) == []
    with Store.open(store.folder) as elsewhere:
        post_of(elsewhere, second, frame(0, one), frame(1, two))
    assert found(store, post, first) == [("second", 1.0, 0, False)]


def test_a_hash_of_the_wrong_length_or_post_is_refused(store: Store) -> None:
    from storage import RecordInvalid

    post = post_of(store, account_of(store, "first"))
    for wrong in (StoredHash(post.id, 0, "whole", b"short", 80), StoredHash(post.id + 1, 0, "whole", bits(), 80)):
        with pytest.raises(RecordInvalid, match="32 bytes"):
            store.record_fingerprint(post.id, [wrong])
