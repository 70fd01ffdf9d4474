"""How faults become lines: who was meant, in which order, how many, and what is never shown."""

from __future__ import annotations

import pytest

from bot.config.faults import MAX_LINES, as_error, meant
from bot.config.places import Fault, Origin, dotted

ORIGIN = Origin(
    "config.yaml",
    keys={("b",): 1, ("a",): 2, ("a", "x"): 3, ("list",): 4, ("list", 0): 5, ("secrets",): 6},
    values={("b",): 1, ("a",): 3, ("a", "x"): 3, ("list",): 5, ("list", 0): 5},
)


@pytest.mark.parametrize(
    ("word", "known", "nearest"),
    [
        ("intervall", ["interval", "url", "person"], "interval"),
        ("Interval", ["interval", "url", "person"], "interval"),
        ("adress", ["url", "person"], None),
        ("jane exmaple", ["Jane Example", "John Example"], "Jane Example"),
        ("", ["url"], None),
        ("url", [], None),
    ],
)
def test_the_nearest_word_is_meant_and_only_a_near_one(word: str, known: list[str], nearest: str | None) -> None:
    assert meant(word, known) == nearest


def test_paths_are_written_as_people_read_them() -> None:
    assert dotted(("people", 0, "photos", 12)) == "people[0].photos[12]"
    assert dotted(()) == ""


def test_lines_stand_in_the_order_of_the_file() -> None:
    error = as_error(
        [
            Fault(("list", 0, "url"), "third"),
            Fault(("a", "x"), "second"),
            Fault(("b",), "first"),
            Fault(("a",), "the key itself", of_key=True),
        ],
        ORIGIN,
    )
    assert str(error).splitlines() == [
        "config.yaml:1: b: first",
        "config.yaml:2: a: the key itself",
        "config.yaml:3: a.x: second",
        "config.yaml:5: list[0].url: third",
    ]
    assert error.exit_code == 2


def test_what_is_not_in_the_file_has_no_line() -> None:
    assert str(as_error([Fault(("digest", "time"), "wrong")], ORIGIN)) == "config.yaml: digest.time: wrong"
    assert str(as_error([Fault(("digest", "time"), "wrong")], Origin())) == "digest.time: wrong"
    assert ORIGIN.place(()) == "config.yaml"


def test_a_known_line_wins() -> None:
    assert str(as_error([Fault(("b",), "stands twice", line=9)], ORIGIN)) == "config.yaml:9: b: stands twice"


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (MAX_LINES, MAX_LINES), (MAX_LINES + 1, MAX_LINES + 1)])
def test_long_lists_end_in_a_count(count: int, lines: int) -> None:
    told = str(as_error([Fault(("list", number), "wrong") for number in range(count)], ORIGIN)).splitlines()
    assert len(told) == lines
    assert (told[-1] == f"config.yaml: and {count - MAX_LINES} more") == (count > MAX_LINES)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("secrets", "cookies", "tiktok", "env"), "secrets.cookies.tiktok.env"),
        (("secrets", "cookies", "tiktok", "hunter2"), "secrets.cookies.tiktok"),
        (("secrets", "cookies", "hunter2", "env"), "secrets.cookies"),
        (("secrets", "hunter2"), "secrets"),
        (("secrets", "cookies", 0), "secrets.cookies"),
        (("secrets", "cookies", "tiktok", "env", "hunter2"), "secrets.cookies.tiktok.env"),
    ],
)
def test_an_unknown_word_beneath_secrets_is_not_shown(path: tuple[str | int, ...], shown: str) -> None:
    assert str(as_error([Fault(path, "is wrong")], ORIGIN)) == f"config.yaml:6: {shown}: is wrong"


def test_where_a_configuration_came_from_is_no_part_of_what_it_says() -> None:
    assert Origin("a.yaml", {("x",): 1}) == Origin("b.yaml")
