"""One process a store: an advisory lock that the kernel releases when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreBusy


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the store for this process.

    The lock is on an open file, so a killed holder never leaves a stale one; the number in the file
    only tells people who holds it.

    Raises:
        StoreBusy: another process holds it; the message names the process and the remedy.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StoreBusy(
                f"{folder}: another doppelwatch works on this store (process {holder}); "
                "wait for it, or stop it (a daemon stops cleanly on SIGTERM)"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
