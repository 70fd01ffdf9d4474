"""YouTube: videos and shorts of a channel through yt-dlp, and the channel's feed as the cheap first look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sources.contract import Capabilities, ListedPost, ListedProfile, Listing, ListRequest, Outcome
from bot.sources.exchange import Exchange
from bot.sources.extracted import Extracted
from bot.sources.syndication import entries_of
from bot.sources.values import count_of, text_of

_SITE = r"https?://(?:www\.|m\.)?youtube\.com"
_TAB = r"(?:/(?P<tab>videos|shorts|streams|featured|about))?/?(?:[?#].*)?"
CHANNEL = re.compile(rf"{_SITE}/channel/(?P<handle>UC[\w-]{{22}}){_TAB}", re.ASCII)
NAMED = re.compile(rf"{_SITE}/(?:@|c/|user/)(?P<handle>[^/?#\s]+){_TAB}")
FEED = re.compile(rf"{_SITE}/feeds/videos\.xml\?channel_id=(?P<handle>UC[\w-]{{22}})", re.ASCII)
POST = re.compile(
    rf"(?:{_SITE}/(?:watch\?(?:[^#]*&)?v=|shorts/|live/)|https?://youtu\.be/)(?P<id>[\w-]{{11}})(?:[/?&#].*)?", re.ASCII
)
FEED_URL = "https://www.youtube.com/feeds/videos.xml"


class YouTube(Extracted):
    """Source of channels and of single videos.

    A channel is followed by its `UC...` id once that is known. Where the profile is not wanted, the feed is a cheap
    first look: one small request, the 15 newest. The tabs are read where it names a video that is not known, because
    only they tell a broadcast that goes on from a video; and whenever the profile is wanted, because the feed lags
    behind by up to two hours on small channels.
    """

    name = "youtube"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        followers=True,
        bio=True,
        example="https://www.youtube.com/@name",
        control="https://www.youtube.com/@YouTube",
        note="videos and shorts; name a tab (/videos, /shorts, /streams) to watch that alone",
    )
    domain = ".youtube.com"
    profiles = (CHANNEL, NAMED, FEED)
    posts = (POST,)
    needs = ("youtube.YoutubeTabIE", "youtube.YoutubeIE")

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The tabs: the one that the address names, else videos and shorts."""
        match = self._match(request)
        if match is None:
            return (request.url,)
        if request.stable_id is not None or match.re is not NAMED:
            base = f"https://www.youtube.com/channel/{request.stable_id or match['handle']}"
        else:
            base = re.sub(r"(/(videos|shorts|streams|featured|about))?/?([?#].*)?$", "", request.url)
        tab = self._tab(request)
        return tuple(f"{base}/{one}" for one in ((tab,) if tab in ("shorts", "streams") else ("videos", "shorts")))

    def _match(self, request: ListRequest) -> re.Match[str] | None:
        """The address of a channel, taken apart."""
        return next(filter(None, (pattern.fullmatch(request.url) for pattern in self.profiles)), None)

    def _tab(self, request: ListRequest) -> str | None:
        """The tab that the address names."""
        match = self._match(request)
        return None if match is None else match.groupdict().get("tab")

    def list_posts(self, request: ListRequest) -> Listing:
        """List the newest videos: by the feed where that is enough, by the tabs with exact times from the feed else."""
        if request.stable_id is not None and not request.profile and self._tab(request) not in ("shorts", "streams"):
            quick = self._by_feed(request, request.stable_id)
            if quick.outcome is Outcome.OK and all(post.platform_id in request.known for post in quick.posts):
                return quick
            whole = super().list_posts(replace(request, max_requests=max(request.max_requests - 1, 1)))
            return replace(whole, trail=(*quick.trail, *whole.trail))
        listing = super().list_posts(request)
        channel = request.stable_id or (listing.profile.stable_id if listing.profile is not None else None)
        if listing.outcome is not Outcome.OK or channel is None or len(listing.trail) >= request.max_requests:
            return listing
        fed = self._by_feed(replace(request, limit=100, known=frozenset()), channel)
        exact = {post.platform_id: post for post in fed.posts}
        return replace(
            listing,
            posts=tuple(_completed(post, exact.get(post.platform_id)) for post in listing.posts),
            trail=(*listing.trail, *fed.trail),
        )

    def profile_of(self, info: Mapping[str, Any]) -> ListedProfile | None:
        """The channel, which every tab describes."""
        channel = text_of(info.get("channel_id"))
        if channel is None:
            return None
        pictures = [one for one in info.get("thumbnails") or () if isinstance(one, dict)]
        avatar = next((one.get("url") for one in pictures if one.get("id") == "avatar_uncropped"), None)
        return ListedProfile(
            stable_id=channel,
            handle=(text_of(info.get("uploader_id")) or "").removeprefix("@") or None,
            display_name=text_of(info.get("channel")),
            bio=text_of(info.get("description")),
            followers=count_of(info.get("channel_follower_count")),
            verified=info.get("channel_is_verified") is True or None,
            avatar_url=text_of(avatar),
        )

    def _by_feed(self, request: ListRequest, channel: str) -> Listing:
        """The channel's feed; it names no followers."""
        with Exchange(self.dialer, request) as exchange:
            return exchange.listing(lambda: ((None, _fed(entry)) for entry in _feed(exchange, channel)))


def _feed(exchange: Exchange, channel: str) -> list[Mapping[str, Any]]:
    return entries_of(exchange.body(FEED_URL, {"channel_id": channel}))[1]


def _fed(entry: Mapping[str, Any]) -> ListedPost | None:
    """A post of the feed's entry."""
    from bot.sources.syndication import published

    video = text_of(entry.get("yt_videoid"))
    if video is None or not re.fullmatch(r"[\w-]{11}", video, re.ASCII):
        return None
    statistics = entry.get("media_statistics")
    rating = entry.get("media_starrating")
    return ListedPost(
        platform_id=video,
        url=f"https://www.youtube.com/watch?v={video}",
        caption=text_of(entry.get("title")) or "",
        published_at=published(entry),
        views=count_of(statistics.get("views")) if isinstance(statistics, dict) else None,
        likes=count_of(rating.get("count")) if isinstance(rating, dict) else None,
    )


def _completed(post: ListedPost, exact: ListedPost | None) -> ListedPost:
    """A post of a tab with the time and the likes that only the feed tells."""
    if exact is None:
        return post
    return replace(
        post,
        published_at=post.published_at or exact.published_at,
        views=post.views if post.views is not None else exact.views,
        likes=post.likes if post.likes is not None else exact.likes,
    )


__all__ = ["YouTube"]
