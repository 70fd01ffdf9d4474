"""One post to one file, within bounds, with nothing left behind where it fails."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sources.ytdlp.options import VIDEO_SUFFIXES
from bot.sources.ytdlp.watch import WatchYDL


@dataclass
class Download:
    """What came: the file and the post's description, or the error."""

    path: Path | None = None
    info: dict[str, Any] | None = None
    error: Exception | None = None


def download(ydl: WatchYDL, url: str, into: Path) -> Download:
    """Download a post with `ydl`, whose directory is `into`.

    A return without error and without file happens (yt-dlp skips a format and goes on); it is a failure.
    """
    done = Download()
    try:
        done.info = ydl.extract_info(url, download=True)
    except Exception as error:  # noqa: BLE001  # raw errors of extractors are a result: they are classified
        done.error = error
    else:
        if ydl.limit is None:
            done.path = _file(done.info, into)
    for left in into.iterdir():
        if left != done.path:
            with contextlib.suppress(OSError):  # the directory is the caller's, who removes it as a whole
                left.unlink()
    return done


def _file(info: dict[str, Any] | None, into: Path) -> Path | None:
    """The downloaded file, if it is what it should be and where it should be."""
    for item in (info or {}).get("requested_downloads") or ():
        path = Path(str(item.get("filepath")))
        suffix = path.suffix.lower().lstrip(".")
        if path.parent == into and suffix in VIDEO_SUFFIXES and path.is_file() and path.stat().st_size:
            return path
    return None


__all__ = ["Download", "download"]
