"""The file itself: what is no configuration at all, what YAML means here, and what is bounded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.config.document import MAX_DEPTH, parse_document
from bot.errors import ConfigError


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_document(text, "config.yaml")
    return str(caught.value)


def test_a_missing_file_tells_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: there is no such file; .*doppelwatch init"):
        load(tmp_path / "none.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder; name the configuration file"):
        load(tmp_path)


def test_a_device_is_not_read() -> None:
    with pytest.raises(ConfigError, match=r"/dev/zero: is no regular file"):
        load(Path("/dev/zero"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only words\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_tells_how_to_write_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is empty; write a starter with: doppelwatch init"):
        load(path)


def test_a_file_that_is_no_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"people:\n  - name: Zo\xeb\n")
    with pytest.raises(ConfigError, match=r"config\.yaml:2: is no UTF-8 text; save the file again as UTF-8"):
        load(path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbfstore: here\r\n")
    assert load(path).store == tmp_path / "here"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(ConfigError, match="larger than 1000 kB"):
        load(path)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("people:\n\t- name: x\n", 2, "a tab stands where only spaces may"),
        ("accounts:\n  - @jane\n", 2, "put it in quotes"),
        ("a: b: c\n", 1, "a colon stands where none can"),
        ("people:\n  - name: x\nfoo\nbar: 1\n", 3, "neither a key with its colon nor a list item"),
        ("a: *nobody\n", 1, "begins with * or &"),
        ("a: &x 1\nb: &x 2\n", 2, "two anchors"),
        ("a: !!python/object:os.system x\n", 1, "has a tag"),
        ("a: !secret x\n", 1, "has a tag"),
        ("a: 'open\nb: 1\nc: 2\n", 1, "quotation mark lacks its partner"),
        ("a: [1, 2\n", 2, "a bracket lacks its partner"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\n b: 2\n", 2, "a colon stands where none can"),
        ("people:\n  - name: x\n b: 2\n", 3, "indentation"),
        ("- a\n- b\n", 1, "must hold keys and values"),
        ("just words\n", 1, "must hold keys and values"),
        ("5: x\n", 1, "a key must be a word"),
        ("? [a, b]\n: x\n", 1, "a key must be a word"),
        ("a: \x07\n", 1, "a character that is no text (U+0007)"),
    ],
)
def test_what_is_no_yaml_names_line_and_remedy(text: str, line: int, says: str) -> None:
    error = refused(text)
    assert says in error
    assert error.startswith(f"config.yaml:{line}: ")
    assert "\n" not in error


def test_the_text_of_a_wrong_line_is_not_repeated() -> None:
    """It could hold a secret; neither the message nor the causes in a traceback may show it."""
    for text in ("a: 'hunter2\n", "a: *hunter2\n", "a: b: hunter2\n", "a: !hunter2 x\n", "a: %hunter2\n", "hunter2"):
        with pytest.raises(ConfigError) as caught:
            parse_document(text, "config.yaml")
        assert "hunter2" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = 'a: No\nb: 17:30\nc: 2026-11-25\nd: 36_000_000\ne: true\nf: "5"\ng:\nh: ~\ni: 1e3\nj: 7.30\nk: 0x1F\nl: =\n'
    assert parse_document(text, "config.yaml").data == {
        "a": "No",
        "b": "17:30",
        "c": "2026-11-25",
        "d": 36_000_000,
        "e": True,
        "f": "5",
        "g": None,
        "h": None,
        "i": "1e3",
        "j": "7.30",
        "k": "0x1F",
        "l": "=",
    }


def test_every_key_and_value_has_its_line() -> None:
    text = "people:\n  - name: Jane\n    aliases:\n      - J\n      -\n        K\naccounts: [{url:\n    x}]\n"
    origin = parse_document(text, "config.yaml").origin
    assert origin.line(("people", 0, "name")) == 2
    assert origin.line(("people", 0, "aliases", 0)) == 4
    assert origin.line(("people", 0, "aliases", 1)) == 6
    assert origin.line(("people", 0, "aliases", 1), of_key=True) == 6
    assert origin.line(("accounts", 0, "url")) == 8
    assert origin.line(("accounts", 0, "url"), of_key=True) == 7
    # what does not stand in the file is placed at the nearest thing around it
    assert origin.line(("people", 0, "photos", 3)) == 2
    assert origin.line(("digest",)) is None
    assert origin.place(("people", 0, "name")) == "config.yaml:2: people[0].name"
    assert origin.place(("digest", "time")) == "config.yaml: digest.time"


def test_a_key_that_stands_twice_is_a_fault_with_both_lines() -> None:
    document = parse_document("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "config.yaml")
    assert [(fault.path, fault.line) for fault in document.faults] == [(("b", "c"), 4), (("a",), 5)]
    assert "first in line 3" in document.faults[0].message


def test_anchors_may_be_used() -> None:
    document = parse_document("a: &often 15 min\nb: *often\n", "config.yaml")
    assert document.data == {"a": "15 min", "b": "15 min"}


def test_a_billion_laughs_end_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for above, name in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]")
    started = time.monotonic()
    assert "stands for more than 100,000 values" in refused("\n".join(lines))
    assert time.monotonic() - started < 10


def test_an_anchor_that_holds_itself_ends() -> None:
    assert "aliases" in refused("a: &a\n  b: *a\n")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_can_do_harm(opening: str) -> None:
    assert "nested more than" in refused(opening * 5000)
    assert "nested more than" in refused("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def error_of(text: str) -> str | None:
    """What is said about a text, None where it is a document."""
    try:
        document = parse_document(text, "config.yaml")
    except ConfigError as error:
        return str(error)
    assert isinstance(document.data, dict)
    return None


@given(st.text(max_size=200) | st.text(alphabet="ab:-#&*!|>'\"[]{},?%@`\t\n ~", max_size=60))
def test_any_text_is_a_document_or_one_clear_line(text: str) -> None:
    error = error_of(text)
    assert error is None or (error.startswith("config.yaml") and "\n" not in error)
