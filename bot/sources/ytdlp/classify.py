"""What a failed poll or fetch means, as one table over what was seen on the way.

Extractors swallow HTTP errors, so a rate limit and an unknown account can raise the same sentence; the trail
of requests is asked first, then the platform's own code, then the words. The words are those of yt-dlp
2026.10.26 and are matched loosely; `unknown` is a valid answer that keeps the sentence for a reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yt_dlp.networking.exceptions import HTTPError, RequestError
from yt_dlp.utils import ExtractorError, RegexNotFoundError

from bot.sources.contract import Outcome, TrailEntry
from bot.sources.ytdlp.limits import (
    BodyTooLarge,
    BudgetSpent,
    DeadlinePassed,
    FormatRefused,
    LimitReached,
    PageInsteadOfMedia,
)
from bot.sources.ytdlp.watch import WatchYDL

LIMITS: Mapping[type[LimitReached], Outcome] = {
    DeadlinePassed: Outcome.TIMEOUT,
    BudgetSpent: Outcome.UNKNOWN,
    FormatRefused: Outcome.UNSUPPORTED,
    PageInsteadOfMedia: Outcome.CHALLENGED,
}

STATUS: Mapping[int, tuple[Outcome, str]] = {
    429: (Outcome.RATE_LIMITED, "the platform asks for fewer requests"),
    401: (Outcome.LOGIN_NEEDED, "the platform wants a login"),
    403: (Outcome.BLOCKED, "the platform refuses this address or client"),
    404: (Outcome.GONE, "the platform knows no such page"),
    410: (Outcome.GONE, "the page was taken away"),
    451: (Outcome.GEO, "withheld in this country for legal reasons"),
}

PAGE: Mapping[str, tuple[Outcome, str]] = {
    "empty": (Outcome.CHALLENGED, "the platform answered with an empty page, its usual throttle"),
    # also a page in the place of JSON, which is how firewalls answer
    "challenge": (Outcome.CHALLENGED, "the platform wants proof of a browser"),
    "no_data": (Outcome.EXTRACTOR_BROKEN, "the page holds no data in the known form"),
}


KINDS: Sequence[tuple[tuple[type[BaseException], ...], Outcome]] = (
    ((HTTPError,), Outcome.UNKNOWN),
    ((RequestError,), Outcome.NETWORK),
    ((RegexNotFoundError, KeyError, AttributeError, TypeError, IndexError), Outcome.EXTRACTOR_BROKEN),
    ((ExtractorError,), Outcome.EXTRACTOR_BROKEN),
)
"""Kinds of errors that their raiser did not expect, and what they stand for."""


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
    Words(
        r"Your IP address is blocked from accessing this post",
        Outcome.BLOCKED,
        "the platform gives the same answer for a removed post and for a blocked address",
    ),
    Words(r"account has been terminated|account.{0,20}suspended", Outcome.GONE, "the account was closed"),
    Words(r"Video unavailable|has been removed|no longer available", Outcome.GONE, "removed"),
    Words(
        r"confirm you.re not a bot|Unable to (extract|solve) .*challenge|Unexpected response from webpage",
        Outcome.CHALLENGED,
        "the platform wants proof of a browser",
    ),
    Words(r"rate.?limited by|rate-limit reached", Outcome.RATE_LIMITED, "the platform asks for fewer requests"),
    Words(r"log ?in|login required|cookies", Outcome.LOGIN_NEEDED, "the platform wants a login"),
    Words(r"not available (in|from) your (country|location)|geo.?restrict", Outcome.GEO, "withheld in this country"),
    Words(r"No suitable extractor|Unsupported URL", Outcome.UNSUPPORTED, "no page of a kind that is known"),
    Words(r"Requested format is not available|No video formats", Outcome.UNSUPPORTED, "holds no readable video"),
    Words(r"keeps sending the same page", Outcome.CHALLENGED, "the platform repeats one page"),
)


def classify(
    error: BaseException | None, ydl: WatchYDL, codes: Mapping[int, tuple[Outcome, str]]
) -> tuple[Outcome, str, float | None]:
    """Tell what a failure means.

    Args:
        error: what was raised, or None where the result was simply missing.
        ydl: the instance, for its trail, its limits and what its extractors saw.
        codes: the platform's own status codes.

    Returns:
        Outcome, one sentence, and the seconds that the platform asked to wait.
    """
    waits = [entry.retry_after_s for entry in ydl.trail if entry.retry_after_s is not None]
    outcome, detail = _meaning(error, ydl, codes)
    return outcome, detail, max(waits, default=None)


def _meaning(
    error: BaseException | None, ydl: WatchYDL, codes: Mapping[int, tuple[Outcome, str]]
) -> tuple[Outcome, str]:
    """The first source of evidence that says something: limits, trail, door, code, words, page, kind of error."""
    text = _text(error, ydl.log.messages)
    return (
        _limit(ydl.limit)
        or _trail(ydl.trail)
        or (None if ydl.refused is None else (Outcome.NETWORK, str(ydl.refused)))
        or codes.get(ydl.seen.status_code or 0)
        or _silence(ydl.trail)
        or next(((row.outcome, row.detail) for row in WORDS if re.search(row.pattern, text, re.IGNORECASE)), None)
        or PAGE.get(ydl.seen.page or "")
        or _by_kind(error, text)
    )


def _limit(limit: LimitReached | None) -> tuple[Outcome, str] | None:
    if limit is None:
        return None
    if isinstance(limit, BodyTooLarge):
        return (Outcome.TOO_LARGE if limit.media else Outcome.UNKNOWN), str(limit)
    return LIMITS.get(type(limit), Outcome.UNKNOWN), str(limit)


def _trail(trail: Sequence[TrailEntry]) -> tuple[Outcome, str] | None:
    """A rate limit anywhere, else how the last request ended."""
    if any(entry.status == 429 for entry in trail):
        return STATUS[429]
    if not trail or trail[-1].status is None:
        return None
    status = trail[-1].status
    if status >= 500:
        return Outcome.NETWORK, f"the platform answered {status}"
    return STATUS.get(status)


def _silence(trail: Sequence[TrailEntry]) -> tuple[Outcome, str] | None:
    """The last request had no answer at all."""
    if not trail or trail[-1].error is None:
        return None
    return Outcome.NETWORK, f"no answer from {trail[-1].host} ({trail[-1].error})"


def _text(error: BaseException | None, messages: Sequence[str]) -> str:
    """The error's sentence without yt-dlp's advice, its causes and the id before it; else the last warning."""
    text = str(error) if error is not None else next(reversed(messages), "")
    text = text.partition("; please report")[0].partition(" (caused by")[0]
    return re.sub(r"^\s*(ERROR: )?(\[[^\]]*\] )?([\w-]{6,}: )?", "", text)[:500]


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and what it stands for: yt-dlp wraps, and names the first error in `exc_info` or `cause`."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        info = getattr(error, "exc_info", None)
        inner = info[1] if info else getattr(error, "cause", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__
    return chain


def _by_kind(error: BaseException | None, text: str) -> tuple[Outcome, str]:
    """Fall back on the kind of the error."""
    chain = _causes(error)
    documents = [one.doc for one in chain if isinstance(one, json.JSONDecodeError)]
    if documents:
        return PAGE["challenge" if documents[-1].strip() else "empty"]
    for kinds, outcome in KINDS:
        if any(isinstance(one, kinds) and not getattr(one, "expected", False) for one in chain):
            return outcome, text or type(error).__name__
    return Outcome.UNKNOWN, text


__all__ = ["PAGE", "STATUS", "WORDS", "classify"]
