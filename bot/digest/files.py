"""Writing the pages: whole or not at all, under names that are made from a date and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import BotError

FOLDER_MODE = 0o700
"""A folder that is made here is its user's alone: the pages show faces and judgements that nobody has checked yet.

Who serves it from a web server makes the folder beforehand with the rights that the server needs; an existing folder is
left as it is, and the files follow the umask, so that the folder decides who may read them.
"""


REMEDY = "choose another digest.folder in the configuration"
"""What else can be done where a digest cannot be written."""


def prepare(folder: Path, *, what: str = "the digest", remedy: str = REMEDY) -> None:
    """Create the folder of the pages if it is not there; `what` and `remedy` are for the error's words.

    Raises:
        BotError: it cannot be created.
    """
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise _meaning(folder, error, what, remedy) from error


def write(path: Path, text: str, *, what: str = "the digest", remedy: str = REMEDY, durable: bool = True) -> None:
    """Write a text file so that a reader, a kill or a power cut finds the old one or the new one, never a part.

    Where it is not `durable`, the disk is not waited for: that is for many files, before :func:`settle`.

    The temporary file has a name of its own beside it, which the next run overwrites: nothing piles up.

    Raises:
        BotError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        # a name that somebody planted there must not lead elsewhere: remove it, and insist on a new file
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as target:
                target.write(text)
                target.flush()
                if durable:
                    os.fsync(target.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        if durable:
            _sync(path.parent)
    except OSError as error:
        raise _meaning(path, error, what, remedy) from error


def settle() -> None:
    """Wait until everything written so far is on the disk; once for hundreds of files is cheaper than for each."""
    os.sync()


def _sync(folder: Path) -> None:
    """Make a new name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _meaning(path: Path, error: OSError, what: str, remedy: str) -> BotError:
    return BotError(
        f"{path}: {what} cannot be written ({error.strerror}); "
        f"give this user room and the right to write there, or {remedy}"
    )
