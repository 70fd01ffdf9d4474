"""What is beyond its retention goes, and nothing that an alert or an open question rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Account, Post, PostState, RecordInvalid, Store, StoredFinding, StoredVerdict
from storage.opening import FILE_NAME
from tests.storage.conftest import DAY, HOUR, NOW, fetched, judged, poll, seen

KEPT = {"urgent", "high"}


@pytest.fixture
def posts(store: Store, account: Account) -> list[Post]:
    return poll(store, account, [seen(number) for number in range(1, 7)])


def there(store: Store) -> set[str]:
    """The hashes that have a file."""
    return {path.stem for path in store.evidence.folder.glob("??/*")}


def test_only_old_media_without_an_alert_are_deleted(store: Store, posts: list[Post]) -> None:
    old, recent, alerted, waiting = posts[:4]
    gone = judged(store, old, "low", at=NOW - 10 * DAY)
    stays = {
        judged(store, recent, "low", at=NOW - DAY).sha256,
        judged(store, alerted, "high", at=NOW - 10 * DAY).sha256,
        fetched(store, waiting, b"not judged yet", at=NOW - 10 * DAY).sha256,
    }
    assert store.prune_media(NOW - 5 * DAY, KEPT) == [gone.sha256]
    assert there(store) == stays
    assert store.post(old.id).media_sha256 == gone.sha256, "the hash stays"
    deleted = store.rows("SELECT sha256 FROM media WHERE deleted_at IS NOT NULL")
    assert deleted == [{"sha256": gone.sha256}]
    assert store.prune_media(NOW - 5 * DAY, KEPT) == []


def test_the_time_of_the_limit_itself_is_kept(store: Store, posts: list[Post]) -> None:
    judged(store, posts[0], at=NOW - DAY)
    assert store.prune_media(NOW - DAY, KEPT) == []
    assert len(store.prune_media(NOW - DAY + HOUR / 3600, KEPT)) == 1


def test_a_shared_file_stays_while_any_post_needs_it(store: Store, posts: list[Post]) -> None:
    first, second, third = posts[:3]
    media = judged(store, first, "none", at=NOW - 10 * DAY, data=b"the same clip")
    judged(store, second, "urgent", at=NOW - 10 * DAY, data=b"the same clip")
    fetched(store, third, b"the same clip", at=NOW - 10 * DAY)
    assert store.prune_media(NOW, KEPT) == []
    store.record_verdict(StoredVerdict(second.id, "l", "none", "r", "s"), at=NOW - 9 * DAY)
    assert store.prune_media(NOW, KEPT) == [], "the third is not judged"
    store.record_examination(third.id, [], at=NOW - 9 * DAY)
    store.record_verdict(StoredVerdict(third.id, "l", "none", "r", "s"), at=NOW - 9 * DAY)
    assert store.prune_media(NOW, KEPT) == [media.sha256]


def test_a_file_that_could_not_be_examined_goes_with_the_others(store: Store, posts: list[Post]) -> None:
    final, again, young = posts[:3]
    media = fetched(store, final, b"damaged")
    fetched(store, again, b"worker died")
    fetched(store, young, b"damaged too")
    store.record_problem(final.id, PostState.FAILED, "damaged", at=NOW - 10 * DAY)
    store.record_problem(again.id, PostState.FAILED, "died", at=NOW - 10 * DAY, next_try_at=NOW + DAY)
    store.record_problem(young.id, PostState.FAILED, "damaged", at=NOW)
    assert store.prune_media(NOW - 5 * DAY, KEPT) == [media.sha256]


def test_pictures_go_with_the_file_that_they_show(store: Store, posts: list[Post]) -> None:
    quiet, other, alerted = posts[:3]
    own, both, kept = (store.evidence.keep_bytes(data, ".jpg").sha256 for data in (b"own", b"both", b"kept"))
    for post, shown in ((quiet, (own, both)), (other, (both,)), (alerted, (kept, both))):
        fetched(store, post, f"clip {post.id}".encode(), at=NOW - 10 * DAY)
        exhibits = tuple({"kind": "crop", "label": "a face", "jpeg_sha256": picture} for picture in shown)
        finding = StoredFinding(
            post.id, "faces", "1", "identity", "ok", "A face.", exhibits=(*exhibits, {"kind": "text"})
        )
        store.record_examination(post.id, [finding], at=NOW - 10 * DAY)
        priority = "urgent" if post is alerted else "none"
        store.record_verdict(StoredVerdict(post.id, "l", priority, "r", "s"), at=NOW - 10 * DAY)
    assert len(store.prune_media(NOW, KEPT)) == 2
    assert {own, both, kept} & there(store) == {both, kept}, "an alert still shows the shared one"
    store.record_verdict(StoredVerdict(alerted.id, "l", "none", "r", "s"), at=NOW - 9 * DAY)
    store.prune_media(NOW, KEPT)
    assert there(store) == set()


def test_what_a_platform_told_of_a_post_goes_with_its_file(store: Store, posts: list[Post]) -> None:
    for post, priority in ((posts[0], "none"), (posts[1], "urgent")):
        clip, told = (store.evidence.keep_bytes(f"{kind} {post.id}".encode(), f".{kind}") for kind in ("mp4", "json"))
        store.record_fetch(post.id, clip, metadata_sha256=told.sha256, at=NOW - 10 * DAY)
        store.record_examination(post.id, [], at=NOW - 10 * DAY)
        store.record_verdict(StoredVerdict(post.id, "l", priority, "r", "s"), at=NOW - 10 * DAY)
    assert len(store.prune_media(NOW, KEPT)) == 1
    assert there(store) == {store.post(posts[1].id).media_sha256, store.post(posts[1].id).metadata_sha256}


def test_a_kill_between_file_and_row_is_put_right(
    store: Store, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    media = judged(store, posts[0], at=NOW - 10 * DAY)
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.prune_media(NOW, KEPT)
    assert media.sha256 not in there(store)
    assert store.prune_media(NOW, KEPT) == [], "no file was deleted this time"
    assert store.rows("SELECT count(*) AS n FROM media WHERE deleted_at IS NULL") == [{"n": 0}]


def test_old_polls_go_and_each_accounts_latest_stays(store: Store, account: Account) -> None:
    for days in (30, 20, 10):
        poll(store, account, at=NOW - days * DAY)
    assert store.prune_polls(NOW - 15 * DAY) == 2
    assert store.prune_polls(NOW) == 0
    assert [one.at for one in store.polls(account.id)] == [NOW - 10 * DAY]


def test_what_a_digest_rests_on_is_never_deleted(store: Store, posts: list[Post]) -> None:
    judged(store, posts[0], at=NOW - 500 * DAY)
    store.gather_digest("2026-11-25", covers_to=NOW)
    store.prune_media(NOW, ())
    assert store.verdict(posts[0].id) is not None
    with pytest.raises(RecordInvalid, match="FOREIGN KEY"):
        store.write("DELETE FROM posts WHERE id = ?", [posts[0].id])


def test_the_log_is_folded_in(store: Store, posts: list[Post]) -> None:
    log = store.folder / f"{FILE_NAME}-wal"
    assert log.stat().st_size > 0
    store.checkpoint()
    assert log.stat().st_size == 0
    assert len(store.posts()) == len(posts)


def test_the_log_of_a_reader_is_left_to_it(tmp_path: Path, store: Store, account: Account) -> None:
    poll(store, account, [seen(1)])
    with Store.open(store.folder, read_only=True) as reader:
        # an open question holds its part of the log
        cursor = reader.db.execute("SELECT * FROM posts UNION ALL SELECT * FROM posts")
        cursor.fetchone()
        poll(store, account, [seen(2)])
        store.db.execute("PRAGMA busy_timeout = 100")
        store.checkpoint()
        assert len(cursor.fetchall()) == 1
        cursor.close()
        assert len(reader.posts()) == 2
