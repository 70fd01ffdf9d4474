"""What the forgery model sees: an endless stream of crops, half of them synthetic, some of those made on the spot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from detectors.geometry import SIDE, SQUARE
from training.data import Image
from training.forgery_blend import exchange, re_render, self_blend
from training.forgery_data import COLLECTIONS, Collection

MADE = 0.45
"""Share of the fakes that is made from genuine faces, and of the reals that comes from the same pools."""

COMPRESSED = 0.3
"""Share of the crops that is taken from the compressed copy, of either label."""

MOST_POOLED = 5000
"""Faces of a pool: each is re-rendered beforehand, and a short run would never come to see more."""

CANDIDATES = 6
"""Faces among which the one of the most similar pose is taken for an exchange."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Genuine faces to make fakes from: rows with points, and what an autoencoder made of each."""

    collection: Collection
    rows: NDArray[np.intp]
    rendered: NDArray[np.uint8]


def usable(collection: Collection) -> NDArray[np.intp]:
    """Rows of genuine crops that may be trained on and have five points; at most `MOST_POOLED`, evenly over all."""
    rows = np.flatnonzero(~collection.fake & ~collection.kept_out & ~np.isnan(collection.points).any((1, 2)))
    return rows if len(rows) <= MOST_POOLED else rows[np.linspace(0, len(rows) - 1, MOST_POOLED).astype(np.intp)]


def augment(square: Image, random: Generator) -> Image:
    """Weak augmentation, which beat strong in short runs: flip, small shifts, JPEG, sometimes small, soft or dim."""
    side = int(random.integers(144, SQUARE + 1))
    x, y = random.integers(0, SQUARE - side + 1, 2)
    part = square[y : y + side, x : x + side]
    if random.random() < 0.5:
        part = part[:, ::-1]
    part = np.ascontiguousarray(part)
    pick = random.random()
    if pick < 0.2:
        scale = random.uniform(0.35, 0.8)
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    elif pick < 0.32:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), random.uniform(0.5, 1.8)), np.uint8)
    if random.random() < 0.2:
        part = np.clip(part * random.uniform(0.8, 1.2) + random.uniform(-15, 15), 0, 255).astype(np.uint8)
    if random.random() < 0.3:
        _, data = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(40, 95))])
        part = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


class Batches(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """An endless stream of (crops uint8 [b, 3, 112, 112], bool [b], true for synthetic); balanced, seeded per worker.

    Args:
        collections: those with labels; rows that are kept out, or whose method is left out, are never drawn.
        compressed: for each collection its compressed copy.
        pools: genuine faces that fakes are made from.
        batch: crops in a batch.
        seed: of the order and of every change.
        start: the step that the run starts at; a resumed one sees another part of its stream.
        made: share of each label that comes from the pools; 1 where there are no collections.
    """

    def __init__(
        self,
        collections: Sequence[Collection],
        compressed: Sequence[NDArray[np.uint8]],
        pools: Sequence[Pool],
        batch: int,
        seed: int,
        start: int = 0,
        made: float = MADE,
    ) -> None:
        super().__init__()
        self._made_share = made
        self._collections, self._compressed, self._pools = collections, compressed, pools
        self._batch, self._seed = batch, (seed, start)
        self._rows = [
            [np.flatnonzero((one.fake == fake) & ~one.kept_out) for fake in (False, True)] for one in collections
        ]

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        info = get_worker_info()
        random = np.random.default_rng((*self._seed, 1 + (0 if info is None else info.id)))
        weights = np.array(
            [
                [COLLECTIONS[one.name] * (len(self._rows[n][fake]) > 0) for n, one in enumerate(self._collections)]
                for fake in (False, True)
            ]
        )
        weights = weights / weights.sum(1, keepdims=True)  # of no collections there are none, and none is drawn
        sizes = np.array([len(pool.rows) for pool in self._pools], float)
        sizes = sizes**0.5 / (sizes**0.5).sum()
        while True:
            pixels = np.empty((self._batch, SIDE, SIDE, 3), np.uint8)
            fakes = random.random(self._batch) < 0.5
            for number, fake in enumerate(fakes):
                if random.random() < self._made_share:
                    square = self._made(int(random.choice(len(sizes), p=sizes)), bool(fake), random)
                else:
                    which = int(random.choice(len(self._collections), p=weights[int(fake)]))
                    row = int(random.choice(self._rows[which][int(fake)]))
                    source = self._compressed if random.random() < COMPRESSED else [c.pixels for c in self._collections]
                    square = np.array(source[which][row])
                pixels[number] = augment(square, random)
            yield torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))), torch.from_numpy(fakes)

    def _made(self, which: int, fake: bool, random: Generator) -> Image:
        """A crop of a pool: as it is, or made synthetic in one of three ways."""
        pool = self._pools[which]
        place = int(random.integers(len(pool.rows)))
        row = int(pool.rows[place])
        square, points = np.array(pool.collection.pixels[row]), pool.collection.points[row]
        if fake:
            pick = random.random()
            if pick < 0.4:
                square = self_blend(square, points, random)
            elif pick < 0.75:
                square = re_render(square, points, np.array(pool.rendered[place]), random)
            else:
                others = random.integers(0, len(pool.rows), CANDIDATES)
                apart = [np.abs(pool.collection.points[pool.rows[one]] - points).sum() for one in others]
                other = int(pool.rows[others[int(np.argmin(apart))]])
                square = exchange(
                    square, points, np.array(pool.collection.pixels[other]), pool.collection.points[other], random
                )
        if random.random() < COMPRESSED:
            square = _recompress(square, random)
        return square


def _recompress(square: Image, random: Generator) -> Image:
    """Shrink, a strong JPEG and back: what stands for a video codec where no stream is at hand."""
    side = int(random.integers(72, SQUARE))
    small = cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 60))])
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.resize(decoded, (SQUARE, SQUARE), interpolation=cv2.INTER_LINEAR), np.uint8)
