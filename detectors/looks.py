"""The best looks at each face track, as the identity model sees them: made once, for all who ask whose face it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.face_embedding import FaceEmbedder, align
from detectors.specimen import Clip, FaceSighting, FaceTrack, Specimen, TrackLooks

MOST_LOOKS = 12
"""Looks at a track: the mean of twelve hardly moves when more are added, and each costs as much as finding the face."""

MOST_TRACKS = 8
"""Tracks that are looked at, those with the most sightings first: a crowd must not take all the time."""

SMALLEST = 24.0
"""Width in pixels below which a face says nothing of who it is."""

_FULL_WIDTH = 112.0  # the model's own resolution: a wider face is not seen any better
_SHARP = 150.0
"""Variance of the Laplacian (Pech-Pacheco et al. 2000) from which an aligned face is as sharp as need be: two in three
of 250 LFW photographs have more; of the same, blurred by a movement over .15 of the face, 95 % have less than 76."""


def looks_of(clip: Clip, tracks: tuple[FaceTrack, ...], embedder: FaceEmbedder) -> tuple[TrackLooks, ...]:
    """Embed the best looks at each track, in the order of the tracks; a track of small faces only has none."""
    longest = sorted(range(len(tracks)), key=lambda number: (-len(tracks[number].sightings), number))[:MOST_TRACKS]
    made = (_looks(number, tracks[number], clip, embedder) for number in sorted(longest))
    return tuple(one for one in made if one is not None)


def looks_in(specimen: Specimen, model: Path | None) -> tuple[TrackLooks, ...]:
    """The looks of a specimen; where the stage before could not make them they are made here, to say what is wrong.

    Args:
        specimen: with the clip and its tracks.
        model: the identity model, None for the shipped one.

    Raises:
        ModelError: the model cannot be used.
        ValueError: it gives what is no embedding.
    """
    if specimen.looks is not None or specimen.clip is None:
        return specimen.looks or ()
    return looks_of(specimen.clip, specimen.tracks, FaceEmbedder(model))


def _looks(number: int, track: FaceTrack, clip: Clip, embedder: FaceEmbedder) -> TrackLooks | None:
    best = [max(seen, key=lambda look: look.quality) for part in _parts(track.sightings) if (seen := _seen(part, clip))]
    if not best:
        return None
    return TrackLooks(
        number,
        np.array([look.time_s for look in best], np.float64),
        embedder(np.stack([look.crop for look in best])),
        np.array([look.quality for look in best], np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One sighting, cut out."""

    time_s: float
    crop: NDArray[np.uint8]
    quality: float


def _parts(sightings: tuple[FaceSighting, ...]) -> list[list[FaceSighting]]:
    """Stretches of the track, each of which gives one look, so that a face that changes is seen changing."""
    large = [one for one in sightings if one.box[2] >= SMALLEST]
    parts = np.array_split(np.arange(len(large)), min(MOST_LOOKS, len(large))) if large else []
    return [[large[place] for place in part] for part in parts]


def _seen(sightings: Sequence[FaceSighting], clip: Clip) -> list[_Look]:
    """Every sighting cut out, for sharpness shows in the cut-out alone.

    To choose by size and pose instead, which would spare a millisecond a sighting, is as good on faces that hold
    still (34 clips, Cllr .136 either way). Where half of the frames are blurred by movement, it costs .164 instead of
    .139 (`moving` of `python -m benchmarks identity_clips`).
    """
    looks = []
    for sighting in sightings:
        try:
            crop = align(clip.frames[sighting.frame].rgb, sighting.landmarks)
        except ValueError:
            continue  # points like those of no face: the finder erred there
        looks.append(_Look(sighting.time_s, crop, quality_of(sighting, crop)))
    return looks


def frontal(landmarks: NDArray[np.float32]) -> float:
    """How frontal a face is, 0 to 1: the nose of a face that turns away leaves the middle between the eyes.

    The offset of the nose along the line of the eyes, in eye distances, is about half the sine of the turn (yaw) for a
    nose that stands out by half an eye distance; 0.5 is a profile.
    """
    right, left, nose = (np.asarray(landmarks[place], np.float64) for place in range(3))
    line = left - right
    distance = float(np.hypot(*line))
    if distance < 1:
        return 0.0
    off = abs(float(np.dot(nose - (left + right) / 2, line))) / distance**2
    return max(0.0, 1.0 - 2.0 * off)


def quality_of(sighting: FaceSighting, crop: NDArray[np.uint8]) -> float:
    """Size, sharpness and pose as one number, 0 to 1: their product, because any of them alone can spoil a look."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    sharpness = min(1.0, float(cv2.Laplacian(grey, cv2.CV_64F).var()) / _SHARP)
    size = min(1.0, sighting.box[2] / _FULL_WIDTH)
    return max(0.02, size * frontal(sighting.landmarks) * (0.3 + 0.7 * sharpness))
