"""A store is opened, made or refused: each reason has its own error that names the place and the remedy."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import (
    NotAStore,
    SchemaTooNew,
    SchemaTooOld,
    StorageError,
    Store,
    StoreDamaged,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    opening,
)
from storage.migrations import migrations
from storage.opening import FILE_NAME
from tests.storage.conftest import poll, seen, wanted

NOBODY = 65534


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Be somebody for whom permissions bind, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that belongs to whom :func:`unprivileged` makes us."""
    made = Path(tempfile.mkdtemp(prefix="doppelwatch-test-"))
    if os.geteuid() == 0:
        os.chown(made, NOBODY, NOBODY)
    yield made
    for folder in (made, *(path for path in made.rglob("*") if path.is_dir())):
        folder.chmod(0o700)
    shutil.rmtree(made)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store that was closed cleanly, with one post."""
    with Store.open(tmp_path / "store") as store:
        store.sync_accounts([wanted()])
        poll(store, store.accounts()[0], [seen(1)])
    return tmp_path / "store"


def change(folder: Path, sql: str) -> None:
    """Change the file as another program could."""
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.executescript(sql)


def test_a_new_store_is_made_with_its_parents_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b c#?%41"
    with Store.open(folder) as store:
        assert store.accounts() == []
        assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert store.rows("PRAGMA synchronous") == [{"synchronous": 2}]
        assert store.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
        assert store.rows("PRAGMA busy_timeout") == [{"timeout": 10_000}]
    assert sorted(path.name for path in folder.iterdir()) == [FILE_NAME, "evidence"], "closing folds the log in"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_what_was_written_is_there_again(folder: Path) -> None:
    with Store.open(folder) as store:
        assert [post.caption for post in store.posts()] == ["clip 1"]


def test_there_must_be_a_store_to_read_and_reading_makes_none(tmp_path: Path) -> None:
    for missing in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StoreMissing, match=r"doppelwatch\.db: there is no store yet; run `doppelwatch once`"):
            Store.open(missing, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_first_start_that_was_killed_at_once_is_no_store_to_read_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(StoreMissing):
        Store.open(tmp_path, read_only=True)
    # the header was written, the schema was not
    change(tmp_path, "PRAGMA journal_mode = wal")
    assert (tmp_path / FILE_NAME).stat().st_size > 0
    with pytest.raises(StoreMissing):
        Store.open(tmp_path, read_only=True)
    with Store.open(tmp_path) as store:
        assert store.posts() == []


def test_reading_changes_nothing(folder: Path) -> None:
    (folder / "evidence" / "incoming").rmdir()
    before = (folder / FILE_NAME).read_bytes()
    with Store.open(folder, read_only=True) as store:
        assert len(store.posts()) == 1
        with pytest.raises(StoreReadOnly, match="opened for reading only"):
            store.sync_accounts([])
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            store.db.conn.execute("DELETE FROM posts")
    assert (folder / FILE_NAME).read_bytes() == before
    # what readers and writers share stays behind, empty; the next writer takes it over
    assert {path.name for path in folder.rglob("*")} <= {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", "evidence"}
    assert (folder / f"{FILE_NAME}-wal").stat().st_size == 0


@pytest.mark.parametrize(
    "sql",
    ["CREATE TABLE notes (id INTEGER)", "PRAGMA application_id = 7; CREATE TABLE t (x)", "PRAGMA application_id = 7"],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, sql: str, read_only: bool) -> None:
    change(tmp_path, sql)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(NotAStore, match="of another program; choose another store folder"):
        Store.open(tmp_path, read_only=read_only)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_schema_is_left_alone(folder: Path, read_only: bool) -> None:
    change(
        folder,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('doppelwatch', 'm999_later', '')",
    )
    with pytest.raises(SchemaTooNew, match=r"newer version \(it has m999_later\); update with"):
        Store.open(folder, read_only=read_only)


def test_an_older_schema_is_migrated_by_a_writer_and_refused_by_a_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_migrations", list(migrations._migrations))

        @migrations(name="m998_test")
        def added(db: object) -> None:
            db.execute("ALTER TABLE accounts ADD COLUMN note TEXT")  # type: ignore[attr-defined]

        with pytest.raises(SchemaTooOld, match="older version; run `doppelwatch once`, which updates it"):
            Store.open(folder, read_only=True)
        with Store.open(folder) as store:
            assert store.rows("SELECT note FROM accounts") == [{"note": None}]
            assert [post.caption for post in store.posts()] == ["clip 1"], "what was there stays"
    with pytest.raises(SchemaTooNew):
        Store.open(folder)


def test_a_migration_that_breaks_leaves_the_store_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_migrations", list(migrations._migrations))

        @migrations(name="m998_test")
        def half(db: object) -> None:
            db.execute("ALTER TABLE accounts ADD COLUMN note TEXT")  # type: ignore[attr-defined]
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Store.open(folder)
    with Store.open(folder) as store:
        assert "note" not in store.rows("SELECT * FROM accounts")[0]


def test_a_copy_is_kept_before_the_schema_changes_and_only_the_latest_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(folder.glob("before-*"))
    for number in (996, 997, 998):
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "_migrations", list(migrations._migrations))
            for step in range(996, number + 1):

                @migrations(name=f"m{step}_test")
                def added(db: object, column: str = f"note{step}") -> None:
                    db.execute(f"ALTER TABLE accounts ADD COLUMN {column} TEXT")  # type: ignore[attr-defined]

            Store.open(folder).close()
    copies = sorted(path.name for path in folder.glob("before-*"))
    assert copies == ["before-m997_test.db", "before-m998_test.db"]
    with closing(sqlite3.connect(folder / copies[1])) as old:
        columns = {row[1] for row in old.execute("PRAGMA table_info(accounts)")}
        assert {"note996", "note997"} <= columns
        assert "note998" not in columns
        assert old.execute("SELECT caption FROM posts").fetchall() == [("clip 1",)]
    assert (folder / copies[1]).stat().st_mode & 0o777 == 0o600


def _row_that_points_nowhere(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("INSERT INTO account_metrics (account_id, at) VALUES (77, '2026-11-25T09:30:00.000000Z')")
        db.commit()


def _page_of_noise(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'posts_by_media'").fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x07" * 300)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(_row_that_points_nowhere, "row 1 of account_metrics points to no row of accounts"), (_page_of_noise, "damaged")],
)
def test_a_store_that_does_not_fit_together_is_named_at_the_start(
    folder: Path, spoil: Callable[[Path], None], said: str
) -> None:
    with Store.open(folder) as store:
        store.check_integrity()
    spoil(folder / FILE_NAME)
    with Store.open(folder) as store, pytest.raises(NotAStore, match=said) as told:
        store.check_integrity()
    assert isinstance(told.value, StoreDamaged)
    assert "doppelwatch restore" in str(told.value)


def test_two_processes_that_make_the_store_at_once_both_get_it(tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from storage import Store
        sys.stdin.readline()
        for number in range(8):
            with Store.open(Path({str(tmp_path)!r}) / str(number)) as store:
                assert store.posts() == []
    """)
    starters = [
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in starters:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in starters:
        assert one.communicate()[1] == ""
        assert one.returncode == 0


@pytest.mark.parametrize("patience_s", [0.1, 10.0])
def test_a_switch_to_the_log_that_another_process_holds_up_is_tried_again(tmp_path: Path, patience_s: float) -> None:
    path = tmp_path / FILE_NAME
    holder = sqlite3.connect(path, check_same_thread=False)
    holder.execute("PRAGMA application_id = 0")
    holder.execute("BEGIN IMMEDIATE")
    let_go = threading.Timer(0.4, holder.rollback)
    let_go.start()
    try:
        if patience_s < 0.4:
            with pytest.raises(StoreLocked):
                Store.open(tmp_path, busy_timeout_s=patience_s)
        else:
            with Store.open(tmp_path, busy_timeout_s=patience_s) as store:
                assert store.posts() == []
    finally:
        let_go.join()
        holder.close()


@pytest.mark.parametrize("data", [b"not a database", b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, data: bytes, read_only: bool) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(NotAStore, match=r"put a backup in its place or choose another store folder"):
        Store.open(tmp_path, read_only=read_only)
    assert (tmp_path / FILE_NAME).read_bytes() == data


def test_a_damaged_page_is_named(folder: Path) -> None:
    path = folder / FILE_NAME
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    with pytest.raises(NotAStore, match="is damaged"), Store.open(folder) as store:
        store.posts()


def test_a_file_or_a_folder_in_the_wrong_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotAStore, match="file: is a file, not a folder"):
        Store.open(tmp_path / "file")
    with pytest.raises(StoreReadOnly, match="Not a directory"):
        Store.open(tmp_path / "file" / "store")
    with pytest.raises(StoreMissing):
        Store.open(tmp_path / "file", read_only=True)
    (tmp_path / "store" / FILE_NAME).mkdir(parents=True)
    with pytest.raises(NotAStore, match=r"doppelwatch\.db: is a folder, not a database"):
        Store.open(tmp_path / "store")


def test_a_folder_that_may_not_be_written_is_named_and_can_be_read(place: Path) -> None:
    with unprivileged():
        with Store.open(place / "store") as store:
            store.sync_accounts([wanted()])
        (place / "store").chmod(0o500)
        with Store.open(place / "store", read_only=True) as reader:
            assert len(reader.accounts()) == 1
        (place / "store" / FILE_NAME).chmod(0o400)
        with pytest.raises(StoreReadOnly, match="give this user the right to write"):
            Store.open(place / "store")
        with Store.open(place / "store", read_only=True) as reader:
            assert len(reader.accounts()) == 1
        (place / "store").chmod(0o000)
        for read_only in (True, False):
            with pytest.raises(StoreReadOnly, match="Permission denied"):
                Store.open(place / "store", read_only=read_only)
        place.chmod(0o500)
        with pytest.raises(StoreReadOnly, match="Permission denied"):
            Store.open(place / "other")


def test_a_reader_without_the_right_to_write_sees_what_a_living_writer_commits(place: Path) -> None:
    """Its log is empty after a checkpoint, and the file may still not be taken for one that nobody writes."""
    with unprivileged(), Store.open(place / "store") as store:
        store.checkpoint()
        (place / "store").chmod(0o500)
        with Store.open(place / "store", read_only=True) as reader:
            assert reader.accounts() == []
            store.sync_accounts([wanted()])
            assert len(reader.accounts()) == 1
        (place / "store").chmod(0o700)


def test_another_process_that_writes_is_waited_for_and_then_named(folder: Path) -> None:
    program = textwrap.dedent(f"""
        import sqlite3, sys
        held = sqlite3.connect({str(folder / FILE_NAME)!r}, isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        print("held", flush=True)
        sys.stdin.readline()
    """)
    holder = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with Store.open(folder, busy_timeout_s=0.2) as store:
            assert len(store.posts()) == 1, "reading goes on"
            with pytest.raises(StoreLocked, match="another process is writing to it; wait for it or stop it"):
                store.sync_accounts([])
            assert len(store.accounts()) == 1
    finally:
        holder.communicate("\n")
    with Store.open(folder) as store:
        store.sync_accounts([])
        assert store.accounts() == []


def test_a_sqlite_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError, match=r"needs 99\.0\.0 or newer; use a newer Python"):
        Store.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_ours_leaves_no_file_open(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(NotAStore):
            Store.open(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
