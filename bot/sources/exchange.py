"""The requests of one poll by a lister of our own: through the guarded door, within budget, time and size, on a trail.

The counterpart of :class:`bot.sources.ytdlp.watch.WatchYDL` for platforms whose public interface is asked directly.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from bot.errors import BotError
from bot.sources.collecting import Collector
from bot.sources.contract import (
    FetchRequest,
    ListedPost,
    ListedProfile,
    Listing,
    ListRequest,
    Outcome,
    TrailEntry,
)
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.door import guarded_client
from bot.sources.failures import Evidence, Meaning, Page, Said, asked_to_wait, meaning
from bot.sources.retry_after import retry_after_s

PAGE_BYTES = 20_000_000
"""Bound for an answer after decompression."""

SHAPES = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What reading an answer of an unknown shape raises."""

Step = tuple[ListedProfile | None, ListedPost | None]
"""What a lister gives bit by bit: the account, a post, or both."""


class Failed(BotError):
    """A request that did not give what it should; the exchange knows what that means.

    Attributes:
        kind: what the error stands for where nothing else says more.
    """

    def __init__(self, message: str, kind: Meaning | None = None) -> None:
        self.kind = kind
        super().__init__(message)


class Exchange:
    """A context for the requests of one poll or one download.

    Args:
        dialer: the door.
        request: bounds of requests and time.
        codes: HTTP statuses that mean something else on this platform than elsewhere.
        said: the platform's own words in its answers.
    """

    def __init__(
        self,
        dialer: Dialer,
        request: ListRequest | FetchRequest,
        *,
        said: Said = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._request = request
        self._said = said
        self._deadline = Deadline(request.deadline_s)
        self._client = guarded_client(dialer, deadline=self._deadline, headers=headers)
        self._limit: Meaning | None = None
        self._page: Page | None = None
        self._refused: str | None = None
        self.trail: list[TrailEntry] = []
        self._stop: Callable[[], bool] = lambda: False

    def json(self, url: str, query: Mapping[str, str] | None = None) -> Any:
        """The parsed answer. Raises Failed where there is none, or where it is no JSON."""
        body = self.body(url, query)
        try:
            return json.loads(body)
        except ValueError as error:
            looks = "empty" if not body.strip() else "challenge"
            raise Failed("the answer is no JSON", _not_json(looks)) from error

    def body(self, url: str, query: Mapping[str, str] | None = None) -> bytes:
        """The bytes of a successful answer. Raises Failed."""
        chunks = bytearray()
        self._read(url, query, chunks.extend, PAGE_BYTES)
        return bytes(chunks)

    def download(self, url: str, path: Path, max_bytes: int) -> None:
        """Write the answer into a file. Raises Failed, and leaves no file then."""
        try:
            with path.open("wb") as file:
                self._read(url, None, file.write, max_bytes, media=True)
        except Failed:
            path.unlink(missing_ok=True)
            raise
        if not path.stat().st_size:
            path.unlink()
            raise Failed("the answer was empty", (Outcome.UNKNOWN, "the answer was empty"))

    def listing(self, steps: Callable[[], Iterable[Step]]) -> Listing:
        """Walk what a lister gives until the stop rule, the limit, the end or a failure.

        Requests are made while it is walked: what was seen before a failure is kept.

        Args:
            steps: starts the lister; may raise Failed, at its start and on its way.
        """
        assert isinstance(self._request, ListRequest)
        collector = Collector(self._request)
        self._stop = lambda: collector.enough
        profile: ListedProfile | None = None
        outcome, detail = Outcome.OK, ""
        try:
            for shown, post in steps():
                profile = profile or shown
                if post is not None:
                    collector.take(post)
                if collector.full:
                    break
        except _Enough:
            pass
        except Failed as error:
            outcome, detail = self.meaning(error)
        except SHAPES as error:
            # what came has another shape than any that is known, as an extractor of yt-dlp would find
            name = type(error).__name__
            outcome, detail = self.meaning(Failed(name, (Outcome.EXTRACTOR_BROKEN, f"{name}: {error}"[:300])))
        if outcome is Outcome.OK and not collector.posts:
            outcome, detail = Outcome.EMPTY, "no posts"
        return Listing(
            outcome=outcome,
            detail=detail,
            profile=profile,
            posts=collector.posts,
            trail=tuple(self.trail),
            retry_after_s=None if outcome.succeeded else asked_to_wait(self.trail),
        )

    def meaning(self, error: Failed) -> Meaning:
        """What a failure means, by the one table."""
        return meaning(
            Evidence(
                trail=self.trail,
                message=str(error),
                limit=self._limit,
                refused=self._refused,
                page=self._page,
                kind=error.kind,
            ),
            said=self._said,
        )

    def _read(
        self,
        url: str,
        query: Mapping[str, str] | None,
        take: Callable[[bytes], object],
        limit: int,
        *,
        media: bool = False,
    ) -> None:
        """Send one request and hand on its body as it comes."""
        host = urllib.parse.urlsplit(url).hostname or ""
        if self._stop():
            raise _Enough
        if len(self.trail) >= self._request.max_requests:
            raise self._over(Outcome.UNKNOWN, f"more than {self._request.max_requests} requests")
        response: httpx.Response | None = None
        try:
            # compressed video is a trick: its bytes are counted as they come
            headers = {"Accept-Encoding": "identity"} if media else {}
            with self._client.stream("GET", url, params=query, headers=headers) as response:
                wait = None if response.is_success else retry_after_s(response.headers.get("Retry-After"))
                self.trail.append(TrailEntry(host, status=response.status_code, retry_after_s=wait))
                self._page = Page(str(response.url), response.status_code)
                self._take(response, take, limit, media=media)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            if self._deadline.passed:
                raise self._late() from error
            if "refused by policy" in str(error):
                self._refused = str(error)
            if response is None:
                name = "DialRefused" if self._refused else type(error).__name__
                self.trail.append(TrailEntry(host, error=name))
            raise Failed(str(error) or type(error).__name__, (Outcome.NETWORK, str(error))) from error
        if self._deadline.passed:
            # a cut body that ends with the connection looks complete
            raise self._late()

    def _take(self, response: httpx.Response, take: Callable[[bytes], object], limit: int, *, media: bool) -> None:
        assert self._page is not None
        good = response.is_success
        size = 0
        for data in response.iter_raw(1 << 16) if media and good else response.iter_bytes(1 << 16):
            size += len(data)
            if size > limit:
                outcome = Outcome.TOO_LARGE if media else Outcome.UNKNOWN
                raise self._over(outcome, f"{'the clip' if media else 'an answer'} has more than {limit:,} bytes")
            if not media or not good:
                self._page.keep(data)
            if good:
                take(data)
            elif size > 1 << 16:
                break  # enough of an error's page to tell whose it is
        self._page.finished = not media
        if not good:
            raise Failed(f"the platform answered {response.status_code}")

    def _over(self, outcome: Outcome, detail: str) -> Failed:
        self._limit = self._limit or (outcome, detail)
        return Failed(detail)

    def _late(self) -> Failed:
        return self._over(Outcome.TIMEOUT, f"not done within {self._request.deadline_s:g} s")

    def __enter__(self) -> Self:
        self._deadline.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._deadline.__exit__(kind, error, trace)


class _Enough(Exception):
    """The walk has what it wanted, and the next page would cost a request."""


def _not_json(looks: str) -> Meaning:
    from bot.sources.failures import PAGE

    return PAGE[looks]


__all__ = ["Exchange", "Failed", "Step"]
