"""The base of all sources whose lister or downloader is one of yt-dlp's extractors.

Nothing here imports yt-dlp before it is needed: that costs 0.3 s and 35 MB, and only worker processes pay them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from bot.sources.collecting import Collector
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
from bot.sources.cookies import netscape
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.failures import PAGE, Meaning, Said, by_page, by_trail
from bot.sources.metadata import metadata_of
from bot.sources.values import count_of, id_of, moment_of, seconds_of, text_of

if TYPE_CHECKING:
    from bot.sources.ytdlp.walk import Walk
    from bot.sources.ytdlp.watch import Seen, WatchYDL


class Extracted:
    """A platform through yt-dlp. A subclass is one file: what it takes, which extractors it needs, what they show.

    Args:
        dialer: the door.
        cookies: text of a cookie file or header, or None.
        impersonate: give requests a browser's handshake where an extractor asks for one.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    domain: ClassVar[str]
    """Whose the cookies are, with a leading dot."""
    profiles: ClassVar[Sequence[re.Pattern[str]]]
    """Addresses of accounts, each with a group `handle`."""
    posts: ClassVar[Sequence[re.Pattern[str]]]
    """Addresses of single posts, where they tell it with a group `handle`."""
    codes: ClassVar[Mapping[int, Meaning]] = {}
    """The platform's own status codes."""
    said: ClassVar[Said] = ()
    """The platform's own words in its pages."""
    proof: ClassVar[str | None] = None
    """A pattern that the answer for every true account holds, where it names no account."""

    def __init__(self, dialer: Dialer, cookies: str | None = None, *, impersonate: bool = False) -> None:
        self.dialer = dialer
        self.impersonate = impersonate and self.capabilities.wants_impersonation
        self.cookies = None if cookies is None else netscape(cookies, self.domain)

    needs: ClassVar[Sequence[str]] = ()
    """All extractors that an address of this platform can need, by module and class of yt-dlp."""
    changes: ClassVar[Mapping[str, Mapping[str, object]]] = {}
    """Attributes of these extractors that are to be other than yt-dlp's."""

    def extractors(self) -> tuple[Any, ...]:
        """Fresh instances of the extractors; what they read comes to :meth:`saw_json` and :meth:`saw_page`."""
        from bot.sources.ytdlp.open_eyes import opened

        return opened(self.needs, self, self.changes)

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Take from a parsed answer what yt-dlp leaves out."""

    def saw_page(self, text: str, seen: Seen) -> bool:
        """Take from an answer's text what yt-dlp leaves out; false says that no further page is worth a request."""
        return True

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """What is listed for a request, one after the other; the address as it stands if not overridden."""
        return (request.url,)

    def takes(self, url: str) -> bool:
        """Tell whether this is an address of the platform that can be read."""
        return any(pattern.fullmatch(url) for pattern in (*self.profiles, *self.posts))

    def is_account(self, url: str) -> bool:
        """Tell whether this is the address of an account, and not of a single post."""
        return any(pattern.fullmatch(url) for pattern in self.profiles)

    def handle_of(self, url: str) -> str:
        """The handle in the address, or an empty text where it has none."""
        for pattern in (*self.profiles, *self.posts):
            match = pattern.fullmatch(url)
            if match is not None:
                return (match.groupdict().get("handle") or "").lower()
        return ""

    def list_posts(self, request: ListRequest) -> Listing:
        """List the newest posts of an account; never raises for what a platform does."""
        from bot.sources.ytdlp.walk import walk

        collector = Collector(request)
        with Deadline(request.deadline_s) as deadline, self._watch(deadline, request.max_requests) as ydl:
            ydl.seen.listing, ydl.seen.pinned = True, request.stable_id
            profile = None
            for address in self.addresses(request):
                collector.begin()
                found = walk(ydl, address, collector, lambda entry: self.listed(_whole(entry, ydl.seen)))
                profile = profile or ydl.seen.profile or self.profile_of(found.info)
                if not self._goes_on(found, ydl):
                    break
            return self._listing(request, found, profile, collector, ydl)

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download one post as a progressive H.264 file of at most 1280 lines, where there is one."""
        from bot.sources.ytdlp.classify import classify
        from bot.sources.ytdlp.download import download
        from bot.sources.ytdlp.spoken import subtitles_of

        with (
            Deadline(request.deadline_s) as deadline,
            self._watch(deadline, request.max_requests, request) as ydl,
        ):
            done = download(ydl, self.post_address(request.url), request.into)
            post = self.listed(done.info) if done.info is not None else None
            if done.path is not None:
                outcome, detail, wait = Outcome.OK, "", None
                if post is not None and done.info is not None:
                    post = replace(post, subtitles=subtitles_of(ydl, done.info))
            else:
                outcome, detail, wait = classify(done.error, ydl, self.codes, self.said)
                if outcome.succeeded or (outcome is Outcome.UNKNOWN and not detail):
                    outcome, detail = Outcome.UNKNOWN, "the download ended without a file"
            return Fetched(
                outcome=outcome,
                detail=detail,
                path=done.path,
                post=post,
                profile=ydl.seen.profile,
                trail=tuple(ydl.trail),
                retry_after_s=wait,
                metadata=metadata_of(done.info) if outcome is Outcome.OK else None,
            )

    def post_address(self, url: str) -> str:
        """The address of a post as its extractor wants it."""
        return url

    def listed(self, entry: Mapping[str, Any]) -> ListedPost | None:
        """A post of yt-dlp's entry, or None of one without a usable id or address."""
        platform_id = id_of(entry.get("id"))
        url = text_of(entry.get("webpage_url")) or text_of(entry.get("url")) or ""
        # what one extractor hides in an address for another
        url = url.partition("#__youtubedl_smuggle")[0]
        # a broadcast that goes on has no end to download to
        live = entry.get("live_status") in ("is_live", "is_upcoming") or entry.get("is_live") is True
        if platform_id is None or live or not self.takes(url):
            return None
        label = entry.get("ai_label")
        return ListedPost(
            platform_id=platform_id,
            url=url,
            caption=_caption(text_of(entry.get("title")) or "", text_of(entry.get("description")) or ""),
            published_at=moment_of(entry.get("timestamp")),
            duration_s=seconds_of(entry.get("duration")),
            views=count_of(entry.get("view_count")),
            likes=count_of(entry.get("like_count")),
            comments=count_of(entry.get("comment_count")),
            shares=count_of(entry.get("repost_count")),
            ai_label=label if isinstance(label, bool) else None,
        )

    def profile_of(self, info: Mapping[str, Any]) -> ListedProfile | None:
        """The account from what a list says of itself, None where it says nothing."""
        return None

    def empty(self, ydl: WatchYDL, profile: ListedProfile | None) -> Meaning:
        """What it means that a list has no posts and nothing failed.

        Gone, throttled and empty look alike; an empty account is believed only where the answer proves that it is
        one: it names the account, or holds what every account's page holds.
        """
        page = ydl.page
        said = (
            by_trail(ydl.trail, page.looks if page is not None else None)
            or self.codes.get(ydl.seen.status_code or 0)
            or by_page(page, self.said)
        )
        if said is not None:
            return said
        named = profile is not None and profile.stable_id is not None
        if named or page is None or (self.proof is not None and re.search(self.proof, page.text)):
            return Outcome.EMPTY, "no posts"
        return PAGE[page.looks or "no_data"]

    def _goes_on(self, found: Walk, ydl: WatchYDL) -> bool:
        """Whether the next list is looked at: not after a failure, but a list that is not there is none."""
        from bot.sources.ytdlp.classify import classify

        if found.error is not None and classify(found.error, ydl, self.codes, self.said)[0] is Outcome.EMPTY:
            found.error = None
        return found.error is None

    def _listing(
        self,
        request: ListRequest,
        found: Walk,
        profile: ListedProfile | None,
        collector: Collector,
        ydl: WatchYDL,
    ) -> Listing:
        """The result of the walks."""
        from bot.sources.ytdlp.classify import classify

        wait = None
        if found.error is not None:
            outcome, detail, wait = classify(found.error, ydl, self.codes, self.said)
        elif collector.posts:
            outcome, detail = Outcome.OK, ""
        else:
            outcome, detail = self.empty(ydl, profile)
        listing = Listing(
            outcome=outcome,
            detail="; ".join(filter(None, (detail, *ydl.seen.notes))),
            profile=profile,
            posts=collector.posts,
            trail=tuple(ydl.trail),
            retry_after_s=wait,
            successor=ydl.seen.successor,
        )
        return without_stranger(listing, request)

    def _watch(self, deadline: Deadline, max_requests: int, fetch: FetchRequest | None = None) -> WatchYDL:
        from bot.sources.ytdlp.watch import WatchYDL

        return WatchYDL(
            self.extractors(),
            dialer=self.dialer,
            deadline=deadline,
            max_requests=max_requests,
            max_bytes=fetch.max_bytes if fetch is not None else 0,
            into=fetch.into if fetch is not None else None,
            cookies=self.cookies,
            impersonate=self.impersonate,
        )


def _caption(title: str, description: str) -> str:
    """Title and description; the latter alone where the former is its beginning, as on platforms without titles."""
    begins = description.startswith(title.removesuffix("...").rstrip("…"))
    return description if begins else "\n".join(filter(None, (title, description)))


def _whole(entry: Mapping[str, Any], seen: Seen) -> Mapping[str, Any]:
    """An entry with what its extractor left out of it."""
    return {**entry, **seen.beside.get(str(entry.get("id") or entry.get("url")), {})}


def without_stranger(listing: Listing, request: ListRequest) -> Listing:
    """The listing, or what is left of it where the handle now belongs to another account than the one that is watched.

    The words and posts of a stranger must not be kept as this account's.
    """
    now = listing.profile.stable_id if listing.profile is not None else None
    if request.stable_id is None or now is None or now == request.stable_id:
        return listing
    return replace(
        listing,
        outcome=Outcome.GONE,
        detail=f"the handle now belongs to another account ({now}); the one that was first seen under it is not there",
        profile=None,
        posts=(),
        successor=now,
    )


__all__ = ["Extracted", "without_stranger"]
