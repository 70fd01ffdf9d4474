"""verdicts --> digest: record which posts a day's digest holds, then write its pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.digest import write_digest
from storage import Store


def local_day(now: datetime, config: Config) -> str:
    """The ISO date on which `now` falls in the digest's time zone; that day's digest holds what is new."""
    return now.astimezone(ZoneInfo(config.digest.timezone)).date().isoformat()


def make_digest(store: Store, config: Config, now: datetime) -> Path:
    """Gather every judged post that is in no digest yet into today's, and write all unwritten pages.

    The entries are committed before the page is written: a run that is killed between the two leaves
    a digest marked unwritten, and the next one writes it. Returns the path of today's page.
    """
    today = store.gather_digest(local_day(now, config), covers_to=now)
    path: Path | None = None
    pending = {digest.id: digest for digest in store.unrendered_digests()}
    pending[today.id] = today
    for digest in sorted(pending.values(), key=lambda record: record.day):
        written = write_digest(store, digest, settings=config.digest, now=now)
        store.mark_rendered(digest.id, str(written), now)
        if digest.id == today.id:
            path = written
    assert path is not None
    return path
