"""Addresses find their source, and an address that finds none is told what would be right."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.errors import SourceError
from bot.sources.registry import (
    ALL_SOURCES,
    SourceSettings,
    capabilities,
    handle_of,
    platform_of,
    source_for,
)


@pytest.mark.parametrize(
    ("url", "platform", "handle"),
    [
        ("https://www.tiktok.com/@Deep.Someone", "tiktok", "deep.someone"),
        ("https://www.tiktok.com/@name/video/71", "tiktok", "name"),
        ("folder:/srv/drop", "folder", "drop"),
        ("/srv/drop/", "folder", "drop"),
        ("https://cdn.example/a/clip.mp4?x=1", "web", ""),
        ("https://www.instagram.com/Someone/", "instagram", "someone"),
        ("https://www.youtube.com/@someone/videos", "youtube", "someone"),
        ("https://www.youtube.com/channel/UCabc", "youtube", "ucabc"),
        ("https://twitter.com/someone", "x", "someone"),
        ("https://bsky.app/profile/someone.bsky.social", "bluesky", "someone.bsky.social"),
        ("https://www.someone.example/", "someone.example", ""),
    ],
)
def test_platform_and_handle_stand_in_the_address(url: str, platform: str, handle: str) -> None:
    assert platform_of(url) == platform
    assert handle_of(url) == handle


@pytest.mark.parametrize("url", ["someone", "", "javascript:alert(1)", "https://", "http://[::1"])
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(SourceError, match=r"https://www\.tiktok\.com/@name"):
        platform_of(url)


@pytest.mark.parametrize("url", ["https://www.instagram.com/someone", "file:///etc/passwd", "someone"])
def test_what_no_source_takes_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(SourceError, match="folder:/path") as caught:
        source_for(url, SourceSettings())
    assert url in str(caught.value)


def test_a_directorys_path_is_a_folder(tmp_path: Path) -> None:
    assert platform_of(str(tmp_path)) == "folder"


def test_each_source_is_listed_under_its_own_name() -> None:
    assert {name: make(SourceSettings()).name for name, make in ALL_SOURCES.items()} == {
        name: name for name in ALL_SOURCES
    }
    assert capabilities()["tiktok"].followers
    assert not capabilities()["web"].lists


def test_settings_travel_and_do_not_show_their_cookies(server: StandIn) -> None:
    settings = SourceSettings(server.dialer(), {"tiktok": "sessionid=secret"})
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert "secret" not in repr(settings)
