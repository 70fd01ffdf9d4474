"""Faces of people who were never trained on, as they are, through a low-rate video, and small: found anew each time.

Degradation comes before the face is found, as in a real clip, so that what the finder's points lose is counted, too.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.face_embedding import align
from detectors.faces import FaceFinder
from training.data import Image, decode_picture
from training.h264 import through_h264
from training.identity_split import kept_out
from training.teachers import YuNet

RATE_FACTOR = 36
"""Constant rate factor of the low-rate video: worse than what platforms keep (about 23 to 30), still watchable."""

FRAMES = 5
"""Frames that a picture is shown for, drifting by a pixel each; the last is kept, predicted as most frames are."""

SMALL = 40
"""Width in pixels to which the face is shrunk."""

CONDITIONS = ("clean", "h264", "small")


class Finder(Protocol):
    """Finds the face that is nearest to the middle of a picture."""

    def __call__(self, rgb: Image) -> tuple[float, NDArray[np.float32]] | None:
        """Width of its box and its five points [5, 2] in pixels, or None without any face."""


class OwnFinder:
    """The face finder of the product."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder

    def __call__(self, rgb: Image) -> tuple[float, NDArray[np.float32]] | None:
        """See :class:`Finder`."""
        found = self._finder.find(rgb)
        if not found:
            return None
        nearest = min(found, key=lambda one: _off_centre(rgb, *one.box))
        return nearest.box[2], nearest.landmarks


class TeacherFinder:
    """YuNet, whose points are precise: what is lost with it is not the finder's fault."""

    def __init__(self, teachers: Path) -> None:
        self._finder = YuNet(teachers, threshold=0.6)

    def __call__(self, rgb: Image) -> tuple[float, NDArray[np.float32]] | None:
        """See :class:`Finder`."""
        found = self._finder(rgb)
        if not len(found):
            return None
        nearest = min(found, key=lambda one: _off_centre(rgb, *(float(side) for side in one[:4])))
        return float(nearest[2]), nearest[4:14].reshape(5, 2)


def _off_centre(rgb: Image, x: float, y: float, width: float, height: float) -> float:
    return float(np.hypot(x + width / 2 - rgb.shape[1] / 2, y + height / 2 - rgb.shape[0] / 2))


@dataclass(frozen=True, slots=True)
class Crops:
    """Aligned faces uint8 [n, 112, 112, 3], the numbers of their person and picture, and how many were not found."""

    faces: NDArray[np.uint8]
    person: NDArray[np.int64]
    picture: NDArray[np.int64]
    not_found: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """One picture of a person."""

    person: int
    name: str
    rgb: Image


def portraits(data: Path, people: int | None = None) -> Iterator[Portrait]:
    """Pictures of the LFW people who were kept out and have two or more; `people` asks for the first so many.

    Persons are numbered from 0, without gaps.
    """
    with zipfile.ZipFile(data / "faces" / "lfw.zip") as archive:
        files = sorted(name for name in archive.namelist() if name.endswith(".webp"))
        counts = Counter(file.split("/")[0] for file in files)
        chosen = [name for name, count in counts.items() if count > 1 and kept_out(f"lfw:{name}")][:people]
        number = {name: place for place, name in enumerate(chosen)}
        for file in files:
            name = file.split("/")[0]
            if name in number:
                yield Portrait(number[name], name, decode_picture(archive.read(file)))


def cut_out(
    pictures: Iterable[Portrait], finders: Mapping[str, Finder], conditions: Sequence[str] = CONDITIONS
) -> dict[tuple[str, str], Crops]:
    """Degrade each picture, find the face in it anew with each finder, and align it.

    Returns:
        (condition, finder) to the faces.
    """
    places = [(condition, name) for condition in conditions for name in finders]
    # one growing block for each: thousands of small arrays among the finders' large buffers would pin every freed one
    faces: dict[tuple[str, str], bytearray] = {place: bytearray() for place in places}
    owners: dict[tuple[str, str], list[tuple[int, int]]] = {place: [] for place in places}
    count = 0
    for number, portrait in enumerate(pictures):
        count += 1
        for condition, rgb in _versions(portrait.rgb, next(iter(finders.values())), conditions):
            for name, finder in finders.items():
                found = finder(rgb)
                if found is not None:
                    faces[condition, name] += align(rgb, found[1]).tobytes()
                    owners[condition, name].append((portrait.person, number))
    return {
        place: Crops(
            np.frombuffer(faces[place], np.uint8).reshape(-1, 112, 112, 3),
            np.array([person for person, _ in rows], np.int64),
            np.array([picture for _, picture in rows], np.int64),
            count - len(rows),
        )
        for place, rows in owners.items()
    }


def _versions(rgb: Image, finder: Finder, conditions: Sequence[str]) -> Iterator[tuple[str, Image]]:
    made: Mapping[str, Callable[[], Image | None]] = {
        "clean": lambda: rgb,
        "h264": lambda: as_video(rgb),
        "small": lambda: _small(rgb, finder),
    }
    for condition in conditions:
        version = made[condition]()
        if version is not None:
            yield condition, version


def as_video(rgb: Image, rate: int = RATE_FACTOR) -> Image:
    """A picture as the last frame of a short, drifting H.264 clip at a constant rate factor."""
    height, width = (side - side % 2 for side in rgb.shape[:2])
    frames = []
    for away in range(FRAMES - 1, -1, -1):
        move = np.array([[1, 0, away], [0, 1, -away]], np.float64)
        frames.append(np.asarray(cv2.warpAffine(rgb, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8))
    return through_h264(frames, rate, preset="medium")[-1]


def shrunk(rgb: Image, factor: float) -> Image:
    """A picture made smaller by a factor and brought back to its size."""
    height, width = rgb.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _small(rgb: Image, finder: Finder) -> Image | None:
    """The picture at a size where its face is 40 px wide; None where no face is found that could be measured."""
    found = finder(rgb)
    return None if found is None else shrunk(rgb, min(1.0, SMALL / found[0]))


__all__ = [
    "CONDITIONS",
    "FRAMES",
    "RATE_FACTOR",
    "SMALL",
    "Crops",
    "Finder",
    "OwnFinder",
    "Portrait",
    "TeacherFinder",
    "as_video",
    "cut_out",
    "portraits",
    "shrunk",
]
