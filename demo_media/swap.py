"""A face swap in small, the way real ones work, with the traces that real ones leave.

Landmarks are found frame by frame (they jitter), another head plays the same expression at a low resolution (the
face is softer than its surroundings, and has no camera noise), is warped onto the landmarks, matched in colour, and
blended with a soft mask (a border that differs a little from frame to frame).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.face import render_head
from demo_media.head import Head
from demo_media.landmarks import CONTOUR, Finder
from demo_media.motion import Pose
from demo_media.warp import Picture, Points, Spline, blur, sample

_SMALL = (240, 290)  # width and height of what is "generated"
_SMALL_POSE = Pose(x=120, y=136, scale=0.5)
_STEADY = 0.55  # share of the new landmarks in those that are used


def _mask(landmarks: Points, size: tuple[int, int]) -> NDArray[np.float32]:
    """The inner face: brows to chin, a little inside of the contour, soft at its border."""
    middle = landmarks[54]
    # less at the temples, where the other head's hair hangs
    inset = np.interp(np.abs(np.arange(33) - 16), (0, 10, 16), (0.87, 0.86, 0.76))[:, None]
    rim = middle + (landmarks[CONTOUR] - middle) * inset
    brows = landmarks[33:51] * (0.94, 1) + (0.06 * middle[0], -0.10 * float(np.ptp(landmarks[CONTOUR, 0])))
    hull = cv2.convexHull(np.concatenate([rim, brows]).astype(np.float32))
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.round(hull * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return np.asarray(blur(mask.astype(np.float32) / np.float32(255), 3.2), np.float32)


def _matched(face: Picture, frame: Picture, mask: NDArray[np.float32], strength: float) -> Picture:
    """The face with mean and contrast of the frame's face (Reinhard's colour transfer, in Lab)."""
    new, old = (cv2.cvtColor(picture, cv2.COLOR_RGB2LAB) for picture in (face, frame))
    inside = mask > 0.5
    mean, spread = new[inside].mean(0), new[inside].std(0)
    goal, goal_spread = old[inside].mean(0), old[inside].std(0)
    moved = (new - mean) * (goal_spread / np.maximum(spread, 1e-3)) + goal
    mixed = (new + (moved - new) * strength).astype(np.float32)
    return np.asarray(np.clip(cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB), 0, 1), np.float32)


def swap(frames: Iterable[Picture], poses: Iterable[Pose], onto: Head, finder: Finder) -> Iterator[Picture]:
    """Put the face of `onto` on the largest face of each frame, with the expression of the frame's pose."""
    steady: Points | None = None
    for frame, pose in zip(frames, poses, strict=True):
        found = finder.landmarks(frame)
        steady = found if steady is None else steady + _STEADY * (found - steady)
        played = replace(_SMALL_POSE, mouth=pose.mouth, blink=pose.blink, smile=pose.smile, brows=pose.brows)
        small, marks = render_head(onto, played, _SMALL)
        height, width = frame.shape[:2]
        skip = (96, 97, 88, 92)
        keep = [index for index in range(98) if index not in skip]
        mask = _mask(steady, (width, height))
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        top, bottom, left, right = (int(edge) for edge in (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1))
        warp = Spline.fit(steady[keep], marks[keep], stiffness=4.0)
        places = warp.grid(left, top, right - left, bottom - top)
        face = sample(np.ascontiguousarray(small[..., :3]), places, outside="edge")
        swapped = frame.copy()
        area, inner = swapped[top:bottom, left:right], mask[top:bottom, left:right]
        share = inner[..., None] * 0.97
        area[:] = area * (1 - share) + _matched(face, area, inner, 0.85) * share
        yield swapped
