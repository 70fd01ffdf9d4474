"""verdicts --> digest: record which posts a day's digest holds, then write its pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.digest import write_digest
from bot.pipeline.calendar import due_day
from bot.pipeline.portraits import portraits
from storage import DigestRecord, Store

DAY = timedelta(days=1)


def local_day(now: datetime, config: Config) -> str:
    """The ISO date on which `now` falls in the digest's time zone; that day's digest holds what is new."""
    return now.astimezone(ZoneInfo(config.digest.timezone)).date().isoformat()


def due_digest(store: Store, config: Config, now: datetime) -> str | None:
    """The day whose digest is due now, None where none is (:func:`bot.pipeline.calendar.due_day`)."""
    zone = ZoneInfo(config.digest.timezone)
    began = store.first_poll_after(None)
    # one that covers more than a day ahead was made before the clock went back, and would stand for all until then
    latest = next((one for one in store.digests() if one.covers_to <= now + DAY), None)
    day = due_day(latest, began, now, at=config.digest.time, zone=zone)
    return None if day is None else day.isoformat()


def make_digest(store: Store, config: Config, now: datetime, *, day: str | None = None) -> Path:
    """Gather every judged post that is in no digest yet into a day's, and write all unwritten pages.

    The day is today in the digest's zone, or the one given. A digest that was handed out takes no more posts; they
    wait for the next day's.

    The entries are committed before the page is written: a run that is killed between the two leaves
    a digest marked unwritten, and the next one writes it. Returns the path of the day's page.
    """
    today = store.gather_digest(day or local_day(now, config), covers_to=now)
    return write_pending(store, config, now, also=(today,))[today.id]


def write_pending(
    store: Store, config: Config, now: datetime, *, also: tuple[DigestRecord, ...] = ()
) -> Mapping[int, Path]:
    """Write the pages of the digests that are not written or out of date, and of `also`; their paths by number."""
    pending = {digest.id: digest for digest in (*store.unrendered_digests(), *also)}
    written = {}
    with portraits(config.in_force(now)) as photos:
        for digest in sorted(pending.values(), key=lambda record: record.day):
            path = write_digest(store, digest, settings=config.digest, now=now, portraits=photos)
            store.mark_rendered(digest.id, str(path), now)
            written[digest.id] = path
    return written
