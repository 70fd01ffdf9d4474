"""A textured head that sways in front of a textured wall, as brightness at the timing pass's size."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures import LUMA_HEIGHT, LUMA_WIDTH
from detectors.specimen import Clip

Luma = NDArray[np.uint8]


def head(count: int, rate: float = 30.0, seed: int = 1) -> list[Luma]:
    """So many frames of the scene, uint8 [36, 64] each; an odd and an even seed are different rooms and people."""
    rng = np.random.default_rng(seed)
    spans = ((40, 110), (90, 220)) if seed % 2 else ((150, 230), (50, 180))
    wall, face = (_texture(rng, (LUMA_HEIGHT, LUMA_WIDTH), *span) for span in spans)
    mask = np.zeros((LUMA_HEIGHT, LUMA_WIDTH), np.float32)
    cv2.ellipse(mask, (32, 20), (9, 12), 0, 0, 360, 1.0, -1)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.0), np.float32)
    frames = []
    for index in range(count):
        time = index / rate
        by = np.array([[1, 0, 6 * np.sin(2.1 * time + seed)], [0, 1, 3 * np.sin(1.3 * time)]], np.float32)
        size = (LUMA_WIDTH, LUMA_HEIGHT)
        share = np.asarray(cv2.warpAffine(mask, by, size))
        moved = np.asarray(cv2.warpAffine(face, by, size, borderMode=cv2.BORDER_REFLECT))
        frames.append(np.asarray(np.rint(wall * (1 - share) + moved * share), np.uint8))
    return frames


def clip(luma: Sequence[Luma], rate: float = 30.0, times_s: Sequence[float] | None = None) -> Clip:
    """Those frames as a decoded clip, at a constant rate or at the times given."""
    times = np.arange(len(luma)) / rate if times_s is None else np.array(times_s, np.float64)
    return Clip(
        duration_s=float(times[-1] + 1 / rate),
        declared_s=None,
        truncated=False,
        width=640,
        height=360,
        times_s=times,
        luma=np.stack(luma),
        frames=(),
        audio=None,
    )


def _texture(rng: np.random.Generator, shape: tuple[int, int], low: float, high: float) -> NDArray[np.float32]:
    rough = cv2.GaussianBlur(rng.random(shape).astype(np.float32), (0, 0), 2.0)
    span = rough - rough.min()
    return np.asarray(low + (high - low) * span / span.max(), np.float32)
