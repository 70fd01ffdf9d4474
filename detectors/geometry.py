"""Where on a picture the detectors look: one definition for training, examination and pictures of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""

SQUARE = 160
INNER = 152
SIDE = 112


def forgery_region(box: Box) -> Box:
    """Widen a face box to the region that the forgery model sees.

    1.11 of the width and 0.917 of the height, centred 0.045 of the height below the box's centre: the
    tight cut of the training collections, expressed in boxes of the face detector.
    """
    x, y, width, height = box
    wide, high = 1.11 * width, 0.917 * height
    return (x + width / 2 - wide / 2, y + height / 2 + 0.045 * height - high / 2, wide, high)


def cut(rgb: NDArray[np.uint8], region: Box, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Stretch a region to `size` = (height, width); what lies outside the picture repeats its border."""
    x, y, width, height = region
    down, across = size[0] / height, size[1] / width
    matrix = np.array([[across, 0, -x * across], [0, down, -y * down]], np.float64)
    warped = cv2.warpAffine(
        rgb,
        matrix,
        (size[1], size[0]),
        flags=cv2.INTER_AREA if width > size[1] else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, np.uint8)


def forgery_square(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The region as uint8 [160, 160, 3], before the inner part is taken."""
    return region_square(rgb, forgery_region(box), (SQUARE, SQUARE))


def region_square(rgb: NDArray[np.uint8], region: Box, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Stretch a region of any extent to uint8 [height, width, 3], with `size` = (height, width)."""
    # A warp has no area filter: large faces are shrunk first, so that fine texture is averaged, not skipped.
    x, y, width, height = region
    side = max(size)
    shrink = 2 * side / max(width, height)
    if shrink < 1:
        left, top = max(0, int(x)), max(0, int(y))
        right, bottom = int(np.ceil(x + width)), int(np.ceil(y + height))
        part = rgb[top:bottom, left:right]
        if part.size:
            small = cv2.resize(part, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
            region = ((x - left) * shrink, (y - top) * shrink, width * shrink, height * shrink)
            return cut(np.asarray(small, np.uint8), region, size)
    return cut(rgb, region, size)


def inner(square: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inner 152 pixels of a 160 px square, resized to uint8 [112, 112, 3]."""
    margin = (SQUARE - INNER) // 2
    part = square[margin : margin + INNER, margin : margin + INNER]
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def forgery_crop(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """What the forgery model is shown of a face: uint8 [112, 112, 3] RGB.

    Args:
        rgb: the picture, uint8 [height, width, 3].
        box: the face, as x, y, width, height in pixels of the picture.

    Raises:
        ValueError: the box has no area.
    """
    if box[2] <= 0 or box[3] <= 0:
        raise ValueError(f"a face box needs a positive width and height, not {box[2]:g} x {box[3]:g}")
    return inner(forgery_square(rgb, box))


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    common = _common(first, second)
    return common / (first[2] * first[3] + second[2] * second[3] - common)


def overlaps(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of many boxes.

    Args:
        first, second: float32 [n, 4] and [m, 4], x, y, width, height.

    Returns:
        float32 [n, m], 0 to 1; a box without area overlaps nothing, not even itself.
    """
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    far = np.minimum(first[:, None, :2] + first[:, None, 2:4], second[None, :, :2] + second[None, :, 2:4])
    common = np.clip(far - corner, 0, None).prod(2)
    areas = first[:, 2:4].prod(1)[:, None] + second[:, 2:4].prod(1)[None] - common
    return np.asarray(common / np.maximum(areas, 1e-6), np.float32)


def inside(box: Box, other: Box) -> float:
    """Share of a box's area that lies in another, 0 to 1."""
    return _common(box, other) / (box[2] * box[3])


def _common(first: Box, second: Box) -> float:
    """Area that two boxes share, in square pixels."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    return max(0.0, width) * max(0.0, height)
