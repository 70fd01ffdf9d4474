"""What is said in a clip: read from subtitle files whatever is wrong with them, and chosen among those of a post."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.demo.platforms.tiktok import MEDIA
from bot.sources.contract import Fetched, FetchRequest, ListRequest, Outcome
from bot.sources.folder import Folder
from bot.sources.subtitles import LARGEST, MOST_LETTERS, sidecar, text_of_subtitles
from bot.sources.tiktok import TikTok
from tests.sources.conftest import URL, with_post

SRT = (
    b"1\r\n00:00:00,000 --> 00:00:02,000\r\nSend <i>me</i> coins &amp; I\r\nsend double\r\n\r\n"
    b"2\r\n00:00:02,000 --> 00:00:03,000\r\nTrust me\r\n"
)
ROLLING = """WEBVTT
Kind: captions

STYLE
::cue { color: red }

NOTE made by a machine

intro
00:00.000 --> 00:02.000 align:start
so<00:00.500><c> today</c>

00:02.000 --> 00:04.000
so today
I give away

00:04.000 --> 00:06.000
I give away
everything
"""


def test_cues_become_lines_without_numbers_times_markup_and_notes() -> None:
    assert text_of_subtitles(SRT, "srt") == "Send me coins & I\nsend double\nTrust me"
    assert text_of_subtitles(b"\xef\xbb\xbf" + ROLLING.encode(), ".VTT") == "so today\nI give away\neverything"


@pytest.mark.parametrize("data", [b"", b"WEBVTT\n", b"not subtitles at all\n\nreally", b"00:00 --> 00:01\n<c></c>\n"])
def test_without_a_word_there_is_nothing(data: bytes) -> None:
    assert text_of_subtitles(data, "vtt") is None


def test_other_formats_and_what_is_too_long_are_not_read() -> None:
    assert text_of_subtitles(SRT, "json") is None
    long = b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"".join(b"line %d\n" % n for n in range(LARGEST // 8))
    text = text_of_subtitles(long, "vtt")
    assert text is not None
    assert MOST_LETTERS - 20 < len(text) <= MOST_LETTERS
    assert text_of_subtitles(b"1\n00:00:00,000 --> 00:00:01,000\nol\xe9\n", "srt") == "ol\N{REPLACEMENT CHARACTER}"


def test_a_file_beside_a_clip_is_found_and_no_link_is_followed(tmp_path: Path) -> None:
    clip, secret = tmp_path / "a.b.mp4", tmp_path / "secret.txt"
    secret.write_bytes(SRT)
    (tmp_path / "a.b.vtt").symlink_to(secret)
    assert sidecar(clip) is None
    (tmp_path / "a.b.srt").write_bytes(SRT)
    assert sidecar(clip) == "Send me coins & I\nsend double\nTrust me"


def test_a_folder_hands_on_what_lies_beside_a_clip(tmp_path: Path) -> None:
    into, root = tmp_path / "into", tmp_path / "drop"
    into.mkdir()
    root.mkdir()
    for name, data in (("clip.mp4", b"video"), ("clip.srt", SRT)):
        (root / name).write_bytes(data)
        os.utime(root / name, (time.time() - 3600,) * 2)
    (listed,) = Folder().list_posts(ListRequest(str(root))).posts
    fetched = Folder().fetch(FetchRequest(listed.url, into))
    assert fetched.post is not None
    assert fetched.post.subtitles == "Send me coins & I\nsend double\nTrust me"
    assert [path.name for path in into.iterdir()] == ["clip.mp4"]


def fetch(server: StandIn, account: TikTokAccount, into: Path, **changes: object) -> Fetched:
    server.tiktok.put(with_post(account, **changes))
    return TikTok(server.dialer()).fetch(FetchRequest(f"{URL}/video/{account.posts[0].id}", into, deadline_s=10.0))


def test_what_is_said_comes_with_a_post_for_one_request_more(
    server: StandIn, account: TikTokAccount, tmp_path: Path
) -> None:
    fetched = fetch(server, account, tmp_path, said="I give away everything\nsend me one coin")
    assert fetched.post is not None
    assert fetched.post.subtitles == "I give away everything\nsend me one coin"
    assert [one.path.rpartition("/")[2] for one in server.requests(MEDIA)] == ["h264.mp4", "said.vtt"]
    assert [path.suffix for path in tmp_path.iterdir()] == [".mp4"]


def test_no_post_is_lost_for_the_want_of_its_subtitles(
    server: StandIn, account: TikTokAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.platforms.tiktok._captions", lambda said: b"\x00" * 2000)
    fetched = fetch(server, account, tmp_path, said="words that never come")
    assert fetched.outcome is Outcome.OK
    assert fetched.path is not None
    assert fetched.post is not None
    assert fetched.post.subtitles is None


def test_subtitles_are_not_asked_for_where_the_clip_failed(
    server: StandIn, account: TikTokAccount, tmp_path: Path
) -> None:
    fetched = fetch(server, account, tmp_path, said="words", media_state=State.FORBIDDEN)
    assert fetched.outcome is Outcome.BLOCKED
    assert all(not one.path.endswith("said.vtt") for one in server.requests(MEDIA))
