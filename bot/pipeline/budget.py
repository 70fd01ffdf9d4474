"""How much a platform is asked: requests and downloads in any hour and in any day, and the hours in which it is not.

Platforms block addresses that ask too much, and a block costs every account of the platform its watch. What is over
the limit is not dropped: accounts stay due, the longest overdue first, and posts wait for their download.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import Config, Polling
from storage import Store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def is_spent(store: Store, platform: str, polling: Polling, now: datetime) -> bool:
    """Whether one more poll could send more requests than a platform is to get in an hour, or in a day.

    A poll may need all that `max_requests` allows, so that much must be left: the limit is never exceeded. Counted are
    the last 60 minutes and the last 24 hours, not those of the clock, whose change would allow twice as much; and what
    was sent for control accounts, for pictures of profiles and in search of look-alikes, too: the platform counts it.
    What lies further ahead than that was written before the clock went back, and would count for as long as it was off.

    Args:
        store: holds what was sent, over restarts too.
        platform: its name; servers of a platform that has many count together.
        polling: the limits.
        now: the time.
    """
    manners = polling.manners_of(platform)
    for limit, within in ((manners.requests_per_hour, HOUR), (manners.requests_per_day, DAY)):
        needed = min(polling.max_requests, limit)
        since, until = now - within, now + within
        sent = (
            store.requests_since(platform, since, until)
            + store.lookalike_requests_since(platform, since, until)
            + store.other_requests_since(platform, since, until)
        )
        if sent + needed > limit:
            return True
    return False


def downloads_are_spent(store: Store, platform: str, polling: Polling, now: datetime) -> bool:
    """Whether as many clips were downloaded from a platform as may be in an hour, or in a day."""
    manners = polling.manners_of(platform)
    limits = ((manners.downloads_per_hour, HOUR), (manners.downloads_per_day, DAY))
    return any(store.downloads_since(platform, now - within, now + within) >= limit for limit, within in limits)


def is_quiet(config: Config, platform: str, now: datetime) -> bool:
    """Whether a platform is in the hours in which it is left alone."""
    quiet = config.polling.manners_of(platform).quiet
    return quiet is not None and quiet.hold(now.astimezone(ZoneInfo(config.digest.timezone)).time())


def why_waits(store: Store, config: Config, platform: str, now: datetime) -> str | None:
    """Why a platform is asked nothing now although it may answer, in words; None where it is asked."""
    if is_quiet(config, platform, now):
        return f"these are its quiet hours ({config.polling.manners_of(platform).quiet})"
    if is_spent(store, platform, config.polling, now):
        return "it was asked as much as polling allows"
    return None


__all__ = ["downloads_are_spent", "is_quiet", "is_spent", "why_waits"]
