"""How much a platform is asked: requests in any hour and in any day, counted from what was kept.

Platforms block addresses that ask too much, and a block costs every account of the platform its watch. What is over
the limit is not dropped: accounts stay due, the longest overdue first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.config import Polling
from storage import Store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def is_spent(store: Store, platform: str, polling: Polling, now: datetime) -> bool:
    """Whether one more poll could send more requests than a platform is to get in an hour, or in a day.

    A poll may need all that `max_requests` allows, so that much must be left: the limit is never exceeded. Counted are
    the last 60 minutes and the last 24 hours, not those of the clock, whose change would allow twice as much.

    Args:
        store: holds what was sent, over restarts too.
        platform: its name; servers of a platform that has many count together.
        polling: the limits.
        now: the time.
    """
    for limit, within in ((polling.requests_per_hour, HOUR), (polling.requests_per_day, DAY)):
        needed = min(polling.max_requests, limit)
        since = now - within
        # a search for look-alikes asks the same platform from the same address
        sent = store.requests_since(platform, since) + store.lookalike_requests_since(platform, since)
        if sent + needed > limit:
            return True
    return False


__all__ = ["is_spent"]
