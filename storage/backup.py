"""Backups: a whole store as one file, made beside a running watch, and a working store made of it again.

The file is a plain tar archive, which any system can open: the database as SQLite's own backup copied it, the evidence
under the names by which the store knows it, and at the end a manifest. Without its manifest a backup was cut short, and
every file is checked by its hash before a restored store gets its name.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from storage.errors import BackupInvalid, StorageError, StoreExists, StoreFull, StoreMissing, StoreReadOnly
from storage.opening import FILE_NAME, clear_errors, database_faults
from storage.rows import time_text

FORMAT = "doppelwatch-backup-1"
MANIFEST = "manifest.json"

PAGES_AT_ONCE = 1000
"""Pages of the database that are copied before its writer gets a turn: four megabytes."""

_EVIDENCE = re.compile(r"evidence/([0-9a-f]{2})/((\1[0-9a-f]{62})(?:\.[a-z0-9]{1,8})?)")
_LARGEST_MANIFEST = 100_000

Progress = Callable[[int, int], None]
"""Called with the number of evidence files that are done, and how many there are (0: not known)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        made_at: when it was begun, as the store writes times: the state of the database is of then or a little later.
        database_sha256: of the database.
        evidence: number of evidence files.
        bytes: of all files together.
        format: always :data:`FORMAT`.
    """

    made_at: str
    database_sha256: str
    evidence: int
    bytes: int
    format: str = FORMAT


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def back_up(folder: Path, target: Path, *, at: datetime, progress: Progress = _silent) -> Manifest:
    """Write the store in a folder into one file, which only this user can read; a running watch is not disturbed.

    The database is copied first: evidence that comes later is in the backup or not, and nothing that the copied rows
    name is missed, but for files that retention deletes in the meantime. The file gets its name when it is complete.

    Raises:
        StoreExists: the target is there; a backup never takes the place of another file.
        StoreMissing: there is no store in the folder.
        StoreFull, StoreReadOnly, StorageError: as their names say; nothing is left of the target.
    """
    database = folder / FILE_NAME
    if not database.is_file():
        raise StoreMissing(f"{database}: there is no store to back up; name the configuration of one with --config")
    if target.exists():
        raise StoreExists(f"{target}: is there already; choose another name, a backup never overwrites")
    part, copy = (target.with_name(f".{target.name}.{kind}") for kind in ("part", "db"))
    try:
        with _meanings(target.parent):
            _copy_database(database, copy)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
                made = _write(file, copy, folder / "evidence", at, progress)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
            _sync(target.parent)
    finally:
        for left in (part, copy):
            left.unlink(missing_ok=True)
    return made


def _copy_database(database: Path, copy: Path) -> None:
    """Copy the database as it is at one instant, its write-ahead log included."""
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with (
        clear_errors(database),
        closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target, pages=PAGES_AT_ONCE)
        # one file, without a log beside it
        target.execute("PRAGMA journal_mode = delete")


def _write(file: IO[bytes], copy: Path, evidence: Path, at: datetime, progress: Progress) -> Manifest:
    paths = sorted(path for path in evidence.glob("[0-9a-f][0-9a-f]/*") if _EVIDENCE.fullmatch(_name(path)))
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        size = _add(archive, copy, FILE_NAME, at)
        number = 0
        for done, path in enumerate(paths, 1):
            with contextlib.suppress(FileNotFoundError):  # retention deleted it since
                size += _add(archive, path, _name(path), at)
                number += 1
            progress(done, len(paths))
        with copy.open("rb") as database:
            sha256 = hashlib.file_digest(database, "sha256").hexdigest()
        made = Manifest(time_text(at), sha256, number, size)
        text = json.dumps(asdict(made), indent=1).encode("ascii") + b"\n"
        archive.addfile(_entry(MANIFEST, len(text), at), io.BytesIO(text))
    return made


def _name(path: Path) -> str:
    return f"evidence/{path.parent.name}/{path.name}"


def _add(archive: tarfile.TarFile, path: Path, name: str, at: datetime) -> int:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        archive.addfile(_entry(name, size, at), file)
    return size


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    """A file of this user alone, without names or numbers of users."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(at.timestamp())
    return entry


def restore(source: Path, folder: Path, *, progress: Progress = _silent) -> Manifest:
    """Make a store of a backup, in a folder that is not there or empty. It gets its name when everything was checked.

    Raises:
        StoreExists: there is something in the folder.
        BackupInvalid: the file is no backup, was cut short, or was changed; the message says what does not fit.
        StoreFull, StoreReadOnly, StorageError: as their names say; nothing is left of the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreExists(
            f"{folder}: holds something, and a backup never overwrites; move it away, or name another store folder"
        )
    made_of = folder.with_name(f".{folder.name}.restoring")
    with _meanings(folder.parent):
        if made_of.exists():
            shutil.rmtree(made_of)  # of a restoration that was killed
        made_of.mkdir(mode=0o700, parents=True)
        try:
            found = _unpack(source, made_of, progress)
            _check_database(source, made_of / FILE_NAME)
            if folder.exists():
                folder.rmdir()
            made_of.rename(folder)
            _sync(folder.parent)
        except BaseException:
            shutil.rmtree(made_of, ignore_errors=True)
            raise
    return found


def _unpack(source: Path, folder: Path, progress: Progress) -> Manifest:
    seen: dict[str, str] = {}
    size = 0
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, mode="r:") as archive:
            for entry in archive:
                name = entry.name
                if manifest is not None or not entry.isreg() or name in seen:
                    raise BackupInvalid(f"{source}: is no backup of this program (it holds {name!r})")
                data = archive.extractfile(entry)
                assert data is not None  # it is a regular file
                if name == MANIFEST:
                    manifest = _manifest(source, data, entry.size)
                    continue
                seen[name] = _unpack_one(source, name, data, folder)
                size += entry.size
                progress(len(seen) - 1, 0)
    except (tarfile.TarError, EOFError) as error:
        raise BackupInvalid(f"{source}: is no backup of this program, or a damaged one ({error})") from error
    if manifest is None:
        raise BackupInvalid(f"{source}: was cut short: its manifest is missing; use another backup")
    if seen.get(FILE_NAME) != manifest.database_sha256:
        raise BackupInvalid(f"{source}: its database is not the one that was backed up; use another backup")
    if (len(seen) - 1, size) != (manifest.evidence, manifest.bytes):
        raise BackupInvalid(f"{source}: its files are not those that were backed up; use another backup")
    return manifest


def _manifest(source: Path, data: IO[bytes], size: int) -> Manifest:
    try:
        if size > _LARGEST_MANIFEST:
            raise ValueError("it is too large")
        found = Manifest(**json.loads(data.read()))
    except (ValueError, TypeError) as error:
        raise BackupInvalid(f"{source}: its manifest cannot be read ({error})") from error
    if found.format != FORMAT:
        raise BackupInvalid(f"{source}: is a backup in the form {found.format!r}, which this version does not know")
    return found


def _unpack_one(source: Path, name: str, data: IO[bytes], folder: Path) -> str:
    """Write one file where its name says, if that is a name of ours; returns the hash of its bytes.

    Raises:
        BackupInvalid: it has another name, or other bytes than its name says.
    """
    found = _EVIDENCE.fullmatch(name)
    if found is None and name != FILE_NAME:
        raise BackupInvalid(f"{source}: is no backup of this program (it holds {name!r})")
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as target:
        while chunk := data.read(1 << 20):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        if found is not None:
            os.fchmod(target.fileno(), 0o400)
        os.fsync(target.fileno())
    if found is not None and digest.hexdigest() != found[3]:
        raise BackupInvalid(f"{source}: the file {name} was changed; use another backup")
    return digest.hexdigest()


def _check_database(source: Path, database: Path) -> None:
    """Refuse a database that is damaged; whose it is, and of which version, the opening of the store tells."""
    with clear_errors(database), closing(sqlite3.connect(database)) as db:
        if (fault := next(database_faults(db), None)) is not None:
            raise BackupInvalid(f"{source}: its database is damaged ({fault}); use another backup")


@contextlib.contextmanager
def _meanings(place: Path) -> Iterator[None]:
    """Our errors for the system's."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreFull(f"{place}: no space is left on the disk; free some, or name another place") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreReadOnly(f"{where}: cannot be read or written; give this user the right to") from error
        raise StorageError(f"{where}: {error.strerror or error}; check the path and its disk") from error


def _sync(folder: Path) -> None:
    """Make a new name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["FORMAT", "MANIFEST", "Manifest", "back_up", "restore"]
