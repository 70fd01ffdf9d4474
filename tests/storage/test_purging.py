"""What goes when a person is purged, what stays, and that the log of both is whole."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Store, StoredReference, StoredVerdict
from storage.chain import PURGED, SEALED
from storage.traces import REMOVED, Marks
from tests.storage.conftest import NOW, fetched, judged, poll, seen, wanted

JANE, JOHN = "Jane Halloway", "John Merrit"
HERS, HIS = "https://www.tiktok.com/@janehalloway.real", "https://www.tiktok.com/@john.fans"
MARKS = Marks((JANE,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        opened.sync_accounts([wanted(HERS, person=JANE), wanted(HIS, person=JOHN)])
        yield opened


def _case(store: Store, url: str, number: int, *, caption: str, data: bytes) -> int:
    account = next(one for one in store.accounts() if one.url == url)
    (post,) = poll(store, account, [seen(number, caption=caption)])
    judged(store, post, "urgent", data=data)
    with store.transaction():
        store.seal(post.id, {"versions": {}}, at=NOW)
    return post.id


def _reference(person: str, number: int) -> StoredReference:
    embedding = struct.pack("<64f", *(number + one / 7 for one in range(64)))
    return StoredReference(person, "face", f"{number:064x}", f"{9:064x}", "1", embedding, NOW)


def test_everything_of_the_person_goes_and_the_other_stays(store: Store) -> None:
    hers = _case(store, HERS, 1, caption="mine", data=b"her clip")
    his = _case(store, HIS, 2, caption="his", data=b"his clip")
    store.record_references([_reference(JANE, 1), _reference(JOHN, 2)])
    assert store.holding(JANE).cases == (hers,)
    gone = store.purge(JANE, MARKS, at=NOW)
    assert [one.url for one in store.accounts()] == [HIS]
    assert [one.id for one in store.posts()] == [his]
    assert [one.person for one in store.references()] == [JOHN]
    assert store.holding(JANE).is_empty
    assert gone.rows["posts"] == gone.rows["reference_embeddings"] == gone.rows["media"] == 1
    assert gone.redacted == {}
    assert [(one.case_id, one.kind) for one in store.custody_log()] == [(hers, SEALED), (his, SEALED), (hers, PURGED)]
    assert list(store.faults(must_have={"urgent"})) == []
    kept = sorted(path.read_bytes() for path in store.evidence.folder.glob("??/*") if path.suffix == ".mp4")
    assert kept == [b"his clip"]


def test_a_file_that_another_post_shows_too_stays(store: Store) -> None:
    _case(store, HERS, 1, caption="a", data=b"one clip")
    his = _case(store, HIS, 2, caption="b", data=b"one clip")
    store.purge(JANE, MARKS, at=NOW)
    media = store.post(his).media_sha256
    assert media is not None
    assert store.evidence.path(media) is not None


def test_the_name_in_the_words_of_others_is_replaced_and_their_case_sealed_anew(store: Store) -> None:
    his = _case(store, HIS, 2, caption="with jane_halloway!", data=b"his clip")
    before = store.case(his)
    gone = store.purge(JANE, MARKS, at=NOW)
    assert store.post(his).caption == f"with {REMOVED}!"
    assert gone.redacted == {"posts.caption": 1}
    after = store.case(his)
    assert before is not None
    assert after is not None
    assert after.content_sha256 != before.content_sha256
    assert store.record(before.content_sha256) is None
    record = store.record(after.content_sha256)
    assert record is not None
    assert record["circumstances"] == {"versions": {}}
    assert [one.kind for one in store.custody_log()] == [SEALED, PURGED, SEALED]
    assert list(store.faults(must_have={"urgent"})) == []


def test_the_name_in_what_a_platform_told_of_others_is_replaced_too(store: Store) -> None:
    account = next(one for one in store.accounts() if one.url == HIS)
    (post,) = poll(store, account, [seen(2)])
    clip, told = (
        store.evidence.keep_bytes(b"clip", ".mp4"),
        store.evidence.keep_bytes(b'{"d": "Jane-Halloway"}', ".json"),
    )
    store.record_fetch(post.id, clip, metadata_sha256=told.sha256, at=NOW)
    store.record_examination(post.id, [], at=NOW)
    with store.transaction():
        store.record_verdict(StoredVerdict(post.id, "unrelated", "urgent", "rule", "Nothing."), at=NOW)
        store.seal(post.id, {}, at=NOW)
    store.purge(JANE, MARKS, at=NOW)
    after = store.post(post.id).metadata_sha256
    assert after is not None
    path = store.evidence.path(after)
    assert path is not None
    assert path.read_bytes() == b'{"d": "[removed]"}'
    assert store.evidence.path(told.sha256) is None
    assert list(store.faults(must_have={"urgent"})) == []


def test_a_case_whose_record_is_needed_is_still_missed_after_a_purge(store: Store) -> None:
    his = _case(store, HIS, 2, caption="with Jane Halloway", data=b"his clip")
    store.purge(JANE, MARKS, at=NOW)
    entry = store.case(his)
    assert entry is not None
    assert store.evidence.delete(entry.content_sha256)
    assert [fault for fault in store.faults() if "missing" in fault]


def test_what_tells_rows_apart_is_not_changed_but_reported(store: Store) -> None:
    shared = "https://www.tiktok.com/@janehalloway.and.john"
    store.sync_accounts([wanted(HERS, person=JANE), wanted(shared, person=JOHN)])
    store.purge(JANE, MARKS, at=NOW)
    assert shared in [one.url for one in store.accounts()]
    assert {trace.partition(",")[0] for trace in store.traces(MARKS)} == {"accounts.url", "accounts.handle"}


def test_an_account_of_nobody_that_carries_the_name_goes_too(store: Store) -> None:
    store.sync_accounts([wanted("https://www.tiktok.com/@jane.halloway", person=None), wanted(HIS, person=JOHN)])
    store.purge(JANE, MARKS, at=NOW)
    assert [one.url for one in store.accounts()] == [HIS]


def test_append_only_tables_are_guarded_again_afterwards(store: Store) -> None:
    _case(store, HIS, 2, caption="his", data=b"his clip")
    before = store.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    store.purge(JANE, MARKS, at=NOW)
    assert store.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name") == before


def test_no_page_of_the_database_or_its_log_holds_what_went(store: Store) -> None:
    _case(store, HERS, 1, caption="mine", data=b"her clip")
    reference = _reference(JANE, 1)
    store.record_references([reference])
    store.purge(JANE, MARKS, at=NOW)
    for path in store.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert JANE.encode() not in data
            assert b"janehalloway" not in data
            assert reference.embedding[:16] not in data


def test_a_purge_that_was_cut_short_before_the_files_is_finished_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _case(store, HERS, 1, caption="mine", data=b"her clip")

    def killed(_: Store) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_sweep_files", killed)
        with pytest.raises(KeyboardInterrupt):
            store.purge(JANE, MARKS, at=NOW)
    assert list(store.evidence.folder.glob("??/*"))
    gone = store.purge(JANE, MARKS, at=NOW)
    assert gone.files
    assert not list(store.evidence.folder.glob("??/*"))
    assert [one.kind for one in store.custody_log()] == [SEALED, PURGED]


def test_the_day_that_showed_her_is_written_again(store: Store) -> None:
    _case(store, HERS, 1, caption="mine", data=b"her clip")
    first = store.gather_digest("2026-11-25", covers_to=NOW)
    store.mark_rendered(first.id, "/digests/2026-11-25.html", NOW)
    account = next(one for one in store.accounts() if one.url == HIS)
    (post,) = poll(store, account, [seen(2)])
    fetched(store, post)
    store.record_examination(post.id, [], at=NOW)
    store.record_verdict(StoredVerdict(post.id, "unrelated", "none", "rule", "Nothing."), at=NOW)
    second = store.gather_digest("2026-11-26", covers_to=NOW)
    store.mark_rendered(second.id, "/digests/2026-11-26.html", NOW)
    store.purge(JANE, MARKS, at=NOW)
    assert [one.day for one in store.unrendered_digests()] == ["2026-11-25"]
