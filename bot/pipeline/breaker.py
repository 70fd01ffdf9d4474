"""When a platform is left alone: a breaker per platform, from an hour doubling to a day.

An account that fails says little; a platform that throttles, blocks or challenges one poll does so to the next, and
each further request makes it worse (an address that goes on asking is blocked for longer). What a single account can
cause by itself, such as being gone or private, never opens the breaker.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.pipeline.backoff import asked_wait
from bot.sources.contract import Outcome
from bot.sources.registry import platform_of
from storage import PlatformState

FIRST_HOLD = timedelta(hours=1)
LONGEST_HOLD = timedelta(days=1)
"""A platform is asked at least this often, unless it asks for a longer pause itself."""

THRESHOLD: dict[Outcome, int] = {
    Outcome.RATE_LIMITED: 1,
    Outcome.CHALLENGED: 2,
    Outcome.BLOCKED: 2,
    Outcome.LOGIN_NEEDED: 3,
    Outcome.EXTRACTOR_BROKEN: 3,
    Outcome.NETWORK: 3,
    Outcome.TIMEOUT: 3,
}
"""Outcomes that may be the platform's, and after how many of them in a row it is left alone.

A rate limit says so by itself; the others are also seen on single accounts, whose pages differ.
"""

DOWNLOADS: dict[Outcome, int] = {
    Outcome.RATE_LIMITED: 1,
    Outcome.CHALLENGED: 3,
    Outcome.BLOCKED: 5,
    Outcome.EXTRACTOR_BROKEN: 5,
    Outcome.NETWORK: 5,
    Outcome.TIMEOUT: 5,
}
"""The same for downloads of clips, more patient: TikTok calls a removed post what it calls a blocked address, and a
login is asked for by single posts."""

SERVERS = frozenset({"feed", "mastodon", "peertube", "web"})
"""Platforms of many servers: one that fails says nothing about the others."""

OFFLINE = frozenset({"folder", "list"})
"""Sources that ask nobody."""


def door_of(url: str) -> str | None:
    """What an address's platform is kept under, with the host where it has many servers; None where nobody is asked."""
    platform = platform_of(url)
    if platform in OFFLINE:
        return None
    if platform in SERVERS:
        return f"{platform} {urllib.parse.urlsplit(url.removeprefix('feed:')).hostname or ''}"
    return platform


def downloads_of(door: str) -> str:
    """What a platform's downloads are kept under: its media may refuse while its lists answer, and the other way."""
    return f"{door} downloads"


def is_held(state: PlatformState | None, now: datetime) -> bool:
    """Whether a platform is to be left alone now."""
    return state is not None and state.held_until is not None and now < state.held_until


def after_poll(
    before: PlatformState | None,
    door: str,
    outcome: Outcome,
    *,
    now: datetime,
    detail: str = "",
    retry_after_s: float | None = None,
    threshold: Mapping[Outcome, int] = THRESHOLD,
) -> PlatformState:
    """How a platform stands after one poll of one of its accounts.

    Args:
        before: how it stood.
        door: what it is kept under.
        outcome: how the poll ended.
        now: time of the poll.
        detail: the poll's sentence.
        retry_after_s: what the platform asked for; honoured beyond a day, up to a week.
        threshold: after how many of which outcomes in a row it is left alone.
    """
    state = before if before is not None else PlatformState(door, str(outcome), now)
    if outcome not in threshold:
        if outcome in (Outcome.UNKNOWN, Outcome.UNSUPPORTED, Outcome.TOO_LARGE):
            # says nothing about the platform, good or bad
            return state
        # it answered, if only that an account is gone or private
        since = state.since if state.outcome == str(Outcome.OK) else now
        return replace(
            state, outcome=str(Outcome.OK), since=since, detail="", failures=0, trips=0, held_until=None, ok_at=now
        )
    failures = state.failures + 1
    held = replace(
        state,
        outcome=str(outcome),
        since=state.since if state.outcome == str(outcome) else now,
        detail=detail,
        failures=failures,
    )
    # one that was left alone already and still fails needs no second failure
    if failures < threshold[outcome] and not state.trips:
        return held
    pause = min(FIRST_HOLD * 2 ** min(state.trips, 16), LONGEST_HOLD)
    return replace(held, trips=state.trips + 1, held_until=now + max(pause, asked_wait(retry_after_s)))


__all__ = ["DOWNLOADS", "FIRST_HOLD", "LONGEST_HOLD", "after_poll", "door_of", "downloads_of", "is_held"]
