"""A `YoutubeDL` that is watched: it keeps a trail, a budget and a deadline, and dials through our door."""

from __future__ import annotations

import contextlib
import functools
import socket
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp.networking.exceptions import HTTPError

from bot.sources.contract import ListedProfile, TrailEntry
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer, DialRefused
from bot.sources.egress import EgressProxy
from bot.sources.failures import Page
from bot.sources.retry_after import retry_after_s
from bot.sources.tls import authority_file, client_context
from bot.sources.ytdlp.handler import DialRequestsRH
from bot.sources.ytdlp.limits import (
    BodyTooLarge,
    BudgetSpent,
    DeadlinePassed,
    FormatRefused,
    LimitReached,
    PageInsteadOfMedia,
    WalkEnded,
)
from bot.sources.ytdlp.options import PROTOCOLS, VIDEO_SUFFIXES, options

PAGE_BYTES = 20_000_000
"""Bound for a page after decompression; the largest real ones have about 3 MB."""


@dataclass
class Seen:
    """What our extractors saw in passing and yt-dlp has no place for.

    Attributes:
        listing: an account is listed, and not a post fetched; filled in by the caller.
        pinned: the account's stable id as we know it; filled in by the caller.
        profile: the account's page, if one was read.
        status_code: the platform's own code in that page, or of a post's page.
        page: what a page without data looked like: `empty`, `challenge` or `no_data`.
        notes: sentences for the detail of the result.
        successor: stable id of another account that now has the handle.
        beside: post id to what an answer says of it that yt-dlp leaves out, under yt-dlp's names.
    """

    listing: bool = False
    pinned: str | None = None
    profile: ListedProfile | None = None
    status_code: int | None = None
    page: str | None = None
    notes: list[str] = field(default_factory=list)
    successor: str | None = None
    beside: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Watched:
    """The instance's own way to dial, as the egress proxy takes it."""

    dial: Callable[[str, int, float], socket.socket]
    ca_pem: str | None


def _plain_first(handler: Any, request: Any) -> int:
    """How much a handler is preferred."""
    return 100 if isinstance(handler, DialRequestsRH) else 0


class _Log:
    """Takes what yt-dlp would print; warnings and errors are evidence for the classifier."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def debug(self, message: str) -> None:
        """Forget it."""

    def info(self, message: str) -> None:
        """Forget it."""

    def warning(self, message: str) -> None:
        """Keep it."""
        self.messages.append(message)

    def error(self, message: str) -> None:
        """Keep it."""
        self.messages.append(message)


class WatchYDL(YoutubeDL):  # type: ignore[misc]  # yt-dlp is not typed
    """One instance for one poll or one download, used by one thread and closed afterwards.

    Args:
        extractors: instances of the only extractors that exist here; yt-dlp's 1,700 others are not loaded.
        dialer: the door.
        deadline: cuts every connection when it passes.
        max_requests: requests before the extractor is stopped.
        max_bytes: bound of the clip, counted as it comes.
        into: directory of the download, None for listings.
        cookies: Netscape cookie text, or None.
        impersonate: requests for which an extractor asks for a browser's handshake get one; needs curl_cffi.
    """

    def __init__(
        self,
        extractors: Sequence[Any],
        *,
        dialer: Dialer,
        deadline: Deadline,
        max_requests: int,
        max_bytes: int = 0,
        into: Path | None = None,
        cookies: str | None = None,
        impersonate: bool = False,
    ) -> None:
        self.trail: list[TrailEntry] = []
        self.seen = Seen()
        self.log = _Log()
        self.limit: LimitReached | None = None
        self.refused: DialRefused | None = None
        self.ended = False
        self.page: Page | None = None
        self._dialer = dialer
        self._deadline = deadline
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._media = False
        self._egress = EgressProxy(_Watched(self._dial, dialer.ca_pem)) if impersonate else None
        super().__init__(options(self.log, into=into, cookies=cookies), auto_init=False)
        for extractor in extractors:
            self.add_info_extractor(extractor)

    def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:
        """Our handler alone, whatever yt-dlp or its plugins registered."""
        context = client_context(self._dialer.ca_pem)
        ours = functools.partial(DialRequestsRH, dial=self._dial, context=context, bound=self._bound)
        if self._egress is None:
            return super().build_request_director([ours])
        from bot.sources.ytdlp.impersonating import ImpersonatingRH

        self._egress.__enter__()
        browser = functools.partial(
            ImpersonatingRH,
            proxy=self._egress.url,
            authorities=authority_file(self._dialer.ca_pem),
            bound=self._bound,
        )
        # a plain request goes the plain way: native code is for those who need it
        return super().build_request_director([ours, browser], [_plain_first])

    def close(self) -> None:
        """End every connection, those of the proxy too."""
        super().close()
        if self._egress is not None:
            self._egress.__exit__(None, None, None)

    def urlopen(self, req: Any) -> Any:
        """Send one request: within budget and time, and on the trail whatever becomes of it."""
        url = req if isinstance(req, str) else req.url
        host = urllib.parse.urlsplit(url).hostname or ""
        if self.ended:
            raise self._stop(WalkEnded("the walk has ended"))
        if self._deadline.passed:
            raise self._late()
        if len(self.trail) >= self._max_requests:
            raise self._stop(BudgetSpent(f"more than {self._max_requests} requests"))
        refused = self.refused
        try:
            response = super().urlopen(req)
        except HTTPError as error:
            wait = retry_after_s(error.response.headers.get("Retry-After"))
            self.trail.append(TrailEntry(host, status=error.status, retry_after_s=wait))
            raise
        except Exception as error:
            name = type(error).__name__ if self.refused is refused else DialRefused.__name__
            self.trail.append(TrailEntry(host, error=name))
            if self._deadline.passed and not isinstance(error, LimitReached):
                raise self._late() from error
            raise
        self.trail.append(TrailEntry(host, status=response.status))
        return response

    def dl(self, name: str, info: dict[str, Any], subtitle: bool = False, test: bool = False) -> Any:
        """Download a format, if it is one that may be kept and that our handler fetches."""
        suffix, protocol = str(info.get("ext")), str(info.get("protocol"))
        if suffix not in VIDEO_SUFFIXES:
            raise self._stop(FormatRefused(f'the post\'s file would be of the type "{suffix[:20]}", not a video'))
        if protocol not in PROTOCOLS:
            raise self._stop(FormatRefused(f'the video comes by "{protocol[:20]}", which is not fetched'))
        with self._reading_media():
            return super().dl(name, info, subtitle, test)

    @contextlib.contextmanager
    def _reading_media(self) -> Iterator[None]:
        """The clip's bound holds instead of the pages'."""
        self._media = True
        try:
            yield
        finally:
            self._media = False

    def _dial(self, host: str, port: int, timeout: float) -> socket.socket:
        if self._deadline.passed:
            raise TimeoutError("the deadline has passed")
        try:
            connection = self._dialer.dial(host, port, min(timeout, self._deadline.left_s + 0.05))
        except DialRefused as error:
            self.refused = error
            raise
        self._deadline.watch(connection)
        return connection

    def _bound(self, response: Any) -> tuple[Callable[[int], None], Callable[[bytes], None]]:
        # the page of an error is a page, also where a clip was asked for
        media = self._media and response.status < 300
        headers = response.headers
        if media and (headers.get("Content-Type") or "").lower().startswith("text/html"):
            raise self._stop(PageInsteadOfMedia("the media host answered with a web page"))
        limit = self._max_bytes if media else PAGE_BYTES
        what = "the clip" if media else "a page"

        def check(count: int) -> None:
            if self._deadline.passed:
                raise self._late()
            if count > limit:
                raise self._stop(BodyTooLarge(f"{what} has more than {limit:,} bytes", media=media))

        declared = headers.get("Content-Length") or ""
        check(int(declared[:18]) if declared.isdecimal() else 0)
        if media:
            return check, _forget
        page = self.page = Page(str(response.url), int(response.status))
        return check, page.keep

    def _late(self) -> LimitReached:
        return self._stop(DeadlinePassed(f"not done within {self._deadline.seconds:g} s"))

    def _stop(self, limit: LimitReached) -> LimitReached:
        """Remember the first limit: yt-dlp may turn what is raised into another error on the way up."""
        if self.limit is None:
            self.limit = limit
        return limit


def _forget(_: bytes) -> None:
    """A clip is kept as a file, not as evidence."""


__all__ = ["PAGE_BYTES", "Seen", "WatchYDL"]
