"""What is enrolled: kept by person, file, model and recipe, and gone from the file when it is deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import RecordInvalid, Store, StoredReference
from tests.storage.conftest import HOUR, NOW

FACE = StoredReference("Someone", "face", "a" * 64, "b" * 64, "1", b"\x01\x02\x03\x04" * 128, NOW)
VOICE = replace(FACE, kind="voice", speech_s=12.5)
OTHER = replace(FACE, person="Somebody Else")


def test_what_was_enrolled_comes_back_as_it_was(store: Store) -> None:
    store.record_references([FACE, VOICE, OTHER])
    assert store.references() == [OTHER, FACE, VOICE]
    assert "\\x01" not in repr(store.references()), "a log line must not hold a face"


def test_the_same_file_and_model_are_kept_once(store: Store) -> None:
    store.record_references([FACE])
    again = replace(FACE, embedding=b"\x05" * 512, made_at=NOW + HOUR)
    store.record_references([again])
    assert store.references() == [again]
    anew = replace(FACE, model_sha256="c" * 64)
    store.record_references([anew])
    assert store.references() == [again, anew]


def test_what_is_no_longer_wanted_goes(store: Store) -> None:
    store.record_references([FACE, VOICE, OTHER])
    assert store.retain_references({FACE.key}) == 2
    assert store.references() == [FACE]
    assert store.retain_references({FACE.key}) == 0


def test_a_person_is_forgotten_and_nothing_of_them_is_left_in_the_files(store: Store) -> None:
    mark = b"a face nobody may find again" * 16  # 448 bytes
    store.record_references([replace(FACE, embedding=mark), replace(OTHER, embedding=b"who stays" * 64)])
    assert mark in contents(store.folder)
    assert store.forget_references(FACE.person) == 1
    assert [one.person for one in store.references()] == [OTHER.person]
    left = contents(store.folder)
    assert b"who stays" in left
    assert mark[:28] not in left


def contents(folder: Path) -> bytes:
    """The bytes of the database and of SQLite's files beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("doppelwatch.db*")))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(FACE, kind="gait"),
        replace(FACE, source_sha256="a"),
        replace(FACE, model_sha256=""),
        replace(FACE, embedding=b""),
        replace(FACE, embedding=b"12345"),
        replace(FACE, speech_s=-1.0),
    ],
)
def test_what_is_no_embedding_is_refused_and_nothing_of_its_company_kept(store: Store, wrong: StoredReference) -> None:
    with pytest.raises(RecordInvalid):
        store.record_references([VOICE, wrong])
    assert store.references() == []
