"""A backup makes a working store again, and whatever is wrong with one is named and restores nothing."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import BackupInvalid, Store, StoreExists, StoreFull, StoreMissing
from storage import backup as module
from storage.backup import MANIFEST, back_up, restore
from storage.opening import FILE_NAME
from tests.storage.conftest import NOW, judged, poll, seen, wanted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "store"
    with Store.open(place) as store:
        store.sync_accounts([wanted()])
        for post in poll(store, store.accounts()[0], [seen(1), seen(2)]):
            judged(store, post, "urgent", data=f"clip {post.id}".encode())
            with store.transaction():
                store.seal(post.id, {}, at=NOW)
    return place


def _members(path: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        return [(one.name, archive.extractfile(one).read()) for one in archive]  # type: ignore[union-attr]


def _written(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_a_restored_store_is_the_one_that_was_backed_up(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    made = back_up(folder, target, at=NOW)
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "store"]
    again = tmp_path / "again"
    assert restore(target, again) == made
    assert again.stat().st_mode & 0o777 == 0o700
    with Store.open(folder) as old, Store.open(again) as new:
        assert new.posts() == old.posts()
        assert list(new.faults(must_have={"urgent"})) == []
        new.check_integrity()
    assert made.evidence == 4
    assert {path.stat().st_mode & 0o777 for path in (again / "evidence").glob("??/*")} == {0o400}


def test_a_writer_is_not_disturbed_and_its_open_work_is_not_copied(folder: Path, tmp_path: Path) -> None:
    with Store.open(folder) as store:
        with store.transaction():
            store.write("UPDATE posts SET caption = 'half done'")
            back_up(folder, tmp_path / "backup.tar", at=NOW)
        assert {post.caption for post in store.posts()} == {"half done"}
    restore(tmp_path / "backup.tar", tmp_path / "again")
    with Store.open(tmp_path / "again") as new:
        assert {post.caption for post in new.posts()} == {"clip 1", "clip 2"}


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    target.write_text("mine")
    with pytest.raises(StoreExists, match="is there already"):
        back_up(folder, target, at=NOW)
    assert target.read_text() == "mine"
    target.unlink()
    back_up(folder, target, at=NOW)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with pytest.raises(StoreExists, match="move it away"):
        restore(target, folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_no_store_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="no store to back up"):
        back_up(tmp_path / "store", tmp_path / "backup.tar", at=NOW)
    assert list(tmp_path.iterdir()) == []


def _cut(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, members[:-1])


def _torn(path: Path, members: list[tuple[str, bytes]]) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _without_a_file(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [one for one in members if not one[0].endswith(".json") or one[0] == MANIFEST])


def _other_bytes(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [(name, data[:-1] + b"x" if name.endswith(".mp4") else data) for name, data in members])


def _other_database(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [(name, data + b"x" if name == FILE_NAME else data) for name, data in members])


def _ways_out(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [*members[:-1], ("evidence/../../outside", b"x"), members[-1]])


def _twice(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [members[0], *members])


def _another_form(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [*members[:-1], (MANIFEST, members[-1][1].replace(b"backup-1", b"backup-9"))])


def _nonsense(path: Path, members: list[tuple[str, bytes]]) -> None:
    _written(path, [*members[:-1], (MANIFEST, b"[1]")])


def _no_archive(path: Path, members: list[tuple[str, bytes]]) -> None:
    path.write_bytes(os.urandom(4000))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "was cut short"),
        (_torn, "is no backup|was cut short"),
        (_without_a_file, "its files are not those"),
        (_other_bytes, "was changed"),
        (_other_database, "its database is not the one"),
        (_ways_out, "is no backup of this program"),
        (_twice, "is no backup of this program"),
        (_another_form, "which this version does not know"),
        (_nonsense, "its manifest cannot be read"),
        (_no_archive, "is no backup"),
    ],
)
def test_what_is_wrong_with_a_backup_is_named_and_nothing_is_restored(
    folder: Path, tmp_path: Path, spoil: Callable[[Path, list[tuple[str, bytes]]], None], said: str
) -> None:
    target = tmp_path / "backup.tar"
    back_up(folder, target, at=NOW)
    spoil(target, _members(target))
    with pytest.raises(BackupInvalid, match=said):
        restore(target, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "store"]


def test_what_a_killed_restoration_left_is_cleared(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "backup.tar", at=NOW)
    (tmp_path / ".again.restoring").mkdir()
    (tmp_path / ".again.restoring" / "left").touch()
    restore(tmp_path / "backup.tar", tmp_path / "again")
    assert not (tmp_path / "again" / "left").exists()


def test_a_full_disk_is_named_and_leaves_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(StoreFull, match="no space is left"):
        back_up(folder, tmp_path / "backup.tar", at=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
