"""What must not pile up: media without alerts, left-over temporary files, the write-ahead log."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.config import Config
from bot.pipeline.fetch import sweep_temporary
from bot.verdict import Priority
from storage import Store

log = logging.getLogger(__name__)

KEPT = frozenset({Priority.URGENT, Priority.HIGH, Priority.NORMAL})
"""Media of these alerts stay as evidence; all other media go after the configured days."""


def keep_house(store: Store, config: Config, now: datetime) -> int:
    """Delete media beyond their retention and sweep; returns how many files were deleted."""
    removed = store.prune_media(now - config.retention.media, {str(priority) for priority in KEPT})
    sweep_temporary(store)
    store.evidence.sweep()
    store.checkpoint()
    log.info("housekeeping: %d media files deleted", len(removed))
    return len(removed)
