"""Count the faces of a reference photo."""

from __future__ import annotations

from pathlib import Path

from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.faces import FaceFinder
from detectors.model_files import ModelSet, load_model

_PHOTO_LIMITS = ClipLimits(max_bytes=100_000_000, examine_s=1.0, max_frames=200)
_SMALLEST = 0.2  # of the largest face: people far behind the portrayed person do not make a photo ambiguous


def faces_in_photo(path: Path, models: ModelSet = ModelSet()) -> int:  # noqa: B008  (a frozen value)
    """How many faces a photo shows; faces below a fifth of the largest one's width are not counted.

    Raises:
        ClipUnreadable: the file is missing or no picture.
        ClipError: it is beyond a limit, or holds only sound.
        ModelError: the face model cannot be loaded.
    """
    clip = decode(path, _PHOTO_LIMITS)
    faces = FaceFinder(*load_model("faces", models.faces)).find(clip.frames[0].rgb)
    largest = max((face.box[2] for face in faces), default=0.0)
    return sum(face.box[2] >= _SMALLEST * largest for face in faces)
