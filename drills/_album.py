"""Pictures of people and of profiles for the drill of look-alikes: made-up scenes, and worn copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.handles import Row

SIDE, SMALL = 400, 100


class Album:
    """One reference photo a person, and a picture for each profile.

    Args:
        folder: where the files are written.
        names: the people.

    Attributes:
        photos: the file of each person's photo.
        stolen: handles whose profile shows the photo.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = folder / "album"
        self._folder.mkdir()
        self.photos = {name: self._write(f"photo{number}.png", _scene(number)) for number, name in enumerate(names)}
        self.stolen: set[str] = set()
        self._impostors = 0

    def avatar(self, handle: str, row: Row) -> Path:
        """The picture of a profile: every other impostor shows the person's photo, small and packed hard."""
        self._impostors += row.kind == "impersonation"
        name = f"{handle}.jpg"
        if row.kind == "impersonation" and self._impostors % 2:
            self.stolen.add(handle)
            photo = cv2.imread(str(self.photos[row.person.name]))
            assert photo is not None
            small = cv2.resize(photo, (SMALL, SMALL), interpolation=cv2.INTER_AREA)
            return self._write(name, np.asarray(small, np.uint8), quality=40)
        self.stolen.discard(handle)
        return self._write(name, _scene(1000 + int.from_bytes(handle.encode()[-6:]) % 1_000_000))

    def _write(self, name: str, picture: NDArray[np.uint8], *, quality: int = 90) -> Path:
        path = self._folder / name
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, quality] if name.endswith(".jpg") else [])
        return path


def _scene(seed: int) -> NDArray[np.uint8]:
    """A square picture of soft shapes, another one for each seed."""
    chance = np.random.default_rng(seed)
    picture = np.full((SIDE, SIDE, 3), chance.integers(60, 190, 3), np.uint8)
    for _ in range(16):
        colour = [int(value) for value in chance.integers(0, 256, 3)]
        place = (int(chance.integers(0, SIDE)), int(chance.integers(0, SIDE)))
        cv2.circle(picture, place, int(chance.integers(15, 90)), colour, -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)


__all__ = ["Album"]
