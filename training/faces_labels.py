"""What the teacher says of one picture when it is asked several times: its answers vary with size and mirror.

Between two sizes of one picture YuNet's own points differ by a tenth of the eye distance, and one face in a hundred
comes or goes. The mean over sizes and mirror images is a calmer teacher, and the ruler for landmarks in the benchmark.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import overlaps
from training.data import Image
from training.teachers import YuNet

LONG_SIDES = (0, 320, 512)
"""Long sides at which a picture is shown, mirrored and not; 0 is its own size."""

LEAST_OVERLAP = 0.45
"""Answers that overlap more are about one face."""

MIRRORED = (1, 0, 2, 4, 3)
"""Order of the five points in a mirror image: eyes and corners of the mouth change sides."""

Faces = NDArray[np.float32]
"""float32 [n, 16]: x, y, width, height, five points (x, y), mean score over all looks, highest score of any look."""


def consensus(teacher: YuNet, rgb: Image) -> Faces:
    """Ask the teacher at each size, mirrored and not, and average what it says of each face.

    Args:
        teacher: with a low threshold (0.2), so that a look in which it is unsure still counts.
        rgb: the picture.

    Returns:
        Faces in pixels of the picture, highest mean score first; a look that misses a face counts as score 0.
    """
    looks = [look for side in LONG_SIDES for look in _looks(teacher, rgb, side)]
    found = np.concatenate([np.c_[look, np.full(len(look), place)] for place, look in enumerate(looks)])
    found = found[np.argsort(-found[:, 14], kind="stable")]
    faces = []
    while len(found):
        same = overlaps(found[:1, :4], found[:, :4])[0] >= LEAST_OVERLAP
        same[0] = True  # a box without area overlaps nothing, not even itself
        members = found[same]
        _, first = np.unique(members[:, 15], return_index=True)  # the best answer of each look
        best = members[first]
        weights = best[:, 14:15] / best[:, 14].sum()
        faces.append(np.r_[(best[:, :14] * weights).sum(0), best[:, 14].sum() / len(looks), best[:, 14].max()])
        found = found[~same]
    told = np.asarray(faces, np.float32).reshape(-1, 16)
    return told[np.argsort(-told[:, 14], kind="stable")]


def mirror(faces: Faces, width: float) -> Faces:
    """The faces of a picture's mirror image; columns from the fifteenth on are kept."""
    turned = faces.copy()
    turned[:, 0] = width - faces[:, 0] - faces[:, 2]
    points = faces[:, 4:14].reshape(-1, 5, 2)[:, MIRRORED].copy()
    points[..., 0] = width - points[..., 0]
    turned[:, 4:14] = points.reshape(-1, 10)
    return turned


def pairs(known: Faces, seen: Faces, least: float) -> NDArray[np.int64]:
    """For each known face the seen one that overlaps it by `least` or more, or -1: closest first, each once."""
    fits = overlaps(known[:, :4], seen[:, :4])
    partner = np.full(len(known), -1)
    while fits.size and fits.max() >= least:
        row, column = np.unravel_index(fits.argmax(), fits.shape)
        partner[row] = column
        fits[row], fits[:, column] = -1, -1
    return partner


def _looks(teacher: YuNet, rgb: Image, long_side: int) -> list[Faces]:
    scale = long_side / max(rgb.shape[:2]) if long_side else 1.0
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    seen = np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=method), np.uint8) if long_side else rgb
    told = teacher(seen), mirror(teacher(np.ascontiguousarray(seen[:, ::-1])), seen.shape[1])
    for faces in told:
        faces[:, :14] /= scale
    return list(told)
