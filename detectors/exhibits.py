"""Small pictures for people: what a finding rests on, small enough to travel and to lie in a digest."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.contract import Exhibit, ExhibitKind
from detectors.geometry import Box
from detectors.specimen import Clip, FaceTrack, Frame

_LONG_SIDE = 360
_QUALITY = 80
_AROUND = 1.5  # sides of a crop in sides of the face: people are recognised by hair and ears, too
_CROP_SIDE = 224


def jpeg(rgb: NDArray[np.uint8], long_side: int = _LONG_SIDE) -> bytes:
    """A picture as JPEG of quality 80, long side at most 360 pixels: ten to thirty kilobytes."""
    height, width = rgb.shape[:2]
    scale = long_side / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError(f"OpenCV could not encode a picture of {width} x {height}")
    return data.tobytes()


def shares(box: Box, rgb: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """A box in pixels as shares of the picture, cut at its borders."""
    height, width = rgb.shape[:2]
    left, top = max(0.0, box[0] / width), max(0.0, box[1] / height)
    right, bottom = min(1.0, (box[0] + box[2]) / width), min(1.0, (box[1] + box[3]) / height)
    return (left, top, max(0.0, right - left), max(0.0, bottom - top))


def frame_exhibit(frame: Frame, box: Box, label: str) -> Exhibit:
    """A whole frame with a face box."""
    return Exhibit(ExhibitKind.FRAME, label, start_s=frame.time_s, box=shares(box, frame.rgb), jpeg=jpeg(frame.rgb))


def face_crop(clip: Clip, track: FaceTrack, time_s: float, label: str) -> Exhibit:
    """The face of a track as it is seen nearest to a time, with some of what is around it."""
    sighting = min(track.sightings, key=lambda one: abs(one.time_s - time_s))
    return Exhibit(
        ExhibitKind.CROP,
        f"{label}, at {sighting.time_s:.1f} s",
        start_s=sighting.time_s,
        jpeg=face_cutout(clip.frames[sighting.frame].rgb, sighting.box),
    )


def face_cutout(rgb: NDArray[np.uint8], box: Box) -> bytes:
    """A face with some of what is around it, as JPEG with a long side of at most 224 pixels."""
    x, y, width, height = box
    side = _AROUND * max(width, height)
    left, top = x + (width - side) / 2, y + (height - side) / 2
    part = rgb[max(0, int(top)) : max(1, int(top + side)), max(0, int(left)) : max(1, int(left + side))]
    return jpeg(np.ascontiguousarray(part) if part.size else rgb, _CROP_SIDE)


def sharpness(rgb: NDArray[np.uint8], box: Box) -> float:
    """Variance of the Laplacian of the face at 64 pixels: higher is sharper, whatever the size of the face."""
    height, width = rgb.shape[:2]
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    part = rgb[top : min(height, int(box[1] + box[3])), left : min(width, int(box[0] + box[2]))]
    if not part.size:
        return 0.0
    gray = cv2.cvtColor(cv2.resize(part, (64, 64), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(gray, cv2.CV_64F).var())
