"""What is new in each frame of a stream against the one before: how much of it, and how far it moved.

The averages of the low-resolution pictures cannot tell a repeated frame from one in which next to nothing moves, nor
far motion of little contrast from little motion of much.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.specimen import Steps

BLOCK = 8
"""Side in pixels of what encoders copy or write anew."""

LONG_SIDE = 320
"""Of the pictures in which motion is followed: at a quarter of it, the mouth of a talking head is lost."""

FASTEST = 0.99
"""Share of the picture that moves less far than what is told: a mouth is a hundredth of a talking head's picture."""

_SPARSE = 2  # every which pixel, across and down, has a say in that share


class StepReader:
    """Compares each frame of one clip with the one before; keeps no more than two."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._before: NDArray[np.uint8] | None = None
        self._small_before: NDArray[np.uint8] | None = None
        self._touched: list[float] = []
        self._moved: list[float] = []

    def take(self, brightness: NDArray[np.uint8]) -> None:
        """Compare the next frame, uint8 [height, width] at full size, which is copied."""
        before, small_before = self._before, self._small_before
        scale = min(1.0, LONG_SIDE / max(brightness.shape))
        small = cv2.resize(brightness, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self._before, self._small_before = brightness.copy(), np.asarray(small, np.uint8)
        if before is None or small_before is None or before.shape != brightness.shape:
            self._touched.append(1.0)
            self._moved.append(0.0)
            return
        self._touched.append(_touched(before, brightness))
        self._moved.append(self._distance(small_before, self._small_before) if self._touched[-1] else 0.0)

    def steps(self) -> Steps:
        """What the frames so far brought."""
        return Steps(np.array(self._touched, np.float32), np.array(self._moved, np.float32))

    def _distance(self, before: NDArray[np.uint8], now: NDArray[np.uint8]) -> float:
        if min(now.shape) < 2 * BLOCK:  # too small a picture for the patches of the flow
            return float(cv2.absdiff(before, now).mean())
        field = self._flow.calc(before, now, np.zeros((*now.shape, 2), np.float32))[::_SPARSE, ::_SPARSE]
        across, down = (np.ascontiguousarray(field[..., axis]) for axis in (0, 1))
        far = np.asarray(cv2.magnitude(across, down), np.float32).ravel()
        place = int(FASTEST * (len(far) - 1))
        return float(np.partition(far, place)[place])


def _touched(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> float:
    """The share of blocks of 8 x 8 pixels with any pixel that differs.

    An encoder that meets a repeated frame copies its blocks, bit for bit; of anything that was filmed it writes some
    blocks anew, however little moves.
    """
    height, width = (side // BLOCK * BLOCK for side in now.shape)
    if not height or not width:
        return float(np.any(before != now))
    differs = cv2.absdiff(now[:height, :width], before[:height, :width])
    marked = cv2.threshold(differs, 0, 255, cv2.THRESH_BINARY)[1]
    # one of 64 pixels still makes 4 gray levels
    blocks = cv2.resize(marked, (width // BLOCK, height // BLOCK), interpolation=cv2.INTER_AREA)
    return cv2.countNonZero(blocks) / blocks.size


__all__ = ["LONG_SIDE", "StepReader"]
