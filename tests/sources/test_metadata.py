"""What a platform told of a post is kept as JSON, without secrets and within bounds."""

from __future__ import annotations

import json

from bot.sources.metadata import LARGEST, metadata_of


def test_what_was_told_is_kept_and_secrets_and_offers_are_not() -> None:
    told = {
        "id": "7",
        "title": "Zoë \x1b[31m",
        "url": "https://cdn.example/clip.mp4?signature=abc",
        "uploader": {"name": "x", "Cookies": "sid=1", "http_headers": {"Authorization": "Bearer 1"}},
        "formats": [{"url": "u", "cookies": "sid=1"}],
        "tags": ("a", {"cookie": "sid=1", "b": 2}),
        "epoch": 1,
        "__finaldir": "/home/me",
    }
    kept = metadata_of(told)
    assert kept is not None
    assert kept.isascii()
    assert json.loads(kept) == {
        "id": "7",
        "title": "Zoë \x1b[31m",
        "url": "https://cdn.example/clip.mp4?signature=abc",
        "uploader": {"name": "x"},
        "tags": ["a", {"b": 2}],
    }


def test_what_python_alone_takes_for_json_is_kept_as_text() -> None:
    kept = metadata_of(json.loads('{"id": "7", "duration": NaN, "counts": [Infinity, 2.5], "half": "\\ud83d"}'))
    assert kept is not None

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    told = json.loads(kept, parse_constant=refuse)
    assert told == {"id": "7", "duration": "nan", "counts": ["inf", 2.5], "half": "\ud83d"}


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert metadata_of({"b": 1, "a": [2]}) == metadata_of({"a": [2], "b": 1})


def test_long_parts_go_first_and_what_is_still_too_large_is_not_kept() -> None:
    kept = metadata_of({"id": "7", "comments": ["x" * LARGEST]})
    assert kept is not None
    assert json.loads(kept) == {"id": "7"}
    assert metadata_of({"id": "7", "title": "x" * LARGEST}) is None


def test_nothing_told_and_nonsense_are_nothing() -> None:
    ring: dict[str, object] = {}
    ring["self"] = ring
    assert [metadata_of(one) for one in (None, {}, [1], "text", ring)] == [None] * 5
    assert metadata_of({"when": object}) is not None
