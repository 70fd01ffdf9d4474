"""What is kept of a picture that stands for somebody: hashes by which it is found again, and a small one for people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.container import ClipLimits
from detectors.exhibits import jpeg
from detectors.pdq import FLAT, picture_hash
from detectors.photo import picture

LIMITS = ClipLimits(max_bytes=8_000_000, examine_s=1.0, max_pixels=16_000_000, max_frames=50)
"""What a profile's picture may cost; platforms hold them to a few hundred pixels a side."""

SHOWN_SIDE = 128
"""Long side, in pixels, of the picture that people see."""


@dataclass(frozen=True, slots=True)
class StillHashes:
    """Perceptual hashes of one picture, 32 bytes each; None of what is too plain to tell it by.

    Attributes:
        whole, mirrored: of the picture and of its mirror image.
        square: of its middle square, because platforms cut what they are given to that.
    """

    whole: bytes | None
    mirrored: bytes | None
    square: bytes | None


@dataclass(frozen=True, slots=True)
class ProfilePicture:
    """Hashes of a profile's picture, and a small JPEG of it, made here and so free of what its file may hold."""

    hashes: StillHashes
    jpeg: bytes


def profile_picture(path: Path) -> ProfilePicture:
    """Read a profile's picture.

    Raises:
        ClipUnreadable: the file is missing or no picture.
        ClipError: it is beyond :data:`LIMITS`, or holds only sound.
    """
    rgb = picture(path, LIMITS)
    return ProfilePicture(_hashes(rgb), jpeg(rgb, SHOWN_SIDE))


def photo_hashes(path: Path) -> StillHashes:
    """Hashes of a reference photo.

    Raises:
        ClipUnreadable: the file is missing or no picture.
        ClipError: it is beyond a limit, or holds only sound.
    """
    return _hashes(picture(path))


def _hashes(rgb: NDArray[np.uint8]) -> StillHashes:
    whole, square = picture_hash(rgb), picture_hash(_middle(rgb))
    told = whole.quality >= FLAT
    return StillHashes(
        whole.bits if told else None,
        whole.mirrored if told else None,
        square.bits if square.quality >= FLAT else None,
    )


def _middle(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(rgb[top : top + side, left : left + side])


__all__ = ["LIMITS", "SHOWN_SIDE", "ProfilePicture", "StillHashes", "photo_hashes", "profile_picture"]
