"""What is kept of the pictures while a clip streams by: brightness of every frame, colours of a few."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from detectors.specimen import Frame

MAX_FRAMES = 96
"""Sampled colour frames in a clip. At 960 x 540 they take 149 MB, at 960 x 960 265 MB."""

LONG_SIDE = 960
"""Longest side of a sampled frame; larger ones are shrunk while they are converted."""

LUMA_WIDTH, LUMA_HEIGHT = 64, 36


def quarter_turns(frame: VideoFrame) -> int:
    """How often to turn the picture left by 90 degrees so that it stands upright, 0 to 3.

    The display matrix of a phone's recording says how it was held; other angles than quarters are left alone.
    """
    return round(frame.rotation / 90) % 4


class Converter:
    """Converts frames of one clip; the scaler's tables are made once, which costs more than using them."""

    def __init__(self) -> None:
        self._to_rgb = VideoReformatter()
        self._to_gray = VideoReformatter()

    def brightness(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """Brightness of one frame at its full size, uint8 [height, width], as it is stored; not to be written to.

        The first plane of a planar YUV picture is read in place: converting every frame would cost
        as much as decoding it.
        """
        form = frame.format
        planar = form.is_planar or form.name.startswith("gray")
        if planar and not form.is_rgb and form.components[0].bits == 8:
            plane = frame.planes[0]
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
            return np.asarray(rows[: frame.height, : frame.width])
        gray = self._to_gray.reformat(frame, format="gray", threads=1).to_ndarray()
        return np.asarray(gray, np.uint8)

    def colours(self, frame: VideoFrame, turns: int, long_side: int = LONG_SIDE) -> NDArray[np.uint8]:
        """One frame as uint8 RGB [height, width, 3], upright, long side at most `long_side` pixels."""
        scale = min(1.0, long_side / max(frame.width, frame.height))
        width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        how = "AREA" if scale < 1 else "BILINEAR"
        rgb = self._to_rgb.reformat(frame, width, height, "rgb24", interpolation=how, threads=1).to_ndarray()
        return np.ascontiguousarray(np.rot90(rgb, turns) if turns else rgb, np.uint8)


def low_luma(brightness: NDArray[np.uint8], turns: int) -> NDArray[np.uint8]:
    """Brightness area-averaged to uint8 [36, 64], upright after so many quarter turns."""
    size = (LUMA_HEIGHT, LUMA_WIDTH) if turns % 2 else (LUMA_WIDTH, LUMA_HEIGHT)
    small = np.asarray(cv2.resize(brightness, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(np.rot90(small, turns)) if turns else small


class FrameSampler:
    """Keeps at most `limit` pictures, evenly spread, of a stream whose length need not be known.

    Pictures are taken a fixed time apart. When the store is full, every second one is dropped and the
    distance doubles (adaptive thinning), so that memory stays bounded and the rest stays even.

    Args:
        expected_s: length of the stream where the index of the file is known to tell it, else None. It only
            saves conversions: with it the first distance is already the last one.
        limit: how many pictures are kept.
    """

    def __init__(self, expected_s: float | None, limit: int = MAX_FRAMES) -> None:
        self._limit = limit
        self._distance_s = expected_s / limit if expected_s else 0.0
        self._due_s = float("-inf")
        self._kept: list[Frame] = []

    def wants(self, time_s: float) -> bool:
        """Whether the frame at this time should be converted and given to :meth:`take`."""
        return time_s >= self._due_s - 1e-6

    def take(self, time_s: float, rgb: NDArray[np.uint8]) -> None:
        """Keep a picture that was wanted, thinning out when there are too many."""
        self._kept.append(Frame(time_s, rgb))
        # A grid, not "last one plus distance": at 30 frames a second a distance of 0.1 s must not become 0.133 s.
        steps_ahead = time_s - self._due_s < self._distance_s
        self._due_s = (self._due_s if steps_ahead else time_s) + self._distance_s
        if len(self._kept) > self._limit:
            span = self._kept[-1].time_s - self._kept[0].time_s
            self._kept = self._kept[::2]
            self._distance_s = max(2 * self._distance_s, 2 * span / self._limit)
            self._due_s = self._kept[-1].time_s + self._distance_s

    def frames(self) -> tuple[Frame, ...]:
        """What was kept, in order of time."""
        return tuple(self._kept)
