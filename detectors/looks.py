"""The best looks at each face track, as the identity model sees them: made once, for all who ask whose face it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.contract import Clip, FaceSighting, FaceTrack, Specimen, TrackLooks
from detectors.face_embedding import FaceEmbedder, align

MOST_LOOKS = 12
"""Looks at a track: the mean of twelve hardly moves when more are added, and each costs as much as finding the face."""

MOST_TRACKS = 8
"""Tracks that are looked at, those with the most sightings first: a crowd must not take all the time."""

SMALLEST = 24.0
"""Width in pixels below which a face says nothing of who it is."""

_FULL_WIDTH = 112.0  # the model's own resolution: a wider face is not seen any better
_SHARP = 150.0  # variance of the Laplacian (Pech-Pacheco et al. 2000) of an aligned portrait that is in focus


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
    crops, times, quality = [], [], []
    for sighting in _spread(track.sightings):
        try:
            crop = align(clip.frames[sighting.frame].rgb, sighting.landmarks)
        except ValueError:
            continue  # points like those of no face: the finder erred there
        crops.append(crop)
        times.append(sighting.time_s)
        quality.append(quality_of(sighting, crop))
    if not crops:
        return None
    return TrackLooks(number, np.array(times, np.float64), embedder(np.stack(crops)), np.array(quality, np.float32))


def _spread(sightings: tuple[FaceSighting, ...]) -> list[FaceSighting]:
    """The best of each stretch of the track, so that a face that changes is seen changing."""
    large = [one for one in sightings if one.box[2] >= SMALLEST]
    parts = np.array_split(np.arange(len(large)), min(MOST_LOOKS, len(large))) if large else []
    return [max((large[place] for place in part), key=_at_a_glance) for part in parts]


def _at_a_glance(sighting: FaceSighting) -> float:
    """What of the quality is known before the face is cut out."""
    return min(1.0, sighting.box[2] / _FULL_WIDTH) * frontal(sighting.landmarks)


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
    return max(0.02, _at_a_glance(sighting) * (0.3 + 0.7 * sharpness))
