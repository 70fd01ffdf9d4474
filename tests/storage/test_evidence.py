"""Evidence is kept by its hash, whole or not at all, for its owner alone, and never runs on a double click."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from storage import Evidence, EvidenceError, Store, StoreFull, StoreReadOnly
from storage.evidence import CHUNK

DATA = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    made = Evidence(tmp_path / "evidence")
    made.prepare()
    return made


def files(evidence: Evidence) -> list[Path]:
    """Every file below the folder."""
    return sorted(path for path in evidence.folder.rglob("*") if not path.is_dir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_lies_under_the_hash_of_its_bytes(evidence: Evidence, tmp_path: Path) -> None:
    source = tmp_path / "Clip.MP4"
    source.write_bytes(DATA)
    media = evidence.keep_file(source)
    assert (media.sha256, media.bytes, media.suffix) == (SHA, len(DATA), ".mp4")
    kept = evidence.path(SHA)
    assert kept == evidence.folder / SHA[:2] / f"{SHA}.mp4"
    assert kept.read_bytes() == DATA
    source.write_bytes(b"changed afterwards")
    assert kept.read_bytes() == DATA, "copied, not linked"


def test_the_same_bytes_are_the_same_file_whatever_their_name(evidence: Evidence, tmp_path: Path) -> None:
    first = evidence.keep_bytes(DATA, ".mp4")
    source = tmp_path / "other.webm"
    source.write_bytes(DATA)
    assert evidence.keep_file(source) == first
    assert evidence.keep_bytes(DATA, "") == first
    assert len(files(evidence)) == 1


def test_more_than_one_chunk_and_nothing_at_all_are_kept(evidence: Evidence, tmp_path: Path) -> None:
    source = tmp_path / "large.mp4"
    source.write_bytes(b"x" * (2 * CHUNK + 1))
    media = evidence.keep_file(source)
    assert media.bytes == 2 * CHUNK + 1
    assert media.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert evidence.keep_bytes(b"", ".jpg").bytes == 0


@pytest.mark.parametrize(
    "suffix", [".exe", ".html", ".svg", ".desktop", ".mp4.sh", "/../../x", ".mp4\0", ".\u202e4pm", "mp4"]
)
def test_an_ending_from_outside_is_dropped(evidence: Evidence, suffix: str) -> None:
    media = evidence.keep_bytes(DATA, suffix)
    assert media.suffix == ""
    assert files(evidence) == [evidence.folder / SHA[:2] / SHA]


def test_only_the_owner_may_enter_and_nobody_may_write(evidence: Evidence) -> None:
    evidence.keep_bytes(DATA, ".mp4")
    kept = evidence.path(SHA)
    assert kept is not None
    assert [mode(path) for path in (evidence.folder, kept.parent, kept)] == [0o700, 0o700, 0o400]
    evidence.folder.chmod(0o755)
    evidence.prepare()
    assert mode(evidence.folder) == 0o700


def test_a_loose_umask_opens_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "store") as store:
            store.evidence.keep_bytes(DATA, ".mp4")
            modes = {path.name: mode(path) for path in (tmp_path / "store").rglob("*")}
    finally:
        os.umask(before)
    assert mode(tmp_path / "store") == 0o700
    assert {name: f"{found:o}" for name, found in modes.items() if found & 0o077} == {}


def test_a_link_is_not_followed(evidence: Evidence, tmp_path: Path) -> None:
    """What a worker left could lead to any file that this user can read."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"secret")
    link = tmp_path / "clip.mp4"
    link.symlink_to(secret)
    with pytest.raises(EvidenceError, match=r"clip\.mp4: cannot be read \(it is a link\)"):
        evidence.keep_file(link)
    assert files(evidence) == []


def test_what_is_no_plain_file_is_refused_and_does_not_hang(evidence: Evidence, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    for name in ("pipe.mp4", "folder.mp4"):
        with pytest.raises(EvidenceError, match="is not a plain file"):
            evidence.keep_file(tmp_path / name)
    with pytest.raises(EvidenceError, match=r"missing\.mp4: cannot be read"):
        evidence.keep_file(tmp_path / "missing.mp4")
    handles = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(EvidenceError):
        evidence.keep_file(tmp_path / "folder.mp4")
    assert len(list(Path("/proc/self/fd").iterdir())) == handles


def test_the_folder_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    (tmp_path / "evidence").symlink_to(tmp_path / "large disk")
    evidence = Evidence(tmp_path / "evidence")
    evidence.prepare()
    evidence.keep_bytes(DATA, ".mp4")
    assert (tmp_path / "large disk" / SHA[:2] / f"{SHA}.mp4").is_file()


def test_a_file_that_the_disk_cut_off_is_replaced_by_the_whole_one(evidence: Evidence) -> None:
    evidence.keep_bytes(DATA, ".mp4")
    kept = evidence.path(SHA)
    assert kept is not None
    kept.chmod(0o600)
    kept.write_bytes(DATA[:100])
    assert evidence.keep_bytes(DATA, ".webm").suffix == ".mp4"
    assert kept.read_bytes() == DATA
    assert files(evidence) == [kept]


def test_half_written_files_have_no_name_and_are_swept(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill in the middle of the copy leaves a temporary file, here made by a rename that never comes."""
    evidence.keep_bytes(b"whole", ".mp4")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(Path, "unlink", lambda *_, **__: None)  # a killed process cleans nothing up
        with pytest.raises(KeyboardInterrupt):
            evidence.keep_bytes(DATA, ".mp4")
    assert evidence.path(SHA) is None
    assert len(files(evidence)) == 2
    evidence.sweep()
    assert [path.read_bytes() for path in files(evidence)] == [b"whole"]


def test_a_copy_that_fails_leaves_nothing(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StoreFull, match="no space is left"):
        evidence.keep_bytes(DATA, ".mp4")
    assert files(evidence) == []


def test_a_file_is_deleted_once(evidence: Evidence) -> None:
    evidence.keep_bytes(DATA, ".mp4")
    assert evidence.delete(SHA) is True
    assert evidence.delete(SHA) is False
    assert evidence.path(SHA) is None


@pytest.mark.parametrize(
    "name", ["", "*", "../../etc/passwd", "ab", SHA.upper(), f"{SHA}\n", f"{SHA}.mp4", "[0-9]" * 13]
)
def test_only_a_hash_finds_or_deletes_a_file(evidence: Evidence, name: str) -> None:
    evidence.keep_bytes(DATA, ".mp4")
    assert evidence.path(name) is None
    assert evidence.delete(name) is False
    assert len(files(evidence)) == 1


def test_a_store_for_reading_keeps_and_deletes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        store.evidence.keep_bytes(DATA, ".mp4")
    with Store.open(tmp_path / "store", read_only=True) as reader:
        assert reader.evidence.path(SHA) is not None
        for change in (
            lambda: reader.evidence.keep_bytes(b"more", ".mp4"),
            lambda: reader.evidence.delete(SHA),
            reader.evidence.sweep,
        ):
            with pytest.raises(StoreReadOnly, match="opened for reading only"):
                change()
        assert len(files(reader.evidence)) == 1


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "evidence").write_text("in the way")
    with pytest.raises(EvidenceError, match="evidence: File exists"):
        Store.open(tmp_path / "store")
