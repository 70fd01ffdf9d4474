"""Opening the database file: what it must be before anything reads or writes it, and how it is set up."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.errors import (
    NotAStore,
    RecordInvalid,
    SchemaTooNew,
    SchemaTooOld,
    StorageError,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
)
from storage.migrations import APPLICATION_ID, migrations

FILE_NAME = "doppelwatch.db"
"""The database's name in the store's folder."""

COPY = "before-"
"""How the name of a copy begins that is made before the schema changes; the first step's name follows."""

COPIES = 2
"""How many of them are kept: that of the latest update, and that of the one before."""

ALMOST_NOTHING = 256 * 1024
"""Free bytes below which an error of the disk is taken for a full one: the index of the log alone grows by 32 KiB."""

OLDEST_SQLITE = (3, 38, 0)
"""Strict tables came with 3.37, the JSON functions into every build with 3.38."""


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into our errors, each with its remedy.

    Errors of the program itself (wrong SQL) pass as they are: no remedy of the user's would help.
    """
    try:
        yield
    except sqlite3.Error as error:
        meaning = _meaning(path, error)
        if meaning is None:
            raise
        raise meaning from error


_MEANINGS: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreLocked, "another process is writing to it; wait for it or stop it, then try again"),
    sqlite3.SQLITE_READONLY: (StoreReadOnly, "cannot be written; give this user the right to write folder and files"),
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnly, "cannot be opened; give this user the right to write folder and files"),
    sqlite3.SQLITE_NOTADB: (
        NotAStore,
        "is not a SQLite database, or a damaged one; put a backup in its place or choose another store folder",
    ),
    sqlite3.SQLITE_CORRUPT: (NotAStore, "is damaged; put a backup in its place or choose another store folder"),
    sqlite3.SQLITE_FULL: (StoreFull, "no space is left on the disk; free some, nothing that was committed is lost"),
    sqlite3.SQLITE_IOERR: (StorageError, "the disk does not answer as it should; check the disk and its mount"),
    sqlite3.SQLITE_CONSTRAINT: (RecordInvalid, "the record was refused; docs/schema.md says what the column takes"),
}
"""Our error and its remedy for each primary result code of SQLite that a user can do something about."""


def _meaning(path: Path, error: sqlite3.Error) -> StorageError | None:
    """Our error for SQLite's, or None where the fault is in the program."""
    # the lower byte is the primary code; extended codes only refine it
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_IOERR and _is_full(path.parent):
        # what SQLite says where it cannot enlarge the index of its log
        primary = sqlite3.SQLITE_FULL
    if primary not in _MEANINGS:
        return None
    kind, remedy = _MEANINGS[primary]
    return kind(f"{path}: {remedy} ({error})")


def _is_full(folder: Path) -> bool:
    """Whether hardly anything is free on the folder's disk."""
    try:
        return shutil.disk_usage(folder).free < ALMOST_NOTHING
    except OSError:
        return False


def open_database(folder: Path, *, read_only: bool, busy_timeout_s: float) -> Database:
    """Open the folder's database, migrated to the schema of this version.

    Raises:
        StoreMissing, NotAStore, SchemaTooNew, SchemaTooOld, StoreReadOnly, StoreLocked: as their names
            say; see :mod:`storage.errors`.
        StoreDamaged: the database lost all of its bytes, and the evidence is still there.
        StorageError: this Python's SQLite is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            f"this Python carries SQLite {sqlite3.sqlite_version}, and the store needs "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer; use a newer Python or system"
        )
    path = folder / FILE_NAME
    _refuse_to_begin_anew(folder, path)
    if read_only:
        _find_file(path)
    else:
        _make_file(folder, path)
    with clear_errors(path):
        # one thread works at a time (Session holds a lock), but not always the same: the daemon's jobs
        # run on a thread of the scheduler
        connection = sqlite3.connect(
            _address(path, read_only=read_only), uri=True, timeout=busy_timeout_s, check_same_thread=False
        )
        try:
            database = Database(connection, execute_plugins=False)
            database.execute("PRAGMA foreign_keys = on")
            if read_only:
                database.execute("PRAGMA query_only = on")
            _migrate(database, path, read_only=read_only, busy_timeout_s=busy_timeout_s)
        except BaseException:
            connection.close()
            raise
    return database


def database_faults(db: sqlite3.Connection) -> Iterator[str]:
    """What SQLite finds wrong in a database, one line each: broken pages and indexes, then rows that point nowhere."""
    for (said,) in db.execute("PRAGMA quick_check(20)"):
        if said != "ok":
            yield str(said).replace("\n", " ")
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} points to no row of {parent}"


def _find_file(path: Path) -> None:
    """Look for the database without making it; an empty one is that of a first start that has not come far yet."""
    try:
        if path.stat().st_size:
            return
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise StoreReadOnly(
            f"{path}: cannot be read ({error.strerror}); give this user the right to read it"
        ) from error
    raise _missing(path)


def _missing(path: Path) -> StoreMissing:
    """The error for a store that is not there."""
    return StoreMissing(f"{path}: there is no store yet; run `doppelwatch once` first")


def _refuse_to_begin_anew(folder: Path, path: Path) -> None:
    """Refuse a database that is gone or empty where evidence lies beside it, which comes only after the schema.

    A power cut can leave a file without its bytes. A watch that began anew there would tell nobody what was lost, and
    report old posts as new.
    """
    try:
        # SQLite takes a file of one byte for an empty one as well
        if path.exists() and path.stat().st_size > 1:
            return
        left = next((folder / "evidence").glob("[0-9a-f][0-9a-f]/*"), None)
    except OSError:
        return  # what may not be looked into is named where it is made
    if left is not None:
        state = "is empty" if path.exists() else "is gone"
        raise StoreDamaged(
            f"{path}: {state}, and evidence still lies beside it; move the store away and make it anew with "
            "`doppelwatch restore BACKUP`, or choose another store folder"
        )


def _make_file(folder: Path, path: Path) -> None:
    """Create the folder and an empty database that only this user can read; SQLite's side files follow its mode."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except FileExistsError as error:
        raise NotAStore(f"{folder}: is a file, not a folder; choose another store folder") from error
    except IsADirectoryError as error:
        raise NotAStore(f"{path}: is a folder, not a database; choose another store folder") from error
    except OSError as error:
        raise StoreReadOnly(
            f"{folder}: cannot be written ({error.strerror}); "
            "give this user the right to write there or choose another store folder"
        ) from error


def _address(path: Path, *, read_only: bool) -> str:
    """The file as a SQLite URI.

    Readers of a write-ahead log share an index file beside it. Where that cannot be made because the
    folder is read-only, and there is no log, the file may be read as it lies: a writer keeps its log
    beside the file for as long as it runs, also while the log is empty.
    """
    address = path.resolve().as_uri()
    if not read_only:
        return f"{address}?mode=rw"
    log = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK, effective_ids=True) or log.exists():
        return f"{address}?mode=ro"
    return f"{address}?mode=ro&immutable=1"


def _migrate(database: Database, path: Path, *, read_only: bool, busy_timeout_s: float) -> None:
    """Check whose file it is and of which version, then bring its schema up to this version's."""
    # tables before steps: another process may be making the store right now, and commits both at once
    strangers = set(database.table_names()) - {migrations.migrations_table}
    applied = {step.name for step in migrations.applied(database)}
    owner = database.execute("PRAGMA application_id").fetchone()[0]
    if (not applied and strangers) or owner not in (0, APPLICATION_ID):
        raise NotAStore(f"{path}: is a database of another program; choose another store folder")
    ours = _step_names()
    if newer := sorted(applied - ours):
        raise SchemaTooNew(
            f"{path}: was written by a newer version (it has {newer[-1]}); "
            "update with `pip install --upgrade doppelwatch`"
        )
    if read_only:
        if not applied:
            raise _missing(path)
        if ours - applied:
            raise SchemaTooOld(f"{path}: was written by an older version; run `doppelwatch once`, which updates it")
        return
    _enable_wal(database, wait_s=busy_timeout_s)
    # a digest that was delivered must not come again after a power cut: every commit reaches the disk
    database.execute("PRAGMA synchronous = full")
    if ours - applied:
        if applied:
            _keep_copy(database, path, sorted(ours - applied)[0])
        # one transaction that holds the write lock from its start: of two processes that come at once the
        # second finds the work done, and a kill leaves the schema before or after all steps
        database.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(database)
            database.commit()
        except BaseException:
            database.rollback()
            raise


def _keep_copy(database: Database, path: Path, step: str) -> None:
    """Copy the database before its schema changes, so that a step that goes wrong can be taken back by hand.

    The latest :data:`COPIES` are kept. A copy gets its name when it is whole.
    """
    copy = path.with_name(f"{COPY}{step}.db")
    part = path.with_name(f".{copy.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(part)) as target:
        database.conn.backup(target)
        target.execute("PRAGMA journal_mode = delete")
    part.replace(copy)
    copies = sorted(path.parent.glob(f"{COPY}*.db"), key=lambda one: (one.stat().st_mtime_ns, one.name))
    for old in copies[:-COPIES]:
        old.unlink(missing_ok=True)


def _enable_wal(database: Database, *, wait_s: float) -> None:
    """Switch to the write-ahead log; of two processes that make the store at once one waits for the other here.

    SQLite does not ask its busy handler when two connections both hold the shared lock and want the
    exclusive one: it answers "locked" at once, whatever the time-out is.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            database.enable_wal()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)


def _step_names() -> set[str]:
    """The names of all migrations that this version knows."""
    return {step.name for step in migrations.pending(Database(memory=True))}
