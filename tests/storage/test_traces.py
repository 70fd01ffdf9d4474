"""A name is found however it is written, and nothing else is taken for it."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest

from storage.traces import REMOVED, Marks, files_with

NAME = "Zoë Brandt-Oliva"
MARKS = Marks(
    (NAME, "Ana", "zbofficial"),
    ("https://www.tiktok.com/@zb.official", "portrait-3.jpg"),
    (bytes(range(200, 256)) + b"\0" * 40,),
)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Brandt-Oliva",
        "ZOË BRANDT OLIVA",
        "zoëbrandtoliva",
        "real_zoë.brandt_oliva_42",
        "zo%C3%ABbrandtoliva",
        "Zo\\u00eb Brandt-Oliva",
        "ZO\\u00cb&nbsp;BRANDT&#32;OLIVA",
        "Zo&#235; Brandt-Oliva",
        "met ana yesterday",
        "@deepzbofficial2",
        "@ana_",
        "HTTPS://WWW.TIKTOK.COM/@ZB.OFFICIAL",
        "x/Portrait-3.JPG",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    assert MARKS.text.search(text)
    assert REMOVED in MARKS.redacted(text)
    assert not MARKS.text.search(MARKS.redacted(text))
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    assert MARKS.in_file(path)


@pytest.mark.parametrize(
    "text", ["", "Zoë Brandt", "banana", "anagram", "Zoe Brandt and many words, then Oliva", "portrait-4.jpg"]
)
def test_other_words_are_not(text: str, tmp_path: Path) -> None:
    assert not MARKS.text.search(text)
    assert MARKS.redacted(text) == text
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    assert not MARKS.in_file(path)


def test_a_replaced_name_leaves_json_whole() -> None:
    import json

    told = json.dumps({"bio": f"I am {NAME}", "n": [NAME.upper()]})
    assert json.loads(MARKS.redacted(told)) == {"bio": f"I am {REMOVED}", "n": [REMOVED]}


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_name_in_base64_is_found_wherever_it_begins(shift: int, tmp_path: Path) -> None:
    path = tmp_path / "message.bin"
    path.write_bytes(base64.b64encode(b"x" * shift + NAME.encode() + b" and more"))
    assert MARKS.in_file(path)


def test_a_piece_of_an_embedding_is_found_and_zeros_are_not(tmp_path: Path) -> None:
    (tmp_path / "piece.bin").write_bytes(b"\0" * 5000 + MARKS.vectors[0][:40] + b"\0" * 5000)
    (tmp_path / "zeros.bin").write_bytes(b"\0" * 10_000)
    assert files_with(MARKS, [tmp_path]) == [tmp_path / "piece.bin"]


def test_short_names_are_not_looked_for_in_the_bytes_of_films(tmp_path: Path) -> None:
    film, page = tmp_path / "clip.mp4", tmp_path / "page.txt"
    film.write_bytes(random.Random(1).randbytes(1000) + b" ana ")
    page.write_text("by ana")
    assert files_with(MARKS, [tmp_path]) == [page]


def test_file_names_are_searched_and_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(NAME)
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    named = folder / "zoë-brandt-oliva.json"
    named.touch()
    assert files_with(MARKS, [folder]) == [named]
    assert files_with(MARKS, [outside]) == [outside]


def test_no_marks_find_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("anything")
    assert not Marks().in_file(path)
    assert Marks(("", "--")).redacted("anything") == "anything"
