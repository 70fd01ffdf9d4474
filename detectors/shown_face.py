"""Whose face a clip shows, as far as another detector needs to know: which protected people, for how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detectors.calibration import Platt
from detectors.contract import Reason
from detectors.likeness import likeness
from detectors.model_files import bundled, load_model
from detectors.refusal import Refusal
from detectors.specimen import FaceReference, Specimen

SHOWN_FROM = 1.0
"""log10 likelihood ratio from which a face track counts as the person's: ten to one, moderate support; or the bound of
the model's calibration, where that is lower."""


@dataclass(frozen=True, slots=True)
class FaceShown:
    """A protected person's face in the clip.

    Attributes:
        person: whose.
        sightings: in how many sampled frames.
        others: share of all sightings of faces that are of somebody else or of nobody known, 0 to 1.
    """

    person: str
    sightings: int
    others: float


def faces_shown(specimen: Specimen, model: Path | None) -> tuple[FaceShown, ...] | Refusal:
    """The protected people whose faces are shown, most seen first; a refusal where there is none or nobody can say.

    A track is given to the one person whose enrolled face it is most like, if the likeness is at least
    :data:`SHOWN_FROM`. A profile that resembles a name shows no face.

    Args:
        specimen: with tracks, their embeddings and the enrolled faces.
        model: the identity model, None for the shipped one.

    Raises:
        ModelError: the model is there and cannot be used, or was chosen and is not there.
    """
    known = _enrolled(specimen, model)
    if isinstance(known, Refusal):
        return known
    counts = _sightings(specimen, *known)
    if not counts:
        return Refusal(Reason.NO_FACE, "No face of a protected person is seen, so another voice is to be expected.")
    total = sum(len(track.sightings) for track in specimen.tracks)
    return tuple(
        FaceShown(person, count, 1 - count / total)
        for person, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _enrolled(specimen: Specimen, model: Path | None) -> tuple[Mapping[str, FaceReference], Platt] | Refusal:
    """The faces that were enrolled with the model, and its calibration."""
    if not specimen.faces:
        return Refusal(Reason.NO_REFERENCE, "No photo of anybody's face is enrolled, so nobody can say whose it is.")
    if not specimen.tracks:
        return Refusal(Reason.NO_FACE, "No face is seen that the voice could belong to.")
    if specimen.looks is None or (model is None and not bundled("identity").is_file()):
        return Refusal(Reason.NO_MODEL, "There is no identity model that could say whose face is shown.")
    card = load_model("identity", model)[1]
    if card.calibration is None:
        return Refusal(Reason.NO_MODEL, "The identity model's card has no calibration.")
    enrolled = {one.person: one for one in specimen.faces if one.model == card.sha256 and len(one.embeddings)}
    if not enrolled:
        return Refusal(
            Reason.NO_REFERENCE, "The photos were enrolled with another identity model; they must be enrolled anew."
        )
    return enrolled, card.calibration


def _sightings(specimen: Specimen, enrolled: Mapping[str, FaceReference], known: Platt) -> dict[str, int]:
    """How many sightings belong to each person."""
    needed = min(SHOWN_FROM, known.max_abs_log10_lr)
    counts: dict[str, int] = {}
    for looks in specimen.looks or ():
        if not len(looks.embeddings):
            continue
        cosines = {name: likeness(looks, one).cosine for name, one in enrolled.items()}
        person = max(cosines, key=lambda name: cosines[name])
        if known.log10_lr(cosines[person]) >= needed:
            counts[person] = counts.get(person, 0) + len(specimen.tracks[looks.track].sightings)
    return counts


__all__ = ["SHOWN_FROM", "FaceShown", "faces_shown"]
