"""Follow faces over the sampled frames of a clip."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, overlap
from detectors.specimen import FaceSighting, FaceTrack, Frame

_MIN_SIGHTINGS = 3  # a false find seldom comes back at the same place
_MAX_GAP_S = 1.5  # a face that was hidden longer starts a new track
_MAX_MISSED = 2  # sampled frames, where they are further apart than the gap allows


class Finder(Protocol):
    """What finds faces in one picture; :class:`detectors.faces.FaceFinder`, or another in its place."""

    def find(self, rgb: NDArray[np.uint8], *, frame: int = 0, time_s: float = 0.0) -> list[FaceSighting]:
        """Faces in one picture, most certain first."""
        ...


@dataclass(slots=True)
class _Open:
    """A track that may still go on."""

    sightings: list[FaceSighting] = field(default_factory=list)

    def predicted(self, time_s: float) -> Box:
        """Where the face would be if it moved on as it did last; only half as far, because heads turn back."""
        last = self.sightings[-1]
        if len(self.sightings) < 2:
            return last.box
        before = self.sightings[-2]
        step = last.time_s - before.time_s
        share = 0.5 * min(1.0, (time_s - last.time_s) / step) if step > 0 else 0.0
        x, y = (last.box[i] + share * (last.box[i] - before.box[i]) for i in (0, 1))
        return (x, y, last.box[2], last.box[3])

    def alive(self, frame: int, time_s: float) -> bool:
        last = self.sightings[-1]
        return time_s - last.time_s <= _MAX_GAP_S or frame - last.frame <= _MAX_MISSED


def track(frames: Sequence[Frame], finder: Finder, cuts: Sequence[float] = ()) -> tuple[FaceTrack, ...]:
    """Faces of the sampled frames, linked over time; the most prominent (size times sightings) first.

    Args:
        frames: in order of time.
        finder: finds the faces of one frame.
        cuts: times of cuts in seconds; no track goes on over a cut.

    Returns:
        Tracks of at least 3 sightings (or as many as there are frames); shorter ones are dropped as spurious.
    """
    going: list[_Open] = []
    ended: list[_Open] = []
    shot = 0
    for index, frame in enumerate(frames):
        here = bisect.bisect_right(cuts, frame.time_s)
        over = [one for one in going if here != shot or not one.alive(index, frame.time_s)]
        ended += over
        going = [one for one in going if one not in over]
        shot = here
        going += _link(going, finder.find(frame.rgb, frame=index, time_s=frame.time_s), frame.time_s)
    least = min(_MIN_SIGHTINGS, len(frames))
    kept = [FaceTrack(tuple(one.sightings)) for one in ended + going if len(one.sightings) >= least]
    return tuple(sorted(kept, key=prominence, reverse=True))


def prominence(one: FaceTrack) -> float:
    """Size times sightings: the sum of the face widths in pixels."""
    return sum(math.sqrt(sighting.box[2] * sighting.box[3]) for sighting in one.sightings)


def _link(going: list[_Open], found: list[FaceSighting], time_s: float) -> list[_Open]:
    """Append each sighting to the track that it fits best, one to one; the rest are returned as new tracks."""
    predictions = [one.predicted(time_s) for one in going]
    pairs = sorted(
        (
            # A head that turned back is nearer to where it was than to where it was going.
            (max(_fit(predicted, sighting.box), _fit(going[row].sightings[-1].box, sighting.box)), row, column)
            for row, predicted in enumerate(predictions)
            for column, sighting in enumerate(found)
        ),
        reverse=True,
    )
    rows: set[int] = set()
    columns: set[int] = set()
    for fit, row, column in pairs:
        if fit <= 0 or row in rows or column in columns:
            continue
        going[row].sightings.append(found[column])
        rows.add(row)
        columns.add(column)
    return [_Open([sighting]) for column, sighting in enumerate(found) if column not in columns]


def _fit(predicted: Box, seen: Box) -> float:
    """How well a sighting fits a prediction; 0 or less does not.

    Overlap first. Where sampled frames lie far apart a moving head may have left its box: then a
    centre within one face width and a similar size are enough, and count less than any overlap.
    """
    shared = overlap(predicted, seen)
    if shared >= 0.15:
        return 1 + shared
    ratio = math.sqrt((seen[2] * seen[3]) / (predicted[2] * predicted[3]))
    if not 0.6 < ratio < 1.67:
        return 0.0
    apart = math.hypot(
        seen[0] + seen[2] / 2 - predicted[0] - predicted[2] / 2, seen[1] + seen[3] / 2 - predicted[1] - predicted[3] / 2
    )
    return 1 - apart / max(predicted[2], seen[2])
