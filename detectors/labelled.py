"""A folder of labelled clips or pictures: `real/` and `fake/`, searched to the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detectors.container import shown_name
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


def labelled_files(folder: Path) -> list[Labelled]:
    """The clips and pictures under `real/` and `fake/`, in the order of their names.

    Raises:
        ClipUnreadable: there is no such folder, or one of the two holds nothing.
    """
    name = shown_name(folder)
    found: list[Labelled] = []
    for part, fake in (("real", False), ("fake", True)):
        if not (folder / part).is_dir():
            raise ClipUnreadable(f"{name}: has no folder {part}; put genuine clips into real/, made ones into fake/")
        files = sorted(path for path in (folder / part).rglob("*") if path.suffix.lower() in SUFFIXES)
        if not files:
            raise ClipUnreadable(f"{name}/{part}: holds no clip or picture")
        found += [Labelled(path, fake) for path in files]
    return found


__all__ = ["Labelled", "labelled_files"]
