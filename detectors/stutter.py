"""Stutter: for a moment only every second or third frame is new, amid motion that is otherwise smooth.

The motion from frame to frame then looks like a comb: almost none, almost none, a jump, again and again. An encoder
blurs its teeth, so they are looked at together: over a stretch, the motion at the teeth is compared with that
between (the difference of the mean logarithms over its standard error, Student's t). Frames that repeat all along are
no stutter: that is a file brought to a higher rate, or a screen recorded at a lower one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.frame_changes import FrameChanges

LEAST_T = 5.5
"""Least Student's t of a comb. Of the 37 stutters by repeated frames in the clips that were looked at for it, 31 came
above; by the change in gray levels instead of the motion it would be 25, for an encoder refines repeated frames."""

TIMES_NEXT = 2.0
"""... and times the largest elsewhere within ten seconds. In benign clips of that half that reach the first figure the
next best was nearer than that, or also above what :data:`MOST_ELSEWHERE` allows."""

MOST_ELSEWHERE = 6.0
"""Largest t elsewhere in those ten seconds: above that, combs are the nature of the file."""

MOST_REPEATS = 0.3
"""Share of the frames in those ten seconds that stand while a frame beside them moves: above that, they repeat all
along, in turns of two and three that no one comb follows."""

LEAST_BITS = 0.9
"""Least difference of the mean logarithms, as a power of two."""

_PERIODS = (2, 3)
_SHORTEST, _LONGEST = 8, 26  # changes in a stretch: 0.3 to 1 s at the usual rates
_NEAR_S = 10.0
_FLOOR, _FLOOR_PX = 0.01, 0.05  # gray levels that count as no change, and pixels as no motion
_DIP = 0.25  # motion of a frame that stands, as a share of that beside it
_CLEAR = 1.2  # how far a tooth stands out from what lies beside it at the ends of a stretch
_LEAST_SPREAD = 0.35  # powers of two by which changes scatter at least


@dataclass(frozen=True, slots=True)
class Comb:
    """A stretch of jumps and repeats.

    Attributes:
        first, last: the frames it reaches from and to.
        period: every which frame is new.
        t: how clearly the teeth stand out from what lies between, as Student's t.
    """

    first: int
    last: int
    period: int
    t: float


@dataclass(frozen=True, slots=True)
class _Scan:
    """The best stretch that starts at each change: its t, period, phase, length, and contrast in powers of two."""

    t: NDArray[np.float64]
    period: NDArray[np.int64]
    phase: NDArray[np.int64]
    length: NDArray[np.int64]
    bits: NDArray[np.float64]


def combs(changes: FrameChanges) -> list[Comb]:
    """The combs of a clip of any length that stand out from what is around them, in order of time.

    They are looked for in how far the picture moves, which an encoder's refinements of a repeated frame leave alone,
    and in how much it changes, which also tells of motion that is too far to be followed.
    """
    found: list[Comb] = []
    moved = _combs(changes, changes.moved, _FLOOR_PX)
    for comb in sorted((*moved, *_combs(changes, changes.change, _FLOOR)), key=lambda one: -one.t):
        if all(comb.first > other.last or comb.last < other.first for other in found):
            found.append(comb)
    return sorted(found, key=lambda comb: comb.first)


def _combs(changes: FrameChanges, values: NDArray[np.floating], floor: float) -> list[Comb]:
    """The combs of one series, whose values below the floor count as nothing."""
    scan = _scan(np.log2(np.maximum(values, floor)))
    dips = _dips(values)
    found: list[Comb] = []
    free = np.ones(len(scan.t), bool)
    for index in np.argsort(-scan.t):
        if scan.t[index] < LEAST_T:
            break
        first, last = int(index), int(index + scan.length[index])
        beside = slice(max(0, first - _LONGEST), last + 3)
        if free[index] and scan.bits[index] >= LEAST_BITS:
            near = np.abs(changes.times_s[: len(scan.t)] - changes.times_s[first]) <= _NEAR_S
            near[beside] = False
            elsewhere = float(scan.t[near].max()) if near.any() else 0.0
            repeats = float(dips[near].mean()) if near.any() else 0.0
            if repeats <= MOST_REPEATS and elsewhere <= MOST_ELSEWHERE and scan.t[index] >= TIMES_NEXT * elsewhere:
                found.append(Comb(*_grown(values, scan, index), int(scan.period[index]), float(scan.t[index])))
        free[beside] = False
    return found


def _dips(values: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether each frame moves, or changes, much less than the one beside it that does so most."""
    beside = np.pad(values, 1)
    return np.asarray(values < _DIP * np.maximum(beside[:-2], beside[2:]))


def _grown(values: NDArray[np.floating], scan: _Scan, index: np.intp) -> tuple[int, int]:
    """First and last frame of the stretch with clear teeth; the best t may be that of a part, or of a little more."""
    period, first = int(scan.period[index]), int(index)
    last, tooth = first + int(scan.length[index]), first + int(scan.phase[index])
    while last - first > 2 * period and not _clear(values, first, period, tooth):
        first += 1
    while last - first > 2 * period and not _clear(values, last - period, period, tooth):
        last -= 1
    while first >= period and _clear(values, first - period, period, tooth):
        first -= period
    while last + period <= len(values) and _clear(values, last, period, tooth):
        last += period
    return first, last


def _clear(values: NDArray[np.floating], start: int, period: int, tooth: int) -> bool:
    """Whether in the period from `start` on the tooth stands out; `tooth` is where any of the comb's teeth lies."""
    part, at = values[start : start + period], (tooth - start) % period
    return bool(part[at] > _CLEAR * np.delete(part, at).max())


def _scan(logs: NDArray[np.floating]) -> _Scan:
    """Try every start, length, period and phase; sums of every second or third change make that cheap."""
    count = len(logs)
    best = _Scan(
        t=np.zeros(count),
        period=np.zeros(count, np.int64),
        phase=np.zeros(count, np.int64),
        length=np.zeros(count, np.int64),
        bits=np.zeros(count),
    )
    sums, squares = (np.concatenate(([0.0], np.cumsum(values))) for values in (logs, logs**2))
    for period in _PERIODS:
        every = np.zeros(count + period)
        for phase in range(period):
            every[period + phase :: period] = np.cumsum(logs[phase::period])
        for length in range(max(_SHORTEST, 3 * period), min(_LONGEST, count) + 1):
            start = np.arange(count - length + 1)
            total, total_squares = sums[start + length] - sums[start], squares[start + length] - squares[start]
            for phase in range(period):
                teeth = len(range(phase, length, period))
                between = length - teeth
                at_teeth = every[start + phase + period * teeth] - every[start + phase]
                one, two = at_teeth / teeth, (total - at_teeth) / between
                spread = np.sqrt(
                    np.maximum((total_squares - teeth * one**2 - between * two**2) / (length - 2), _LEAST_SPREAD**2)
                )
                t = (one - two) / (spread * np.sqrt(1 / teeth + 1 / between))
                better = np.flatnonzero(t > best.t[: len(start)])
                best.t[better], best.bits[better] = t[better], (one - two)[better]
                best.period[better], best.phase[better], best.length[better] = period, phase, length
    return best


__all__ = ["LEAST_T", "MOST_ELSEWHERE", "TIMES_NEXT", "Comb", "combs"]
