"""The demo's folder: made, or cleared of what an earlier demo left, and nobody else's ever touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import UsageError
from bot.lock import hold

MARK = ".doppelwatch-demo"
"""A file of this name says that the folder is a demo's own."""

STORE, DIGESTS, CONFIG = "store", "digests", "config.yaml"
"""All that a demo leaves in its folder, beside the mark."""


def prepare(folder: Path) -> None:
    """Make the folder, or clear it if an earlier demo made it.

    Raises:
        UsageError: it holds something and no demo made it, or it cannot be made or cleared.
        StoreBusy: another demo is at work in it.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            if not (folder / MARK).is_file():
                raise UsageError(
                    f"{folder}: holds files that no demo made, and the demo starts with an empty folder; "
                    "name a new one with --out"
                )
            _clear(folder)
        # its owner's alone, as every store: it shows faces and judgements
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / MARK).write_text("Made by `doppelwatch demo`, which clears this folder when it runs again.\n")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be used ({error.strerror}); name another folder with --out") from error


def _clear(folder: Path) -> None:
    """Remove what a demo makes, by name; whatever else lies there stays."""
    if (folder / STORE).is_dir():
        with hold(folder / STORE):  # refuses while another demo is at work
            pass
    for name in (STORE, DIGESTS, CONFIG):
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
