"""The fuzz drill in its short form, and what it found once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import strategies as st
from rich.progress import Progress

from benchmarks.runner import Options
from bot.errors import SourceError
from bot.sources.contract import ListRequest, Outcome
from bot.sources.folder import Folder
from bot.sources.links import Links
from bot.sources.registry import handle_of, platform_of
from bot.sources.syndication import videos
from detectors.clip import decode
from detectors.errors import ClipError
from drills import fuzz
from drills._containers import MUTATIONS, originals


def test_no_file_and_no_text_breaks_anything() -> None:
    figures = fuzz.run(Options(quick=True, data=Path(), progress=Progress(disable=True)))
    assert figures["faults"] == []
    assert (figures["daemon_crashes"], figures["hung"]) == (0, 0)
    assert figures["files"] > 40
    assert figures["texts"] > 200
    assert figures["ends"]["read"] > 10, "real files are read"
    assert figures["ends"]["ClipUnreadable"] > 10


def test_a_stream_of_a_codec_that_nobody_knows_is_refused_by_name(tmp_path: Path) -> None:
    original = next(path for path in originals(tmp_path) if path.suffix == ".mp4")
    data = original.read_bytes()
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data.replace(b"avc1", b"zzz1"))
    with pytest.raises(ClipError, match=r"damaged\.mp4: holds"):
        decode(damaged)


def test_a_home_of_nobody_is_a_folder_that_is_not_there() -> None:
    for source, url in ((Folder(), "folder:~nobody-at-all/clips"), (Links(), "list:~nobody-at-all/posts.txt")):
        assert source.handle_of(url) is not None
        assert source.list_posts(ListRequest(url)).outcome is Outcome.GONE


def test_half_an_address_of_a_feed_belongs_to_no_source() -> None:
    with pytest.raises(SourceError, match="no address"):
        handle_of("feed:http://[") or platform_of("feed:http://[")


def test_half_an_address_of_a_video_costs_that_video_alone() -> None:
    entry = {
        "link": "https://feeds.example/1",
        "enclosures": [{"href": "a://[", "type": "video/mp4"}, {"href": "/clip.mp4", "type": "video/mp4"}],
    }
    assert videos(entry) == ["https://feeds.example/clip.mp4"]


def test_mutations_are_the_same_each_time_and_change_something() -> None:
    data = bytes(range(256)) * 20
    for mutation in MUTATIONS:
        once, again = (mutation(data, random.Random(3)) for _ in range(2))
        assert once == again != data, mutation.__name__


def test_a_parser_that_breaks_is_told_with_the_smallest_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> None:
        if "a" in text:
            raise ZeroDivisionError
        raise SourceError("refused")

    monkeypatch.setattr(fuzz, "PARSERS", {"bad": fuzz._Parser(read, st.text(), (SourceError,))})
    tally = fuzz._Tally()
    fuzz._texts(tally, Options(quick=False, data=Path(), progress=Progress(disable=True)))
    assert len(tally.raised) == 1
    assert "ZeroDivisionError" in tally.raised[0]
