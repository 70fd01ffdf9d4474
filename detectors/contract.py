"""What every detector gives, and what it is: the values that cross the seam between a signal and the rest.

A detector is pure: it sees a :class:`~detectors.specimen.Specimen` and returns one :class:`Finding`. It opens no
socket, no database and no clock, so that it can run in a worker process, on another machine, or
as a library on one file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detectors.specimen import FrameHash, Specimen


class Question(StrEnum):
    """The four questions that are answered apart, because no single score may carry an alert."""

    IDENTITY = "identity"  # Is it them?
    SYNTHESIS = "synthesis"  # Was it made?
    DISCLOSURE = "disclosure"  # Does it say so?
    SPREAD = "spread"  # How far does it go?


class Status(StrEnum):
    """How an examination ended. *Not applicable* is a result, never a zero."""

    OK = "ok"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a finding is not applicable or failed; a script may branch on it."""

    NO_FACE = "no_face"
    FACE_TOO_SMALL = "face_too_small"
    TOO_FEW_FRAMES = "too_few_frames"
    STILL_IMAGE = "still_image"
    NO_VIDEO = "no_video"
    NO_AUDIO = "no_audio"
    NO_SPEECH = "no_speech"
    MUSIC = "music"
    NO_PROFILE = "no_profile"
    NO_PERSON = "no_person"
    NO_REFERENCE = "no_reference"
    NO_MODEL = "no_model"
    TOO_SHORT = "too_short"
    NO_CONTAINER_DATA = "no_container_data"
    NO_HISTORY = "no_history"
    NO_LOOKUP = "no_lookup"
    NO_READER = "no_reader"
    DETECTOR_ERROR = "detector_error"


class ExhibitKind(StrEnum):
    """What an exhibit shows."""

    FRAME = "frame"  # a whole picture, with the face box in `box`
    CROP = "crop"  # a cut-out
    RANGE = "range"  # a stretch of time
    SERIES = "series"  # values over time
    TEXT = "text"  # the words that were found, and in which field


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of what a finding rests on, small enough to travel between processes.

    Times are seconds from the start of the clip. `box` is (left, top, width, height) as shares
    of the picture, 0 to 1. `jpeg` holds an encoded picture of at most a few ten kilobytes.
    `series` holds (time in seconds, value) pairs, values in the unit of the finding's score; of the
    reach, seconds count from the publication.
    """

    kind: ExhibitKind
    label: str
    start_s: float | None = None
    end_s: float | None = None
    box: tuple[float, float, float, float] | None = None
    series: tuple[tuple[float, float], ...] = ()
    field: str | None = None
    text: str | None = None
    jpeg: bytes | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one of several models says by itself, where a finding rests on more than one.

    Votes are told, not counted: what counts is the finding's own `log10_lr`.

    Attributes:
        model: name and version, from its card and therefore text from outside.
        score: its mean score; models are not on one scale.
        log10_lr: what its own calibration makes of the score; None without a calibration.
    """

    model: str
    score: float
    log10_lr: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector says about one clip or profile.

    `log10_lr` is the log10 likelihood ratio that the finding contributes to its question: positive
    supports the question's proposition, negative its opposite, 0 says nothing. It is bounded by the
    detector's calibration. The propositions are

    * identity: the post presents itself as the protected person;
    * synthesis: the face or voice was synthesised or swapped;
    * disclosure: the account or post declares that it is not the protected person's own footage;
    * spread: carries no likelihood ratio.

    `score` is the raw value in `unit`, None unless the status is ok. `votes` are of the models behind it, one for each
    model that was asked; most detectors have none.
    """

    detector: str
    version: str
    question: Question
    status: Status
    statement: str
    reason: Reason | None = None
    score: float | None = None
    unit: str = ""
    log10_lr: float = 0.0
    exhibits: tuple[Exhibit, ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings about one specimen, with what each stage cost.

    `elapsed_s` maps stage ("decode", "tracks", and each detector's name) to seconds of wall time. `hashes` are the
    perceptual hashes of the clip's key frames, by which copies of it are found later.
    """

    findings: tuple[Finding, ...]
    duration_s: float
    tracks: int
    elapsed_s: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    hashes: tuple[FrameHash, ...] = ()


class Detector(Protocol):
    """A signal: what it is called, which question it answers, and one method from a specimen to a finding."""

    @property
    def name(self) -> str:
        """Short name, unique in the registry."""
        ...

    @property
    def version(self) -> str:
        """Changes when the same specimen may give another finding."""
        ...

    @property
    def question(self) -> Question:
        """Which question its findings answer."""
        ...

    @property
    def reads_tracks(self) -> bool:
        """Whether it needs the face tracks; where they could not be made, its finding is *failed*."""
        ...

    def examine(self, specimen: Specimen) -> Finding:
        """Look at the specimen; *not applicable* is said in the finding, not raised."""
        ...
