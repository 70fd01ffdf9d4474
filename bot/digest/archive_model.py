"""What the pages of an account and of a case say, as values; what they share with a digest is in :mod:`.model`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest.model import AccountView, Change, Measure, Picture, PostView, Score


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with all that it rests on; `log10_lr` is None where it is not about a likelihood or has no result."""

    detector: str
    version: str
    asked: str
    status: str
    statement: str
    score: float | None
    unit: str
    log10_lr: float | None
    examined_at: datetime | None
    texts: tuple[tuple[str, str], ...]
    """(label, words) of each exhibit in words."""
    stretches: tuple[tuple[str, float, float], ...]
    """(label, start, end in seconds) of each stretch of time."""
    series: tuple[Score, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as it was from a time on."""

    at: datetime
    label_text: str
    priority: str
    rule: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, and what stood there before."""

    at: datetime
    decision: str
    note: str
    priority: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that is kept of one post."""

    account: AccountView
    post: PostView
    zone: ZoneInfo
    findings: tuple[FindingView, ...]
    pictures_left_out: int
    judgements: tuple[Judged, ...]
    decisions: tuple[Decision, ...]
    digest: date | None
    archived: bool = True


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post in the list of its account; `label_text` is None before it was judged."""

    post_id: int
    caption: str
    href: str | None
    at: datetime
    views: Measure | None
    state: str
    problem: str
    label_text: str | None
    priority: str | None
    is_case: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything that is kept of one account."""

    account: AccountView
    zone: ZoneInfo
    watched: bool
    state: str
    state_since: datetime | None
    posts: tuple[PostLine, ...]
    posts_left_out: int
    views: Measure | None
    """Latest views of all posts together, summed up in the order of their publication."""
    changes: tuple[Change, ...]
    digests: tuple[date, ...]
    picture: Picture | None = None
    """The profile's picture as it was last fetched."""
    archived: bool = True
