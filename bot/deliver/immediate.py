"""Alerts that do not wait for the digest: a burst is one message, and then it is quiet for a while."""

from __future__ import annotations

from datetime import datetime

from bot.config import Config
from bot.deliver.contract import Kind
from bot.deliver.queueing import deliveries_of
from bot.digest.wording import PRIORITIES
from bot.verdict import Priority
from storage import Store

_CHOSEN = {"none": (), "urgent": (Priority.URGENT,), "high": (Priority.URGENT, Priority.HIGH)}


def queue_alerts(store: Store, config: Config, now: datetime) -> int:
    """Queue one message on all alerts that nobody was told of; returns how many posts it tells.

    What comes up in the quiet time after a message goes into the next one. A post is told once for each priority it
    rises to, and not at all if the page of a digest told it before.
    """
    chosen = _CHOSEN[config.deliver.immediate]
    if not chosen:
        return 0
    # what was told later than now was told before the clock went back
    last = store.told_at_once(now)
    if last is not None and now < last + config.deliver.quiet:
        return 0
    alerts = store.news([str(one) for one in chosen], [str(one) for one in PRIORITIES])
    if not alerts:
        return 0
    items = [alert.post_id for alert in alerts]
    # the key holds the posts and their priorities: a repeat after a kill adds nothing, a later rise does
    key = "alert " + " ".join(f"{alert.post_id}:{alert.priority}" for alert in alerts)
    store.tell_at_once(alerts, deliveries_of(config, Kind.ALERT, key, items=items), now)
    return len(alerts)


__all__ = ["queue_alerts"]
