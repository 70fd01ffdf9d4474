"""How far a fault of the benchmark of glitches is to be seen: what is shown beside what was due at that moment.

A fault in a passage where nothing moves changes nothing on the screen: no eye finds it, and no detector. How many of
the faults are such is told beside the share that was found, never in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks._glitch_film import LONG_SIDE, Picture

VISIBLE_PX = 1.0
"""Displacement in pixels of the films from which on a fault counts as visible: on a phone at arm's length, about the
least distance that an eye tells apart. It was set before the measured half was looked at. What is measured is up to
half a pixel too much, and faults just above are hard to see, so that rather too many count as visible."""

_LONG_SIDE = 320  # pixels of the pictures that are compared: half the films' size, for a quarter of the time
_AREA = 0.99  # the displacement that all but a hundredth of the picture stays below: a mouth in a talking head


def off_px(pictures: Sequence[Picture], way: str, start: int, frames: int) -> float:
    """How far the picture shown lies from the one that was due, at the fault's worst moment, in pixels of the films.

    Args:
        pictures: the excerpt before anything was done to it.
        way: the fault's, a key of those that :mod:`benchmarks._glitch_clips` makes.
        start: the picture before the fault.
        frames: how many frames the fault has.
    """
    pairs = [pair for pair in _shown_and_due(way, start, frames) if max(pair) < len(pictures)]
    small = {index: _small(pictures[index]) for pair in pairs for index in pair}
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return max((_displaced(flow, small[shown], small[due]) for shown, due in pairs), default=0.0)


def _shown_and_due(way: str, start: int, frames: int) -> Iterator[tuple[int, int]]:
    """For each moment of a fault the picture that it shows and the one that belongs there."""
    if way == "closed up":
        yield start + 1 + frames, start + 1
    elif way == "uneven times":
        yield from ((index - 1, index) for index in range(start, start + frames))
    elif way in ("every second", "every third"):
        step = 2 if way == "every second" else 3
        yield from ((start + index // step * step, start + index) for index in range(frames) if index % step)
    else:
        yield from ((start, start + index) for index in range(1, frames + 1))


def _small(picture: Picture) -> Picture:
    scale = _LONG_SIDE / max(picture.shape[:2])
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _displaced(flow: cv2.DISOpticalFlow, shown: Picture, due: Picture) -> float:
    if np.array_equal(shown, due):
        return 0.0
    unmoved: NDArray[np.float32] = np.zeros((*shown.shape, 2), np.float32)
    field = flow.calc(shown, due, unmoved)
    return float(np.quantile(np.hypot(field[..., 0], field[..., 1]), _AREA)) * LONG_SIDE / _LONG_SIDE
