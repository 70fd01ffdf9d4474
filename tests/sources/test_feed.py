"""Feeds as bridges write them, what is no feed, and files of links."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call
from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.exchange import Failed
from bot.sources.feed import Feed
from bot.sources.links import Links
from bot.sources.syndication import entries_of, videos, words

BRIDGED = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>someone</title>
<item><guid>1</guid><title>A look...</title><link>https://www.instagram.com/p/abc</link>
<description>&lt;video controls poster="https://h.example/p.jpg"
 src="https://h.example/v?id=1&amp;amp;s=2"&gt;&lt;/video&gt;&lt;p&gt;A look at
this&lt;/p&gt;</description></item>
<item><guid>2</guid><title>only words</title><link>https://elsewhere.example/2</link></item>
<item><guid>3</guid><title>a link</title><link>https://www.youtube.com/watch?v=abcdefghijk</link></item>
</channel></rss>"""


class _Host:
    """A host of one feed and of a video whose name does not say so."""

    hosts = ("h.example",)
    kind = "video/mp4"

    def answer(self, call: Call) -> Answer:
        if call.path == "/v":
            return Answer(200, {"Content-Type": self.kind}, b"bytes of " + call.query["s"].encode())
        return Answer(200, {"Content-Type": "application/rss+xml"}, BRIDGED)


def test_videos_within_text_and_links_to_other_sources_are_posts(tmp_path: Path) -> None:
    with StandIn(_Host()) as server:
        feed = Feed(server.dialer())
        listing = feed.list_posts(ListRequest("feed:https://h.example/someone"))
        assert [post.url for post in listing.posts] == [
            "feed:https://h.example/v?id=1&s=2",
            "https://www.youtube.com/watch?v=abcdefghijk",
        ]
        fetched = feed.fetch(FetchRequest(listing.posts[0].url, tmp_path))
        assert fetched.path is not None
        assert fetched.path.read_bytes() == b"bytes of 2"
        _Host.kind = "text/html"
        try:
            assert feed.fetch(FetchRequest(listing.posts[0].url, tmp_path)).outcome is Outcome.UNSUPPORTED
        finally:
            _Host.kind = "video/mp4"


def test_words_are_without_markup_and_said_once() -> None:
    _, entries = entries_of(BRIDGED)
    assert words(entries[0]).split() == ["A", "look", "at", "this"]
    assert videos(entries[1]) == []


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", Outcome.CHALLENGED),
        (b"<!DOCTYPE html><html><body>Please wait...</body></html>", Outcome.CHALLENGED),
        (b'{"items": []}', Outcome.EXTRACTOR_BROKEN),
        (b"{", Outcome.EXTRACTOR_BROKEN),
        (b"/etc/passwd", Outcome.EXTRACTOR_BROKEN),
        (b"http://127.0.0.1/", Outcome.EXTRACTOR_BROKEN),
    ],
)
def test_what_is_no_feed_is_said_to_be_none_and_never_opened(body: bytes, outcome: Outcome) -> None:
    with pytest.raises(Failed) as caught:
        entries_of(body)
    assert caught.value.kind is not None
    assert caught.value.kind[0] is outcome


def test_entities_that_grow_without_end_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
    )
    body = bomb + b']><rss version="2.0"><channel><title>&m;</title></channel></rss>'
    try:
        feed, _ = entries_of(body)
    except Failed:
        return
    assert len(str(feed.get("title", ""))) < 100_000


def test_a_file_of_links_gives_posts_that_some_source_fetches(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_text(
        "\ufeff# found by hand\nhttps://youtu.be/abcdefghijk\n\nhttps://x.com/a/status/1\nhttps://h.example/a.mp4\n"
        "https://youtu.be/abcdefghijk\nhttps://www.tiktok.com/@an.account\nfile:///etc/passwd\n",
        encoding="utf-8",
    )
    listing = Links().list_posts(ListRequest(f"list:{path}"))
    assert listing.outcome is Outcome.OK
    assert [post.url for post in listing.posts] == ["https://youtu.be/abcdefghijk", "https://h.example/a.mp4"]
    assert listing.detail == "3 of 6 addresses are posts that no source can fetch"
    known = frozenset(post.platform_id for post in listing.posts)
    path.write_text(path.read_text(encoding="utf-8-sig") + "https://h.example/b.mp4\n", encoding="utf-8")
    again = Links().list_posts(ListRequest(f"list:{path}", known=known, limit=1))
    assert [post.url for post in again.posts] == ["https://h.example/b.mp4"], "new ones come first"


@pytest.mark.parametrize(("text", "outcome"), [(None, Outcome.GONE), (b"\xff\xfe", Outcome.UNSUPPORTED)])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: bytes | None, outcome: Outcome) -> None:
    path = tmp_path / "posts.txt"
    if text is not None:
        path.write_bytes(text)
    assert Links().list_posts(ListRequest(f"list:{path}")).outcome is outcome
