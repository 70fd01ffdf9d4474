"""The `drift` detector: does the face of one track stay the same face?

A swapped face can slip: for a moment the swap fails, and the face below shows. So the looks at each track are held
against each other, and the stretch that is least like the rest is told.

It counts for nothing (`log10_lr` is always 0), because nothing else has been earned. On the whole clips of the data
folder (18 genuine, 16 synthetic of four methods; `python -m benchmarks identity_clips`) synthetic faces drift hardly
more than genuine ones: AUC .59, and .71 within FaceForensics++, whose 7 genuine clips cannot tell that from chance (.65
and .72 with another maker's stronger model). In trials with head pose, size and sharpness regressed out of the
embeddings, what was left over time had .56, and its sign differed by method (FaceSwap .89, Deepfakes .32); to hold each
look only against those that are turned most alike changed nothing either.

What the measure does find is a slip: 12 clips in which a swap was made to fail for a quarter to a half of the time all
lie below all genuine ones (AUC 1.00); 7 of them are called so, and no genuine or whole synthetic clip. Movement costs
some of that: with half of the frames blurred by it, 1 of the 18 genuine clips is called so (AUC .96). And no swap of
the data folder slips by itself, so nobody can say how often they do, and that is what a ratio would need. So a slip is
shown, for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detectors.calibration import Platt
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.errors import ModelError
from detectors.exhibits import face_crop
from detectors.looks import looks_in
from detectors.model_files import bundled, load_model
from detectors.refusal import Refusal
from detectors.specimen import Clip, FaceTrack, Specimen, TrackLooks
from detectors.tracks import prominence

STRETCH = 3
"""Fewest looks of a stretch and of the rest: the mean of fewer follows a single turned head."""

LEAST_QUALITY = 0.2
"""Quality below which a look is left out: strongly turned, tiny and blurred faces are like nobody, themselves neither
(:func:`detectors.looks.quality_of`)."""

LEAST_PROMINENT = 0.25
"""Prominence (size times sightings) of a track as a share of the greatest, below which it is left out: what is small
and seldom seen is often no face at all but a pattern like one, which is not like itself either."""

SLIPS_BELOW = 1.5
"""A stretch is called another face where its likeness to the rest supports one person by less than this, log10, without
the calibration's bound: two looks at one face in one shot should support it by far more. With the shipped model that
is a cosine of 0.41; the genuine clips of the data folder begin at 0.50. Chosen on them."""

UNIT = "mean cosine of the least like stretch to the rest"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The stretch of a track that is least like the rest of it.

    Attributes:
        looks: the looks that were good enough.
        inside: bool [n], which of them are in the stretch.
        cosine: mean over all pairs of a look inside with one outside.
        by_look: float64 [n], mean cosine of each look to those outside the stretch, itself left out.
    """

    looks: TrackLooks
    inside: NDArray[np.bool_]
    cosine: float
    by_look: NDArray[np.float64]


class Drift:
    """Looks for a stretch of a face track that is unlike the rest.

    Args:
        model: the identity model with its card, None for the shipped one.
    """

    name = "drift"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = True

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Changes with the model; where that cannot be read it is that of the code alone."""
        try:
            return f"2+{load_model('identity', self._model)[1].version}"
        except ModelError:
            return "2"

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without a model, on stills, and where no face is seen long and well enough.

        Raises:
            ModelError: the model was chosen and cannot be used.
        """
        clip = specimen.clip
        refusal = _missing(specimen, self._model)
        if refusal is not None or clip is None:
            return self._nothing(refusal or Refusal(Reason.NO_VIDEO, "There is no clip to look for a face in."))
        looks = _prominent(looks_in(specimen, self._model), specimen.tracks)
        stretches = [found for one in looks if (found := least_like(one)) is not None]
        if not stretches:
            said = f"No face is seen well enough {2 * STRETCH} times, so nobody can say whether it stays the same."
            return self._nothing(Refusal(Reason.TOO_FEW_FRAMES, said))
        worst = min(stretches, key=lambda one: one.cosine)
        slips = _slips(worst, load_model("identity", self._model)[1].calibration)
        return Finding(
            self.name,
            self.version,
            self.question,
            Status.OK,
            _statement(worst, slips=slips),
            score=worst.cosine,
            unit=UNIT,
            exhibits=_exhibits(worst, clip, specimen.tracks[worst.looks.track], slips=slips),
        )

    def _nothing(self, why: Refusal) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, why.statement, why.reason)


def _prominent(looks: tuple[TrackLooks, ...], tracks: tuple[FaceTrack, ...]) -> list[TrackLooks]:
    sizes = [prominence(tracks[one.track]) for one in looks]
    return [one for one, size in zip(looks, sizes, strict=True) if size >= LEAST_PROMINENT * max(sizes)]


def least_like(looks: TrackLooks) -> Stretch | None:
    """The stretch of at least three looks, and at most half, that is least like the rest; None with too few looks."""
    good = looks.quality >= LEAST_QUALITY
    count = int(good.sum())
    if count < 2 * STRETCH:
        return None
    kept = TrackLooks(looks.track, looks.times_s[good], looks.embeddings[good], looks.quality[good])
    embeddings = kept.embeddings.astype(np.float64)
    cosines = embeddings @ embeddings.T
    best: tuple[float, NDArray[np.bool_]] | None = None
    places = np.arange(count)
    for start in range(count - STRETCH + 1):
        for end in range(start + STRETCH, min(count, start + count // 2) + 1):
            inside = (places >= start) & (places < end)
            value = float(cosines[np.ix_(inside, ~inside)].mean())
            if best is None or value < best[0]:
                best = value, inside
    assert best is not None
    value, inside = best
    outside = np.tile(~inside, (count, 1)) & ~np.eye(count, dtype=np.bool_)
    by_look = (cosines * outside).sum(axis=1) / outside.sum(axis=1)
    return Stretch(kept, inside, value, by_look)


def _missing(specimen: Specimen, model: Path | None) -> Refusal | None:
    """What of a comparison is not there: the first of the things that it needs."""
    clip = specimen.clip
    needed = (
        (clip is not None, Reason.NO_VIDEO, "There is no clip to look for a face in."),
        (
            clip is None or not clip.is_still,
            Reason.STILL_IMAGE,
            "A single picture: there is no time over which a face could change.",
        ),
        (
            model is not None or bundled("identity").is_file(),
            Reason.NO_MODEL,
            "There is no identity model, so nobody can say whether a face stays the same.",
        ),
        (bool(specimen.tracks), Reason.NO_FACE, "No face was found in the clip."),
    )
    return next((Refusal(reason, statement) for there, reason, statement in needed if not there), None)


def _slips(worst: Stretch, calibration: Platt | None) -> bool | None:
    """Whether the stretch may be another face; None where the model's card cannot say."""
    return None if calibration is None else calibration.unbounded(worst.cosine) < SLIPS_BELOW


def _times(stretch: Stretch) -> tuple[float, float]:
    inside = stretch.looks.times_s[stretch.inside]
    return float(inside[0]), float(inside[-1])


def _statement(worst: Stretch, *, slips: bool | None) -> str:
    count = len(worst.inside)
    if slips is None:
        return (
            f"Over {count} looks the face differs most from itself at a cosine of {worst.cosine:.2f}; the identity "
            "model's card has no calibration that could say whether it is another one, so it counts for nothing."
        )
    if not slips:
        return (
            f"The face stays like itself over {count} looks at it (mean cosine {worst.cosine:.2f} where it differs "
            "most). Faces that are swapped throughout do so, too, and it counts for nothing."
        )
    start, end = _times(worst)
    return (
        f"From {start:.1f} to {end:.1f} s the face is so unlike the rest of {count} looks at it (mean cosine "
        f"{worst.cosine:.2f}) that it may be another one. A swapped face that slips looks like that; so do a cut that "
        "was missed, a face that turns far away and one that is covered or blurred by movement. How often each happens "
        "is not known, so it counts for nothing; the pictures are there to look at."
    )


def _exhibits(worst: Stretch, clip: Clip, track: FaceTrack, *, slips: bool | None) -> tuple[Exhibit, ...]:
    """The likeness over time; of a slip also when it is, and a look at either side."""
    looks = worst.looks
    series = tuple((float(time), float(value)) for time, value in zip(looks.times_s, worst.by_look, strict=True))
    shown = Exhibit(
        ExhibitKind.SERIES,
        "likeness of the face to the rest of its looks over time",
        start_s=series[0][0],
        end_s=series[-1][0],
        series=series,
    )
    if not slips:
        return (shown,)
    start, end = _times(worst)
    unlike = int(np.argmin(np.where(worst.inside, worst.by_look, np.inf)))
    usual = int(np.argmax(np.where(worst.inside, -np.inf, looks.quality)))
    return (
        shown,
        Exhibit(ExhibitKind.RANGE, "the face may be another one", start_s=start, end_s=end),
        face_crop(clip, track, float(looks.times_s[unlike]), "the face where it may be another one"),
        face_crop(clip, track, float(looks.times_s[usual]), "the face in the rest of the track"),
    )


__all__ = ["LEAST_QUALITY", "SLIPS_BELOW", "STRETCH", "Drift", "Stretch", "least_like"]
