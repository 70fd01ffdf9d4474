"""What the detector is told of a scene: which cells answer for which face, and which are not asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRIDES = (8, 16, 32)

SIZES = ((0.0, 56.0), (40.0, 128.0), (96.0, 1e9))
"""Longer side of the box, in pixels, that each stride answers for; neighbours overlap."""

FACE, IGNORED, NOTHING = 1.0, -1.0, 0.0
"""First column of a target."""

Targets = NDArray[np.float32]
"""float32 [cells, 15]: FACE, IGNORED or NOTHING, the box as corners, five points (x, y), in pixels."""


def targets(faces: NDArray[np.float32], sure: NDArray[np.bool_], side: int) -> Targets:
    """Give each cell of a square scene its face.

    A cell answers for a sure face of its stride's size whose centre is within 1.5 strides or an eighth of the longer
    side, the smallest if several. Cells near by and cells of another stride over the middle of a face are not asked,
    as a high score would be right there, too; nor is any cell over a face that is not sure.

    Args:
        faces: float32 [n, 14 or more]: x, y, width, height, five points.
        sure: bool [n]: a face that must be found; others may be found or not.
        side: of the scene, a multiple of 32.
    """
    order = np.argsort(-faces[:, 2] * faces[:, 3], kind="stable")
    faces, sure = faces[order], sure[order]
    return np.concatenate([_of_stride(faces, sure, side, place) for place in range(len(STRIDES))])


def _of_stride(faces: NDArray[np.float32], sure: NDArray[np.bool_], side: int, place: int) -> Targets:
    stride = STRIDES[place]
    least, most = SIZES[place]
    axis = (np.arange(side // stride, dtype=np.float32) + 0.5) * stride
    y, x = (grid.reshape(-1) for grid in np.meshgrid(axis, axis, indexing="ij"))
    told = np.zeros((x.size, 15), np.float32)
    if not len(faces):
        return told
    left, top, width, height = faces[:, :4].T
    longer = np.maximum(width, height)
    away = np.maximum(abs(x[:, None] - (left + width / 2)), abs(y[:, None] - (top + height / 2)))  # [cells, faces]
    inside = (x[:, None] > left) & (x[:, None] < left + width) & (y[:, None] > top) & (y[:, None] < top + height)
    mine = sure & (longer >= least) & (longer <= most)
    owned = inside & mine & (away < np.maximum(1.5 * stride, 0.12 * longer))
    unasked = inside & np.where(sure, away < np.where(mine, longer / 4, longer / 3), True)
    # sorted by size, so the last owner is the smallest
    owner = np.where(owned.any(1), owned.shape[1] - 1 - owned[:, ::-1].argmax(1), -1)
    told[unasked.any(1), 0] = IGNORED
    cells = np.flatnonzero(owner >= 0)
    chosen = faces[owner[cells]]
    told[cells, 0] = FACE
    told[cells, 1:5] = np.c_[chosen[:, :2], chosen[:, :2] + chosen[:, 2:4]]
    told[cells, 5:15] = chosen[:, 4:14]
    return told
