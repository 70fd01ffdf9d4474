"""Whether the frames around a glitch come smoothly, so that it is the exception and not the nature of the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detectors.dips import dips
from detectors.frame_changes import NOISE, FrameChanges, runs
from detectors.holds import Hold

NEAR_S = 10.0
"""Seconds on each side that are looked at."""

_APART_S = 0.2  # this next to the glitch is not
_STANDS_OUT = 1.3  # powers of two by which a dip is no chance: 2.5 times
_SHARP = 6.0  # holds less sharp may be a person's pauses
_LUMPY = 0.25  # share of the motion around that may go by jumps and repeats
_STANDS_S = 0.4  # a picture that stands so long
_SLIDES = 0.08  # ... for this share of the time around makes slides
_AS_MUCH = 0.4  # motion around that counts, as a share of the glitch's own
_LEAST_FRAMES = 8  # of such motion


class Cadence:
    """Which changes of a clip go by jumps and repeats.

    Attributes:
        holds: the clip's holds, as given.
        repeats: bool [n], whether the second frame repeats the first.
    """

    def __init__(self, changes: FrameChanges, held: list[Hold]) -> None:
        self._changes = changes
        self.holds = held
        self.repeats: NDArray[np.bool_] = np.zeros(len(changes), bool)
        self._lumpy: NDArray[np.bool_] = np.zeros(len(changes), bool)
        lumps = [(one.first, one.last) for one in dips(changes) if one.bits >= _STANDS_OUT]
        lumps += [(one.frame, one.end - 1) for one in held if one.sharpness >= _SHARP]
        for first, last in lumps:
            self.repeats[first:last] = True
            self._lumpy[first - 1 : last + 1] = True
        self._lumps = lumps
        self._stands = _long_runs(changes.change < NOISE, round(_STANDS_S / max(changes.step_s, 1e-3)))
        kernel = np.ones(5) / 5
        self._motion = np.convolve(changes.change, kernel, "same")

    def smooth(self, first: int, last: int, most: float = _LUMPY) -> bool:
        """Whether the picture moves smoothly around the frames `first` to `last`, where it moves as much as there.

        `most` is the share of that motion that may go by jumps and repeats.
        """
        around = self._around(first, last)
        edges = self._motion[max(0, first - 3) : last + 3]
        as_much = around & (self._motion >= _AS_MUCH * float(np.median(edges)))
        if int(as_much.sum()) < _LEAST_FRAMES:
            as_much = around
        if not as_much.any():
            return True
        return float(self._lumpy[as_much].mean()) < most

    def usual_repeats(self, first: int, last: int) -> float:
        """How often other frames than `first` to `last` are repeated at once in nine of ten cases; 0 if none is."""
        others = [end - start for start, end in self._lumps if end <= first or start >= last]
        return float(np.quantile(others, 0.9)) if others else 0.0

    def stands(self, first: int, last: int) -> bool:
        """Whether the picture stands every now and then around the frames `first` to `last`, as slides do."""
        around = self._around(first, last)
        return bool(around.any()) and float(self._stands[around].mean()) > _SLIDES

    def _around(self, first: int, last: int) -> NDArray[np.bool_]:
        """bool [n]: the changes around, without those next to the frames."""
        times = self._changes.times_s
        at = times[1:]
        away = np.maximum(times[first] - at, at - times[min(last, len(times) - 1)])
        return np.asarray((away > _APART_S) & (away <= NEAR_S))


def _long_runs(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """The mask without its runs that are shorter than `least`."""
    kept = np.zeros(len(mask), bool)
    for start, end in runs(mask):
        kept[start:end] = end - start >= least
    return kept


__all__ = ["NEAR_S", "Cadence"]
