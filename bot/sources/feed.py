"""A feed as a source: RSS, Atom or JSON Feed whose entries hold videos, or lead to posts that another source takes.

Feed bridges (RSS-Bridge, RSSHub) make such feeds of platforms that have no lister: Instagram, X, Facebook, Threads,
Telegram.
"""

from __future__ import annotations

import hashlib
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import SourceError
from bot.sources.contract import Capabilities, Fetched, FetchRequest, ListedPost, ListedProfile, Listing, ListRequest
from bot.sources.dialer import Dialer
from bot.sources.exchange import Exchange, Step
from bot.sources.media import MediaFile, media_at
from bot.sources.syndication import Entry, entries_of, plain, published, videos, words
from bot.sources.values import text_of

SCHEME = "feed:"
NAMED_SO = re.compile(r"https?://[^?#]+(?:\.(?:rss|atom|xml)|/(?:rss|feed|atom|feed\.json))/?(?:[?#].*)?")
"""Addresses that say by themselves that they are feeds; others need the scheme before them."""

CAPABILITIES = Capabilities(
    lists=True,
    downloads=True,
    bio=True,
    example="feed:https://host/feed",
    note="RSS, Atom or JSON Feed with videos; also what RSS-Bridge and RSSHub make of other platforms",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Source of `feed:https://...`, and of addresses that end like a feed's.

    Args:
        dialer: the door.
    """

    dialer: Dialer

    @property
    def name(self) -> str:
        """The platform's name."""
        return "feed"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether this is a feed's address."""
        address = url.removeprefix(SCHEME)
        if not re.match(r"https?://[^/?#\s]+", address):
            return False
        try:
            urllib.parse.urlsplit(address)
        except ValueError:
            return False  # half an IPv6 address
        return url.startswith(SCHEME) or NAMED_SO.fullmatch(url) is not None

    def is_account(self, url: str) -> bool:
        """Every feed can be watched."""
        return self.takes(url)

    def handle_of(self, url: str) -> str:
        """The last part of the address that names anything, which is often the account on another platform."""
        parts = [part for part in urllib.parse.urlsplit(url.removeprefix(SCHEME)).path.split("/") if part]
        return urllib.parse.unquote(parts[-1]).lower() if parts else ""

    def list_posts(self, request: ListRequest) -> Listing:
        """List the entries that hold a video, or whose address another source takes; one request."""
        with Exchange(self.dialer, request) as exchange:
            return exchange.listing(lambda: self._steps(exchange, request.url.removeprefix(SCHEME)))

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download the video of an entry."""
        return media_at(self.dialer, request.url.removeprefix(SCHEME), request)

    def _steps(self, exchange: Exchange, url: str) -> Iterator[Step]:
        feed, entries = entries_of(exchange.body(url))
        about = text_of(feed.get("subtitle")) or text_of(feed.get("description"))
        yield ListedProfile(display_name=text_of(feed.get("title")), bio=None if about is None else plain(about)), None
        for entry in entries:
            yield None, self._listed(entry)

    def _listed(self, entry: Entry) -> ListedPost | None:
        address = self._address(entry)
        key = text_of(entry.get("id")) or text_of(entry.get("link")) or address
        if address is None or key is None:
            return None
        return ListedPost(
            # the id of an entry may be any text
            platform_id=hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32],
            url=address,
            caption=words(entry),
            published_at=published(entry),
        )

    def _address(self, entry: Entry) -> str | None:
        """Where the entry's video is fetched from."""
        from bot.sources.registry import SourceSettings, source_for

        found = videos(entry)
        if found:
            return found[0] if MediaFile(self.dialer).takes(found[0]) else SCHEME + found[0]
        link = text_of(entry.get("link")) or ""
        try:
            source = source_for(link, SourceSettings(self.dialer))
        except SourceError:
            return None
        return link if source.capabilities.downloads and not source.is_account(link) else None


__all__ = ["SCHEME", "Feed"]
