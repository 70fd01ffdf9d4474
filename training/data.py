"""Reading the data folder: pictures out of zip files, frames out of clips, and honest splits.

A split is by person, identity pair or original clip, never by picture: neighbouring frames of one
clip on both sides would measure memory.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""uint8 [height, width, 3], RGB."""


@dataclass(frozen=True, slots=True)
class Crop:
    """One row of a forgery collection: file in the zip, label, the group that must not be split, and `method/clip`."""

    file: str
    fake: bool
    group: str
    method: str
    frame: int


def held_out(group: str, share: float, salt: str = "") -> bool:
    """Tell whether a group belongs to the held-out share; the same answer on every machine and run."""
    digest = hashlib.sha256(f"{salt}:{group}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share


def read_pictures(path: Path) -> Iterator[tuple[str, Image]]:
    """Yield (name, picture) of every WebP picture in a zip, in the order of the file."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".webp"):
                yield name, decode_picture(archive.read(name))


def decode_picture(data: bytes) -> Image:
    """Decode one encoded picture to RGB."""
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError("not a picture that OpenCV can decode")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def read_index(path: Path) -> list[Crop]:
    """Read index.csv of a forgery collection; a missing group makes each picture its own group."""
    with zipfile.ZipFile(path) as archive, archive.open("index.csv") as raw:
        return [
            Crop(
                file=row["file"],
                fake=row["label"] == "fake",
                group=row["group"] or f"{path.stem}:{row['file']}",
                method=row["method"] or "",
                frame=int(row["frame"] or 0),
            )
            for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8"))
        ]


@dataclass(frozen=True, slots=True)
class ClipRow:
    """One row of clips/index.csv."""

    file: str
    fake: bool
    group: str
    method: str


def read_clips(folder: Path) -> list[ClipRow]:
    """Read clips/index.csv; a clip without group is its own group."""
    with (folder / "index.csv").open(encoding="utf-8") as raw:
        return [
            ClipRow(row["file"], row["label"] == "fake", row["group"] or row["file"], row["method"])
            for row in csv.DictReader(raw)
        ]


def frames_of(path: Path, every: int, most: int) -> list[Image]:
    """Decode every n-th frame of a clip, at most `most` of them, as RGB."""
    taken: list[Image] = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % every == 0:
                taken.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
                if len(taken) == most:
                    break
    return taken
