"""Jumps: between two frames what moves gets much further than before and after, as if frames between were missing.

Only the cells of the picture that move before and after are asked. A caption that appears, a lamp that is switched on
or an encoder that begins anew change cells that stood still.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.frame_changes import NOISE, FrameChanges

LEAST_RATIO = 2.8
"""Times the largest change beside it. In nine genuine clips that were looked at for it, nothing came above 2.5, after
another encoding of them nothing above 2.8."""

LEAST_TO_OTHERS = 1.35
"""... and times the largest other jump of the clip: key frames of a weak encoder and frames left out at regular
distances make lesser jumps all along."""

_BESIDE = 3  # changes on each side
_MOST_RATIO = 20.0  # sixteen steps at once are the longest dropped run that is looked for; beyond, a picture is changed
_NEAR_S = 10.0
_SMOOTH = 0.1  # the changes next to the jump, as a share of the largest beside it
_WHOLE_SHARE = 0.5  # share of the jump that lies in cells that move before and after


@dataclass(frozen=True, slots=True)
class Jump:
    """The picture jumps from frame `frame` to the next, by `ratio` times the largest change beside it."""

    frame: int
    ratio: float


def jumps(changes: FrameChanges) -> list[Jump]:
    """All jumps of a clip that are no cuts and stand out from the other jumps within ten seconds, in order of time."""
    found = _all(changes, LEAST_RATIO / LEAST_TO_OTHERS)
    times = changes.times_s
    return [
        one
        for one in found
        if LEAST_RATIO <= one.ratio <= _MOST_RATIO
        and all(
            one.ratio >= LEAST_TO_OTHERS * other.ratio or not 1 < abs(times[one.frame] - times[other.frame]) < _NEAR_S
            for other in found
            if other.frame != one.frame
        )
    ]


def _all(changes: FrameChanges, least: float) -> list[Jump]:
    change = changes.change
    found = []
    for index in range(_BESIDE, len(change) - _BESIDE):
        beside = np.r_[index - _BESIDE : index, index + 1 : index + 1 + _BESIDE]
        most = float(change[beside].max())
        if changes.cut[index] or change[index] < 4 * NOISE or change[index] < 0.75 * least * (most + NOISE):
            continue
        if min(change[index - 1], change[index + 1]) < max(NOISE, _SMOOTH * most):
            continue  # amid repeated frames each new one is a jump
        ratio = _ratio(changes.cells, index, beside)
        if ratio >= least:
            found.append(Jump(index, ratio))
    return found


def _ratio(cells: NDArray[np.uint8], index: int, beside: NDArray[np.int_]) -> float:
    """The jump against the largest change beside it, in cells that move there; 0 if the rest changes more."""
    around = cells[beside].astype(np.float32)
    moves = np.asarray(cv2.blur(around.mean(0), (5, 5)))
    mask = moves >= max(float(np.quantile(moves, 0.6)), 0.5 * float(moves.mean()), 1e-3)
    jump = cells[index].astype(np.float32)
    if float(jump[mask].sum()) < _WHOLE_SHARE * float(jump.sum()):
        return 0.0
    return float(jump[mask].mean() / (around[:, mask].mean(1).max() + NOISE))


__all__ = ["Jump", "jumps"]
