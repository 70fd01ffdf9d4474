"""Dips: one to three changes from frame to frame far below those beside them, as repeated frames leave them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detectors.frame_changes import NOISE, FrameChanges

_REPEATS = 3  # most repeats between two jumps
_CONTRAST = 1.5  # how far the changes beside a dip stand out


@dataclass(frozen=True, slots=True)
class Dip:
    """The changes from `first` to before `last` are small, those beside are not."""

    first: int
    last: int
    bits: float


def dips(changes: FrameChanges) -> list[Dip]:
    """Each run of one to three changes that is far below the change before and the one after."""
    change, found, first = changes.change, [], 1
    while first < len(change) - 1:
        for last in range(first + 1, min(first + _REPEATS + 1, len(change))):
            side = float(min(change[first - 1], change[last]))
            inside = float(change[first:last].max())
            if side >= 2 * NOISE and side >= _CONTRAST * inside:
                found.append(Dip(first, last, math.log2(side / max(inside, NOISE))))
                first = last
                break
        first += 1
    return found


__all__ = ["Dip", "dips"]
