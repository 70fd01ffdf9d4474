"""Stills: frames in which next to nothing is new, though the picture moves right before and right after.

A head that barely moves changes its cells by less than an encoder's rounding does, and so hides a freeze from
:mod:`detectors.holds`. What an encoder wrote tells them apart all the same: of a repeated frame it copies every block,
of the stillest moment of a living picture it writes some anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detectors.frame_changes import FrameChanges, runs

UNTOUCHED = 0.05
"""Share of the picture up to which a frame counts as a repeat: an encoder goes on refining the picture that stands."""

TOUCHED = 0.12
"""Share of the picture that changes at least beside a still. On the half of the clips that was looked at for these
figures, genuine and encoded again, pauses of people left 0.08 and more."""

LEAST_REPEATS = 3
MOST_OTHERS = 2
"""Other stills within ten seconds, of any length: more, and repeats are the nature of the file."""

_BESIDE = 3  # changes on each side that say how much is new there
_NEAR_S = 10.0
_TIMES_OTHERS = 2.0  # how much longer a still is than the longest other near it
_LONGEST_S = 0.7  # a picture that stands longer was meant to; what is longer and freezes is found as a hold


@dataclass(frozen=True, slots=True)
class Still:
    """Frame `frame` is repeated `repeats` times."""

    frame: int
    repeats: int


def stills(changes: FrameChanges) -> list[Still]:
    """All stills of a clip that are the exception in it, in order of time; none beside a cut."""
    times = changes.times_s
    every = runs(changes.touched <= UNTOUCHED)
    found = []
    for first, last in every:
        if last - first < LEAST_REPEATS or times[last] - times[first] > _LONGEST_S or not _amid(changes, first, last):
            continue
        others = [end - start for start, end in every if start != first and abs(times[start] - times[first]) < _NEAR_S]
        if len(others) <= MOST_OTHERS and last - first >= _TIMES_OTHERS * max(others, default=0):
            found.append(Still(first, last - first))
    return found


def _amid(changes: FrameChanges, first: int, last: int) -> bool:
    """Whether much of the picture is new right before and right after, and no cut is there."""
    touched = changes.touched
    if first < 2 or last > len(touched) - 2 or changes.cut[first - 1 : last + 1].any():
        return False
    sides = (touched[max(0, first - _BESIDE) : first], touched[last : last + _BESIDE])
    return min(float(touched[first - 1]), float(touched[last]), *(float(np.median(one)) for one in sides)) >= TOUCHED


__all__ = ["Still", "stills"]
