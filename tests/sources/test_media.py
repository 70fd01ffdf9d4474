"""A single file by its address: the bytes, or a named failure and an empty directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, gzip_bomb, redirect
from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.media import MediaFile


class _Files:
    """A web site with files of all kinds."""

    hosts = ("files.example", "mirror.example")

    def __init__(self, clip: Path) -> None:
        video = {"Content-Type": "video/mp4"}
        self.answers = {
            "/clip.mp4": Answer(200, video, file=clip),
            "/unnamed.webm": Answer(200, {"Content-Type": "application/octet-stream"}, b"bytes"),
            "/page.mp4": Answer(200, {"Content-Type": "text/html"}, b"<html>"),
            "/moved.mp4": redirect("https://mirror.example/clip.mp4"),
            "/inward.mp4": redirect("http://127.0.0.1:9/clip.mp4"),
            "/huge.mp4": Answer(200, video, b"x", length=10**12),
            "/endless.mp4": Answer(200, video, b"x" * 65_536, endless=True),
            "/drip.mp4": Answer(200, video, b"x" * 4000, drip_s=0.1),
            "/short.mp4": Answer(200, video, b"x" * 100, length=5000),
            "/empty.mp4": Answer(200, video),
            "/bomb.mp4": gzip_bomb(),
            "/busy.mp4": Answer(429),
            "/broken.mp4": Answer(502),
            "/reset.mp4": Answer(reset=True),
        }

    def answer(self, call: Call) -> Answer:
        return self.answers.get(call.path, Answer(404))


@pytest.fixture(scope="module")
def files(clip: Path) -> Iterator[StandIn]:
    with StandIn(_Files(clip)) as made:
        yield made


@pytest.mark.parametrize("name", ["clip.mp4", "moved.mp4"])
def test_the_file_comes_byte_for_byte(files: StandIn, clip: Path, tmp_path: Path, name: str) -> None:
    fetched = MediaFile(files.dialer()).fetch(FetchRequest(f"https://files.example/{name}", tmp_path))
    assert fetched.outcome is Outcome.OK, fetched.detail
    assert fetched.path is not None
    assert fetched.path.read_bytes() == clip.read_bytes()


def test_a_server_that_knows_no_videos_is_believed_by_the_name(files: StandIn, tmp_path: Path) -> None:
    fetched = MediaFile(files.dialer()).fetch(FetchRequest("https://files.example/unnamed.webm", tmp_path))
    assert fetched.path == tmp_path / "clip.webm"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("page", Outcome.UNSUPPORTED),
        ("bomb", Outcome.UNSUPPORTED),
        ("inward", Outcome.NETWORK),
        ("huge", Outcome.TOO_LARGE),
        ("endless", Outcome.TOO_LARGE),
        ("drip", Outcome.TIMEOUT),
        ("short", Outcome.NETWORK),
        ("empty", Outcome.UNKNOWN),
        ("missing", Outcome.GONE),
        ("busy", Outcome.RATE_LIMITED),
        ("broken", Outcome.NETWORK),
        ("reset", Outcome.NETWORK),
    ],
)
def test_each_failure_has_its_name_and_leaves_nothing(
    files: StandIn, tmp_path: Path, name: str, outcome: Outcome
) -> None:
    request = FetchRequest(f"https://files.example/{name}.mp4", tmp_path, max_bytes=1_000_000, deadline_s=1.0)
    fetched = MediaFile(files.dialer()).fetch(request)
    assert fetched.outcome is outcome, fetched.detail
    assert fetched.detail
    assert fetched.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_single_file_cannot_be_watched(files: StandIn) -> None:
    listing = MediaFile(files.dialer()).list_posts(ListRequest("https://files.example/clip.mp4"))
    assert listing.outcome is Outcome.UNSUPPORTED
