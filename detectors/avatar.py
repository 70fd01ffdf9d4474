"""How like a profile's picture is to the pictures of a person: the same picture, or the same face."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detectors.errors import DetectorError
from detectors.face_embedding import FaceEmbedder
from detectors.likeness import likeness
from detectors.model_files import ModelSet
from detectors.pdq import FLAT, Hash, distance, picture_hash
from detectors.photo import picture, portrait
from detectors.specimen import FaceReference, TrackLooks


@dataclass(frozen=True, slots=True)
class AvatarLikeness:
    """What two comparisons gave.

    Attributes:
        distance: bits of 256 by which the most like known picture differs; None where none can be compared.
        like: the name of that picture.
        log10_lr: what the face says of being the person's; None without a face, a photo or a model.
        note: why something could not be compared; may be empty.
    """

    distance: int | None = None
    like: str | None = None
    log10_lr: float | None = None
    note: str = ""


def avatar_likeness(
    path: Path,
    known: Sequence[tuple[str, Path]],
    face: FaceReference | None = None,
    models: ModelSet = ModelSet(),  # noqa: B008  (a frozen value)
) -> AvatarLikeness:
    """Compare a profile's picture with known pictures, and its face with a person's photos.

    Args:
        path: the picture.
        known: names and files of the person's pictures; one that cannot be read is passed over.
        face: the person's enrolled photos, or None.
        models: which models find and compare faces.

    Raises:
        ClipError: the profile's picture cannot be read.
    """
    seen = picture_hash(picture(path))
    notes = []
    nearest: tuple[int, str] | None = None
    if seen.quality < FLAT:
        notes.append("the picture is too plain to tell it by")
    else:
        for name, file in known:
            try:
                one = _known_hash(file)
            except DetectorError as error:
                notes.append(str(error))
                continue
            bits = min(distance(seen.bits, one.bits), distance(seen.bits, one.mirrored))
            if one.quality >= FLAT and (nearest is None or bits < nearest[0]):
                nearest = bits, name
    log10_lr = None
    if face is not None:
        try:
            log10_lr = _face_likeness(path, face, models)
        except DetectorError as error:
            notes.append(str(error))
    far, like = nearest if nearest is not None else (None, None)
    return AvatarLikeness(far, like, log10_lr, "; ".join(dict.fromkeys(notes)))


@functools.lru_cache(maxsize=64)
def _known_hash(file: Path) -> Hash:
    """The hash of one of the person's pictures; a search compares each profile with the same few."""
    return picture_hash(picture(file))


def _face_likeness(path: Path, face: FaceReference, models: ModelSet) -> float | None:
    embedder = FaceEmbedder(models.identity)
    if embedder.card.calibration is None or embedder.card.sha256 != face.model:
        return None
    looks = TrackLooks(0, np.zeros(1), embedder(portrait(path, models)[None]), np.ones(1, np.float32))
    return embedder.card.calibration.log10_lr(likeness(looks, face).cosine)


__all__ = ["AvatarLikeness", "avatar_likeness"]
