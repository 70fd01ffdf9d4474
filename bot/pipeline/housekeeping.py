"""What must not pile up: media without alerts, left-over temporary files, the write-ahead log."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.config import Config
from bot.lawful import lapsed
from bot.pipeline.fetch import sweep_temporary
from bot.pipeline.seal import KEPT
from storage import Store

log = logging.getLogger(__name__)

PROVEN = timedelta(days=1)
"""How long the clock must have shown about this time before anything is deleted by it."""

SILENT = timedelta(days=90)
"""A watch that polled nothing for so long was off, or its clock jumped ahead: which, is known a day later."""

POLLS_KEPT = timedelta(days=365)
"""How long it can be shown that a quiet day was quiet, and not unwatched."""


def keep_house(store: Store, config: Config, now: datetime) -> int:
    """Delete media and polls beyond their retention and sweep; returns how many files were deleted.

    A clock that is wrong by a year would have everything deleted for good. So after a long silence nothing is, until
    the watch has polled for a day by the same clock.
    """
    removed: list[str] = []
    before = store.latest_poll_until(now - PROVEN)
    if before is not None and now - before > SILENT:
        log.warning(
            "the latest poll more than a day ago was on %s: this machine was off, or its clock jumped ahead "
            "(check it with `date -u`); nothing is deleted before the watch has run for a day",
            f"{before:%Y-%m-%d %H:%M} UTC",
        )
    else:
        removed = store.prune_media(now - config.retention.media, {str(priority) for priority in KEPT}, at=now)
        store.prune_polls(now - POLLS_KEPT)
        store.prune_requests(now - POLLS_KEPT)
    sweep_temporary(store)
    store.evidence.sweep()
    store.checkpoint()
    for person in lapsed(config, now):
        log.warning(
            "%s: %s is over, so photos and recordings are not used; renew people[].until, or take them out",
            person.name,
            person.until,
        )
    log.info("housekeeping: %d media files deleted", len(removed))
    return len(removed)
