"""Scenes for the face detector: pictures pasted at many sizes and angles, labelled by the teacher as composed.

Labelling the finished scene, not its parts, means that no label is ever out of step with a rotation,
an occlusion or a paste across a border.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator
from torch.utils.data import IterableDataset, get_worker_info

from training.data import Image, decode_picture
from training.teachers import YuNet

SIDE = 288
"""Side of a training scene in pixels; the network is fully convolutional, so it also serves 320 and more."""


class Pool:
    """Encoded pictures kept in memory: people to paste and pictures to lie behind them."""

    def __init__(self, pictures: list[bytes]) -> None:
        self._pictures = pictures

    def draw(self, random: Generator) -> Image:
        """Decode one at random."""
        return decode_picture(self._pictures[int(random.integers(len(self._pictures)))])

    def __len__(self) -> int:
        return len(self._pictures)


def background(pool: Pool, random: Generator) -> Image:
    """A ground without faces: noise, a gradient, or a strongly enlarged or shuffled corner of a picture."""
    kind = random.random()
    if kind < 0.25:
        ends = random.integers(0, 256, (2, 2, 3)).astype(np.uint8)
        return np.asarray(cv2.resize(ends, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
    picture = pool.draw(random)
    if kind < 0.6:  # a corner: portraits keep the face in the middle
        side = min(picture.shape[:2]) // 4
        picture = picture[:side, :side] if random.random() < 0.5 else picture[-side:, -side:]
        return np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
    tile = cv2.resize(picture, (SIDE, SIDE))  # shuffled tiles keep texture and lose faces
    step = SIDE // 12
    tiles = [tile[y : y + step, x : x + step] for y in range(0, SIDE, step) for x in range(0, SIDE, step)]
    order = random.permutation(len(tiles))
    rows = [np.hstack([tiles[i] for i in order[row : row + 12]]) for row in range(0, 144, 12)]
    return np.ascontiguousarray(np.vstack(rows))


def paste(scene: Image, picture: Image, random: Generator, scale: float) -> None:
    """Lay a picture onto the scene, scaled, turned, mirrored; parts may fall outside."""
    height, width = picture.shape[:2]
    angle = float(np.clip(random.normal(0, 18), -60, 60)) if random.random() < 0.7 else 0.0
    centre = random.uniform(0.1, 0.9, 2) * SIDE
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[:, 2] += centre - np.array([width / 2, height / 2])
    if random.random() < 0.5:
        picture = picture[:, ::-1]
    mask = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, (SIDE, SIDE))
    warped = cv2.warpAffine(np.ascontiguousarray(picture), matrix, (SIDE, SIDE), flags=cv2.INTER_AREA)
    inside = mask > 127
    scene[inside] = warped[inside]


def degrade(scene: Image, random: Generator) -> Image:
    """What cameras and platforms do: light, blur, noise, shrinking, JPEG, loss of colour, a covering bar."""
    if random.random() < 0.25:
        corner = random.integers(0, SIDE, 2)
        size = random.integers(10, 90, 2)
        scene[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]] = random.integers(0, 256, 3)
    if random.random() < 0.5:
        changed = scene.astype(np.float32) * random.uniform(0.5, 1.4) + random.uniform(-30, 30)
        scene = np.clip(changed, 0, 255).astype(np.uint8)
    if random.random() < 0.1:
        scene = np.repeat(cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    if random.random() < 0.25:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), random.uniform(0.5, 2.0)), np.uint8)
    if random.random() < 0.5:
        _, data = cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(30, 95))])
        scene = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return scene


def compose(people: Pool, frames: Pool, random: Generator) -> Image:
    """Make one scene uint8 [SIDE, SIDE, 3]: a clip frame, a mosaic of pastes, a close-up, or no face at all."""
    kind = random.random()
    if kind < 0.3 and len(frames):
        picture = frames.draw(random)
        scale = SIDE / max(picture.shape[:2]) * random.uniform(0.7, 2.0)
        scene = background(people, random)
        paste(scene, picture, random, scale)
        return degrade(scene, random)
    scene = background(people, random)
    if kind < 0.4:
        return degrade(scene, random)  # nobody there
    if kind < 0.6:
        paste(scene, people.draw(random), random, float(random.uniform(1.0, 3.0)))
        return degrade(scene, random)
    for _ in range(int(random.integers(1, 9))):
        paste(scene, people.draw(random), random, float(np.exp(random.uniform(np.log(0.15), np.log(1.2)))))
    return degrade(scene, random)


class Scenes(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """An endless stream of (scene [3, SIDE, SIDE] uint8, teacher's faces [n, 15]); seeded per worker."""

    def __init__(self, people: list[bytes], frames: list[bytes], teachers: Path, seed: int) -> None:
        super().__init__()
        self._people, self._frames, self._teachers, self._seed = people, frames, teachers, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        random = np.random.default_rng((self._seed, 0 if info is None else info.id))
        people, frames = Pool(self._people), Pool(self._frames)
        teacher = YuNet(self._teachers, threshold=0.3)
        while True:
            scene = compose(people, frames, random)
            faces = teacher(scene)
            yield torch.from_numpy(np.ascontiguousarray(scene.transpose(2, 0, 1))), torch.from_numpy(faces)
