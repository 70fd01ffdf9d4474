"""On what basis, and how long, a person's face and voice may be processed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.config import Config, Person
from bot.lawful import basis, lapsed, period
from tests.conftest import make_config

LAST = date(2027, 11, 30)


def config_of(folder: Path, *people: Person, timezone: str = "UTC") -> Config:
    return make_config(folder, digest={"timezone": timezone}).model_copy(update={"people": people})


@pytest.mark.parametrize(
    ("now", "timezone", "over"),
    [
        (datetime(2027, 11, 30, 23, 59, tzinfo=UTC), "UTC", False),
        (datetime(2027, 12, 1, 0, 0, tzinfo=UTC), "UTC", True),
        (datetime(2027, 11, 30, 23, 0, tzinfo=UTC), "Europe/Berlin", True),
        (datetime(2027, 12, 1, 4, 0, tzinfo=UTC), "America/New_York", False),
    ],
)
def test_the_day_named_is_the_last_one_where_the_digest_is(
    tmp_path: Path, now: datetime, timezone: str, over: bool
) -> None:
    files = (tmp_path / "a.jpg",)
    jane, john = Person(name="Jane", photos=files, recordings=files, until=LAST), Person(name="John", photos=files)
    config = config_of(tmp_path, jane, john, timezone=timezone)
    assert lapsed(config, now) == ([jane] if over else [])
    left = config.in_force(now)
    assert [one.name for one in left.people] == ["Jane", "John"], "names are still compared"
    assert left.people[0].photos == left.people[0].recordings == (() if over else files)
    assert left.people[1] == john


def test_nobody_without_photos_and_recordings_is_over(tmp_path: Path) -> None:
    config = config_of(tmp_path, Person(name="Jane", until=date(2020, 1, 1)))
    assert lapsed(config, datetime(2027, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("now", "good", "words"),
    [
        (datetime(2027, 10, 31, tzinfo=UTC), True, "used up to 2027-11-30"),
        (datetime(2027, 11, 1, tzinfo=UTC), False, "used up to 2027-11-30; renew it if they may be used longer"),
        (datetime(2027, 12, 1, tzinfo=UTC), False, "2027-11-30 is over, so the references are not used; renew it"),
    ],
)
def test_the_end_of_the_period_is_told_a_month_before(tmp_path: Path, now: datetime, good: bool, words: str) -> None:
    jane = Person(name="Jane", photos=(tmp_path / "a.jpg",), until=LAST)
    told = period(jane, config_of(tmp_path, jane), now)
    assert (told[0], words in told[1]) == (good, True), told


def test_a_period_without_an_end_is_told(tmp_path: Path) -> None:
    jane = Person(name="Jane", photos=(tmp_path / "a.jpg",))
    good, words = period(jane, config_of(tmp_path, jane), datetime(2027, 1, 1, tzinfo=UTC))
    assert (good, words.endswith("has no end; write one")) == (False, True)


def test_a_basis_of_ones_own_comes_before_that_of_all(tmp_path: Path) -> None:
    jane, john = Person(name="Jane", basis="consent"), Person(name="John")
    without = config_of(tmp_path, jane, john)
    assert basis(jane, without) == (True, "Jane: consent")
    assert not basis(john, without)[0]
    noted = without.model_copy(update={"retention": without.retention.model_copy(update={"basis": "mandate"})})
    assert [basis(one, noted) for one in noted.people] == [(True, "Jane: consent"), (True, "John: mandate")]
