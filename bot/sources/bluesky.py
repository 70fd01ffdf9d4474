"""Bluesky: accounts by its public interface (docs.bsky.app), posts as files through yt-dlp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sources.contract import Capabilities, ListedPost, ListedProfile, Listing, ListRequest, Outcome
from bot.sources.exchange import Exchange, Failed, Step
from bot.sources.extracted import Extracted, without_stranger
from bot.sources.values import count_of, items_at, mapping_at, moment_of, text_of, within

API = "https://public.api.bsky.app/xrpc"
PROFILE = re.compile(r"https?://(?:www\.)?bsky\.app/profile/(?P<handle>[\w.:-]+)/?(?:[?#].*)?", re.ASCII)
POST = re.compile(r"https?://(?:www\.)?bsky\.app/profile/(?P<handle>[\w.:-]+)/post/(?P<id>\w+)/?(?:[?#].*)?", re.ASCII)
DID = re.compile(r"did:[a-z]+:[\w.:%-]{1,200}", re.ASCII)
PAGE_SIZE = 50
VIDEO = "app.bsky.embed.video#view"


class Bluesky(Extracted):
    """Source of `https://bsky.app/profile/name` and of single posts; an account is followed by its DID."""

    name = "bluesky"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        followers=True,
        bio=True,
        example="https://bsky.app/profile/name.bsky.social",
        control="https://bsky.app/profile/bsky.app",
        note="without a login",
    )
    domain = ".bsky.app"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("bluesky.BlueskyIE",)
    said = (
        (r'"AccountTakedown"|"AccountDeactivated"|Account (has been suspended|is deactivated)',
         (Outcome.GONE, "the account was closed or suspended")),
        (r"Profile not found|Unable to resolve|Could not find user|\"NotFound\"",
         (Outcome.GONE, "Bluesky knows no such account or post")),
        (r'"(AuthMissing|AuthenticationRequired)"', (Outcome.LOGIN_NEEDED, "Bluesky wants a login")),
    )  # fmt: skip

    def list_posts(self, request: ListRequest) -> Listing:
        """List posts with videos: two requests for the first page, one where the profile is not wanted."""
        match = PROFILE.fullmatch(request.url)
        if match is None:
            return Listing(Outcome.UNSUPPORTED, "a single post cannot be watched")
        actor = request.stable_id or match["handle"]
        with Exchange(self.dialer, request, said=self.said) as exchange:
            return without_stranger(exchange.listing(lambda: _steps(exchange, actor, request)), request)


def _steps(exchange: Exchange, actor: str, request: ListRequest) -> Iterator[Step]:
    if request.profile or request.stable_id is None:
        account = exchange.json(f"{API}/app.bsky.actor.getProfile", {"actor": actor})
        profile = _profile(account)
        if profile.stable_id is None:
            raise Failed("no account", (Outcome.EXTRACTOR_BROKEN, "the answer names no account"))
        yield profile, None
        actor = profile.stable_id
    query = {"actor": actor, "filter": "posts_with_video", "limit": str(PAGE_SIZE)}
    while True:
        page = exchange.json(f"{API}/app.bsky.feed.getAuthorFeed", query)
        if not isinstance(within(page, "feed"), list):
            raise Failed("no list", (Outcome.EXTRACTOR_BROKEN, "the answer holds no list of posts"))
        for item in items_at(page, "feed"):
            yield None, _listed(item)
        cursor = text_of(within(page, "cursor"))
        if not cursor or cursor == query.get("cursor"):
            return
        query["cursor"] = cursor


def _profile(account: Any) -> ListedProfile:
    did = text_of(within(account, "did"))
    return ListedProfile(
        stable_id=did if did is not None and DID.fullmatch(did) else None,
        handle=text_of(within(account, "handle")),
        display_name=text_of(within(account, "displayName")),
        bio=text_of(within(account, "description")),
        followers=count_of(within(account, "followersCount")),
        posts=count_of(within(account, "postsCount")),
        verified=within(account, "verification", "verifiedStatus") == "valid" or None,
        avatar_url=text_of(within(account, "avatar")),
    )


def _listed(item: Any) -> ListedPost | None:
    """A post of the account itself with a video of its own, or None of anything else."""
    post = mapping_at(item, "post")
    uri = re.fullmatch(r"at://(did:[\w.:%-]+)/app\.bsky\.feed\.post/(\w{1,64})", str(post.get("uri")), re.ASCII)
    reposted = text_of(within(item, "reason", "$type")) == "app.bsky.feed.defs#reasonRepost"
    embeds = (within(post, "embed", "$type"), within(post, "embed", "media", "$type"))
    if uri is None or reposted or VIDEO not in embeds:
        return None
    return ListedPost(
        platform_id=uri[2],
        url=f"https://bsky.app/profile/{uri[1]}/post/{uri[2]}",
        caption=text_of(within(post, "record", "text")) or "",
        published_at=moment_of(within(post, "record", "createdAt")) or moment_of(post.get("indexedAt")),
        likes=count_of(post.get("likeCount")),
        comments=count_of(post.get("replyCount")),
        shares=count_of(post.get("repostCount")),
    )


__all__ = ["Bluesky"]
