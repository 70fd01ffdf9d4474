"""One process a store: an advisory lock that the kernel releases when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import StoreBusy
from storage.errors import NotAStore, StoreFull, StoreReadOnly


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the store for this process.

    The lock is on an open file, so a killed holder never leaves a stale one; the number in the file
    only tells people who holds it.

    Raises:
        StoreBusy: another process holds it; the message names the process and the remedy.
        NotAStore, StoreReadOnly: there can be no store in this place.
        StoreFull: no space is left on the disk.
    """
    with _lock_file(folder) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StoreBusy(
                f"{folder}: another doppelwatch works on this store (process {holder}); "
                "wait for it, or stop it (a daemon stops cleanly on SIGTERM)"
            ) from error
        _sign(file, folder)
        yield


def _sign(file: TextIO, folder: Path) -> None:
    """Write who holds the lock.

    Raises:
        StoreFull: no space is left for so few bytes, so that nothing else could be kept either.
    """
    try:
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StoreFull(f"{folder}: no space is left on the disk; free some, nothing that was kept is lost") from error


def _lock_file(folder: Path) -> TextIO:
    """The open lock file in the store's folder, both made if need be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (folder / "lock").open("a+", encoding="ascii", errors="replace")
    except FileExistsError as error:
        raise NotAStore(f"{folder}: is a file, not a folder; choose another store folder") from error
    except OSError as error:
        raise StoreReadOnly(
            f"{folder}: cannot be written ({error.strerror}); "
            "give this user the right to write there or choose another store folder"
        ) from error
