"""TikTok, by the real yt-dlp extractors: profiles as lists of posts, posts as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.sources.contract import (
    Capabilities,
    Fetched,
    FetchRequest,
    ListedPost,
    Listing,
    ListRequest,
    Outcome,
)
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import WatchYDL

PROFILE = re.compile(r"https?://(?:www\.|m\.)?tiktok\.com/@(?P<handle>[\w.-]+)/?(?:[?#].*)?", re.ASCII)
STABLE = re.compile(r"tiktokuser:(?P<id>MS4wLjABAAAA[\w-]{64})", re.ASCII)
POST = re.compile(
    r"https?://(?:(?:www\.|m\.)?tiktok\.com/(?:@(?P<handle>[\w.-]*)/video/\d+|share/video/\d+|t/\w+)"
    r"|(?:vm|vt)\.tiktok\.com/\w+)/?(?:[?#].*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TikTok:
    """Source of `https://www.tiktok.com/@name` and of single posts.

    Args:
        dialer: the door.
        cookies: text of a Netscape cookie file; only private accounts need one.
    """

    dialer: Dialer
    cookies: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The platform's name."""
        return "tiktok"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether this is an address of TikTok that we can read."""
        return any(pattern.fullmatch(url) for pattern in (PROFILE, STABLE, POST))

    def handle_of(self, url: str) -> str:
        """The handle in the address, or an empty text where it has none."""
        match = PROFILE.fullmatch(url) or POST.fullmatch(url)
        return ((match and match["handle"]) or "").lower()

    def list_posts(self, request: ListRequest) -> Listing:
        """List the newest posts of an account.

        Two requests for the first 15 posts, one where the stable id is known and the profile is not wanted.
        """
        from bot.sources.ytdlp.classify import classify
        from bot.sources.ytdlp.tiktok_extractors import CODES
        from bot.sources.ytdlp.walk import walk

        url = request.url
        if request.stable_id is not None and not request.profile:
            url = f"tiktokuser:{request.stable_id}"
        elif match := PROFILE.fullmatch(url):
            url = f"https://www.tiktok.com/@{match['handle']}"
        with Deadline(request.deadline_s) as deadline, self._watch(deadline, request.max_requests) as ydl:
            ydl.seen.pinned = request.stable_id
            found = walk(ydl, url, request, _listed)
            seen = ydl.seen
            wait = None
            if found.error is not None:
                outcome, detail, wait = classify(found.error, ydl, CODES)
            elif not found.posts and url.startswith("tiktokuser:") and PROFILE.fullmatch(request.url):
                # gone, private, throttled and empty give the same empty list: only the page tells them apart
                again = self.list_posts(replace(request, profile=True))
                return replace(again, trail=(*ydl.trail, *again.trail))
            elif not found.posts and seen.status_code in CODES:
                outcome, detail = CODES[seen.status_code]
            elif not found.posts and seen.profile is not None and seen.profile.posts:
                # an empty list beside a count of posts is TikTok's throttle, not an account without posts
                outcome = Outcome.CHALLENGED
                detail = f"an empty list, though the page counts {seen.profile.posts} posts"
            else:
                outcome, detail = (Outcome.OK if found.posts else Outcome.EMPTY), ""
            return Listing(
                outcome=outcome,
                detail="; ".join(filter(None, (detail, *seen.notes))),
                profile=seen.profile,
                posts=tuple(found.posts),
                trail=tuple(ydl.trail),
                retry_after_s=wait,
            )

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download one post as a progressive H.264 file of at most 1280 lines, where there is one."""
        from bot.sources.ytdlp.classify import classify
        from bot.sources.ytdlp.download import download
        from bot.sources.ytdlp.tiktok_extractors import CODES

        with (
            Deadline(request.deadline_s) as deadline,
            self._watch(deadline, request.max_requests, request) as ydl,
        ):
            done = download(ydl, request.url, request.into)
            if done.path is not None:
                outcome, detail, wait = Outcome.OK, "", None
            else:
                outcome, detail, wait = classify(done.error, ydl, CODES)
                if outcome.succeeded or (outcome is Outcome.UNKNOWN and not detail):
                    outcome, detail = Outcome.UNKNOWN, "the download ended without a file"
            return Fetched(
                outcome=outcome,
                detail=detail,
                path=done.path,
                post=_listed(done.info) if done.info is not None else None,
                profile=ydl.seen.profile,
                trail=tuple(ydl.trail),
                retry_after_s=wait,
            )

    def _watch(self, deadline: Deadline, max_requests: int, fetch: FetchRequest | None = None) -> WatchYDL:
        from bot.sources.ytdlp.tiktok_extractors import extractors
        from bot.sources.ytdlp.watch import WatchYDL

        return WatchYDL(
            extractors(),
            dialer=self.dialer,
            deadline=deadline,
            max_requests=max_requests,
            max_bytes=fetch.max_bytes if fetch is not None else 0,
            into=fetch.into if fetch is not None else None,
            cookies=self.cookies,
        )


CAPABILITIES = Capabilities(
    lists=True, downloads=True, followers=True, bio=True, ai_label=True, wants_impersonation=True
)


def _listed(entry: dict[str, Any]) -> ListedPost | None:
    """A post of yt-dlp's entry, or None of one without a usable id."""
    platform_id = str(entry.get("id") or "")
    # the id goes into an address and a key of the store
    if not re.fullmatch(r"\d{1,32}", platform_id, re.ASCII):
        return None
    label = entry.get("ai_label")
    return ListedPost(
        platform_id=platform_id,
        url=str(entry.get("webpage_url") or entry.get("url") or ""),
        caption=str(entry.get("description") or entry.get("title") or ""),
        published_at=_moment(entry.get("timestamp")),
        duration_s=_positive(entry.get("duration")),
        views=_count(entry.get("view_count")),
        likes=_count(entry.get("like_count")),
        comments=_count(entry.get("comment_count")),
        shares=_count(entry.get("repost_count")),
        ai_label=label if isinstance(label, bool) else None,
    )


def _moment(seconds: object) -> datetime | None:
    """A time of the platform, None where it is none that a calendar has."""
    if not isinstance(seconds, int | float) or not 0 < seconds < 32_503_680_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _positive(number: object) -> float | None:
    return float(number) if isinstance(number, int | float) and 0 < number < 1e7 else None


def _count(number: object) -> int | None:
    return number if isinstance(number, int) and 0 <= number < 2**63 else None


__all__ = ["TikTok"]
