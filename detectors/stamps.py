"""What the time stamps of the frames tell by themselves: holes, and stretches where frames come at uneven times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.frame_changes import NOISE, FrameChanges

_AROUND = 12  # steps on each side that tell the usual time between frames there
_HOLE = 2.5  # usual steps that make a hole: a phone in the dark halves its rate, which is two
_UNEVEN = 0.25  # share of a step by which a frame comes early or late; phones stay below a tenth
_LEAST_UNEVEN = 5  # uneven steps, late and early, that make a stretch
_NOT_RARE = 0.35  # share of uneven steps in the clip from which on uneven times are its nature


@dataclass(frozen=True, slots=True)
class Hole:
    """No frame for `steps` usual steps after frame `frame`, while the picture moved before and after."""

    frame: int
    steps: float


@dataclass(frozen=True, slots=True)
class Uneven:
    """Frames `first` to `last` come at uneven times; `off` is the median deviation as a share of the usual step."""

    first: int
    last: int
    off: float


def holes(changes: FrameChanges) -> list[Hole]:
    """All holes of a clip in order of time.

    Where the picture stood, the recorder had nothing to write; where a shot ends, an editor cut.
    """
    usual = _usual(changes.steps_s)
    found = []
    for index in np.flatnonzero(changes.steps_s >= _HOLE * usual):
        beside = np.concatenate((changes.change[max(0, index - 4) : index], changes.change[index + 1 : index + 5]))
        moves = beside.size > 0 and float(np.median(beside)) >= NOISE and changes.change[index] >= NOISE
        if moves and not changes.cut[index]:
            found.append(Hole(int(index), float(changes.steps_s[index] / usual[index])))
    return found


def uneven(changes: FrameChanges) -> list[Uneven]:
    """Stretches in which frames come early and late in turn, in a clip whose frames come evenly otherwise."""
    usual = _usual(changes.steps_s)
    off = changes.steps_s / usual - 1
    odd = np.abs(off) >= _UNEVEN
    odd &= off < _HOLE - 1
    if odd.mean() > _NOT_RARE:
        return []
    indices = np.flatnonzero(odd)
    parts = np.split(indices, np.flatnonzero(np.diff(indices) > 3) + 1)
    return [
        Uneven(int(part[0]), int(part[-1]) + 1, float(np.median(np.abs(off[part]))))
        for part in parts
        if len(part) >= _LEAST_UNEVEN and (off[part] > 0).any() and (off[part] < 0).any()
    ]


def _usual(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median step around each one, never 0."""
    padded = np.pad(steps, _AROUND, mode="reflect" if len(steps) > _AROUND else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1)
    return np.maximum(np.median(windows, axis=1), 1e-3)


__all__ = ["Hole", "Uneven", "holes", "uneven"]
