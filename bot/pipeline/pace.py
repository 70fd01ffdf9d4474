"""How often an account is looked at: one that posts daily more often than one that has slept for a year."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta

LOOKS_PER_POST = 24
"""Looks in the time between two posts: a post is then found within a 24th of that time, on average in half of it."""

NEWEST = 10
"""Posts whose times tell how often an account posts."""


def paced(times: Sequence[datetime], now: datetime, *, fastest: timedelta, slowest: timedelta) -> timedelta:
    """The time until the next look at an account that could be seen.

    The gap that counts is the median of those between the newest posts, or the time since the very newest where that
    is longer: an account that fell asleep is asked less and less, and the first new post wakes it.

    Args:
        times: when its posts were published, in any order; without two of them the account is new and looked at often.
        now: the time.
        fastest: `polling.interval`.
        slowest: `polling.slowest`; where it is the shorter one, every account gets `fastest`.
    """
    newest = sorted(times, reverse=True)[:NEWEST]
    if len(newest) < 2:
        return fastest
    gaps = [(later - earlier).total_seconds() for later, earlier in itertools.pairwise(newest)]
    gap = timedelta(seconds=statistics.median(gaps))
    return max(fastest, min(slowest, max(gap, now - newest[0]) / LOOKS_PER_POST))


__all__ = ["LOOKS_PER_POST", "NEWEST", "paced"]
