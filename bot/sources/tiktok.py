"""TikTok, by the real yt-dlp extractors: profiles as lists of posts, posts as files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sources.contract import Capabilities, ListedPost, ListedProfile, Listing, ListRequest, Outcome
from bot.sources.extracted import Extracted
from bot.sources.failures import Meaning

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import WatchYDL

PROFILE = re.compile(r"https?://(?:www\.|m\.)?tiktok\.com/@(?P<handle>[\w.-]+)/?(?:[?#].*)?", re.ASCII)
STABLE = re.compile(r"tiktokuser:(?P<id>MS4wLjABAAAA[\w-]{64})", re.ASCII)
POST = re.compile(
    r"https?://(?:(?:www\.|m\.)?tiktok\.com/(?:@(?P<handle>[\w.-]*)/video/\d+|share/video/\d+|t/\w+)"
    r"|(?:vm|vt)\.tiktok\.com/\w+)/?(?:[?#].*)?",
    re.ASCII,
)

CODES: Mapping[int, Meaning] = {
    10202: (Outcome.GONE, "TikTok knows no such account"),
    10221: (Outcome.GONE, "TikTok banned this account or knows it no more"),
    10223: (Outcome.GONE, "TikTok banned this account"),
    10222: (Outcome.PRIVATE, "the account is private"),
    10216: (Outcome.PRIVATE, "the post is private"),
    10204: (
        Outcome.BLOCKED,
        "TikTok gives the same answer (10204) for a removed post and for a blocked address",
    ),
}
"""`statusCode` of the pages."""


class TikTok(Extracted):
    """Source of `https://www.tiktok.com/@name` and of single posts."""

    name = "tiktok"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        followers=True,
        bio=True,
        ai_label=True,
        wants_impersonation=True,
        example="https://www.tiktok.com/@name",
        control="https://www.tiktok.com/@tiktok",
    )
    domain = ".tiktok.com"
    profiles = (PROFILE, STABLE)
    posts = (POST,)
    codes = CODES
    proof = r'"itemList":\s*\['

    def extractors(self) -> tuple[Any, ...]:
        """Accounts and posts, with open eyes."""
        from bot.sources.ytdlp.tiktok_extractors import extractors

        return extractors()

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The account's page, or its list alone where the stable id is known and the profile is not wanted."""
        if request.stable_id is not None and not request.profile:
            return (f"tiktokuser:{request.stable_id}",)
        match = PROFILE.fullmatch(request.url)
        return (request.url if match is None else f"https://www.tiktok.com/@{match['handle']}",)

    def list_posts(self, request: ListRequest) -> Listing:
        """List the newest posts of an account.

        Two requests for the first 15 posts, one where the stable id is known and the profile is not wanted.
        """
        listing = super().list_posts(request)
        by_id = self.addresses(request)[0].startswith("tiktokuser:")
        if listing.outcome is Outcome.EMPTY and by_id and PROFILE.fullmatch(request.url):
            # gone, private, throttled and empty give the same empty list: only the page tells them apart
            again = self.list_posts(replace(request, profile=True))
            return replace(again, trail=(*listing.trail, *again.trail))
        return listing

    def empty(self, ydl: WatchYDL, profile: ListedProfile | None) -> Meaning:
        """An empty list beside a count of posts is TikTok's throttle, not an account without posts."""
        if ydl.seen.status_code not in CODES and profile is not None and profile.posts:
            return Outcome.CHALLENGED, f"an empty list, though the page counts {profile.posts} posts"
        return super().empty(ydl, profile)

    def listed(self, entry: Mapping[str, Any]) -> ListedPost | None:
        """A post of yt-dlp's entry; TikTok's ids are numbers."""
        if not re.fullmatch(r"\d{1,32}", str(entry.get("id") or ""), re.ASCII):
            return None
        return super().listed(entry)


__all__ = ["CODES", "TikTok"]
