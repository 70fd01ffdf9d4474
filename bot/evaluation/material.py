"""The labelled files: what lies under ``real/`` and ``fake/``, and what belongs together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.errors import UsageError
from detectors.errors import ClipUnreadable
from detectors.labelled import labelled_files


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
    try:
        found = labelled_files(folder)
    except ClipUnreadable as error:
        raise UsageError(str(error)) from error
    samples = (_sample(one.path, folder, Side.FAKE if one.fake else Side.REAL) for one in found.files)
    return Material(tuple(samples), found.passed_over)


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
