"""The labelled files: what lies under ``real/`` and ``fake/``, and what belongs together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.errors import UsageError
from bot.sources.folder import VIDEO_SUFFIXES

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})


class Side(StrEnum):
    """The label of a file, which is the folder that it lies in."""

    REAL = "real"
    FAKE = "fake"


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled file.

    Attributes:
        path: where it lies.
        name: its path from the folder that is evaluated, for people and scripts.
        side: what it is.
        folder: the row that it is counted in: "fake/faceswap", or "fake" where it lies in no sub-folder.
        group: what the bootstrap draws it with: the folder in which it lies below the sub-folder, the same
            name on both sides being the same group, or the file alone.
    """

    path: Path
    name: str
    side: Side
    folder: str
    group: str


@dataclass(frozen=True, slots=True)
class Material:
    """All samples in order of their names, and how many other files were passed over."""

    samples: tuple[Sample, ...]
    passed_over: int


def find(folder: Path) -> Material:
    """Find the clips and pictures below ``real/`` and ``fake/``; hidden files and folders are not looked at.

    A file in ``fake/METHOD/`` counts in the row of that method. One in ``fake/METHOD/GROUP/`` is drawn together with
    the other files of that group, on both sides (``real/news/anna/`` and ``fake/faceswap/anna/``).

    Raises:
        UsageError: the folder, ``real/`` or ``fake/`` is missing or holds nothing to examine; says what to do.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name the one that holds real/ and fake/")
    samples: list[Sample] = []
    passed_over = 0
    for side in Side:
        top = folder / side
        if not top.is_dir():
            raise UsageError(
                f"{folder}: has no folder {side}/; put genuine clips into real/ and synthetic ones into fake/"
            )
        before = len(samples)
        for path in _files(top):
            if path.suffix.lower() in VIDEO_SUFFIXES | PICTURE_SUFFIXES:
                samples.append(_sample(path, folder, side))
            else:
                passed_over += 1
        if len(samples) == before:
            raise UsageError(f"{top}: there is no clip in it; each side needs at least one (.mp4, .webm, .mov ...)")
    return Material(tuple(samples), passed_over)


def _files(top: Path) -> Iterator[Path]:
    """All plain files below a folder in the order of their paths; links to folders are not followed.

    Raises:
        UsageError: a folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise UsageError(f"{error.filename}: cannot be read ({error.strerror})") from error

    for place, folders, names in os.walk(top, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and path.is_file():
                yield path


def _sample(path: Path, folder: Path, side: Side) -> Sample:
    parts = path.relative_to(folder / side).parts
    name = path.relative_to(folder).as_posix()
    return Sample(
        path=path,
        name=name,
        side=side,
        folder=f"{side}/{parts[0]}" if len(parts) > 1 else str(side),
        # a file's own name has the side in front of it, so that it is never the name of a group
        group="/".join(parts[1:-1]) if len(parts) > 2 else f"{side}/{name}",
    )
