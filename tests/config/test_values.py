"""Durations, sizes, times, paths and names: what is read, what is refused, and the way back to text."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.config.values import (
    LocalPath,
    day,
    duration,
    growing,
    hours,
    one_line,
    shown,
    size,
    time_of_day,
    write_duration,
    write_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("45 min", 2700),
        ("45min", 2700),
        ("6 h", 21_600),
        ("30 days", 2_592_000),
        ("1 day", 86_400),
        ("2 weeks", 1_209_600),
        ("1 h 30 min", 5400),
        ("1.5 h", 5400),
        ("  2 Hours ", 7200),
        ("0.25 s", 0.25),
    ],
)
def test_durations_are_numbers_with_units(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (45, "45 lacks its unit"),
        (True, "true is no duration"),
        ("45", '"45" is no duration'),
        ("45 mni", '"mni" is no unit of time'),
        ("h", '"h" is no duration'),
        ("-5 min", '"-5 min" is no duration'),
        ("1 h 30", '"1 h 30" is no duration'),
        ("", '"" is no duration'),
        ("9999999 weeks", "longer than anything"),
        (["1 h"], "a list is no duration"),
    ],
)
def test_other_durations_are_refused_with_examples(value: object, says: str) -> None:
    with pytest.raises(ValueError, match="45 min") as caught:
        duration(value)
    assert says in str(caught.value)


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from([0, 500_000, 250_000, 1]))
def test_a_written_duration_reads_back(seconds: int, micros: int) -> None:
    value = timedelta(seconds=seconds, microseconds=micros)
    assert duration(write_duration(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(minutes=45), "45 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=30), "30 days"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(seconds=7.5), "7.5 s"),
        (timedelta(0), "0 s"),
    ],
)
def test_durations_are_written_as_people_write_them(value: timedelta, text: str) -> None:
    assert write_duration(value) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("200 MB", 200_000_000),
        ("3 GB", 3_000_000_000),
        ("1.5 gb", 1_500_000_000),
        ("1 GiB", 1_073_741_824),
        ("64kB", 64_000),
        ("7 B", 7),
        (123, 123),
    ],
)
def test_sizes_are_decimal_unless_binary_is_said(text: object, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("value", ["200", "200 MX", "MB", "-1 MB", "", True, None, ["1 MB"]])
def test_other_sizes_are_refused_with_examples(value: object) -> None:
    with pytest.raises(ValueError, match='like "200 MB"'):
        size(value)


@given(st.integers(min_value=0, max_value=10**14))
def test_a_written_size_reads_back(count: int) -> None:
    assert size(write_size(count)) == count


def test_sizes_are_written_in_the_largest_unit_that_is_exact_enough() -> None:
    assert [write_size(count) for count in (0, 999, 1500, 200_000_000, 3_000_000_000, 1_500_000_000)] == [
        "0 B",
        "999 B",
        "1.5 kB",
        "200 MB",
        "3 GB",
        "1.5 GB",
    ]


@pytest.mark.parametrize(("text", "value"), [("07:30", time(7, 30)), ("7:30", time(7, 30)), ("23:59", time(23, 59))])
def test_times_of_day(text: str, value: time) -> None:
    assert time_of_day(text) == value


@pytest.mark.parametrize("value", ["24:00", "7.30", "7:60", "7:3", "07:30:00", "noon", 730, None])
def test_other_times_are_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValueError, match='is no time of day; write it like "07:30"'):
        time_of_day(value)


def test_relative_paths_start_at_the_given_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = TypeAdapter(LocalPath).validate_python
    context = {"folder": Path("/etc/doppelwatch")}
    assert read("photos/a.jpg", context=context) == Path("/etc/doppelwatch/photos/a.jpg")
    assert read("/srv/a.jpg", context=context) == Path("/srv/a.jpg")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read("~/a.jpg", context=context) == tmp_path / "a.jpg"
    monkeypatch.chdir(tmp_path)
    assert read("a.jpg") == tmp_path / "a.jpg"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (5, "5 is no path; write it as text"),
        ("", "name a file or folder"),
        ("a\0b", "a line break or an invisible character"),
        ("a\ud800b", "a line break or an invisible character"),
        ("a\nb", "a line break or an invisible character"),
        ("~nobody-of-that-name/x", "there is no home folder of that name"),
    ],
)
def test_other_paths_are_refused(value: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TypeAdapter(LocalPath).validate_python(value)


def test_names_are_trimmed_and_composed() -> None:
    assert one_line("  Jane Example ") == "Jane Example"
    assert one_line("Zoe\N{COMBINING DIAERESIS}") == "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("a\nb", "in one plain line"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "in one plain line"),
        ("x" * 201, "longer than 200"),
        (5, 'put it in quotes: "5"'),
        (True, 'put it in quotes: "true"'),
        (None, "must be text, not nothing"),
        (["a"], "must be text, not a list"),
    ],
)
def test_other_names_are_refused(value: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        one_line(value)


def test_values_are_shown_in_one_short_printable_line() -> None:
    assert shown("a\x1b[31m\nb") == '"a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b"'
    assert len(shown("x" * 1000)) == 62
    assert [shown(value) for value in (True, None, [1], {"a": 1}, 5)] == [
        "true",
        "nothing",
        "a list",
        "a group of keys",
        "5",
    ]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [("23:00-06:00", ["23:00", "00:00", "05:59"], ["06:00", "22:59"]), ("1:30 - 5:00", ["01:30"], ["05:00", "01:29"])],
)
def test_a_part_of_a_day_begins_with_its_first_time_and_ends_before_its_last(
    text: str, inside: list[str], outside: list[str]
) -> None:
    part = hours(text)
    assert all(part.hold(time_of_day(one)) for one in inside)
    assert not any(part.hold(time_of_day(one)) for one in outside)
    assert hours(str(part)) == part == hours(part)


@pytest.mark.parametrize("value", ["23:00", "1-2-3", "25:00-26:00", "07:00-07:00", 7, None, ["a"], ""])
def test_other_parts_of_a_day_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"no part of a day|no time of day|begins where it ends"):
        hours(value)


def test_a_list_of_durations_grows() -> None:
    hour = timedelta(hours=1)
    assert growing((hour, 2 * hour)) == (hour, 2 * hour)
    for wrong in ((hour, hour), (2 * hour, hour)):
        with pytest.raises(ValueError, match="write them growing"):
            growing(wrong)


@pytest.mark.parametrize(("text", "meant"), [("2027-11-30", date(2027, 11, 30)), (" 2028-02-29 ", date(2028, 2, 29))])
def test_days(text: str, meant: date) -> None:
    assert day(text) == meant == day(meant)


@pytest.mark.parametrize("wrong", ["2027-02-29", "30.11.2027", "2027-W48-2", "20271130", 20271130, "soon", None, True])
def test_what_is_no_day_is_told(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"is no day( of the calendar)?; write it like 2027-12-31"):
        day(wrong)
