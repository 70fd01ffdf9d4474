"""Which freezes, stutters and dropped runs a clip has, and what looks like one and is none.

What was meant or comes from a file's making has a pattern: frames repeat all along, a picture stands between two cuts,
frames are left out at regular distances. A glitch is the exception in a clip that runs smoothly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from detectors.cadence import Cadence
from detectors.frame_changes import NOISE, FrameChanges, frame_changes
from detectors.holds import Hold, holds
from detectors.jumps import jumps
from detectors.specimen import Clip
from detectors.stamps import holes, uneven
from detectors.stills import stills
from detectors.stutter import combs


class GlitchKind(StrEnum):
    """What went wrong."""

    FREEZE = "freeze"
    STUTTER = "stutter"
    DROP = "dropped frames"


@dataclass(frozen=True, slots=True)
class Glitch:
    """One of them: from when to when in seconds, and how it shows, in words that follow "at 3.2 s"."""

    kind: GlitchKind
    start_s: float
    end_s: float
    how: str


@dataclass(frozen=True, slots=True)
class Timing:
    """How a clip runs.

    Attributes:
        glitches: in order of time.
        benign: what looks like a glitch and is none, in words that complete "No glitch: ...".
        changes: what they were read from.
    """

    glitches: tuple[Glitch, ...]
    benign: tuple[str, ...]
    changes: FrameChanges


LEAST_REPEATS = 3
"""Repeats that make a freeze; one or two are what a conversion to another rate leaves."""

QUIET_FREEZE, QUIET_JUMP = 0.25, 1.0
"""Gray levels below which the motion beside a freeze, or a jump, is quiet. There it counts only where no other frame
repeats. On the half of the clips that was looked at for it, all eight false reports of the two kinds were quiet ones
amid the repeats that a change of the frame rate leaves, or amid pauses; none of the true ones was."""

_SLIDE_S = 0.7  # a picture that stands longer with a jump at an end is a slide
_VERY_SMOOTH = 0.08  # share of lumpy motion around where more than the one stretch might be lumpy
_OFTEN = 0.5  # holes a second from which on the rate varies
_LOW_RATE = 0.4  # share of repeats from which on a clip shows a lower rate than it has


def timing(clip: Clip) -> Timing:
    """Look at the times and the brightness of every frame of a clip of at least two frames."""
    changes = frame_changes(clip)
    cadence = Cadence(changes, holds(changes))
    found = [*_stutters(changes, cadence), *_freezes(changes, cadence), *_drops(changes, cadence)]
    return Timing(tuple(_apart(found)), tuple(_benign(changes, cadence.repeats)), changes)


def _stutters(changes: FrameChanges, cadence: Cadence) -> Iterator[Glitch]:
    for stretch in uneven(changes):
        how = f"frames come early and late by {stretch.off:.0%} of their distance"
        yield _glitch(changes, GlitchKind.STUTTER, stretch.first, stretch.last, how)
    for comb in combs(changes):
        if not cadence.stands(comb.first, comb.last):
            how = f"only every {'second' if comb.period == 2 else 'third'} frame is new"
            yield _glitch(changes, GlitchKind.STUTTER, comb.first, comb.last, how)


def _freezes(changes: FrameChanges, cadence: Cadence) -> Iterator[Glitch]:
    for hold in cadence.holds:
        if _is_freeze(changes, hold, cadence):
            then = ", then it jumps" if hold.jumps else ""
            how = f"one frame is repeated {hold.repeats} times amid motion{then}"
            yield _glitch(changes, GlitchKind.FREEZE, hold.frame, hold.end - 1, how)
    for still in stills(changes):
        if not cadence.stands(still.frame, still.frame + still.repeats):
            how = f"one frame is repeated {still.repeats} times, with nothing new in it"
            yield _glitch(changes, GlitchKind.FREEZE, still.frame, still.frame + still.repeats, how)


def _drops(changes: FrameChanges, cadence: Cadence) -> Iterator[Glitch]:
    every = holes(changes)
    if len(every) <= max(3.0, _OFTEN * float(changes.times_s[-1])):
        for hole in every:
            how = f"no frame comes for {hole.steps:.0f} times the usual distance"
            yield _glitch(changes, GlitchKind.DROP, hole.frame, hole.frame + 1, how)
    for jump in jumps(changes):
        where = (jump.frame, jump.frame + 1)
        if changes.change[jump.frame] < QUIET_JUMP and cadence.usual_repeats(*where) > 0:
            continue
        if cadence.smooth(*where, _VERY_SMOOTH) and not cadence.stands(*where):
            how = f"what moves jumps {jump.ratio:.0f} times as far as before and after, as after a jump cut"
            yield _glitch(changes, GlitchKind.DROP, *where, how)


def _glitch(changes: FrameChanges, kind: GlitchKind, first: int, last: int, how: str) -> Glitch:
    return Glitch(kind, float(changes.times_s[first]), float(changes.times_s[min(last, len(changes))]), how)


def _sharp(repeats: int) -> float:
    """How sharp a hold must be: a person may pause for long, but the longer the less sharply.

    On the half of the clips that was looked at for it, pauses came up to 5 below eight frames, and up to 9 above.
    """
    return float(np.clip(6 + 0.75 * (repeats - 7), 6, 12))


def _is_freeze(changes: FrameChanges, hold: Hold, cadence: Cadence) -> bool:
    """Whether a hold is long and sharp, in a clip that does not show a lower rate than it has."""
    if hold.repeats < LEAST_REPEATS or hold.sharpness < _sharp(hold.repeats):
        return False
    if changes.times_s[hold.end - 1] - changes.times_s[hold.frame] > _SLIDE_S and (hold.jumps or hold.jumped):
        return False
    if cadence.stands(hold.frame, hold.end - 1):
        return False
    usual = cadence.usual_repeats(hold.frame, hold.end - 1)
    if hold.side < QUIET_FREEZE and usual > 0:
        return False
    if hold.repeats <= usual + 2:
        return cadence.smooth(hold.frame, hold.end - 1, _VERY_SMOOTH)
    return cadence.smooth(hold.frame, hold.end - 1) or hold.repeats >= 4 * usual + 2


def _apart(found: list[Glitch]) -> list[Glitch]:
    """One glitch for each stretch: the longest that explains it, as a stutter explains the jumps in it."""
    kept: list[Glitch] = []
    for glitch in sorted(found, key=lambda one: (one.kind is GlitchKind.DROP, one.start_s - one.end_s)):
        if all(glitch.start_s > one.end_s + 0.15 or glitch.end_s < one.start_s - 0.15 for one in kept):
            kept.append(glitch)
    return sorted(kept, key=lambda one: one.start_s)


def _benign(changes: FrameChanges, repeats: NDArray[np.bool_]) -> list[str]:
    """What a viewer might take for a glitch, said in words."""
    told = []
    moves = ~(changes.change < NOISE)
    if not moves.any():
        return ["the picture stands all along"]
    at = np.flatnonzero(repeats)
    gaps = np.diff(at)
    if len(at) >= 8 and float(repeats.mean()) > 0.08:
        usual = float(np.median(gaps))
        if float((np.abs(gaps - usual) <= 1).mean()) > 0.8 and usual > 1:
            told.append(f"a frame repeats about every {usual:.0f} frames, as after a change of the frame rate")
        elif float(repeats.mean()) > _LOW_RATE / 2:
            told.append("frames repeat all along, as where a screen or a call was recorded at a low rate")
    if float((~moves).mean()) > 0.2 and changes.cut.any():
        told.append("pictures stand between cuts, as in a slide show or on title cards")
    off = np.abs(changes.steps_s / max(changes.step_s, 1e-3) - 1)
    if float((off > 0.1).mean()) > 0.1:
        told.append("the frame rate varies, as a phone's does")
    if changes.cut.any():
        count = int(changes.cut.sum())
        told.append(f"{'one cut is' if count == 1 else f'{count} cuts are'} left out")
    return told


__all__ = ["Glitch", "GlitchKind", "Timing", "timing"]
