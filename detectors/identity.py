"""The `identity` detector: whose face is it?

What it can say is "a face like theirs": a good imitation, a look-alike or a swapped face matches as well, so a match
answers only whether the post shows itself as the person, never whether the footage is genuine.

From likenesses to one ratio: if the person is in the clip, one of the faces is theirs, and nobody knows which, so the
ratios of the tracks are averaged, each by its prominence (size times sightings): a stranger among many faces, one of
which happens to be like the person's, gains nothing by their number. Where the face that is most like the person's is
like another protected person's as well, that other may be who it is: alternatives are *assumed* to be half strangers
and half the other protected people, so that the ratio is divided by the mean of 1 and the other's ratio, if above 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from detectors.calibration import Platt
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.errors import ModelError
from detectors.exhibits import face_crop
from detectors.likeness import Likeness, likeness
from detectors.looks import looks_in
from detectors.model_files import bundled, load_model
from detectors.refusal import Refusal
from detectors.specimen import Clip, FaceReference, FaceTrack, Specimen, TrackLooks
from detectors.spelling import shown
from detectors.tracks import prominence

AGAINST = -0.3
"""Least that another face counts: an account can present itself as somebody over any footage, so a stranger's face
refutes little, two to one at most."""

NAMED_FROM = 0.6
"""log10 likelihood ratio from which a face is called like a person's: four to one."""

MUCH_FROM = 1.0
"""The same from which it is called much like it: ten to one, where moderate support begins (ENFSI 2015)."""

LESS = 0.3
"""By how much the ratio may lie below that of the most like face before the statement says why: two to one."""

MOST_NAMED = 3
"""Other protected people who are named in one statement."""

UNIT = "mean cosine to the photos"


@dataclass(frozen=True, slots=True)
class _Compared:
    """One face track beside one person."""

    looks: TrackLooks
    like: Likeness
    log10_lr: float


class _LineUp:
    """Every enrolled person beside every face of the clip."""

    def __init__(
        self,
        clip: Clip,
        tracks: tuple[FaceTrack, ...],
        looks: tuple[TrackLooks, ...],
        enrolled: Mapping[str, FaceReference],
        calibration: Platt,
    ) -> None:
        self._clip, self._tracks = clip, tracks
        self.photos = {name: len(one.embeddings) for name, one in enrolled.items()}
        self._faces = {
            name: [_compared(one, person, calibration) for one in looks] for name, person in enrolled.items()
        }
        sizes = np.array([prominence(tracks[one.track]) for one in looks])
        self._weights = sizes / sizes.sum()

    def ratio(self, name: str) -> float:
        """log10 likelihood ratio of "one of the faces is theirs" against "none is"; see the module."""
        return self._among(name) - self._rival(name)

    def _among(self, name: str) -> float:
        """The same where nobody else comes into question."""
        return math.log10(float(self._weights @ [10**one.log10_lr for one in self._faces[name]]))

    def _rival(self, name: str) -> float:
        """By how much it is lowered, because the most like face may be that of another of the people."""
        place = int(np.argmax([one.like.cosine for one in self._faces[name]]))
        rival = max((10 ** one[place].log10_lr for other, one in self._faces.items() if other != name), default=1.0)
        return math.log10(max(1.0, (1 + rival) / 2))

    def lowered(self, name: str, ratio: float) -> str:
        """Why the ratio is below that of the most like face: what costs most, and what else costs much."""
        among, rival = self._among(name), self._rival(name)
        costs = {
            "other faces are seen, too": self.faces(name)[0].log10_lr - among,
            "it is like another person's as well": rival,
            f"it could have been that of any of {len(self._faces)} people": among - rival - ratio,
        }
        most = max(costs.values())
        return " and ".join(why for why, cost in costs.items() if cost >= min(most, LESS / 3))

    def anybody(self) -> float:
        """The same of "one of the faces is that of one of the people", whoever it is."""
        return math.log10(sum(10 ** self.ratio(name) for name in self._faces) / len(self._faces))

    def most_like(self) -> str:
        """The person who is seen most probably."""
        return max(self._faces, key=self.ratio)

    def faces(self, name: str) -> list[_Compared]:
        """The faces that are like theirs, most like first, or else the nearest alone."""
        faces = sorted(self._faces[name], key=lambda one: -one.like.cosine)
        return [one for one in faces if one.log10_lr >= NAMED_FROM] or faces[:1]

    def share(self, faces: Sequence[_Compared]) -> float:
        """Share of the sampled frames in which one of the faces is seen."""
        seen = {sighting.frame for one in faces for sighting in self._tracks[one.looks.track].sightings}
        return len(seen) / max(1, len(self._clip.frames))

    def others(self, watched: str, begin: str) -> str:
        """A sentence that begins so and names the other people to whom a face is given; empty without any."""
        given: dict[str, list[_Compared]] = {}
        for place in range(len(self._weights)):
            name = max(self._faces, key=lambda one: self._faces[one][place].like.cosine)
            if name != watched and self._faces[name][place].log10_lr >= NAMED_FROM:
                given.setdefault(name, []).append(self._faces[name][place])
        named = [
            f"{shown(name)}'s ({self.share(faces):.0%} of the sampled frames, mean cosine "
            f"{max(one.like.cosine for one in faces):.2f})"
            for name, faces in sorted(given.items(), key=lambda pair: -self.share(pair[1]))[:MOST_NAMED]
        ]
        return f"{begin} a face like {', and one like '.join(named)}." if named else ""

    def exhibits(self, face: _Compared, name: str) -> tuple[Exhibit, ...]:
        """The likeness over time, when the face is seen, and the look that is most like."""
        times = [float(time) for time in face.looks.times_s]
        series = tuple(zip(times, (float(value) for value in face.like.by_look), strict=True))
        label = f"the face that comes nearest to {name}'s"
        track = self._tracks[face.looks.track]
        time = times[int(np.argmax(face.like.by_look * face.looks.quality))]
        return (
            Exhibit(
                ExhibitKind.SERIES, f"likeness to {name} over time", start_s=times[0], end_s=times[-1], series=series
            ),
            Exhibit(ExhibitKind.RANGE, label, start_s=track.start_s, end_s=track.end_s),
            face_crop(self._clip, track, time, label),
        )


class Identity:
    """Compares each face of the clip with the enrolled photos of every protected person.

    Args:
        model: the identity model with its card, None for the shipped one.
    """

    name = "identity"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = True

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Changes with the model; where that cannot be read it is that of the code alone."""
        try:
            return f"3+{load_model('identity', self._model)[1].version}"
        except ModelError:
            return "3"

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without a model, a photo of the person or a face that is large enough.

        Raises:
            ModelError: the model was chosen and cannot be used.
        """
        line_up = _line_up(specimen, self._model)
        if isinstance(line_up, Refusal):
            return self._nothing(line_up)
        if specimen.person is None:
            return self._finding(line_up, line_up.most_like(), line_up.anybody())
        name = specimen.person.name
        if name not in line_up.photos:
            said = f"No photo of {shown(name)} is enrolled to compare with. {line_up.others(name, 'Seen is')}"
            return self._nothing(Refusal(Reason.NO_REFERENCE, said.strip()))
        return self._finding(line_up, name, line_up.ratio(name))

    def _finding(self, line_up: _LineUp, person: str, ratio: float) -> Finding:
        name, faces, count = shown(person), line_up.faces(person), line_up.photos[person]
        best = faces[0]
        alike = f"mean cosine {best.like.cosine:.2f} to " + ("1 photo" if count == 1 else f"{count} photos")
        if count > 1:
            alike += f", {best.like.nearest:.2f} to the nearest"
        seen = f"seen in {line_up.share(faces):.0%} of the sampled frames"
        if best.log10_lr >= NAMED_FROM:
            much = "much " if best.log10_lr > MUCH_FROM else ""
            said = (
                f"A face {much}like {name}'s is {seen} ({alike}); a look-alike or a swapped face would match as well."
            )
        elif best.log10_lr > 0:
            said = f"The face that comes nearest to {name}'s, {seen}, is only a little like it ({alike})."
        else:
            said = f"No face in the clip is like {name}'s (the nearest: {alike})."
        if best.log10_lr > 0 and ratio < max(0.0, best.log10_lr - LESS):
            counts = "for less" if ratio >= 0 else "a little against"
            said += f" It counts {counts}, because {line_up.lowered(person, ratio)}."
        others = line_up.others(person, "Also seen is" if best.log10_lr >= NAMED_FROM else "Seen is")
        return Finding(
            self.name, self.version, self.question, Status.OK, f"{said} {others}".strip(),
            score=best.like.cosine, unit=UNIT, log10_lr=max(AGAINST, ratio),
            exhibits=line_up.exhibits(best, name),
        )  # fmt: skip

    def _nothing(self, why: Refusal) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, why.statement, why.reason)


def _line_up(specimen: Specimen, model: Path | None) -> _LineUp | Refusal:
    """What is compared, or the first of the things that it lacks."""
    needed = (
        (specimen.clip is not None, Reason.NO_VIDEO, "There is no clip to look for a face in."),
        (
            model is not None or bundled("identity").is_file(),
            Reason.NO_MODEL,
            "There is no identity model, so faces are not compared.",
        ),
        (bool(specimen.faces), Reason.NO_REFERENCE, "No photo of a protected person is enrolled to compare with."),
        (bool(specimen.tracks), Reason.NO_FACE, "No face was found in the clip."),
    )
    refusal = next((Refusal(reason, statement) for there, reason, statement in needed if not there), None)
    clip = specimen.clip
    if refusal is not None or clip is None:
        return refusal or Refusal(Reason.NO_VIDEO, needed[0][2])
    looks = looks_in(specimen, model)
    if not looks:
        return Refusal(Reason.FACE_TOO_SMALL, "The faces in the clip are too small to tell whose they are.")
    card = load_model("identity", model)[1]
    if card.calibration is None:
        return Refusal(Reason.NO_MODEL, "The identity model's card has no calibration.")
    enrolled = {one.person: one for one in specimen.faces if one.model == card.sha256 and len(one.embeddings)}
    if not enrolled:
        return Refusal(Reason.NO_REFERENCE, "The photos were enrolled with another identity model.")
    return _LineUp(clip, specimen.tracks, looks, enrolled, card.calibration)


def _compared(looks: TrackLooks, person: FaceReference, calibration: Platt) -> _Compared:
    like = likeness(looks, person)
    return _Compared(looks, like, calibration.log10_lr(like.cosine))


__all__ = ["AGAINST", "MUCH_FROM", "NAMED_FROM", "Identity"]
