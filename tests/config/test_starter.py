"""How the example is made of a table of options: comments, defaults, examples, and what is commented out."""

from __future__ import annotations

import re

import yaml

from bot.config.options import Option, options
from bot.config.starter import HEADER, WIDTH, starter

LINES = starter().splitlines()

COMMENT = r"#? +# |# (?! )"
"""How an explanation begins; an option that is commented out has an even number of blanks after its sign."""


def at(key: str) -> Option:
    return next(option for option in options() if option.key == key)


def comment_before(line: str) -> str:
    """The explanation above a line of the example, joined to one text."""
    index = LINES.index(line)
    words: list[str] = []
    while index and re.match(COMMENT, LINES[index - 1]):
        index -= 1
        words.insert(0, re.sub(rf"^(?:{COMMENT})", "", LINES[index]))
    return " ".join(words)


def test_the_sections_stand_in_the_order_of_the_table() -> None:
    keys = [line.partition(":")[0] for line in LINES if re.match(r"[a-z]", line)]
    assert keys == [option.name for option in options() if len(option.path) == 1]


def test_it_begins_with_how_to_read_it() -> None:
    assert starter().startswith(HEADER)
    for word in ("doppelwatch check", "200 MB", "45 min", "~ is your home"):
        assert word in HEADER


def test_every_option_has_its_whole_meaning_above_it() -> None:
    told = re.sub(rf"\n(?:{COMMENT})", " ", starter())
    for option in options():
        assert option.meaning in told, option.key
        assert option.bounds in told, option.key


def test_a_default_stands_with_its_unit_and_its_bounds() -> None:
    assert "  deadline: 1 min" in LINES
    assert comment_before("  deadline: 1 min").endswith(f"From {at('polling.deadline').bounds}.")
    assert '  time: "07:30"' in LINES
    assert "  pixels: 36_000_000" in LINES


def test_a_bound_is_not_broken_between_number_and_unit() -> None:
    for line in LINES:
        assert not re.search(r"(From|to|\d)$", line) or not line.lstrip(" #").startswith("From"), line
        assert "\N{NO-BREAK SPACE}" not in line
        assert len(line) <= WIDTH


def test_an_option_without_default_is_commented_out_with_an_example() -> None:
    assert "#  faces: models/faces.onnx" in LINES
    assert "models:" in LINES
    assert comment_before("#  faces: models/faces.onnx") == at("models.faces").meaning


def test_a_list_of_groups_shows_one_whole_item_and_the_short_forms() -> None:
    start = LINES.index("accounts:")
    block = LINES[start + 1 : LINES.index("", start)]
    assert [line for line in block if not re.match(COMMENT, line)] == [
        "#  - url: https://www.tiktok.com/@deepjaneexample",
        "#    person: Jane Example",
        "#    interval: 15 min",
        "#  - https://www.tiktok.com/@janeexample.fans",
        "#  - folder:~/suspicious-clips",
    ]


def test_as_it_stands_only_defaults_are_set() -> None:
    data = yaml.safe_load(starter())
    set_keys = {f"{section}.{key}" for section, keys in data.items() if isinstance(keys, dict) for key in keys}
    expected = {
        option.key.removesuffix("[]")
        for option in options()
        if len(option.path) == 2 and option.path[0] in data and option.default not in (None, {}, ())
    }
    assert set_keys == expected
    assert [name for name, value in data.items() if value is None] == ["people", "accounts", "models", "secrets"]
