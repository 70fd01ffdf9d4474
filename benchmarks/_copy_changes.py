"""What people do to a picture before they post it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""uint8 [height, width, 3], RGB."""


def _half(rgb: Picture) -> Picture:
    height, width = rgb.shape[:2]
    return np.asarray(cv2.resize(rgb, (width // 4 * 2, height // 4 * 2), interpolation=cv2.INTER_AREA), np.uint8)


def _logo(rgb: Picture) -> Picture:
    out = rgb.copy()
    height, width = out.shape[:2]
    box = (slice(height // 30, height // 30 + height // 12), slice(width - width // 6, width - width // 30))
    out[box] = (240, 240, 240)
    cv2.putText(
        out, "LIVE", (width - width // 6, height // 10), cv2.FONT_HERSHEY_SIMPLEX, width / 900, (200, 20, 20), 2
    )
    return out


def _cropped(share: float) -> Callable[[Picture], Picture]:
    """Leave out this share of the width and of the height, in equal parts on both sides."""

    def crop(rgb: Picture) -> Picture:
        height, width = rgb.shape[:2]
        top, left = round(height * share / 2), round(width * share / 2)
        return np.ascontiguousarray(rgb[top : height - top, left : width - left])

    return crop


TRANSFORMATIONS: Mapping[str, Callable[[Picture], Picture]] = {
    "reencoded": lambda rgb: rgb,
    "half": _half,
    "logo": _logo,
    "mirrored": lambda rgb: np.ascontiguousarray(rgb[:, ::-1]),
    "cropped_10_percent_of_each_side_length": _cropped(0.1),
    "cropped_10_percent_of_the_area": _cropped(1 - 0.9**0.5),
}
"""By name; all of them are encoded at a low quality afterwards."""
