"""A single video file on the web, by its address: the plain way for `scan https://.../clip.mp4`."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import httpx

from bot.sources.contract import (
    Capabilities,
    Fetched,
    FetchRequest,
    ListedPost,
    Listing,
    ListRequest,
    Outcome,
    TrailEntry,
)
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.door import guarded_client
from bot.sources.failures import STATUS
from bot.sources.folder import VIDEO_SUFFIXES

UNNAMED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/mp4"})
"""Content types of servers that do not know videos; the name decides then."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """Source of addresses that end in a video file's name. It lists nothing.

    Args:
        dialer: the door.
    """

    dialer: Dialer

    @property
    def name(self) -> str:
        """The platform's name."""
        return "web"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether the address is one of the web and ends in a video file's name."""
        try:
            parts = urllib.parse.urlsplit(url)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and bool(parts.hostname) and _suffix(parts.path) in VIDEO_SUFFIXES

    def is_account(self, url: str) -> bool:
        """No file is."""
        return False

    def handle_of(self, url: str) -> str:
        """Nobody's: a file has no account."""
        return ""

    def list_posts(self, request: ListRequest) -> Listing:
        """Say that a file cannot be watched."""
        return Listing(Outcome.UNSUPPORTED, "a single file cannot be watched; use `scan` for it")

    def fetch(self, request: FetchRequest) -> Fetched:
        """Download the file within the bounds."""
        return media_at(self.dialer, request.url, request)


CAPABILITIES = Capabilities(
    lists=False, downloads=True, example="https://host/clip.mp4", note="a single video file, for `scan`"
)


def media_at(
    dialer: Dialer,
    url: str,
    request: FetchRequest,
    post: ListedPost | None = None,
    before: tuple[TrailEntry, ...] = (),
) -> Fetched:
    """Download a video file into the request's directory, within its bounds.

    Args:
        dialer: the door.
        url: where the file is, which a post's page may have told.
        request: the bounds; its own address is not used.
        post: what is known of the post.
        before: the requests that led here; they count.
    """
    suffix = _suffix(urllib.parse.urlsplit(url).path)
    path = request.into / f"clip{suffix if suffix in VIDEO_SUFFIXES else '.mp4'}"
    host = urllib.parse.urlsplit(url).hostname or ""
    with Deadline(request.deadline_s) as deadline:
        try:
            with (
                guarded_client(dialer, deadline=deadline) as client,
                # compressed video is a trick: bytes are counted as they come
                client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
            ):
                trail = (*before, TrailEntry(host, response.status_code))
                problem = _unwanted(response, request)
                if problem is None:
                    problem = _pour(response, path, request.max_bytes)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            trail = (*before, TrailEntry(host, error=type(error).__name__))
            problem = Outcome.NETWORK, str(error) or type(error).__name__
        if deadline.passed:
            problem = Outcome.TIMEOUT, f"not done within {request.deadline_s:g} s"
    if problem is not None:
        path.unlink(missing_ok=True)
        return Fetched(problem[0], problem[1], post=post, trail=trail)
    return Fetched(Outcome.OK, path=path, post=post, trail=trail)


def _pour(response: httpx.Response, path: Path, max_bytes: int) -> tuple[Outcome, str] | None:
    """Write the body into the file; why it is none, or None where it is one."""
    size = 0
    with path.open("wb") as file:
        for data in response.iter_raw(1 << 16):
            size += len(data)
            if size > max_bytes:
                return Outcome.TOO_LARGE, f"more than {max_bytes:,} bytes"
            file.write(data)
    return None if size else (Outcome.UNKNOWN, "the answer was empty")


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _unwanted(response: httpx.Response, request: FetchRequest) -> tuple[Outcome, str] | None:
    """Why this answer is not the video, or None where it may be."""
    status = response.status_code
    if status != 200:
        return STATUS.get(status, (Outcome.NETWORK, ""))[0], f"the server answered {status}"
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not kind.startswith("video/") and kind not in UNNAMED:
        return Outcome.UNSUPPORTED, f'the answer is of the type "{kind[:60]}", not a video'
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return Outcome.UNSUPPORTED, "the answer is compressed, which a video file never is"
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared[:18]) > request.max_bytes:
        return Outcome.TOO_LARGE, f"{int(declared[:18]):,} bytes, more than {request.max_bytes:,}"
    return None


__all__ = ["MediaFile", "media_at"]
