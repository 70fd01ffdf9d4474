"""Crops for the forgery model: three collections with labels, and genuine faces to make more from."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import SQUARE, forgery_region, forgery_square
from training.data import decode_picture, read_index, read_pictures
from training.forgery_split import genuine_kept_out, kept_out
from training.teachers import YuNet

COLLECTIONS = {"dfdc": 1.0, "faceforensics": 0.2, "openforensics": 0.4}
"""How often each collection is drawn from.

FaceForensics++ is varied in method, but 1,280 crops of six pairs: with three times this weight it was learned by
heart (AUC .955 on what was trained on, .690 on what was kept out), while the others could still be learned from (DFDC
.767 and .729, OpenForensics .875 and .836).
"""


@dataclass(frozen=True, slots=True)
class Collection:
    """One set of 160 px crops: pixels uint8 [n, 160, 160, 3], labels, groups, five points as shares or NaN."""

    name: str
    pixels: NDArray[np.uint8]
    fake: NDArray[np.bool_]
    group: list[str]
    method: list[str]
    points: NDArray[np.float32]
    kept_out: NDArray[np.bool_]


def load(name: str, data: Path, work: Path) -> Collection:
    """Read one forgery collection; its pixels are unpacked once into the work folder and mapped from there."""
    zipped = data / "forgery" / f"{name}.zip"
    rows = read_index(zipped)
    unpacked = work / f"{name}.npy"
    if not unpacked.is_file():
        pixels = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
            unpacked.with_suffix(".part"), "w+", np.uint8, (len(rows), SQUARE, SQUARE, 3)
        )
        with zipfile.ZipFile(zipped) as archive:
            for number, row in enumerate(rows):
                pixels[number] = decode_picture(archive.read(row.file))
        pixels.flush()
        unpacked.with_suffix(".part").replace(unpacked)
        print(f"forgery: unpacked {len(rows)} crops of {name}", file=sys.stderr)
    return Collection(
        name=name,
        pixels=np.load(unpacked, mmap_mode="r"),
        fake=np.array([row.fake for row in rows]),
        group=[row.group for row in rows],
        method=[row.method for row in rows],
        points=_points(zipped),
        kept_out=np.array([kept_out(name, row.group) for row in rows]),
    )


def _points(zipped: Path) -> NDArray[np.float32]:
    """The five points of each crop as shares of its side, NaN where the index has none."""
    import csv
    import io

    names = [f"{axis}{part}" for part in ("reye", "leye", "nose", "rmouth", "lmouth") for axis in "xy"]
    with zipfile.ZipFile(zipped) as archive, archive.open("index.csv") as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")))
    values = [[float(row[name]) if row.get(name) else np.nan for name in names] for row in rows]
    return np.array(values, np.float32).reshape(-1, 5, 2)


def load_genuine(data: Path, teachers: Path, work: Path) -> Collection:
    """Cut LFW and UTKFace as the collections are cut; the largest face of each picture, with its points."""
    unpacked = work / "genuine.npz"
    if not unpacked.is_file():
        finder = YuNet(teachers, threshold=0.7)
        squares, points, names = [], [], []
        for name in ("lfw", "utkface"):
            for file, rgb in read_pictures(data / "faces" / f"{name}.zip"):
                faces = finder(rgb)
                if len(faces) == 0:
                    continue
                face = faces[np.argmax(faces[:, 2] * faces[:, 3])]
                box = (float(face[0]), float(face[1]), float(face[2]), float(face[3]))
                x, y, width, height = forgery_region(box)
                squares.append(forgery_square(rgb, box))
                points.append((face[4:14].reshape(5, 2) - [x, y]) / [width, height])
                names.append(f"{name}:{file.split('/')[0]}")
        np.savez(unpacked, pixels=np.stack(squares), points=np.array(points, np.float32), names=np.array(names))
        print(f"forgery: cut {len(squares)} genuine faces", file=sys.stderr)
    kept = np.load(unpacked)
    groups = [str(name) for name in kept["names"]]
    return Collection(
        name="genuine",
        pixels=kept["pixels"],
        fake=np.zeros(len(groups), bool),
        group=groups,
        method=[""] * len(groups),
        points=kept["points"],
        kept_out=np.array([genuine_kept_out(group) for group in groups]),
    )


def with_points(collection: Collection, teachers: Path, work: Path) -> Collection:
    """Find the five points of genuine crops whose index has none, with a border, for the face fills the crop.

    Fakes are made from genuine faces only, so that the points of others would be looked for in vain.
    """
    if not np.isnan(collection.points).all():
        return collection
    kept = work / f"{collection.name}-points.npy"
    if not kept.is_file():
        finder = YuNet(teachers, threshold=0.6)
        border = SQUARE // 4
        points = np.full((len(collection.fake), 5, 2), np.nan, np.float32)
        for row in np.flatnonzero(~collection.kept_out & ~collection.fake):
            square = np.array(collection.pixels[row])
            framed = cv2.copyMakeBorder(square, border, border, border, border, cv2.BORDER_REPLICATE)
            faces = finder(np.asarray(framed, np.uint8))
            if len(faces):
                points[row] = (faces[np.argmax(faces[:, 14])][4:14].reshape(5, 2) - border) / SQUARE
        np.save(kept, points)
        print(
            f"forgery: found points in {np.isfinite(points[:, 0, 0]).sum()} crops of {collection.name}", file=sys.stderr
        )
    return replace(collection, points=np.load(kept))
