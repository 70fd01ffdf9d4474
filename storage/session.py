"""One open database: transactions for the single writer, and reads that give records."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from storage.errors import RecordNotFound, StoreDamaged, StoreReadOnly
from storage.evidence import Evidence
from storage.opening import FILE_NAME, clear_errors, database_faults
from storage.rows import Row, from_row

Record = TypeVar("Record")
Parameters = Sequence[object] | Mapping[str, object]


class Session:
    """What the rooms of :class:`storage.store.Store` share.

    `db` is the sqlite-utils database, open to anybody who wants to ask it something else.
    """

    def __init__(self, folder: Path, db: Database, evidence: Evidence, *, read_only: bool) -> None:
        self.folder = folder
        self.db = db
        self.evidence = evidence
        self.read_only = read_only
        self._path = folder / FILE_NAME
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Everything inside is committed together, or nothing is; a transaction inside another joins it.

        The write lock is taken at the start: a transaction that reads first and writes later could
        otherwise find that its reading is out of date, and SQLite would refuse it without waiting.

        Raises:
            StoreReadOnly: the store was opened for reading only.
            StoreLocked, StoreFull, RecordInvalid: as their names say; nothing was written.
        """
        if self.read_only:
            raise StoreReadOnly(f"{self._path}: was opened for reading only; open it without read_only to write")
        with self._lock, clear_errors(self._path):
            if self.db.conn.in_transaction:
                with self.db.atomic():
                    yield self.db
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
            except BaseException:
                self.db.rollback()
                raise
            try:
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a query, read at once so that no half-read query keeps the log from being folded in."""
        with self._lock, clear_errors(self._path):
            cursor = self.db.execute(sql, parameters)  # type: ignore[arg-type]
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def read(self, kind: type[Record], sql: str, parameters: Parameters = ()) -> list[Record]:
        """All rows of a query as records."""
        return [from_row(kind, row) for row in self.rows(sql, parameters)]

    def read_one(self, kind: type[Record], what: str, sql: str, parameters: Parameters = ()) -> Record:
        """The only row of a query as a record.

        Raises:
            RecordNotFound: there is none; `what` says in words what was looked for.
        """
        records = self.read(kind, sql, parameters)
        if not records:
            raise RecordNotFound(f"{self._path}: there is no {what}")
        return records[0]

    def write(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement inside a transaction; returns how many rows it changed."""
        with self.transaction() as db:
            return int(db.execute(sql, parameters).rowcount)  # type: ignore[arg-type]

    def insert(self, table: str, row: Row) -> int:
        """Insert one row; returns its number."""
        columns = ", ".join(row)
        with self.transaction() as db:
            sql = f"INSERT INTO {table} ({columns}) VALUES ({_marks(row)})"  # noqa: S608 - names are ours
            return int(db.execute(sql, row).lastrowid or 0)

    def insert_new(self, table: str, key: str, row: Row) -> bool:
        """Insert one row unless one with the same key (as for :meth:`replace`) is there; returns whether it was not."""
        columns = ", ".join(row)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({_marks(row)}) ON CONFLICT ({key}) DO NOTHING"  # noqa: S608 - names are ours
        return bool(self.write(sql, row))

    def replace(self, table: str, key: str, row: Row) -> None:
        """Insert one row, or bring the one with the same key (columns with commas between them) up to it."""
        columns = ", ".join(row)
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key.split(", "))
        self.write(
            f"INSERT INTO {table} ({columns}) VALUES ({_marks(row)}) "  # noqa: S608 - names are ours
            f"ON CONFLICT ({key}) DO UPDATE SET {changes}",
            row,
        )

    def check_integrity(self) -> None:
        """Look through the whole database, as is done once at the start of a watch.

        Raises:
            StoreDamaged: something does not fit; the message says what and what to do. Nothing was changed.
        """
        with self._lock, clear_errors(self._path):
            fault = next(database_faults(self.db.conn), None)
        if fault is not None:
            raise StoreDamaged(
                f"{self._path}: is damaged ({fault}); move the store away and make it anew with "
                "`doppelwatch restore BACKUP`, or choose another store folder"
            )

    def close(self) -> None:
        """Close the database; the last one to close folds the write-ahead log into the file."""
        with self._lock:
            self.db.close()


def _marks(names: Iterable[str]) -> str:
    """Named parameters for these columns."""
    return ", ".join(f":{name}" for name in names)


__all__ = ["Parameters", "Session"]
