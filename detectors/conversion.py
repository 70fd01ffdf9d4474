"""Conversions to a higher rate: which frames of a clip repeat the one before because the file was brought to its rate.

A converter that makes 30 frames a second of 25 repeats every fifth one, always in the same rhythm. Such repeats are no
glitches, and what moves between them goes by jumps that are none. So each usual rhythm is laid over the changes from
frame to frame at every offset, and taken where the repeats that it expects stand out (Student's t of the logarithms).
What is looked for afterwards is looked for in the clip without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detectors.contract import Clip
from detectors.frame_changes import NOISE, FrameChanges

RHYTHMS = ((24, 25), (5, 6), (4, 5), (1, 2), (12, 25), (5, 12), (2, 5), (1, 3))
"""New frames of so many shown: 24 frames a second made 25, 25 made 30, 24 made 30, 30 made 60, and so on."""

LEAST_T = 4.0
"""Least Student's t. In the clips that were looked at for it (`python -m benchmarks glitches` names them), those
without a rhythm reached 3.4; of 36 conversions to a higher rate 28 are found, the others show hardly any motion."""

LEAST_BITS, LEAST_BITS_EVEN = 0.6, 1.0
"""... and least difference of the mean logarithms, as a power of two; the second where every second or third frame is
new. An encoder whose frames are finer and coarser in turn reaches any t, with up to 0.7 in such even rhythms."""

LEAST_T_OUT_OF_STEP = 5.2
"""Least t where the rhythm may change its step once; many more ways are tried, and 4.2 came about by chance."""

BETTER_OUT_OF_STEP = 1.0
"""... and by how much that must be clearer than one step throughout."""

_FLOOR = NOISE  # gray levels that count as no change
_MOVES = 3 * NOISE  # ... and from which on, averaged over some frames, a repeat can be told from a picture that stands
_AROUND = 7  # frames
_LEAST_SPREAD = 0.35  # powers of two by which changes scatter at least
_LEAST_NEW, _LEAST_REPEATS = 8, 4
_PART, _EVERY = 20, 2  # frames on each side of a change of step, and frames from which it is tried


def rhythm_of(changes: FrameChanges) -> NDArray[np.bool_] | None:
    """Which changes are repeats that a conversion made (bool [n]); None where the clip has no such rhythm.

    The rhythm may be out of step from one frame on, as after a freeze or a dropped run.
    """
    count = len(changes)
    moves = np.convolve(changes.change, np.ones(_AROUND) / _AROUND, "same")[:count] >= _MOVES
    logs = np.where(moves, np.log2(np.maximum(changes.change, _FLOOR)), 0.0)
    best: tuple[float, NDArray[np.bool_]] | None = None
    for new, shown in RHYTHMS:
        source = (np.arange(shown)[:, None] + np.arange(count + 1)) * new // shown
        repeats = source[:, 1:] == source[:, :-1]
        for first, then, split, t in _steps(logs, moves, repeats, LEAST_BITS_EVEN if new == 1 else LEAST_BITS):
            if best is None or t > best[0]:
                best = t, np.concatenate((repeats[first, :split], repeats[then, split:]))
    return None if best is None else best[1]


def _steps(
    logs: NDArray[np.float64], moves: NDArray[np.bool_], repeats: NDArray[np.bool_], least_bits: float
) -> Iterator[tuple[int, int, int, float]]:
    """The best offset throughout and the best pair of offsets with the change at which they meet, if clear enough."""
    total, squares, number = logs.sum(), (logs**2).sum(), int(moves.sum())
    zero = np.zeros((len(repeats), 1))
    sums = np.concatenate((zero, np.cumsum(np.where(repeats, logs, 0.0), axis=1)), axis=1)
    counts = np.concatenate((zero, np.cumsum(repeats & moves, axis=1)), axis=1)
    splits = np.arange(_PART, logs.size - _PART, _EVERY)
    throughout = 0.0
    for out_of_step in (False, True):
        if out_of_step:
            if not len(splits):
                return
            repeated = sums[:, None, splits] + (sums[:, -1:] - sums[:, splits])[None]
            often = counts[:, None, splits] + (counts[:, -1:] - counts[:, splits])[None]
        else:
            repeated, often = sums[:, None, -1:], counts[:, None, -1:]
        t, bits = _contrast(total, squares, number, repeated, often)
        t = np.where(bits >= least_bits, t, 0.0)
        first, then, at = np.unravel_index(int(np.argmax(t)), t.shape)
        least = max(LEAST_T_OUT_OF_STEP, throughout + BETTER_OUT_OF_STEP) if out_of_step else LEAST_T
        throughout = float(t.max())
        if throughout >= least:
            split = int(splits[at]) if out_of_step else logs.size
            yield int(first), int(then), split, throughout


def without_repeats(clip: Clip, repeats: NDArray[np.bool_]) -> Clip:
    """The clip as it was before the conversion: its new frames, at the times at which they appear."""
    new = np.concatenate(([True], ~repeats))
    return replace(clip, times_s=clip.times_s[new], luma=clip.luma[new])


def _contrast(
    total: float, squares: float, number: int, repeated: NDArray[np.float64], often: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Student's t of new against repeated frames, and the difference of their means; zeros where there are too few.

    Args:
        total, squares, number: sum, sum of squares and count of all logarithms.
        repeated, often: sum and count of those at repeats, for each way to lay the rhythm.
    """
    new = number - often
    enough = (new >= _LEAST_NEW) & (often >= _LEAST_REPEATS)
    new, often = np.maximum(new, 1), np.maximum(often, 1)
    one, two = (total - repeated) / new, repeated / often
    within = np.maximum((squares - new * one**2 - often * two**2) / max(number, 1), _LEAST_SPREAD**2)
    t = (one - two) / np.sqrt(within * (1 / new + 1 / often))
    return np.where(enough, t, 0.0), np.where(enough, one - two, 0.0)


__all__ = ["LEAST_BITS", "LEAST_BITS_EVEN", "LEAST_T", "RHYTHMS", "rhythm_of", "without_repeats"]
