"""Counters that rise, fall, hide and come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from detectors.counters import SHORTEST, Counter, Rise, counter

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def of(*points: tuple[float, int | None]) -> Counter:
    return counter((at(hours), value) for hours, value in points)


def test_what_was_hidden_or_cannot_be_is_left_out_and_times_are_put_in_order() -> None:
    made = of((2, 30), (0, 10), (1, None), (3, -4), (2, 31))
    assert made.points == ((at(0), 10), (at(2), 31))
    assert (made.latest, made.until) == (31, at(2))


def test_growth_since_publication_needs_half_an_hour() -> None:
    made = of((2, 300))
    assert made.since(START) == Rise(300, 2.0)
    assert made.since(at(2) - SHORTEST) == Rise(300, 0.5)
    assert made.since(at(2) - SHORTEST + timedelta(seconds=1)) is None
    assert of().since(START) is None


def test_growth_of_late_starts_at_the_window_or_at_the_first_value() -> None:
    made = of((0, 0), (10, 1000), (20, 1500), (40, 5500))
    assert made.lately(timedelta(hours=24)) == Rise(4500, 30.0)
    assert made.lately(timedelta(hours=100)) == Rise(5500, 40.0)
    assert of((0, 7)).lately(DAY) is None
    assert of((0, 7), (0.2, 9)).lately(DAY) is None


def test_a_counter_that_dips_and_comes_back_did_not_grow() -> None:
    made = of((0, 1000), (30, 100), (60, 1000))
    assert made.lately(DAY) == Rise(0, 30.0)
    fastest = made.fastest()
    assert fastest is not None
    assert fastest.by == 0
    assert of((0, 1000), (30, 400)).lately(DAY) == Rise(-600, 30.0)


def test_the_fastest_growth_is_found_between_values_half_an_hour_apart() -> None:
    made = of((0, 0), (10, 100), (11, 1100), (11.1, 1150), (20, 1200))
    assert made.fastest() == Rise(1000, 1.0)
    assert of((0, 0), (0.1, 50)).fastest() is None
    dense = of(*((minutes / 60, minutes) for minutes in range(0, 181, 10)))
    fastest = dense.fastest()
    assert fastest is not None
    assert fastest.per_hour == pytest.approx(60)
    assert fastest.hours == pytest.approx(0.5)
