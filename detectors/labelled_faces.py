"""Faces to try a model on: of labelled clips and pictures, or none at all but pictures like natural ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.clip import decode
from detectors.container import ClipLimits, shown_name
from detectors.cuts import cut_times
from detectors.errors import ClipError
from detectors.faces import FaceFinder
from detectors.geometry import Box
from detectors.labelled import Labelled, labelled_files
from detectors.metrics import auc
from detectors.model_files import load_model
from detectors.model_input import Adapter
from detectors.tracks import track

MAX_FILES = 60
"""Files of a class; more would take minutes and change nothing."""

MAX_FACES = 8
"""Faces of a file."""

_LIMITS = ClipLimits(examine_s=10.0, max_frames=2000)


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces of labelled files: the picture, the box, and which file each is of. Without labels `fake` is empty."""

    pictures: list[tuple[NDArray[np.uint8], Box]]
    owner: list[int]
    fake: list[bool]
    skipped: int = 0

    def shown(self, adapter: Adapter) -> NDArray[np.uint8]:
        """The faces as the adapter cuts them."""
        return np.stack([adapter.picture(rgb, box) for rgb, box in self.pictures])

    def auc(self, logits: NDArray[np.float64]) -> float | None:
        """Of the mean logit of each file."""
        if not self.fake:
            return None
        owner = np.array(self.owner)
        means = np.array([logits[owner == number].mean() for number in range(len(self.fake))])
        return auc(means, np.array(self.fake))

    @property
    def counts(self) -> tuple[int, int]:
        """Fake and genuine files."""
        return sum(self.fake), len(self.fake) - sum(self.fake)


def faces_of(clips: Path | None, model: Path | None) -> Faces:
    """Up to eight faces of each labelled file; a picture in which no face is found is taken whole, as a crop."""
    faces = Faces([], [], [])
    if clips is None:
        return faces
    files = labelled_files(clips).files
    chosen = [one for fake in (False, True) for one in [f for f in files if f.fake is fake][:MAX_FILES]]
    finder = FaceFinder(*load_model("faces", model))
    skipped = 0
    for one in chosen:
        found = _faces_in(one, finder)
        if not found:
            skipped += 1
            continue
        faces.pictures.extend(found)
        faces.owner.extend([len(faces.fake)] * len(found))
        faces.fake.append(one.fake)
    if not all(faces.counts):
        raise ClipError(f"{shown_name(clips)}: a face was found in the files of one class only, or of none")
    return replace(faces, skipped=skipped)


def _faces_in(one: Labelled, finder: FaceFinder) -> list[tuple[NDArray[np.uint8], Box]]:
    try:
        clip = decode(one.path, _LIMITS, steps=False)
    except ClipError:
        return []
    if clip.is_still:
        rgb = clip.frames[0].rgb
        found = finder.find(rgb)
        return [(rgb, found[0].box if found else _whole(rgb))]
    tracks = track(clip.frames, finder, cut_times(clip))
    if not tracks:
        return []
    sightings = tracks[0].sightings
    places = np.unique(np.linspace(0, len(sightings) - 1, MAX_FACES).round().astype(int))
    return [(clip.frames[sightings[place].frame].rgb, sightings[place].box) for place in places]


def _whole(rgb: NDArray[np.uint8]) -> Box:
    """The box whose tight region is the whole picture: the inverse of :func:`detectors.geometry.forgery_region`."""
    height, width = rgb.shape[:2]
    wide, high = width / 1.11, height / 0.917
    return (width / 2 - wide / 2, height / 2 - 0.045 * high - high / 2, wide, high)


def made_pictures() -> list[tuple[NDArray[np.uint8], Box]]:
    """Sixteen pictures with the spectrum of natural ones (amplitude falls with frequency; Field 1987), seeded."""
    random = np.random.default_rng(0)
    side = 256
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    frequency[0, 0] = 1.0
    made = []
    for _ in range(16):
        noise = random.normal(size=(side, side, 3))
        smooth = np.fft.irfft2(np.fft.rfft2(noise, axes=(0, 1)) / frequency[..., None], s=(side, side), axes=(0, 1))
        smooth = (smooth - smooth.mean()) / smooth.std()
        rgb = np.clip(random.uniform(70, 180) + random.uniform(25, 60) * smooth, 0, 255).astype(np.uint8)
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), random.uniform(0.5, 2)), np.uint8)
        made.append((rgb, _whole(rgb)))
    return made


__all__ = ["MAX_FACES", "MAX_FILES", "Faces", "faces_of", "made_pictures"]
