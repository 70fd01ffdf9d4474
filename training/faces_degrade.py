"""What lies behind faces, what covers them, and what cameras and platforms do to a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.data import Image


def background(picture: Image, side: int, random: Generator) -> Image:
    """A ground without faces: a gradient, a strongly enlarged corner of a portrait, or its shuffled tiles."""
    kind = random.random()
    if kind < 0.25:
        ends = random.integers(0, 256, (2, 2, 3)).astype(np.uint8)
        return _fit(ends, side, side)
    if kind < 0.6:  # portraits keep the face in the middle
        corner = min(picture.shape[:2]) // 4
        part = picture[:corner, :corner] if random.random() < 0.5 else picture[-corner:, -corner:]
        return _fit(part, side, side)
    return _fit(_tiles(_fit(picture, side, side), 10, random), side, side)


def shuffled(picture: Image, boxes: NDArray[np.float32]) -> Image:
    """The picture with its faces cut into tiles and laid out again: skin and hair, and nobody there."""
    told = picture.copy()
    for x, y, width, height in boxes.tolist():
        left, top = max(0, int(x)), max(0, int(y))
        right, bottom = int(x + width) + 1, int(y + height) + 1
        part = told[top:bottom, left:right]
        if min(part.shape[:2]) >= 6:
            mixed = _tiles(_fit(part, 60, 60), 5, np.random.default_rng(left + 977 * top))
            told[top:bottom, left:right] = _fit(mixed, part.shape[1], part.shape[0])
    return told


def cover(scene: Image, near: tuple[int, int, int, int], random: Generator) -> tuple[int, int, int, int]:
    """Lay a bar or a patch of the scene itself over part of a rectangle; returns what it covers."""
    side = scene.shape[0]
    left, top, right, bottom = near
    wide, high = max(4, right - left), max(4, bottom - top)
    if random.random() < 0.5:  # from one side
        wide = int(wide * random.uniform(0.25, 0.6))
        left = left if random.random() < 0.5 else right - wide
    else:  # from below, as a microphone or a hand, or from above, as a hat
        high = int(high * random.uniform(0.25, 0.55))
        top = top if random.random() < 0.3 else bottom - high
    x, y = np.clip([left, left + wide], 0, side), np.clip([top, top + high], 0, side)
    area = (int(x[0]), int(y[0]), int(x[1]), int(y[1]))
    patch = scene[area[1] : area[3], area[0] : area[2]]
    if patch.size:
        if random.random() < 0.5:
            patch[:] = random.integers(0, 256, 3)
        else:
            corner = random.integers(0, side - 40, 2)
            patch[:] = _fit(scene[corner[1] : corner[1] + 40, corner[0] : corner[0] + 40].copy(), *patch.shape[1::-1])
    return area


def degrade(scene: Image, random: Generator) -> Image:
    """Light, loss of colour, blur, shrinking, noise, JPEG; the input is left as it is."""
    if random.random() < 0.5:
        gain = np.broadcast_to(random.uniform(0.5, 1.4, 1 if random.random() < 0.7 else 3), 3)
        told = np.arange(256)[:, None] * gain + random.uniform(-30, 30)
        scene = np.asarray(cv2.LUT(scene, np.clip(told, 0, 255).astype(np.uint8)[None]), np.uint8)
    if random.random() < 0.1:
        scene = np.asarray(cv2.cvtColor(cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)
    kind = random.random()
    if kind < 0.15:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), random.uniform(0.5, 1.8)), np.uint8)
    elif kind < 0.3:
        small = int(scene.shape[0] * random.uniform(0.4, 0.9))
        scene = _fit(_fit(scene, small, small), scene.shape[1], scene.shape[0])
    elif kind < 0.37:
        noise = random.normal(0, random.uniform(3, 12), scene.shape[:2])[..., None]
        scene = np.clip(scene + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.35:
        _, data = cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(30, 95))])
        scene = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return scene


def _tiles(picture: Image, across: int, random: Generator) -> Image:
    """The picture cut into a grid of equal tiles, in another order."""
    step = picture.shape[0] // across
    starts = range(0, step * across, step)
    tiles = [picture[y : y + step, x : x + step] for y in starts for x in starts]
    order = random.permutation(len(tiles))
    rows = [np.hstack([tiles[i] for i in order[row : row + across]]) for row in range(0, len(tiles), across)]
    return np.ascontiguousarray(np.vstack(rows))


def _fit(picture: Image, width: int, height: int) -> Image:
    method = cv2.INTER_AREA if picture.shape[0] > height else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=method), np.uint8)
