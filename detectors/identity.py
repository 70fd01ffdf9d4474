"""The `identity` detector: whose face is it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from detectors.calibration import Platt
from detectors.contract import (
    Exhibit,
    ExhibitKind,
    FaceReference,
    Finding,
    Question,
    Reason,
    Specimen,
    Status,
    TrackLooks,
)
from detectors.face_embedding import average
from detectors.model_files import bundled, load_model
from detectors.refusal import Refusal
from detectors.spelling import shown

AGAINST = -0.3
"""Least that another face counts: an account can present itself as somebody over any footage, so a stranger's face
refutes little, two to one at most."""

NAMED_FROM = 0.6
"""log10 likelihood ratio from which another protected person is named as being in the clip: four to one."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One face track beside one person: mean cosine over the looks, its ratio, the share of the clip."""

    person: str
    looks: TrackLooks
    cosine: float
    log10_lr: float
    share: float
    series: tuple[tuple[float, float], ...]


class Identity:
    """Compares each face of the clip with the enrolled photos; the ratio is that of the most like face.

    What it can say is "a face like theirs": a good imitation, a look-alike or a swapped face matches as well, so a
    match answers only whether the post shows itself as the person, never whether the footage is genuine.
    """

    name = "identity"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = True

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Of the detector and of the model."""
        if self._model is None and not bundled("identity").is_file():
            return "1"
        return f"1+{load_model('identity', self._model)[1].version}"

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without a model, a photo or a face.

        Raises:
            ModelError: the model was chosen and cannot be used.
        """
        refusal = _missing(specimen, self._model)
        if refusal is not None:
            return self._nothing(refusal)
        card = load_model("identity", self._model)[1]
        enrolled = [one for one in specimen.faces if one.model == card.sha256 and len(one.embeddings)]
        if card.calibration is None or not enrolled:
            return self._nothing(
                Refusal(Reason.NO_MODEL, "The identity model's card has no calibration.")
                if card.calibration is None
                else Refusal(Reason.NO_REFERENCE, "The photos were enrolled with another identity model.")
            )
        likenesses = [
            _likeness(looks, one, specimen, card.calibration) for looks in specimen.looks or () for one in enrolled
        ]
        watched = specimen.person.name if specimen.person is not None else None
        of_person = [one for one in likenesses if watched is None or one.person == watched]
        if not of_person:
            name = shown(watched or "")
            return self._nothing(Refusal(Reason.NO_REFERENCE, f"No photo of {name} is enrolled to compare with."))
        best = max(of_person, key=lambda one: (one.log10_lr, one.cosine))
        return self._finding(best, likenesses, card.calibration)

    def _finding(self, best: Likeness, likenesses: list[Likeness], calibration: Platt) -> Finding:
        name = shown(best.person)
        weight = max(AGAINST, best.log10_lr)
        seen = f"seen in {best.share:.0%} of the sampled frames"
        likeness = f"likeness {best.cosine:.2f} to the photos"
        if best.log10_lr >= NAMED_FROM:
            told = f"A face like {name}'s is {seen} ({likeness}); a look-alike or a swapped face would match as well."
        elif best.log10_lr > 0:
            told = f"The face that comes nearest to {name}'s, {seen}, is only a little like it ({likeness})."
        else:
            told = f"No face in the clip is like {name}'s ({likeness} at most)."
        others = sorted(
            {
                shown(one.person)
                for one in likenesses
                if one.person != best.person
                and one.log10_lr >= NAMED_FROM
                and one.cosine == max(other.cosine for other in likenesses if other.looks.track == one.looks.track)
            }
        )
        if others:
            told += f" Also seen is a face like that of {', '.join(others)}."
        return Finding(
            self.name, self.version, self.question, Status.OK, told,
            score=best.cosine, unit="cosine similarity", log10_lr=weight, exhibits=_exhibits(best, name),
        )  # fmt: skip

    def _nothing(self, why: Refusal) -> Finding:
        return Finding(self.name, "1", self.question, Status.NOT_APPLICABLE, why.statement, why.reason)


def _missing(specimen: Specimen, model: Path | None) -> Refusal | None:
    """What of a comparison is not there: the first of the things that it needs."""
    needed = (
        (specimen.clip is not None, Reason.NO_VIDEO, "There is no clip to look for a face in."),
        (
            model is not None or bundled("identity").is_file(),
            Reason.NO_MODEL,
            "There is no identity model, so faces are not compared.",
        ),
        (bool(specimen.faces), Reason.NO_REFERENCE, "No photo of a protected person is enrolled to compare with."),
        (bool(specimen.tracks), Reason.NO_FACE, "No face was found in the clip."),
        (bool(specimen.looks), Reason.FACE_TOO_SMALL, "The faces in the clip are too small to tell whose they are."),
    )
    return next((Refusal(reason, statement) for there, reason, statement in needed if not there), None)


def _likeness(looks: TrackLooks, reference: FaceReference, specimen: Specimen, calibration: Platt) -> Likeness:
    """The quality-weighted mean look beside the mean of the photos."""
    person = average(reference.embeddings)
    cosine = float(np.dot(average(looks.embeddings, looks.quality), person))
    total = len(specimen.clip.frames) if specimen.clip is not None else 0
    series = tuple(
        (float(time), float(np.dot(one, person))) for time, one in zip(looks.times_s, looks.embeddings, strict=True)
    )
    share = len(specimen.tracks[looks.track].sightings) / max(1, total)
    return Likeness(reference.person, looks, cosine, calibration.log10_lr(cosine), min(1.0, share), series)


def _exhibits(best: Likeness, name: str) -> tuple[Exhibit, ...]:
    return (
        Exhibit(ExhibitKind.SERIES, f"likeness to {name} over time", series=best.series),
        Exhibit(
            ExhibitKind.RANGE,
            f"the face that comes nearest to {name}'s",
            start_s=float(best.looks.times_s[0]),
            end_s=float(best.looks.times_s[-1]),
        ),
    )
