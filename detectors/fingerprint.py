"""The fingerprint of a clip: perceptual hashes of a few key frames, by which copies of it are found later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detectors.pdq import FLAT, picture_hash
from detectors.specimen import Clip, FaceTrack, Frame, FrameHash

MOST = 12
"""Key frames of a clip; evenly spread ones do, since a copy shows most of the same moments."""

BORDERS = (0.025, 0.05, 0.12)
"""Shares of each side that are left out for the inner hashes.

A hash bears about one hundredth, so that the first two and the whole find copies that lost up to six hundredths on
every side. The last leaves out where logos and captions are put; it was chosen on the 34 clips of the data folder,
where it brought strangers no nearer than 72.
"""

AROUND = 1.3
"""Size of the region around a face that is hashed, in widths and heights of its box."""

_BLACK = 20
"""Brightest value of a border that was put around the picture to fit a format."""

_LEAST_BAR = 0.08
"""Share of the side from which two opposite dark borders count as bars: thinner ones are part of many films, and a copy
may or may not have lost them."""


def fingerprint(clip: Clip, tracks: tuple[FaceTrack, ...] = ()) -> tuple[FrameHash, ...]:
    """Hash key frames that are not flat; borders without a picture are cut off first."""
    if not clip.frames:
        return ()
    places = np.unique(np.linspace(0, len(clip.frames) - 1, MOST).round().astype(int))
    hashes = (_hashed(int(place), clip.frames[int(place)], tracks) for place in places)
    return tuple(one for one in hashes if one.quality >= FLAT)


def _hashed(place: int, frame: Frame, tracks: tuple[FaceTrack, ...]) -> FrameHash:
    picture = _without_bars(frame.rgb)
    whole = picture_hash(picture)
    inner = [_without_border(picture, share) for share in BORDERS]
    if picture.shape != frame.rgb.shape:
        # what was cropped or got a logo may show too little of its bars, or no black ones, to be told by
        inner += [frame.rgb, *(_without_border(frame.rgb, share) for share in BORDERS)]
    return FrameHash(
        time_s=frame.time_s,
        pdq=whole.bits,
        quality=whole.quality,
        mirrored=whole.mirrored,
        inner=tuple(picture_hash(one).bits for one in inner),
        face=_face(place, frame, tracks),
    )


def _without_border(rgb: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    top, left = round(height * share), round(width * share)
    return np.ascontiguousarray(rgb[top : height - top, left : width - left])


def _without_bars(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture without black bars above and below or at both sides."""
    top, bottom = _bars(rgb.max(axis=(1, 2)))
    left, right = _bars(rgb.max(axis=(0, 2)))
    return np.ascontiguousarray(rgb[top : len(rgb) - bottom, left : rgb.shape[1] - right])


def _bars(brightest: NDArray[np.uint8]) -> tuple[int, int]:
    """Widths of two opposite bars, by the brightest value of each line; zeros where one is missing, or all is black."""
    bright = np.flatnonzero(brightest > _BLACK)
    if not len(bright):
        return 0, 0
    first, last = int(bright[0]), len(brightest) - 1 - int(bright[-1])
    return (first, last) if min(first, last) >= _LEAST_BAR * len(brightest) else (0, 0)


def _face(place: int, frame: Frame, tracks: tuple[FaceTrack, ...]) -> bytes | None:
    """Hash of the largest face of this frame; None without one, or where it is too small to tell."""
    boxes = [one.box for track in tracks for one in track.sightings if one.frame == place]
    if not boxes:
        return None
    x, y, width, height = max(boxes, key=lambda box: box[2] * box[3])
    if min(width, height) < 32:
        return None
    middle_x, middle_y = x + width / 2, y + height / 2
    left, right = (round(middle_x + side * width * AROUND / 2) for side in (-1, 1))
    top, bottom = (round(middle_y + side * height * AROUND / 2) for side in (-1, 1))
    region = frame.rgb[max(0, top) : bottom, max(0, left) : right]
    return picture_hash(np.ascontiguousarray(region)).bits if min(region.shape[:2]) >= 16 else None
