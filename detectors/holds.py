"""Holds: frames that repeat the one before while the picture moves right before and right after.

A person who pauses slows down; a repeated frame stops from one frame to the next and goes on as suddenly. So a hold is
a run of changes with a sharp edge at both ends, whatever the level: noisy or smooth, coarsely or finely encoded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detectors.frame_changes import NOISE, FrameChanges, runs

LONGEST_S = 3.0
"""Longest hold in seconds that is looked for: what stands longer is a picture that was meant to stand."""

_EDGE = 3  # changes on each side that say how much the picture moves there
_BELOW = 0.3  # most of the change inside, as a share of the weaker side
_BELOW_MOST = 0.4  # ... of three quarters of the changes inside
_BELOW_ALL = 0.6  # ... and of the largest change inside: encoders refine a frame that stands
_LONG = 10  # repeats from which on a longer run is no better
_STANDS_FROM, _STANDS = 8, 0.03  # repeats from which on an encoder has nothing more to refine, and what is left
_LEVELS = np.geomspace(0.004, 8.0, 34)  # gray levels at which runs are cut out


@dataclass(frozen=True, slots=True)
class Hold:
    """One frame shown for longer.

    Attributes:
        frame: index of the frame that stands.
        repeats: how often it was repeated.
        side: the weaker side's change, in gray levels.
        sharpness: the weaker side's change as a multiple of the change inside, at most 100.
        jumps: the picture goes on further away than it moves usually, as if the held frames had replaced others.
        jumped: likewise, the picture came to the held frame by a jump.
    """

    frame: int
    repeats: int
    side: float
    sharpness: float
    jumps: bool
    jumped: bool

    @property
    def end(self) -> int:
        """Index of the first frame after the hold."""
        return self.frame + self.repeats + 1


def holds(changes: FrameChanges) -> list[Hold]:
    """All holds of a clip in order of time; none that touches a cut, the beginning or the end."""
    places = {run for level in _LEVELS for run in runs(changes.change < level)}
    candidates = [hold for first, last in places if (hold := _hold(changes, first, last)) is not None]
    candidates.sort(key=lambda one: (-one.sharpness * min(one.repeats, _LONG), one.frame))
    taken = np.zeros(len(changes), bool)
    found = []
    for hold in candidates:  # a run lies in others that were cut out at coarser levels: the sharpest long one is it
        if not taken[hold.frame : hold.end - 1].any():
            taken[hold.frame : hold.end - 1] = True
            found.append(hold)
    return sorted(found, key=lambda one: one.frame)


def _hold(changes: FrameChanges, first: int, last: int) -> Hold | None:
    """The run as a hold, if it has sharp edges."""
    change = changes.change
    if first < 1 or last >= len(change) or changes.times_s[last] - changes.times_s[first] > LONGEST_S:
        return None
    if changes.cut[max(0, first - 1) : last + 1].any():
        return None
    inside = change[first:last]
    before, after = np.sort(change[max(0, first - _EDGE) : first]), np.sort(change[last : last + _EDGE])
    side = float(min(before[len(before) // 2], after[len(after) // 2]))
    # The frames beside the run must move, too: in a pause the change sinks over several frames.
    side = min(side, float(change[first - 1]) / 0.7, float(change[last]) / 0.7)
    usual, most = float(np.median(inside)), float(inside.max())
    if float(np.quantile(inside, 0.75)) > _BELOW_MOST * side:  # repeats in turn with slow motion
        return None
    if side < 2 * NOISE or usual > _BELOW * side or most > _BELOW_ALL * side:
        return None
    if last - first >= _STANDS_FROM and usual > _STANDS:
        return None
    jumps = bool(change[last] > 2 * max(*before.tolist(), *change[last + 1 : last + 1 + _EDGE].tolist()))
    earlier = change[max(0, first - 1 - _EDGE) : first - 1]
    jumped = earlier.size > 0 and bool(change[first - 1] > 4 * float(np.median(earlier)))
    return Hold(first, last - first, side, min(100.0, side / max(usual, 1e-3)), jumps, jumped)


__all__ = ["LONGEST_S", "Hold", "holds"]
