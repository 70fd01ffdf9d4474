"""What a failed poll or fetch means: one table over what was seen on the way, for every source.

Extractors swallow HTTP errors, so a rate limit and an unknown account can raise the same sentence; the trail of
requests is asked first, then the platform's own code, then the words, then the page that came last. The words are
those of yt-dlp 2026.10.26 and of the platforms' own interfaces, and are matched loosely; `unknown` is a valid answer
that keeps the sentence for a reader.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.sources.contract import Outcome, TrailEntry

Meaning = tuple[Outcome, str]
"""An outcome and one sentence of detail."""

HEAD_BYTES = 262_144
"""How much of the latest page is kept as evidence; the largest honest ones have about 3 MB."""

STATUS: Mapping[int, Meaning] = {
    429: (Outcome.RATE_LIMITED, "the platform asks for fewer requests"),
    401: (Outcome.LOGIN_NEEDED, "the platform wants a login"),
    403: (Outcome.BLOCKED, "the platform refuses this address or client"),
    404: (Outcome.GONE, "the platform knows no such page"),
    410: (Outcome.GONE, "the page was taken away"),
    451: (Outcome.GEO, "withheld in this country for legal reasons"),
}
"""What the status of the last answer says; every other failure of a server is one of the network."""

PAGE: Mapping[str, Meaning] = {
    "empty": (Outcome.CHALLENGED, "the platform answered with an empty page, its usual throttle"),
    # also a page in the place of JSON, which is how firewalls answer
    "challenge": (Outcome.CHALLENGED, "the platform wants proof of a browser"),
    "login": (Outcome.LOGIN_NEEDED, "the platform leads to its login page"),
    "no_data": (Outcome.EXTRACTOR_BROKEN, "the page holds no data in the known form"),
}
"""What the looks of a page say that holds nothing of what was asked for."""

CHALLENGE = re.compile(
    r"Please wait\.\.\.|_wafchallengeid|id=\"cs\"|captcha|verify (that )?you are (a )?human|Just a moment\.\.\.|"
    r"cf-chl-|unusual traffic|not a robot|Checking your browser",
    re.IGNORECASE,
)
"""Words of the pages that firewalls put before a platform."""

LOGIN_PATH = re.compile(r"/(accounts/)?(log[-_]?in|sign[-_]?in|uas/login)\b", re.IGNORECASE)
"""Where platforms lead those whom they show nothing without a login."""


@dataclass(frozen=True, slots=True)
class Words:
    """One row of the table of sentences."""

    pattern: str
    outcome: Outcome
    detail: str


WORDS: Sequence[Words] = (
    Words(r"account is private|do not have permission to view", Outcome.PRIVATE, "private"),
    Words(r"likely either private or all of their videos", Outcome.PRIVATE, "private, or all posts are"),
    Words(r"does not have any videos posted", Outcome.EMPTY, "no posts"),
    Words(r"does not have a (videos|shorts|streams) tab", Outcome.EMPTY, "no posts of this kind"),
    Words(
        r"Your IP address is blocked from accessing this post",
        Outcome.BLOCKED,
        "the platform gives the same answer for a removed post and for a blocked address",
    ),
    Words(
        r"account has been (terminated|suspended)|account.{0,20}(suspended|deactivated|taken down)",
        Outcome.GONE,
        "the account was closed",
    ),
    Words(
        r"channel (was removed|does not exist)|(channel/playlist|profile|user|account|actor) (does not exist|not found)"
        r"|Channel \"[^\"]*\" not found|Unable to find (profile|user)",
        Outcome.GONE,
        "the platform knows no such account",
    ),
    Words(r"Video unavailable|has been removed|no longer available", Outcome.GONE, "removed"),
    Words(
        r"confirm you.re not a bot|Unable to (extract|solve) .*challenge|Unexpected response from webpage",
        Outcome.CHALLENGED,
        "the platform wants proof of a browser",
    ),
    Words(r"rate.?limited by|rate-limit reached", Outcome.RATE_LIMITED, "the platform asks for fewer requests"),
    Words(r"(?<!no )log ?in|login required|cookies", Outcome.LOGIN_NEEDED, "the platform wants a login"),
    Words(r"not available (in|from) your (country|location)|geo.?restrict", Outcome.GEO, "withheld in this country"),
    Words(r"No suitable extractor|Unsupported URL", Outcome.UNSUPPORTED, "no page of a kind that is known"),
    Words(
        r"Requested format is not available|No video formats|No video could be found in this post",
        Outcome.UNSUPPORTED,
        "holds no readable video",
    ),
    Words(r"keeps sending the same page", Outcome.CHALLENGED, "the platform repeats one page"),
)
"""What sentences say."""


@dataclass(slots=True)
class Page:
    """The latest page that was read.

    Attributes:
        url: where it came from in the end, after redirects.
        status: its HTTP status.
        head: its first :data:`HEAD_BYTES` bytes, unpacked; grows while it is read.
        finished: it was read to its end.
    """

    url: str
    status: int
    head: bytearray = field(default_factory=bytearray)
    finished: bool = False

    def keep(self, data: bytes) -> None:
        """Take over bytes as they are read; none say that the end was reached."""
        if not data:
            self.finished = True
        elif len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]

    @property
    def text(self) -> str:
        """What is kept, as text."""
        return self.head.decode(errors="replace")

    @property
    def looks(self) -> str | None:
        """A key of :data:`PAGE`, or None where the page looks like any other."""
        if self.finished and not self.head.strip():
            return "empty"
        if CHALLENGE.search(self.text):
            return "challenge"
        if LOGIN_PATH.match(urllib.parse.urlsplit(self.url).path):
            return "login"
        return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a poll or fetch left for telling what its failure means.

    Attributes:
        trail: its requests in their order.
        message: what was raised or warned of, without advice; empty where nothing was.
        limit: the bound of ours that was met, and in which words.
        refused: a connection that the door refused.
        code: the platform's own status code.
        page: the latest page.
        looks: a key of :data:`PAGE`, where a source knows better than :attr:`Page.looks`.
        kind: what the kind of the error stands for, where it says anything.
    """

    trail: Sequence[TrailEntry] = ()
    message: str = ""
    limit: Meaning | None = None
    refused: str | None = None
    code: int | None = None
    page: Page | None = None
    looks: str | None = None
    kind: Meaning | None = None


Said = Sequence[tuple[str, Meaning]]
"""Patterns of what a platform's own pages say, and what that means."""


def meaning(evidence: Evidence, codes: Mapping[int, Meaning] | None = None, said: Said = ()) -> Meaning:
    """The first piece of evidence that says something: limits, trail, door, code, words, page, kind of error.

    Args:
        evidence: what was seen.
        codes: the platform's own status codes.
        said: the platform's own words in the latest page.
    """
    looks = (evidence.page.looks if evidence.page is not None else None) or evidence.looks
    return (
        evidence.limit
        or by_trail(evidence.trail, looks)
        or (None if evidence.refused is None else (Outcome.NETWORK, evidence.refused))
        or (codes or {}).get(evidence.code or 0)
        or _silence(evidence.trail)
        or by_page(evidence.page, said)
        or _by_words(evidence.message)
        or PAGE.get(looks or "")
        or evidence.kind
        or (Outcome.UNKNOWN, evidence.message)
    )


def _by_words(message: str) -> Meaning | None:
    """What a sentence says by the table."""
    return next(((row.outcome, row.detail) for row in WORDS if re.search(row.pattern, message, re.IGNORECASE)), None)


def by_page(page: Page | None, said: Said) -> Meaning | None:
    """What the latest page says in the platform's own words."""
    if page is None or not said:
        return None
    text = page.text
    return next((means for pattern, means in said if re.search(pattern, text)), None)


def asked_to_wait(trail: Sequence[TrailEntry]) -> float | None:
    """The longest pause in seconds that an answer asked for."""
    return max((entry.retry_after_s for entry in trail if entry.retry_after_s is not None), default=None)


def by_trail(trail: Sequence[TrailEntry], looks: str | None) -> Meaning | None:
    """A rate limit anywhere, else how the last request ended."""
    if any(entry.status == 429 for entry in trail):
        return STATUS[429]
    if not trail or trail[-1].status is None:
        return None
    status = trail[-1].status
    if looks == "challenge" and status in (403, 503):
        return PAGE["challenge"]
    if status >= 500:
        return Outcome.NETWORK, f"the platform answered {status}"
    return STATUS.get(status)


def _silence(trail: Sequence[TrailEntry]) -> Meaning | None:
    """The last request had no answer at all."""
    if not trail or trail[-1].error is None:
        return None
    return Outcome.NETWORK, f"no answer from {trail[-1].host} ({trail[-1].error})"


__all__ = [
    "PAGE",
    "STATUS",
    "WORDS",
    "Evidence",
    "Meaning",
    "Page",
    "Said",
    "asked_to_wait",
    "by_page",
    "by_trail",
    "meaning",
]
