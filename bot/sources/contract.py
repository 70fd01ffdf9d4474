"""What every source takes and gives: values only, so that a source can run in a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Outcome(StrEnum):
    """How a poll or a fetch ended. `UNKNOWN` is a valid answer and keeps the evidence in the trail."""

    OK = "ok"
    EMPTY = "empty"
    GONE = "gone"
    PRIVATE = "private"
    LOGIN_NEEDED = "login_needed"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    CHALLENGED = "challenged"
    GEO = "geo"
    UNSUPPORTED = "unsupported"
    EXTRACTOR_BROKEN = "extractor_broken"
    NETWORK = "network"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"

    @property
    def succeeded(self) -> bool:
        """The platform answered and what it answered was understood."""
        return self in (Outcome.OK, Outcome.EMPTY)


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One request of a poll: where it went and how it ended.

    Extractors swallow HTTP errors, so this trail is the only reliable input of the classifier.
    `error` is the name of the exception when there was no answer at all.
    """

    host: str
    status: int | None = None
    error: str | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class ListedPost:
    """One post as the listing shows it, before anything was downloaded. Counts are None where unseen."""

    platform_id: str
    url: str
    caption: str = ""
    published_at: datetime | None = None
    duration_s: float | None = None
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    ai_label: bool | None = None
    subtitles: str | None = None


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """The account as the platform shows it. None where the source cannot see a field."""

    stable_id: str | None = None
    handle: str | None = None
    display_name: str | None = None
    bio: str | None = None
    followers: int | None = None
    posts: int | None = None
    verified: bool | None = None
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What to list. The walk stops after `stop_after_known` consecutive known ids or `limit` entries of each list.

    Not at the first known id: a pinned old post stands before the new ones on most platforms.
    Without `profile` a source that knows `stable_id` may leave out the account's page, which saves a
    request and sees neither followers nor a change of the handle.
    """

    url: str
    stable_id: str | None = None
    known: frozenset[str] = frozenset()
    limit: int = 15
    stop_after_known: int = 3
    max_requests: int = 12
    deadline_s: float = 60.0
    profile: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """What a poll saw: new and known posts that were passed, the profile if seen, and how it ended.

    `successor` is the stable id of another account that was found under the handle; its posts and words are left out.
    """

    outcome: Outcome
    detail: str = ""
    profile: ListedProfile | None = None
    posts: tuple[ListedPost, ...] = ()
    trail: tuple[TrailEntry, ...] = ()
    retry_after_s: float | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to download, into which empty directory, within which bounds."""

    url: str
    into: Path
    max_bytes: int = 200_000_000
    max_requests: int = 60
    deadline_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a download left: `path` is inside the request's directory, None unless the outcome is ok.

    `metadata` is what the platform told of the post, as JSON (:mod:`bot.sources.metadata`); None where there is none.
    """

    outcome: Outcome
    detail: str = ""
    path: Path | None = None
    post: ListedPost | None = None
    profile: ListedProfile | None = None
    trail: tuple[TrailEntry, ...] = ()
    retry_after_s: float | None = None
    metadata: bytes | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a source can and cannot see; the README's platform table is made from it.

    Attributes:
        lists: posts of an account can be listed.
        downloads: a post's video can be had.
        followers: how many follow is seen.
        bio: the account's own words are seen.
        ai_label: the platform's own label of generated content is seen.
        needs_cookies: much is only shown with the cookies of a login.
        wants_impersonation: the platform often refuses clients that are no browser, and this is none.
        example: an address as a user writes it.
        note: what else a user must know, as half a sentence; empty where there is nothing.
        control: a large public account that has posts every week, which tells blocked from quiet; empty where a
            platform has none, or has many servers.
    """

    lists: bool
    downloads: bool
    followers: bool = False
    bio: bool = False
    ai_label: bool = False
    needs_cookies: bool = False
    wants_impersonation: bool = False
    example: str = ""
    note: str = ""
    control: str = ""


class Source(Protocol):
    """One way to see posts. Stateless: everything it needs to remember is in the request."""

    @property
    def name(self) -> str:
        """The platform's name as it stands in the configuration and the store."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        ...

    def takes(self, url: str) -> bool:
        """Tell whether this address belongs to this source."""
        ...

    def is_account(self, url: str) -> bool:
        """Tell whether this address of the source's is one that can be watched, and not a single post."""
        ...

    def handle_of(self, url: str) -> str:
        """The account's handle as far as the address tells, without any request."""
        ...

    def list_posts(self, request: ListRequest) -> Listing:
        """Walk the newest posts; never raises for what a platform does."""
        ...

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download one post; never raises for what a platform does."""
        ...


__all__ = [
    "Capabilities",
    "FetchRequest",
    "Fetched",
    "ListRequest",
    "ListedPost",
    "ListedProfile",
    "Listing",
    "Outcome",
    "Source",
    "TrailEntry",
]
