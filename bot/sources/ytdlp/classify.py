"""What yt-dlp raised, as evidence for the one table of failures (:mod:`bot.sources.failures`)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from yt_dlp.networking.exceptions import HTTPError, RequestError
from yt_dlp.utils import ExtractorError, RegexNotFoundError

from bot.sources.contract import Outcome
from bot.sources.failures import PAGE, Evidence, Meaning, Said, asked_to_wait, meaning
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

KINDS: Sequence[tuple[tuple[type[BaseException], ...], Outcome]] = (
    ((HTTPError,), Outcome.UNKNOWN),
    ((RequestError,), Outcome.NETWORK),
    ((RegexNotFoundError, KeyError, AttributeError, TypeError, IndexError), Outcome.EXTRACTOR_BROKEN),
    ((ExtractorError,), Outcome.EXTRACTOR_BROKEN),
)
"""Kinds of errors that their raiser did not expect, and what they stand for."""


def classify(
    error: BaseException | None, ydl: WatchYDL, codes: Mapping[int, Meaning] | None = None, said: Said = ()
) -> tuple[Outcome, str, float | None]:
    """Tell what a failure means.

    Args:
        error: what was raised, or None where the result was simply missing.
        ydl: the instance, for its trail, its limits and what its extractors saw.
        codes: the platform's own status codes.
        said: the platform's own words in its pages.

    Returns:
        Outcome, one sentence, and the seconds that the platform asked to wait.
    """
    outcome, detail = meaning(evidence_of(error, ydl), codes, said)
    return outcome, detail, asked_to_wait(ydl.trail)


def evidence_of(error: BaseException | None, ydl: WatchYDL) -> Evidence:
    """What an instance of yt-dlp left behind."""
    text = _text(error, ydl.log.messages)
    return Evidence(
        trail=ydl.trail,
        message=text,
        limit=_limit(ydl.limit),
        refused=None if ydl.refused is None else str(ydl.refused),
        code=ydl.seen.status_code,
        page=ydl.page,
        looks=ydl.seen.page,
        kind=_by_kind(error, text),
    )


def _limit(limit: LimitReached | None) -> Meaning | None:
    if limit is None:
        return None
    if isinstance(limit, BodyTooLarge):
        return (Outcome.TOO_LARGE if limit.media else Outcome.UNKNOWN), str(limit)
    return LIMITS.get(type(limit), Outcome.UNKNOWN), str(limit)


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


def _by_kind(error: BaseException | None, text: str) -> Meaning | None:
    """Fall back on the kind of the error."""
    chain = _causes(error)
    documents = [one.doc for one in chain if isinstance(one, json.JSONDecodeError)]
    if documents:
        return PAGE["challenge" if documents[-1].strip() else "empty"]
    for kinds, outcome in KINDS:
        if any(isinstance(one, kinds) and not getattr(one, "expected", False) for one in chain):
            return outcome, text or type(error).__name__
    return None


__all__ = ["classify", "evidence_of"]
