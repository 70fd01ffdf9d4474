"""One process a store: an advisory lock that the kernel releases when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import StoreBusy
from storage.errors import NotAStore, StoreFull, StoreReadOnly

log = logging.getLogger(__name__)


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


def open_to_others(folder: Path) -> str | None:
    """What to do where a store's folder gives others rights, so that they could put other files in it; None where not.

    Such a folder was made by somebody else than this program, who may have meant it, so that it is left as it is.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    return f"{folder} is open to others (mode {mode:04o}); run: chmod 700 {shlex.quote(str(folder))}"


def _lock_file(folder: Path) -> TextIO:
    """The open lock file in the store's folder, both made if need be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        file = os.fdopen(descriptor, "a+", encoding="ascii", errors="replace")
        why = open_to_others(folder)
        if why is not None:
            log.warning("%s", why)
        return file
    except FileExistsError as error:
        raise NotAStore(f"{folder}: is a file, not a folder; choose another store folder") from error
    except OSError as error:
        raise StoreReadOnly(
            f"{folder}: cannot be written ({error.strerror}); "
            "give this user the right to write there or choose another store folder"
        ) from error
