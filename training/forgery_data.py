"""Crops for the forgery model: three collections, and self-blended fakes made on the fly from genuine faces."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from detectors.geometry import SIDE, SQUARE, forgery_region, forgery_square
from training.data import Image, decode_picture, held_out, read_index, read_pictures
from training.forgery_split import kept_out
from training.teachers import YuNet

COLLECTIONS = {"dfdc": 1.0, "faceforensics": 0.6, "openforensics": 0.3}
"""How often each collection is drawn from; FaceForensics++ is small but varied in method."""

BLENDED = 0.35
"""Share of the fakes that is self-blended, and of the reals that comes from the same pool."""


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
        kept_out=np.array([held_out(group, 0.1, "forgery") for group in groups]),
    )


def self_blend(square: Image, points: NDArray[np.float32], random: Generator) -> Image:
    """Paste a face onto itself, slightly changed, under a soft mask (Shiohara and Yamasaki 2022).

    What is left to see is what every face swap leaves: a border, and two statistics that do not quite agree.
    """
    side = square.shape[0]
    eyes, mouth = points[:2].mean(0) * side, points[3:].mean(0) * side
    centre = (eyes + mouth) / 2 + random.normal(0, 2, 2)
    half_width = max(1.15 * float(np.linalg.norm(points[1] - points[0])) * side * random.uniform(0.75, 1.2), 12.0)
    half_height = max(1.25 * float(np.linalg.norm(mouth - eyes)) * random.uniform(0.7, 1.25), 12.0)
    angle = float(np.degrees(np.arctan2(*(points[1] - points[0])[::-1])))
    ellipse = cv2.ellipse2Poly(
        (int(centre[0]), int(centre[1])), (int(half_width), int(half_height)), int(angle), 0, 360, 20
    )
    outline = np.asarray(ellipse, np.float32)
    outline += random.normal(0, 2.5, outline.shape).astype(np.float32)
    mask = np.zeros((side, side), np.float32)
    cv2.fillPoly(mask, [outline.astype(np.int32)], 1.0)
    blur = float(random.uniform(1.5, 8.0))
    mask = cv2.GaussianBlur(mask, (0, 0), blur) * float(random.choice([0.5, 0.75, 1.0, 1.0, 1.0]))
    changed = _restyle(square.astype(np.float32), random)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), random.normal(0, 1.2), random.uniform(0.96, 1.04))
    matrix = np.asarray(turn, np.float64) + np.array([[0, 0, random.normal(0, 2.0)], [0, 0, random.normal(0, 2.0)]])
    changed = np.asarray(cv2.warpAffine(changed, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE), np.float32)
    target = square.astype(np.float32)
    if random.random() < 0.5:
        target = _restyle(target, random)
    blended = mask[..., None] * changed + (1 - mask[..., None]) * target
    return np.clip(blended, 0, 255).astype(np.uint8)


def _restyle(values: NDArray[np.float32], random: Generator) -> NDArray[np.float32]:
    """Change colour, contrast and sharpness a little."""
    out = values * random.uniform(0.9, 1.1, 3) + random.uniform(-12, 12, 3)
    out = (out - out.mean()) * random.uniform(0.88, 1.12) + out.mean()
    pick = random.random()
    if pick < 0.35:
        small = cv2.resize(out, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, out.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    elif pick < 0.6:
        out = out + 0.6 * (out - cv2.GaussianBlur(out, (0, 0), 1.5))
    elif pick < 0.75:
        out = cv2.GaussianBlur(out, (0, 0), random.uniform(0.5, 1.4))
    return np.asarray(out, np.float32)


def augment(square: Image, random: Generator) -> Image:
    """Weak augmentation, which beat strong in short runs: flip, small shifts, JPEG, sometimes small or dim."""
    low, high = (146, 160)
    side = int(random.integers(low, high + 1))
    x, y = random.integers(0, SQUARE - side + 1, 2)
    part = square[y : y + side, x : x + side]
    if random.random() < 0.5:
        part = part[:, ::-1]
    part = np.ascontiguousarray(part)
    if random.random() < 0.15:
        scale = random.uniform(0.4, 0.8)
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if random.random() < 0.2:
        part = np.clip(part * random.uniform(0.8, 1.2) + random.uniform(-15, 15), 0, 255).astype(np.uint8)
    if random.random() < 0.35:
        _, data = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(45, 95))])
        part = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


class Crops(IterableDataset[tuple[torch.Tensor, float]]):
    """An endless stream of (crop uint8 [3, 112, 112], 1 for synthetic); balanced labels, seeded per worker."""

    def __init__(self, collections: list[Collection], genuine: Collection, seed: int) -> None:
        super().__init__()
        self._collections, self._genuine, self._seed = collections, genuine, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, float]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        random = np.random.default_rng((self._seed, 1 + (0 if info is None else info.id)))
        weights = np.array([COLLECTIONS[collection.name] for collection in self._collections])
        rows = [
            {fake: np.flatnonzero((collection.fake == fake) & ~collection.kept_out) for fake in (False, True)}
            for collection in self._collections
        ]
        pools = [self._genuine, *(c for c in self._collections if c.name == "openforensics")]
        pool_rows = [np.flatnonzero(~pool.fake & ~pool.kept_out & ~np.isnan(pool.points).any((1, 2))) for pool in pools]
        sizes = np.array([len(indices) for indices in pool_rows], float)
        while True:
            fake = bool(random.random() < 0.5)
            if random.random() < BLENDED:
                which = int(random.choice(len(pools), p=sizes / sizes.sum()))
                row = int(random.choice(pool_rows[which]))
                square = np.array(pools[which].pixels[row])
                if fake:
                    square = self_blend(square, pools[which].points[row], random)
            else:
                which = int(random.choice(len(weights), p=weights / weights.sum()))
                row = int(random.choice(rows[which][fake]))
                square = np.array(self._collections[which].pixels[row])
            crop = augment(square, random)
            yield torch.from_numpy(np.ascontiguousarray(crop.transpose(2, 0, 1))), float(fake)
