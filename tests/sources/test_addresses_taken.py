"""Which source takes which address, and whether it is an account's or a post's."""

from __future__ import annotations

import re

import pytest

from bot.errors import SourceError
from bot.sources.registry import SourceSettings, capabilities, handle_of, platform_of, same_account, source_for
from bot.sources.unlistable import WAYS

UC = "UC" + "a" * 22


@pytest.mark.parametrize(
    ("url", "platform", "handle"),
    [
        ("https://www.youtube.com/@Some.One", "youtube", "some.one"),
        ("https://www.youtube.com/@someone/shorts", "youtube", "someone"),
        (f"https://www.youtube.com/channel/{UC}", "youtube", UC.lower()),
        (f"https://www.youtube.com/feeds/videos.xml?channel_id={UC}", "youtube", UC.lower()),
        ("https://bsky.app/profile/some.bsky.social", "bluesky", "some.bsky.social"),
        ("https://www.twitch.tv/someone", "twitch", "someone"),
        ("https://kick.com/Some-One", "kick", "some-one"),
        ("https://rumble.com/c/SomeOne", "rumble", "someone"),
        ("https://odysee.com/@some:1", "odysee", "some"),
        ("https://www.dailymotion.com/some.one", "dailymotion", "some.one"),
        ("https://vimeo.com/someone", "vimeo", "someone"),
        ("https://www.bitchute.com/channel/some/", "bitchute", "some"),
        ("https://vkvideo.ru/@some", "vk", "some"),
        ("https://mastodon.social/@some", "mastodon", "some"),
        ("https://video.example.org/a/some/videos", "peertube", "some"),
        ("https://video.example.org/c/some", "peertube", "some"),
        ("feed:https://bridge.example/?action=display&u=x", "feed", ""),
        ("https://blog.example/feed", "feed", "feed"),
        ("https://social.example/@some.rss", "feed", "@some.rss"),
        ("list:/srv/posts.txt", "list", ""),
    ],
)
def test_accounts(url: str, platform: str, handle: str) -> None:
    assert platform_of(url) == platform
    assert handle_of(url) == handle
    assert source_for(url, SourceSettings()).is_account(url)


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "youtube"),
        ("https://youtu.be/abcdefghijk?si=x", "youtube"),
        ("https://www.youtube.com/shorts/abcdefghijk", "youtube"),
        ("https://bsky.app/profile/did:plc:abc/post/3kabc", "bluesky"),
        ("https://www.twitch.tv/videos/123", "twitch"),
        ("https://clips.twitch.tv/SlugOfAClip-x", "twitch"),
        ("https://kick.com/some/clips/clip_01ABC", "kick"),
        ("https://kick.com/some?clip=clip_01ABC", "kick"),
        ("https://rumble.com/v1abcd-a-title.html", "rumble"),
        ("https://odysee.com/@some:1/a-video:2", "odysee"),
        ("https://www.dailymotion.com/video/x8abcd", "dailymotion"),
        ("https://vimeo.com/12345678", "vimeo"),
        ("https://www.bitchute.com/video/AbCdEf/", "bitchute"),
        ("https://vk.com/video-123_456", "vk"),
        ("https://mastodon.social/@some/112233", "mastodon"),
        ("https://video.example.org/w/1234567890abcdefghijkm", "peertube"),
        ("https://host.example/clip.mp4", "web"),
    ],
)
def test_posts(url: str, platform: str) -> None:
    assert platform_of(url) == platform
    assert not source_for(url, SourceSettings()).is_account(url)


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("https://x.com/someone", "no lister exists for X profiles; use a feed of it from RSS-Bridge or RSSHub"),
        ("https://twitter.com/someone", "no lister exists for X profiles; use a feed"),
        ("https://www.instagram.com/someone/", "no lister exists for Instagram profiles; use a feed"),
        ("https://www.facebook.com/someone", "no lister exists for Facebook profiles; use a feed"),
        ("https://www.threads.net/@someone", "no lister exists for Threads profiles; use a feed"),
        ("https://t.me/someone", "no lister exists for Telegram profiles; use a feed"),
        ("https://www.linkedin.com/in/someone", "no lister exists for LinkedIn profiles; use a folder"),
    ],
)
def test_a_platform_without_a_lister_is_told_with_the_way_round(url: str, way: str) -> None:
    with pytest.raises(SourceError, match=re.escape(way)) as caught:
        source_for(url, SourceSettings())
    assert str(caught.value).endswith("instead")


def test_no_platform_stands_in_both_tables() -> None:
    assert not set(WAYS) & set(capabilities())


def test_every_example_is_taken_by_its_own_source() -> None:
    for name, can in capabilities().items():
        source = source_for(can.example, SourceSettings())
        assert source.name == name
        assert source.is_account(can.example) is can.lists


def test_the_same_name_on_two_servers_is_two_accounts() -> None:
    assert same_account("https://a.example.org/@some") != same_account("https://b.example.org/@some")
    assert same_account("https://www.tiktok.com/@Some") == same_account("https://tiktok.com/@some?lang=en")
