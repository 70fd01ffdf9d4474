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


def _captioned(rgb: Picture) -> Picture:
    """A band of writing over the lower part, well inside the picture."""
    out = rgb.copy()
    height, width = out.shape[:2]
    top, bottom = round(height * 0.70), round(height * 0.84)
    out[top:bottom] = (20, 20, 20)
    cv2.putText(
        out, "YOU WILL NOT BELIEVE", (width // 20, bottom - height // 25), cv2.FONT_HERSHEY_SIMPLEX, width / 420,
        (250, 250, 250), 2,
    )  # fmt: skip
    return out


def _framed(rgb: Picture) -> Picture:
    """The picture in the middle of one twice as wide and high that is not black, as reaction clips show it."""
    height, width = rgb.shape[:2]
    out = np.full((height * 2, width * 2, 3), (120, 40, 60), np.uint8)
    out[height // 2 : height // 2 + height, width // 2 : width // 2 + width] = rgb
    return out


TRANSFORMATIONS: Mapping[str, Callable[[Picture], Picture]] = {
    "reencoded": lambda rgb: rgb,
    "half": _half,
    "logo": _logo,
    "mirrored": lambda rgb: np.ascontiguousarray(rgb[:, ::-1]),
    "cropped_10_percent_of_each_side_length": _cropped(0.1),
    "cropped_10_percent_of_the_area": _cropped(1 - 0.9**0.5),
}
"""By name; all of them are encoded at a low quality afterwards."""

HARDER: Mapping[str, Callable[[Picture], Picture]] = {
    "cropped_20_percent_of_each_side_length": _cropped(0.2),
    "captioned": _captioned,
    "framed": _framed,
}
"""What nothing was chosen for, to show where finding ends."""
