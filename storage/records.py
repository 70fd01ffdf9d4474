"""The rows of the store as frozen dataclasses: what goes in and what comes out, in plain types.

Times are timezone-aware UTC datetimes here and fixed-width ISO 8601 text in the database. This
package knows nothing of detectors or of the watcher: enumerations of theirs arrive as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class PostState(StrEnum):
    """A post is in exactly one state: seen -> fetched -> examined -> judged, or gone, skipped, failed.

    FAILED has a time to try again until the attempts are used up. SKIPPED posts were indexed at first
    contact and are only measured. GONE posts were no longer there when they were fetched.
    """

    SEEN = "seen"
    FETCHED = "fetched"
    EXAMINED = "examined"
    JUDGED = "judged"
    GONE = "gone"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account as the configuration names it; `url` is what tells accounts apart."""

    url: str
    platform: str
    person: str | None
    handle: str
    interval_s: int


@dataclass(frozen=True, slots=True)
class Account:
    """A watched account. `stable_id` is the platform's own id, pinned at first sight."""

    id: int
    url: str
    platform: str
    person: str | None
    handle: str
    interval_s: int
    stable_id: str | None = None
    outcome: str | None = None  # of the latest poll; None before the first
    detail: str = ""
    outcome_since: datetime | None = None  # since when the outcome has been this one
    last_ok_at: datetime | None = None
    next_check_at: datetime | None = None  # None: never polled, due at once
    error_count: int = 0  # consecutive polls that did not succeed
    enabled: bool = True  # False: no longer in the configuration
    measured_at: datetime | None = None  # when its list was last read as far as the configuration says
    profile_at: datetime | None = None  # when its profile was last asked for and shown


@dataclass(frozen=True, slots=True)
class Profile:
    """The account as the platform showed it at `seen_at`; append-only, one row per change of text, flag or avatar.

    None where no poll has shown the field yet. A field that one poll did not show keeps its last value
    in the next row, so that the latest row is always the whole of what is known.
    """

    account_id: int
    seen_at: datetime
    handle: str | None = None
    display_name: str | None = None
    bio: str | None = None
    verified: bool | None = None
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True)
class AccountMetric:
    """Followers and number of posts at one time; append-only, so that growth can be computed."""

    account_id: int
    at: datetime
    followers: int | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post as a listing showed it, on its way into the store."""

    platform_id: str
    url: str
    caption: str = ""
    published_at: datetime | None = None
    duration_s: float | None = None
    ai_label: bool | None = None
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    subtitles: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a watched account and how far the work on it has come."""

    id: int
    account_id: int
    platform_id: str
    url: str
    caption: str
    state: PostState
    first_seen_at: datetime
    state_since: datetime
    published_at: datetime | None = None
    duration_s: float | None = None
    ai_label: bool | None = None
    media_sha256: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    problem: str = ""  # one line: why it is gone, skipped or failed
    subtitles: str | None = None  # what is said, as the platform tells it
    metadata_sha256: str | None = None  # of what the platform told when it was fetched, JSON in the evidence


@dataclass(frozen=True, slots=True)
class PostMetric:
    """Reach of a post at one time; append-only."""

    post_id: int
    at: datetime
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What one poll of an account did and how it ended; the trail is kept as evidence.

    `new_posts` is counted by the store while it commits the poll; what the caller puts there is ignored.
    """

    account_id: int
    at: datetime
    outcome: str
    detail: str = ""
    requests: int = 0
    new_posts: int = 0
    elapsed_s: float = 0.0
    trail: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A file in the evidence folder, known by the SHA-256 of its bytes (64 lower-case hex digits)."""

    sha256: str
    bytes: int
    suffix: str = ""  # with its dot, lower case; empty where the kind of file is not a known one


@dataclass(frozen=True, slots=True)
class StoredHash:
    """One perceptual hash of a key frame, 32 bytes: the whole picture, mirrored, without a border, or the face."""

    post_id: int
    time_s: float
    kind: str
    hash: bytes
    quality: int


ReferenceKey = tuple[str, str, str, str, str]
"""Person, kind, SHA-256 of the file and of the model, recipe: what an embedding is of, and how it was made."""


@dataclass(frozen=True, slots=True)
class StoredReference:
    """What one model made of one reference file of a protected person: biometric data.

    Attributes:
        person: name in the configuration.
        kind: `face` or `voice`.
        source_sha256, model_sha256: of the photo or recording, and of the model's file, 64 lower-case hex digits.
        recipe: what else the embedding depends on; one that was made by another recipe is made anew.
        embedding: a unit vector of little-endian float32 values.
        speech_s: seconds of speech behind a voice; 0 for a face.
        made_at: when it was enrolled.
    """

    person: str
    kind: str
    source_sha256: str
    model_sha256: str
    recipe: str
    embedding: bytes = field(repr=False)
    made_at: datetime
    speech_s: float = 0.0

    @property
    def key(self) -> ReferenceKey:
        """What tells it from others."""
        return (self.person, self.kind, self.source_sha256, self.model_sha256, self.recipe)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A detector's finding on a post. Pictures of exhibits lie in the evidence folder under their SHA-256."""

    post_id: int
    detector: str
    version: str
    question: str
    status: str
    statement: str
    reason: str | None = None
    score: float | None = None
    unit: str = ""
    log10_lr: float = 0.0
    exhibits: tuple[Mapping[str, Any], ...] = ()
    votes: tuple[Mapping[str, Any], ...] = ()  # model, score, log10_lr of each model, where several stand behind it
    examined_at: datetime | None = None
    stage: str = "clip"  # clip: of the bytes, kept; context: of what is known besides, made anew at each judging


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """The judgement on a post: the sums per question, the rule that fired, label and priority."""

    post_id: int
    label: str
    priority: str
    rule: str
    summary: str
    questions: Mapping[str, Any] = field(default_factory=dict)
    counter: str = ""  # the strongest counter-evidence, one sentence, may be empty
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided on a post; append-only, the latest counts.

    `label` and `priority` are what the post had when the person decided, so that alerts can be told from posts that
    nobody was warned of.
    """

    post_id: int
    decision: str  # confirm, dismiss, imitation or official
    label: str
    priority: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict as it was from `judged_at` on; append-only, one row where label, priority or rule changed."""

    post_id: int
    judged_at: datetime
    label: str
    priority: str
    rule: str


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A post of the digest of `told_on` whose verdict became another one in the time that a later digest covers."""

    post_id: int
    told_on: str  # ISO date
    at: datetime  # of the latest change
    told_label: str
    told_priority: str
    told_rule: str
    label: str
    priority: str
    rule: str


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """One digest: which local day it is for, what time it covers, where its file lies.

    `rendered_at` is None while the entries are recorded but the page is not written yet, which is how
    a killed run is made good by the next one. From `handed_out_at` on the digest is on its way to its readers and
    takes no more entries.
    """

    id: int
    day: str  # ISO date in the digest's time zone
    covers_from: datetime | None
    covers_to: datetime
    path: str | None = None
    rendered_at: datetime | None = None
    handed_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A post's single place in the digests: a post enters exactly one."""

    digest_id: int
    post_id: int
