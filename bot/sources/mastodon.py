"""Mastodon and what speaks like it, by the public interface of each server: docs.joinmastodon.org/methods/accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.sources.addresses import HOSTS, is_of
from bot.sources.contract import (
    Capabilities,
    Fetched,
    FetchRequest,
    ListedPost,
    ListedProfile,
    Listing,
    ListRequest,
    Outcome,
)
from bot.sources.dialer import Dialer
from bot.sources.exchange import Exchange, Failed, Step
from bot.sources.extracted import without_stranger
from bot.sources.media import media_at
from bot.sources.metadata import metadata_of
from bot.sources.syndication import plain
from bot.sources.values import count_of, id_of, items_at, mapping_at, moment_of, seconds_of, text_of, within

_HOST = r"https?://(?P<host>[\w-]+(?:\.[\w-]+)+)"
PROFILE = re.compile(rf"{_HOST}/(?:@|users/)(?P<handle>\w[\w.-]*)/?(?:[?#].*)?", re.ASCII)
POST = re.compile(rf"{_HOST}/(?:@|users/)(?P<handle>\w[\w.-]*)/(?:statuses/)?(?P<id>\d{{1,32}})/?(?:[?#].*)?", re.ASCII)
PAGE_SIZE = 40
"""The most that a server gives at once."""

SAID = (
    (r'"error":\s*"[^"]*(authenticated user|access token)', (Outcome.LOGIN_NEEDED, "the server wants a login")),
    (r'"error":\s*"[^"]*(Record not found|not found)', (Outcome.GONE, "the server knows no such account")),
)

CAPABILITIES = Capabilities(
    lists=True,
    downloads=True,
    followers=True,
    bio=True,
    example="https://mastodon.social/@name",
    note="any server that speaks Mastodon's interface, without a login",
)


@dataclass(frozen=True, slots=True)
class Mastodon:
    """Source of `https://server/@name` on any host that is no other known platform.

    Args:
        dialer: the door.
    """

    dialer: Dialer

    @property
    def name(self) -> str:
        """The platform's name."""
        return "mastodon"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether this is an account or a post by the looks of its address."""
        match = PROFILE.fullmatch(url) or POST.fullmatch(url)
        return match is not None and not any(is_of(match["host"].lower(), known) for known in HOSTS)

    def is_account(self, url: str) -> bool:
        """Whether the address is an account's and not a post's."""
        return PROFILE.fullmatch(url) is not None

    def handle_of(self, url: str) -> str:
        """The account's name on its server."""
        match = PROFILE.fullmatch(url) or POST.fullmatch(url)
        return "" if match is None else match["handle"].lower()

    def list_posts(self, request: ListRequest) -> Listing:
        """List posts with videos: two requests for the first page, one where the profile is not wanted."""
        match = PROFILE.fullmatch(request.url)
        if match is None:
            return Listing(Outcome.UNSUPPORTED, "a single post cannot be watched")
        with Exchange(self.dialer, request, said=SAID) as exchange:
            base = f"https://{match['host'].lower()}"
            return without_stranger(exchange.listing(lambda: _steps(exchange, base, match["handle"], request)), request)

    def fetch(self, request: FetchRequest) -> Fetched:
        """Ask for the post, and download its first video."""
        match = POST.fullmatch(request.url)
        if match is None:
            return Fetched(Outcome.UNSUPPORTED, "this is no post")
        with Exchange(self.dialer, request, said=SAID) as exchange:
            try:
                status = exchange.json(f"https://{match['host'].lower()}/api/v1/statuses/{match['id']}")
            except Failed as error:
                outcome, detail = exchange.meaning(error)
                return Fetched(outcome, detail, trail=tuple(exchange.trail))
            address = next((text_of(one.get("url")) for one in _videos(status)), None)
        if address is None:
            return Fetched(Outcome.UNSUPPORTED, "holds no video", trail=tuple(exchange.trail))
        fetched = media_at(self.dialer, address, request, _listed(status), tuple(exchange.trail))
        return replace(fetched, metadata=metadata_of(status)) if fetched.outcome is Outcome.OK else fetched


def _steps(exchange: Exchange, base: str, handle: str, request: ListRequest) -> Iterator[Step]:
    number = request.stable_id
    if number is None or request.profile:
        account = exchange.json(f"{base}/api/v1/accounts/lookup", {"acct": handle})
        profile = _profile(account)
        if profile.stable_id is None:
            raise Failed("the answer names no account", (Outcome.EXTRACTOR_BROKEN, "the answer names no account"))
        yield profile, None
        number = profile.stable_id
    query = {"only_media": "true", "exclude_reblogs": "true", "limit": str(PAGE_SIZE)}
    while True:
        page = exchange.json(f"{base}/api/v1/accounts/{number}/statuses", query)
        if not isinstance(page, list):
            raise Failed("the answer is no list", (Outcome.EXTRACTOR_BROKEN, "the answer is no list of posts"))
        for status in page:
            yield None, _listed(status)
        last = id_of(within(page, -1, "id"))
        if len(page) < PAGE_SIZE or last is None or last == query.get("max_id"):
            return
        query["max_id"] = last


def _profile(account: Any) -> ListedProfile:
    note = text_of(within(account, "note"))
    return ListedProfile(
        stable_id=id_of(within(account, "id")),
        handle=text_of(within(account, "username")),
        display_name=text_of(within(account, "display_name")),
        bio=None if note is None else plain(note),
        followers=count_of(within(account, "followers_count")),
        posts=count_of(within(account, "statuses_count")),
        avatar_url=text_of(within(account, "avatar")),
    )


def _videos(status: Any) -> list[dict[str, object]]:
    files = [mapping_at(file) for file in items_at(status, "media_attachments")]
    return [file for file in files if file.get("type") in ("video", "gifv")]


def _listed(status: Any) -> ListedPost | None:
    """A post, or None of one without a video or a usable address."""
    found, number, url = _videos(status), id_of(within(status, "id")), text_of(within(status, "url")) or ""
    if not found or number is None or POST.fullmatch(url) is None:
        return None
    return ListedPost(
        platform_id=number,
        url=url,
        caption=plain(text_of(within(status, "content")) or ""),
        published_at=moment_of(within(status, "created_at")),
        duration_s=seconds_of(within(found[0], "meta", "original", "duration")),
        likes=count_of(within(status, "favourites_count")),
        comments=count_of(within(status, "replies_count")),
        shares=count_of(within(status, "reblogs_count")),
    )


__all__ = ["Mastodon"]
