"""The face of a reference photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.clip import decode
from detectors.container import ClipLimits, shown_name
from detectors.errors import ClipUnreadable
from detectors.exhibits import face_cutout
from detectors.face_embedding import align
from detectors.faces import FaceFinder
from detectors.model_files import ModelSet, load_model
from detectors.specimen import FaceSighting

_PHOTO_LIMITS = ClipLimits(max_bytes=100_000_000, examine_s=1.0, max_frames=200)
_SMALLEST = 0.2  # of the largest face: people far behind the portrayed person do not make a photo ambiguous


def picture(path: Path, limits: ClipLimits = _PHOTO_LIMITS) -> NDArray[np.uint8]:
    """A picture as uint8 [height, width, 3], the first one of a file that moves.

    Raises:
        ClipUnreadable: the file is missing or no picture.
        ClipError: it is beyond a limit, or holds only sound.
    """
    return decode(path, limits, steps=False).frames[0].rgb


def faces_in_photo(path: Path, models: ModelSet = ModelSet()) -> int:  # noqa: B008  (a frozen value)
    """How many faces a photo shows; faces below a fifth of the largest one's width are not counted.

    Raises:
        ClipUnreadable: the file is missing or no picture.
        ClipError: it is beyond a limit, or holds only sound.
        ModelError: the face model cannot be loaded.
    """
    return len(_faces(path, models)[1])


def portrait(path: Path, models: ModelSet = ModelSet()) -> NDArray[np.uint8]:  # noqa: B008
    """The face of a photo as the identity model takes it, uint8 [112, 112, 3].

    Raises:
        ClipUnreadable: the file is missing or no picture, or shows no face or several.
        ClipError: it is beyond a limit, or holds only sound.
        ModelError: the face model cannot be loaded.
    """
    rgb, face = _only_face(path, models)
    try:
        return align(rgb, face.landmarks)
    except ValueError as error:
        raise ClipUnreadable(f"{shown_name(path)}: its face cannot be aligned: {error}") from error


def face_picture(path: Path, models: ModelSet = ModelSet()) -> bytes:  # noqa: B008
    """The face of a photo with some of what is around it, as a small JPEG for people to look at.

    Raises:
        ClipUnreadable: the file is missing or no picture, or shows no face or several.
        ClipError: it is beyond a limit, or holds only sound.
        ModelError: the face model cannot be loaded.
    """
    rgb, face = _only_face(path, models)
    return face_cutout(rgb, face.box)


def _only_face(path: Path, models: ModelSet) -> tuple[NDArray[np.uint8], FaceSighting]:
    """The photo and its one face; raises ClipUnreadable where it shows none or several."""
    rgb, faces = _faces(path, models)
    if len(faces) != 1:
        what = "no face was found" if not faces else f"{len(faces)} faces were found"
        raise ClipUnreadable(f"{shown_name(path)}: {what}; a reference photo shows the person's face and nobody else's")
    return rgb, faces[0]


def _faces(path: Path, models: ModelSet) -> tuple[NDArray[np.uint8], list[FaceSighting]]:
    """The photo and the faces that count."""
    rgb = picture(path)
    faces = FaceFinder(*load_model("faces", models.faces)).find(rgb)
    largest = max((face.box[2] for face in faces), default=0.0)
    return rgb, [face for face in faces if face.box[2] >= _SMALLEST * largest]
