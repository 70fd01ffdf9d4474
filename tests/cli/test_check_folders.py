"""`doppelwatch check` on the store and the folders: there, in the way, closed, full, of another version."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.check import Checked, Checker, Level
from bot.config import load
from storage import Store
from tests.cli.checking import MODELS, checked, results, written


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _as_nobody(work: Callable[[], dict[str, Checked]]) -> dict[str, Checked]:
    """Run a function in a process of a user without rights, where this one is root's."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setresuid(65_534, 65_534, 65_534)
            os.write(writing, pickle.dumps(work()))
        finally:
            os._exit(0)  # nothing of the tests' own ends twice
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return dict(pickle.loads(said))


def _let_in(folder: Path) -> None:
    """Let every user into a test's folder, up to the one that pytest keeps for its own user."""
    for parent in (folder, *folder.parents):
        parent.chmod(0o755)
        if parent.name.startswith("pytest-of-"):
            return


def test_a_store_that_is_there_is_opened(tmp_path: Path) -> None:
    Store.open(tmp_path / "data").close()
    assert results("store: data\n")["store"] == Checked(("store",), Level.OK, f"{tmp_path}/data can be written")
    (tmp_path / "data").chmod(0o750)
    shared = results("store: data\n")["store"]
    assert (shared.level, shared.message) == (
        Level.WARNING,
        f"{tmp_path}/data is open to others (mode 0750); run: chmod 700 {tmp_path}/data",
    )
    (tmp_path / "data" / "doppelwatch.db").write_bytes(b"this is no database, but long enough to be read as one" * 9)
    damaged = results("store: data\n")["store"]
    assert damaged.level is Level.ERROR
    assert "is not a SQLite database, or a damaged one" in damaged.message


def test_a_folder_that_can_be_made_is_fine(tmp_path: Path) -> None:
    found = results("store: a/b/c\n")
    assert found["store"].message == f"{tmp_path}/a/b/c will be made"
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = results("store: file\ndigest: {folder: file/digests}\n")
    assert found["store"].message == f"{tmp_path}/file is no folder; name another one"
    assert found["digest.folder"].message == (
        f"{tmp_path}/file is no folder, so {tmp_path}/file/digests cannot be made; name another one"
    )
    assert {found["store"].level, found["digest.folder"].level} == {Level.ERROR}


def test_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert results("store: link\n")["store"].message == f"{tmp_path}/link is no folder; name another one"


def test_a_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    _let_in(tmp_path)
    (tmp_path / "data").mkdir(mode=0o555)
    (tmp_path / "clips").mkdir(mode=0o311)
    config = load(written("store: data/store\naccounts: ['folder:clips']\n"))

    def work() -> dict[str, Checked]:
        checker = Checker(config, None, datetime.now(UTC))  # type: ignore[arg-type]
        results = [
            checker._store(),
            *(step() for step in checker._account(0, config.accounts[0].url)),
        ]
        return {result.what: result for result in results}

    found = _as_nobody(work)
    assert found["store"] == Checked(
        ("store",),
        Level.ERROR,
        f"{tmp_path}/data cannot be written by this user; give the right, or name another one",
    )
    assert found["accounts[0].url"].message == f"{tmp_path}/clips cannot be read by this user; give the right"


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path: Path) -> None:
    _let_in(tmp_path)
    (tmp_path / "closed" / "data").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o600)
    config = load(written("store: closed/data\naccounts: ['folder:closed/data']\n"))

    def work() -> dict[str, Checked]:
        checker = Checker(config, None, datetime.now(UTC))  # type: ignore[arg-type]
        url = config.accounts[0].url
        results = [checker._store(), *(step() for step in checker._account(0, url))]
        return {result.what: result for result in results}

    found = _as_nobody(work)
    assert found["store"].message.startswith(f"{tmp_path}/closed cannot be written by this user")
    assert found["accounts[0].url"].message.startswith(f"there is no folder {tmp_path}/closed/data; make it")


def test_names_that_are_too_long_are_named(tmp_path: Path) -> None:
    long = "x" * 300
    found, code = checked(
        MODELS
        + f"store: {long}/store\npeople: [{{name: Jane, photos: [{long}.jpg], recordings: [{long}.m4a]}}]\n"
        + f"accounts: ['folder:{long}']\n"
    )
    assert found["people[0].photos[0]"][1].endswith("...: cannot be read: File name too long")
    assert found["people[0].recordings[0]"][1].endswith("...: cannot be read: File name too long")
    assert found["accounts[0].url"][0] == "error"
    assert code == 1


def test_a_full_disk_is_a_warning() -> None:
    found = results("limits: {file_size: 100 GB}\n")
    free = shutil.disk_usage(".").free
    assert (found["store"].level is Level.WARNING) == (free < 100e9)
    assert ("less than one file may have (100 GB)" in found["store"].message) == (free < 100e9)


def test_a_store_of_a_newer_version_is_named(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    store.close()
    with sqlite3.connect(tmp_path / "data" / "doppelwatch.db") as database:
        database.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('doppelwatch', 'm9999', '2030')"
        )
    found = results("store: data\n")["store"]
    assert found.level is Level.ERROR
    assert "newer" in found.message


def test_a_store_that_was_never_finished_is_no_fault(tmp_path: Path) -> None:
    """A first run that was killed leaves an empty database, which the next one fills."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "doppelwatch.db").touch()
    found = results("store: data\n")["store"]
    assert (found.level, found.message) == (Level.OK, f"{tmp_path}/data will be brought up to date by the next run")
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"doppelwatch.db"}
