"""Evidence files: kept by the SHA-256 of their bytes, written whole or not at all, never changed.

``evidence/ab/abcd…ef.mp4``: the whole hash is in the name, so that ``sha256sum`` on a copy proves it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from storage.errors import EvidenceError, StorageError, StoreFull, StoreReadOnly
from storage.records import Media

CHUNK = 1 << 20
"""Bytes read at once, so that a clip of any size is kept in the memory of one chunk."""

KNOWN_SUFFIXES = frozenset(
    f".{name}"
    for names in (
        ("3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ts", "webm"),
        ("aac", "flac", "m4a", "mp3", "ogg", "opus", "wav"),
        ("avif", "gif", "heic", "jpeg", "jpg", "png", "webp"),
        ("srt", "vtt"),
        ("json",),
    )
    for name in names
)
"""Endings that a file may keep. Others come from outside and could make a double click run something."""

_HASH = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"


class Evidence:
    """The evidence folder of a store. Only its owner can enter it, and its files are read-only.

    Args:
        folder: where the files lie.
        read_only: refuse to keep and to delete, as the store does that was opened for reading only.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.read_only = read_only

    def prepare(self) -> None:
        """Create the folder for its owner alone.

        Raises:
            StoreReadOnly: it cannot be created.
        """
        try:
            for folder in (self.folder, self.folder / _INCOMING):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(self.folder.stat().st_mode) != 0o700:
                self.folder.chmod(0o700)
        except OSError as error:
            raise self._meaning(error) from error

    def keep_file(self, path: Path, *, suffix: str | None = None) -> Media:
        """Copy a file into the evidence; keeping the same bytes again gives the same file.

        It is copied, not moved or linked: whoever still holds the original cannot change what was kept,
        and the hash is that of the bytes that were written. The original stays.

        Args:
            path: a plain file; a link is none, because it could lead to any file of this user's.
            suffix: the ending to keep, with its dot; None takes that of `path`.

        Raises:
            EvidenceError: the file is missing, unreadable or not a plain file.
            StoreReadOnly, StoreFull: it cannot be written.
        """
        try:
            # the open file is what is looked at: a name may change hands between two looks, and a pipe would wait
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            why = "it is a link" if error.errno == errno.ELOOP else error.strerror
            raise EvidenceError(f"{path}: cannot be read ({why}); it was not kept as evidence") from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise EvidenceError(f"{path}: is not a plain file; only those can be kept as evidence")
        with os.fdopen(handle, "rb") as source:
            return self._keep(source, path.suffix if suffix is None else suffix)

    def keep_bytes(self, data: bytes, suffix: str) -> Media:
        """Write bytes into the evidence as :meth:`keep_file` does.

        Raises:
            StoreReadOnly, StoreFull: they cannot be written.
        """
        return self._keep(io.BytesIO(data), suffix)

    def path(self, sha256: str) -> Path | None:
        """Where the file with this hash lies, or None where it does not (any more)."""
        if not _HASH.fullmatch(sha256):
            return None
        return next(self._shelf(sha256).glob(f"{sha256}*"), None)

    def delete(self, sha256: str) -> bool:
        """Delete the file with this hash; tells whether there was one.

        Raises:
            StoreReadOnly: it cannot be deleted.
        """
        self._check_writable()
        path = self.path(sha256)
        if path is None:
            return False
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise self._meaning(error) from error
        return True

    def sweep(self) -> None:
        """Remove the temporary files of a process that was killed; only the single writer may call this."""
        self._check_writable()
        try:
            for left in (self.folder / _INCOMING).glob("*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise self._meaning(error) from error

    def _shelf(self, sha256: str) -> Path:
        """The sub-folder for a hash: 256 of them keep each one short."""
        return self.folder / sha256[:2]

    def _keep(self, source: BinaryIO, suffix: str) -> Media:
        """Write to a temporary file in the same file system, make it durable, then give it its name."""
        self._check_writable()
        try:
            handle, name = tempfile.mkstemp(dir=self.folder / _INCOMING)
            temporary = Path(name)
            try:
                digest = hashlib.sha256()
                with os.fdopen(handle, "wb") as target:
                    while chunk := source.read(CHUNK):
                        digest.update(chunk)
                        target.write(chunk)
                    size = target.tell()
                    target.flush()
                    os.fchmod(target.fileno(), 0o400)
                    os.fsync(target.fileno())
                return self._name(temporary, digest.hexdigest(), size, suffix.lower())
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise self._meaning(error) from error

    def _name(self, temporary: Path, sha256: str, size: int, suffix: str) -> Media:
        """Put a complete temporary file in its place, unless the same bytes lie there already."""
        kept = self.path(sha256)
        if kept is None:
            shelf = self._shelf(sha256)
            if not shelf.is_dir():
                shelf.mkdir(mode=0o700)
                _sync_folder(self.folder)
            kept = shelf / f"{sha256}{suffix if suffix in KNOWN_SUFFIXES else ''}"
            temporary.rename(kept)
            _sync_folder(shelf)
        elif kept.stat().st_size != size:
            # the disk lost part of the file since; the whole one is at hand
            temporary.rename(kept)
            _sync_folder(kept.parent)
        return Media(sha256, size, kept.suffix)

    def _check_writable(self) -> None:
        if self.read_only:
            raise StoreReadOnly(f"{self.folder}: was opened for reading only; open the store without read_only")

    def _meaning(self, error: OSError) -> StorageError:
        """Our error for the system's."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return StoreFull(f"{self.folder}: no space is left on the disk; free some, nothing that was kept is lost")
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return StoreReadOnly(f"{self.folder}: cannot be written; give this user the right to write it")
        return EvidenceError(f"{self.folder}: {error.strerror or error}; check the folder and its disk")


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
