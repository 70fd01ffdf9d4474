"""Pictures that the identity model learns from: faces as they are cut, mixtures, what video leaves of them.

A teacher answers on any picture, so mixtures of two faces are as good a question as a photograph (function matching,
Beyer et al. 2022): they make unlimited people out of a few thousand.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.data import Image
from training.identity_faces import CANVAS, MARGIN


def mixture(first: Image, second: Image, random: Generator) -> Image:
    """A face between two: by shares everywhere, or with a soft border between the parts of one and of the other."""
    one, two = (_stretched(face, random).astype(np.float32) for face in (first, second))
    if random.random() < 0.5:
        share: NDArray[np.float32] | float = float(random.uniform(0.25, 0.75))
    else:
        y, x = np.mgrid[0:CANVAS, 0:CANVAS].astype(np.float32) / CANVAS - 0.5
        angle, place = random.uniform(0, 2 * np.pi), random.uniform(-0.15, 0.15)
        along = x * np.cos(angle) + y * np.sin(angle) - place
        share = (1 / (1 + np.exp(-along / random.uniform(0.03, 0.15))))[..., None].astype(np.float32)
    return np.asarray(np.clip(share * one + (1 - share) * two, 0, 255), np.uint8)


def _stretched(face: Image, random: Generator) -> Image:
    """Make the face a little wider or narrower, darker or lighter, mirrored or not: another person."""
    if random.random() < 0.5:
        face = face[:, ::-1]
    middle = CANVAS / 2
    wide, high = random.uniform(0.88, 1.12, 2)
    matrix = np.array([[wide, 0, middle * (1 - wide)], [0, high, middle * (1 - high)]], np.float64)
    out = cv2.warpAffine(np.ascontiguousarray(face), matrix, (CANVAS, CANVAS), borderMode=cv2.BORDER_REPLICATE)
    values = out * random.uniform(0.9, 1.1, 3) + random.uniform(-15, 15)
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def placed(face: Image, random: Generator) -> Image:
    """A canvas to the face as the product would cut it: a little misplaced, turned and scaled."""
    turn = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), random.normal(0, 3), random.uniform(0.95, 1.05))
    move = np.array([[0, 0, random.normal(0, 1.5) - MARGIN], [0, 0, random.normal(0, 1.5) - MARGIN]])
    matrix = np.asarray(turn, np.float64) + move
    return np.asarray(cv2.warpAffine(face, matrix, (112, 112), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def worn(face: Image, random: Generator) -> Image:
    """What a video would leave of a face: small, blurred, compressed, dim, half hidden; every third one is left alone.

    A model that saw hardly any clean face lost more on clean ones than it gained on others.
    """
    out: NDArray[Any] = face
    if random.random() < 1 / 3:
        return face
    if random.random() < 0.3:
        out = np.clip(out * random.uniform(0.7, 1.25, 3) + random.uniform(-25, 25), 0, 255).astype(np.uint8)
    if random.random() < 0.1:
        out = np.repeat(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    small = random.random() < 0.4
    if small:
        scale = random.uniform(0.22, 0.8)
        out = cv2.resize(out, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    pick = random.random()
    if pick < 0.15:
        out = cv2.GaussianBlur(out, (0, 0), random.uniform(0.4, 1.6) * out.shape[0] / 112)
    elif pick < 0.22:
        length = int(random.integers(2, 7))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, (0, int(random.integers(0, length))), (length - 1, int(random.integers(0, length))), 1.0)
        out = cv2.filter2D(out, -1, kernel / kernel.sum())
    elif pick < 0.3:
        noise = random.normal(0, random.uniform(2, 10), out.shape)
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        _, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 90))])
        out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    if small:
        out = cv2.resize(out, (112, 112), interpolation=cv2.INTER_LINEAR)
    if random.random() < 0.08:
        x, y = random.integers(0, 90, 2)
        width, height = random.integers(12, 40, 2)
        out = np.ascontiguousarray(out)
        out[y : y + height, x : x + width] = random.integers(0, 256, 3)
    return np.asarray(out, np.uint8)
