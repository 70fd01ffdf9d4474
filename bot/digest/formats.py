"""Numbers and times as people read them. Times are shown in the digest's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# not from the locale: the same store must give the same page on every machine


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 post", "1,200 posts"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def short_count(value: int) -> str:
    """A count in three digits: 950, 9,500, 48.5 K, 379 K, 5.4 M; cut, so that it never says more than was counted."""
    if abs(value) < 10_000:
        return f"{value:,}"
    sign, size = ("-" if value < 0 else ""), abs(value)
    for unit, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if size >= unit:
            digits = max(0, 3 - len(str(size // unit)))
            whole, part = divmod(size * 10**digits // unit, 10**digits)
            decimals = f"{part:0{digits}d}".rstrip("0") if digits else ""
            return f"{sign}{whole:,}{'.' if decimals else ''}{decimals} {letter}"
    raise AssertionError("a value from ten thousand on has a unit")


def signed_count(value: int) -> str:
    """A change with its sign: "+320 K", "-12", "no change"."""
    if value == 0:
        return "no change"
    return f"+{short_count(value)}" if value > 0 else f"−{short_count(-value)}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units at most: "45 min", "20 h", "2 days 4 h"."""
    minutes = max(0, round(length.total_seconds() / 60))
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    if days:
        return plural(days, "day") + (f" {hours} h" if hours and days < 7 else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes and hours < 6 else "")
    return f"{minutes} min"


def clip_time(seconds: float) -> str:
    """A place in a clip: "0:07", "1:02:30"."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def long_day(day: date) -> str:
    """A day in full: "Wednesday, 25 November 2026"."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """A day in short: "Wed 25 Nov 2026"."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def month(day: date) -> str:
    """A month: "November 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Times in one zone, seen from one day: the year is told only where it is another."""

    zone: ZoneInfo
    day: date

    def when(self, time: datetime) -> str:
        """A time to the minute: "Wed 25 Nov, 07:30"."""
        local = time.astimezone(self.zone)
        year = "" if local.year == self.day.year else f" {local.year}"
        return f"{_DAYS[local.weekday()][:3]} {local.day} {_MONTHS[local.month - 1][:3]}{year}, {local:%H:%M}"

    def hour(self, time: datetime) -> str:
        """A time that is to come: "09:12" on this day, else with the day."""
        local = time.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == self.day else self.when(time)

    def stamp(self, time: datetime) -> str:
        """A time for machines, to the second, with its offset."""
        return time.astimezone(self.zone).isoformat(timespec="seconds")

    def zone_name(self, time: datetime) -> str:
        """The zone, with its abbreviation at this time where it has one: "Europe/Paris (CET)"."""
        short = time.astimezone(self.zone).strftime("%Z")
        name = str(self.zone)
        return f"{name} ({short})" if short and short != name and not short.startswith(("+", "-")) else name
