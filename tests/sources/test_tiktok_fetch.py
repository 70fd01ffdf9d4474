"""TikTok posts through the real extractors: the file as it is, or a named failure and an empty directory."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.demo.platforms.tiktok import MEDIA
from bot.sources.contract import Fetched, FetchRequest, Outcome
from bot.sources.tiktok import TikTok
from tests.sources.conftest import URL, with_post


@pytest.fixture
def source(server: StandIn) -> TikTok:
    return TikTok(server.dialer())


def fetch(source: TikTok, account: TikTokAccount, into: Path, **bounds: float) -> Fetched:
    url = f"{URL}/video/{account.posts[0].id}"
    return source.fetch(replace(FetchRequest(url, into), **{"deadline_s": 10.0, **bounds}))  # type: ignore[arg-type]


def test_the_file_is_the_one_that_was_posted(
    source: TikTok, account: TikTokAccount, server: StandIn, clip: Path, tmp_path: Path
) -> None:
    fetched = fetch(source, account, tmp_path)
    assert fetched.outcome is Outcome.OK, fetched.detail
    assert fetched.path is not None
    assert fetched.path.parent == tmp_path
    assert fetched.path.suffix == ".mp4"
    assert fetched.path.read_bytes() == clip.read_bytes()
    assert len(server.requests()) == 2
    assert fetched.post is not None
    assert (fetched.post.platform_id, fetched.post.caption, fetched.post.views) == (account.posts[0].id, "clip 0", 1000)
    assert fetched.profile is not None
    assert fetched.profile.followers == 379_500
    assert fetched.metadata is not None
    told = json.loads(fetched.metadata)
    assert (told["id"], told["view_count"]) == (account.posts[0].id, 1000)
    assert str(tmp_path) not in fetched.metadata.decode()
    assert "cookie" not in fetched.metadata.decode().lower()


def test_the_format_that_every_decoder_reads_is_chosen(
    source: TikTok, account: TikTokAccount, server: StandIn, tmp_path: Path
) -> None:
    """The page offers a larger one in another codec first."""
    fetch(source, account, tmp_path)
    assert [one.path.rpartition("/")[2] for one in server.requests(MEDIA)] == ["h264.mp4"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"state": State.GONE}, Outcome.BLOCKED),
        ({"state": State.PRIVATE}, Outcome.PRIVATE),
        ({"state": State.RATE_LIMITED}, Outcome.RATE_LIMITED),
        ({"state": State.CHALLENGE}, Outcome.CHALLENGED),
        ({"state": State.INTERNAL_REDIRECT}, Outcome.NETWORK),
        ({"state": State.RESET}, Outcome.NETWORK),
        ({"media_state": State.FORBIDDEN}, Outcome.BLOCKED),
        ({"media_state": State.INTERNAL_REDIRECT}, Outcome.NETWORK),
        ({"media_state": State.CHALLENGE}, Outcome.CHALLENGED),
        ({"media_state": State.EMPTY_BODY}, Outcome.UNKNOWN),
        ({"media_state": State.ENDLESS}, Outcome.TOO_LARGE),
        ({"media_state": State.HUGE}, Outcome.TOO_LARGE),
        ({"clip": None}, Outcome.GONE),
    ],
)
def test_each_failure_has_its_name_and_leaves_nothing(
    source: TikTok,
    server: StandIn,
    account: TikTokAccount,
    tmp_path: Path,
    changes: dict[str, State],
    outcome: Outcome,
) -> None:
    server.tiktok.put(with_post(account, **changes))
    fetched = fetch(source, account, tmp_path, max_bytes=2_000_000)
    assert fetched.outcome is outcome, fetched.detail
    assert fetched.detail
    assert fetched.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_dripping_download_ends_with_the_deadline(
    source: TikTok, server: StandIn, account: TikTokAccount, tmp_path: Path
) -> None:
    server.tiktok.put(with_post(account, media_state=State.DRIP))
    started = time.monotonic()
    fetched = fetch(source, account, tmp_path, deadline_s=0.6)
    assert fetched.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 2
    assert list(tmp_path.iterdir()) == []


def test_a_clip_that_is_a_byte_too_long_is_given_up(
    source: TikTok, account: TikTokAccount, clip: Path, tmp_path: Path
) -> None:
    size = clip.stat().st_size
    assert fetch(source, account, tmp_path, max_bytes=size - 1).outcome is Outcome.TOO_LARGE
    assert fetch(source, account, tmp_path, max_bytes=size).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://www.tiktok.com/@name", True),
        ("https://tiktok.com/@na.me-_1/?lang=en", True),
        ("https://www.tiktok.com/@name/video/7123", True),
        ("https://vm.tiktok.com/ZM123abc/", True),
        ("https://www.tiktok.com/tag/golf", False),
        ("https://www.tiktok.com.evil.example/@name", False),
        ("https://evil.example/https://www.tiktok.com/@name", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_tiktoks_own_addresses_are_taken(source: TikTok, url: str, taken: bool) -> None:
    assert source.takes(url) is taken
