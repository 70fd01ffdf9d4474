"""The `forgery` detector: does the texture of the face look synthesised?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import onnxruntime

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.detail import detail
from detectors.errors import ModelError
from detectors.exhibits import jpeg, sharpness
from detectors.model_files import load_model
from detectors.model_input import Adapter, adapter_of
from detectors.specimen import Clip, FaceSighting, FaceTrack, Specimen
from detectors.voting import Ballot, Count, counted, statement

MIN_FACE = 40.0
"""Smallest face in pixels: below it the 112 px crop is mostly interpolation."""

MIN_SIGHTINGS = 4
"""Fewest sightings: the mean of fewer scores is mostly chance."""

PER_TRACK = 16
"""Sightings looked at in one track; the recipe was measured with 12 to 16."""

MAX_TRACKS = 4


class Forgery:
    """Scores up to 16 sightings of each of the most prominent face tracks; positive is synthetic.

    The score is the mean over all of them. The highest track or frame would find more, and would
    grow with the number of tracks on genuine clips, too. Several models vote (:mod:`detectors.voting`).

    Args:
        models: .onnx files with their cards, None for the shipped one; loaded at the first clip.
    """

    name = "forgery"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = True

    def __init__(self, models: tuple[Path | None, ...] = (None,)) -> None:
        self._models = models

    @property
    def version(self) -> str:
        """Changes with the models; where one of them cannot be read it is that of the code alone."""
        try:
            return "1+" + ",".join(load_model("forgery", model)[1].version for model in self._models)
        except ModelError:
            return "1"

    def examine(self, specimen: Specimen) -> Finding:
        """Score the face tracks; not applicable on stills, small faces and short glimpses.

        Raises:
            ModelError: a model cannot be loaded. The others do not vote without it, lest findings change unnoticed.
        """
        loaded = [load_model("forgery", model) for model in self._models]
        adapters = [adapter_of(card.name, card.raw, session) for session, card in loaded]
        clip = specimen.clip
        refusal = _refusal(clip, specimen.tracks)
        if refusal is not None or clip is None:
            reason, said = refusal or (Reason.NO_VIDEO, "There is no clip to look at.")
            return Finding(self.name, self.version, Question.SYNTHESIS, Status.NOT_APPLICABLE, said, reason)
        looks = [
            look(clip, specimen.tracks, session, adapter)
            for (session, _), adapter in zip(loaded, adapters, strict=True)
        ]
        count = counted(
            [
                Ballot(card, tuple(value for _, value in one.scored), one.quality)
                for (_, card), one in zip(loaded, looks, strict=True)
            ]
        )
        seen = tuple(sighting for sighting, _ in looks[0].scored)
        return Finding(
            self.name,
            self.version,
            Question.SYNTHESIS,
            Status.OK,
            statement(count, len(seen)),
            score=count.score,
            unit=count.unit,
            log10_lr=count.log10_lr,
            exhibits=_exhibits(clip, adapters[0], seen, count),
            votes=count.votes,
        )


@dataclass(frozen=True, slots=True)
class Looks:
    """What the model says of the sightings it was shown, and how much detail the average of them holds."""

    scored: tuple[tuple[FaceSighting, float], ...]
    quality: float

    @property
    def score(self) -> float:
        """The mean logit."""
        return float(np.mean([value for _, value in self.scored]))


def look(clip: Clip, tracks: tuple[FaceTrack, ...], session: onnxruntime.InferenceSession, adapter: Adapter) -> Looks:
    """Score up to 16 sightings of each of the most prominent tracks that are large and long enough.

    Raises:
        ValueError: no track is; :class:`Forgery` says so in a finding.
    """
    scored: list[tuple[FaceSighting, float]] = []
    qualities: list[float] = []
    for track in _fit_tracks(tracks)[:MAX_TRACKS]:
        chosen = _chosen(track, clip)
        pictures = np.stack([adapter.picture(clip.frames[one.frame].rgb, one.box) for one in chosen])
        scored += zip(chosen, (float(logit) for logit in adapter.scores(session, pictures)), strict=True)
        qualities += [detail(picture) for picture in pictures]
    if not scored:
        raise ValueError("no face is large and long enough to be looked at")
    return Looks(tuple(scored), float(np.mean(qualities)))


def _refusal(clip: Clip | None, tracks: tuple[FaceTrack, ...]) -> tuple[Reason, str] | None:
    if clip is None:
        return Reason.NO_VIDEO, "There is no clip to look at, only words."
    if clip.is_still:
        return Reason.STILL_IMAGE, "A single picture: the forgery model was made for video and is not asked."
    if not tracks:
        return Reason.NO_FACE, "No face was found that stays in the picture, so there is nothing to score."
    widest = max(sighting.box[2] for track in tracks for sighting in track.sightings)
    if widest < MIN_FACE:
        return (
            Reason.FACE_TOO_SMALL,
            f"The largest face is {widest:.0f} pixels wide; the forgery model needs at least {MIN_FACE:.0f}.",
        )
    if not _fit_tracks(tracks):
        return (
            Reason.TOO_FEW_FRAMES,
            f"No face is seen in {MIN_SIGHTINGS} sampled frames at {MIN_FACE:.0f} pixels or more.",
        )
    return None


def _fit_tracks(tracks: tuple[FaceTrack, ...]) -> list[FaceTrack]:
    """Tracks with enough sightings of enough size, most prominent first; small sightings are left out."""
    fit = []
    for track in tracks:
        large = tuple(sighting for sighting in track.sightings if min(sighting.box[2:]) >= MIN_FACE)
        if len(large) >= MIN_SIGHTINGS:
            fit.append(FaceTrack(large))
    return fit


def _chosen(track: FaceTrack, clip: Clip) -> list[FaceSighting]:
    """The sharpest, largest, most certain sighting of each of up to 16 equal parts of the track."""
    sightings = track.sightings
    count = min(PER_TRACK, len(sightings))
    if count == len(sightings):
        return list(sightings)
    chosen = []
    for part in range(count):
        choice = sightings[part * len(sightings) // count : (part + 1) * len(sightings) // count]
        chosen.append(
            max(choice, key=lambda one: one.score * one.box[2] * sharpness(clip.frames[one.frame].rgb, one.box) ** 0.5)
        )
    return chosen


def _exhibits(clip: Clip, adapter: Adapter, seen: tuple[FaceSighting, ...], count: Count) -> tuple[Exhibit, ...]:
    """The score over time, and the face as the first model was shown it where the score is highest."""
    series = tuple(sorted((sighting.time_s, value) for sighting, value in zip(seen, count.series, strict=True)))
    sighting, value = max(zip(seen, count.series, strict=True), key=lambda pair: pair[1])
    rgb = clip.frames[sighting.frame].rgb
    x, y, width, height = adapter.region(sighting.box)
    top, left = max(0, int(y)), max(0, int(x))
    crop = rgb[top : max(top + 1, int(y + height)), left : max(left + 1, int(x + width))]
    several = f" of {len(count.votes)} models" if len(count.votes) > 1 else ""
    return (
        Exhibit(
            ExhibitKind.SERIES,
            f"forgery score{several} over time (positive leans to synthetic)",
            start_s=series[0][0],
            end_s=series[-1][0],
            series=series,
        ),
        Exhibit(
            ExhibitKind.CROP,
            f"highest score {value:+.2f} at {sighting.time_s:.1f} s",
            start_s=sighting.time_s,
            jpeg=jpeg(np.ascontiguousarray(crop) if crop.size else rgb, 224),
        ),
    )
