"""A folder of labelled clips or pictures: what lies under `real/` and `fake/`, searched to the bottom."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detectors.errors import ClipUnreadable

SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".flv", ".3gp", ".ts", ".mpg", ".mpeg"}
    | {".gif", ".jpg", ".jpeg", ".png", ".webp", ".bmp"}
)
"""Names of clips and of pictures."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file with what is known of it."""

    path: Path
    fake: bool


@dataclass(frozen=True, slots=True)
class LabelledFolder:
    """The clips and pictures, genuine ones first, by name; and how many other files were passed over."""

    files: tuple[Labelled, ...]
    passed_over: int


def labelled_files(folder: Path) -> LabelledFolder:
    """Find the clips and pictures; hidden files and folders are not looked at, links to folders not followed.

    Raises:
        ClipUnreadable: there is no such folder, a part of it cannot be read, or a side holds nothing; says what to do.
    """
    if not folder.is_dir():
        raise ClipUnreadable(f"{folder}: is no folder; name the one that holds real/ and fake/")
    found: list[Labelled] = []
    passed_over = 0
    for part, fake in (("real", False), ("fake", True)):
        top = folder / part
        if not top.is_dir():
            raise ClipUnreadable(
                f"{folder}: has no folder {part}/; put genuine clips into real/ and synthetic ones into fake/"
            )
        every = list(_below(top))
        known = [Labelled(path, fake) for path in every if path.suffix.lower() in SUFFIXES]
        if not known:
            raise ClipUnreadable(f"{top}: there is no clip in it; each side needs at least one (.mp4, .webm, .mov ...)")
        found += known
        passed_over += len(every) - len(known)
    return LabelledFolder(tuple(found), passed_over)


def _below(top: Path) -> Iterator[Path]:
    """All plain files below a folder in the order of their paths.

    Raises:
        ClipUnreadable: a folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise ClipUnreadable(f"{error.filename}: cannot be read ({error.strerror})") from error

    for place, folders, names in os.walk(top, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and path.is_file():
                yield path


__all__ = ["SUFFIXES", "Labelled", "LabelledFolder", "labelled_files"]
