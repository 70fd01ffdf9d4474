"""Stutter: for a moment only every second or third frame is new, amid motion that is otherwise smooth.

The change from frame to frame then looks like a comb: almost none, almost none, a jump, again and again. Frames that
repeat all along are no stutter: that is a file brought to a higher rate, or a screen recorded at a lower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detectors.frame_changes import NOISE, FrameChanges

LEAST_TEETH = 3
"""Dips between jumps that make a comb."""

LEAST_BITS = 7.0
"""Sum of the contrasts of a comb's dips, as powers of two. On the half of the clips that was looked at for it, nothing
but stutter came above 4.5."""

SHORTEST_S, LONGEST_S = 0.2, 1.5
"""Seconds: a shorter comb is not seen, a longer one is the rate of what is shown."""

_REPEATS = 3  # most repeats between two jumps
_CONTRAST = 1.5  # how far a jump stands out from the changes beside it
_MISSES = 1  # frames by which a jump may come early or late


@dataclass(frozen=True, slots=True)
class Comb:
    """A stretch of jumps and repeats: the frames from `first` to `last`, with so many dips between jumps.

    `bits` is how much the dips stand out together: for each, the power of two by which the change on the weaker side is
    larger than the largest inside.
    """

    first: int
    last: int
    dips: int
    bits: float


@dataclass(frozen=True, slots=True)
class Dip:
    """The changes from `first` to before `last` are small, those beside are not."""

    first: int
    last: int
    bits: float


def combs(changes: FrameChanges) -> list[Comb]:
    """All combs of a clip of any length, in order of time."""
    found: list[Comb] = []
    chain: list[Dip] = []
    for dip in [*dips(changes), Dip(len(changes) + 100, len(changes) + 100, 0.0)]:
        if chain and dip.first - chain[-1].last > 1 + _MISSES:
            bits = sum(one.bits for one in chain)
            if len(chain) >= LEAST_TEETH and bits >= LEAST_BITS:
                found.append(Comb(chain[0].first, chain[-1].last, len(chain), bits))
            chain = []
        chain.append(dip)
    return found


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


__all__ = ["LONGEST_S", "SHORTEST_S", "Comb", "Dip", "combs", "dips"]
