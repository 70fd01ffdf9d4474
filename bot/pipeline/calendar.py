"""When digests are due: one a day at a local time, whatever the clock does in between and however long nothing ran."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import DigestRecord

_SECOND = timedelta(seconds=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant of a day at which the clocks of the zone show this time or a later one, in UTC.

    Where the clock is put back, the first of the two counts; where it is put forward over the time, the instant at
    which it is (PEP 495: a time in the gap has two readings, which lie on either side of it).
    """
    first = datetime.combine(day, at, zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at):
        return first
    early = datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)
    late = first
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) >= datetime.combine(day, at):
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def latest_instant(now: datetime, at: time, zone: ZoneInfo) -> tuple[date, datetime]:
    """The day and the instant of the latest digest time that is not after now."""
    day = now.astimezone(zone).date()
    due = instant(day, at, zone)
    if due > now:
        day -= timedelta(days=1)
        due = instant(day, at, zone)
    return day, due


def due_day(
    latest: DigestRecord | None, began: datetime | None, now: datetime, *, at: time, zone: ZoneInfo
) -> date | None:
    """The day whose digest is due now, None where none is.

    After a time without the watch one digest is due and not one a day: it covers everything since the one before.

    Args:
        latest: the latest digest there is.
        began: when the watch began, which is where the first digest starts; None if it did not yet.
        now: the time.
        at: when digests are due.
        zone: in which zone.
    """
    day, due = latest_instant(now, at, zone)
    if latest is None:
        return day if began is not None and began < due else None
    if latest.covers_to >= due or (latest.handed_out_at is not None and latest.day >= day.isoformat()):
        return None
    return day


__all__ = ["due_day", "instant", "latest_instant"]
