"""A collection of portraits in which the stand-in finder finds a red square, painted with a pattern for each person."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.identity_split import kept_out

SIDE = 160


def names(source: str, kept: bool, suffix: str = "") -> Iterator[str]:
    """Endless names that are, or are not, kept out of training."""
    return (name for number in count() if kept_out(f"{source}:{(name := f'P{number}{suffix}')}") is kept)


def portrait(pattern: int, shift: int = 0) -> NDArray[np.uint8]:
    """A gray picture with a red square of 80 px whose green is laid out in a pattern.

    The stand-in finder goes by how far red is above the larger of green and blue, which is blue everywhere.
    """
    random = np.random.default_rng(pattern)
    rough = random.integers(0, 2, (8, 8)) * 90
    green = cv2.resize(rough.astype(np.uint8), (80, 80), interpolation=cv2.INTER_NEAREST)
    rgb = np.full((SIDE, SIDE, 3), 90, np.uint8)
    left, top = 40 + shift, 36
    rgb[top : top + 80, left : left + 80] = np.dstack([np.full_like(green, 235), green, np.full_like(green, 90)])
    return rgb


def webp(rgb: NDArray[np.uint8]) -> bytes:
    """Encoded without loss."""
    done, data = cv2.imencode(".webp", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, 101])
    assert done
    return data.tobytes()


def write_lfw(data: Path, patterns: Mapping[str, list[int]]) -> None:
    """`faces/lfw.zip` with a picture of each pattern for each person."""
    (data / "faces").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(data / "faces" / "lfw.zip", "w") as archive:
        for person, own in patterns.items():
            for number, pattern in enumerate(own):
                archive.writestr(f"{person}/{person}_{number:04d}.webp", webp(portrait(pattern, number)))
