"""Numbers and times as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import formats
from bot.digest.formats import Clock


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (950, "950"),
        (9_999, "9,999"),
        (10_000, "10 K"),
        (48_599, "48.5 K"),
        (379_999, "379 K"),
        (999_999, "999 K"),
        (1_000_000, "1 M"),
        (1_450_000, "1.45 M"),
        (1_059_000, "1.05 M"),
        (10_750_000, "10.7 M"),
        (999_999_999, "999 M"),
        (2_500_000_000, "2.5 B"),
        (7_000_000_000_000, "7,000 B"),
        (-48_599, "-48.5 K"),
    ],
)
def test_counts(value: int, shown: str) -> None:
    assert formats.short_count(value) == shown


@given(st.integers(0, 10**12))
def test_a_count_never_says_more_than_was_counted(value: int) -> None:
    number, _, unit = formats.short_count(value).partition(" ")
    size = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}[unit]
    said = float(number.replace(",", "")) * size
    assert value * 0.99 - 1 <= said <= value * (1 + 1e-12)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "no change"), (12, "+12"), (-12, "−12"), (320_000, "+320 K"), (-1_450_000, "−1.45 M")]
)
def test_changes(value: int, shown: str) -> None:
    assert formats.signed_count(value) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(hours=20, minutes=29), "20 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=4), "2 days 4 h"),
        (timedelta(days=40, hours=4), "40 days"),
    ],
)
def test_lengths_of_time(length: timedelta, shown: str) -> None:
    assert formats.span(length) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (7.9, "0:07"), (61, "1:01"), (3750, "1:02:30"), (-1, "0:00")]
)
def test_places_in_a_clip(seconds: float, shown: str) -> None:
    assert formats.clip_time(seconds) == shown


def test_plurals_and_days() -> None:
    assert [formats.plural(count, "post") for count in (0, 1, 1200)] == ["0 posts", "1 post", "1,200 posts"]
    assert formats.long_day(date(2026, 11, 25)) == "Wednesday, 25 November 2026"
    assert formats.short_day(date(2026, 3, 1)) == "Sun 1 Mar 2026"
    assert formats.month(date(2026, 1, 1)) == "January 2026"


def test_times_are_told_in_the_zone_across_the_change_of_the_clock() -> None:
    clock = Clock(ZoneInfo("Europe/Paris"), date(2026, 10, 25))
    before, after = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (clock.when(before), clock.when(after)) == ("Sun 25 Oct, 02:30", "Sun 25 Oct, 02:30")
    assert (clock.zone_name(before), clock.zone_name(after)) == ("Europe/Paris (CEST)", "Europe/Paris (CET)")
    assert (clock.stamp(before), clock.stamp(after)) == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")


def test_the_year_is_told_where_it_is_another_and_the_day_where_it_is_not_today() -> None:
    clock = Clock(ZoneInfo("UTC"), date(2026, 11, 25))
    assert clock.when(datetime(2025, 12, 31, 23, 59, tzinfo=UTC)) == "Wed 31 Dec 2025, 23:59"
    assert clock.hour(datetime(2026, 11, 25, 9, 5, tzinfo=UTC)) == "09:05"
    assert clock.hour(datetime(2026, 11, 26, 9, 5, tzinfo=UTC)) == "Thu 26 Nov, 09:05"
    assert clock.zone_name(datetime(2026, 11, 25, tzinfo=UTC)) == "UTC"
    assert Clock(ZoneInfo("Asia/Dubai"), date(2026, 1, 1)).zone_name(datetime(2026, 1, 1, tzinfo=UTC)) == "Asia/Dubai"
