"""What must not pile up: media without alerts, left-over temporary files, the write-ahead log."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.config import Config
from bot.pipeline.fetch import sweep_temporary
from bot.pipeline.seal import KEPT
from storage import Store

log = logging.getLogger(__name__)

POLLS_KEPT = timedelta(days=365)
"""How long it can be shown that a quiet day was quiet, and not unwatched."""


def keep_house(store: Store, config: Config, now: datetime) -> int:
    """Delete media and polls beyond their retention and sweep; returns how many files were deleted."""
    removed = store.prune_media(now - config.retention.media, {str(priority) for priority in KEPT})
    store.prune_polls(now - POLLS_KEPT)
    store.prune_requests(now - POLLS_KEPT)
    sweep_temporary(store)
    store.evidence.sweep()
    store.checkpoint()
    log.info("housekeeping: %d media files deleted", len(removed))
    return len(removed)
