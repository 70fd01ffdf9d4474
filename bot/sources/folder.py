"""A folder as a source: each video file that is dropped into it is a post."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.sources.contract import (
    Capabilities,
    Fetched,
    FetchRequest,
    ListedPost,
    Listing,
    ListRequest,
    Outcome,
)
from bot.sources.subtitles import sidecar

SCHEME = "folder:"
VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".flv", ".3gp", ".ts", ".mpg", ".mpeg"})

SETTLED_S = 2.0
"""A file that was written to within so many seconds may still be on its way."""

RECENT_S = 60.0
"""A file as young as this is looked at twice: a slow copy pauses for longer than :data:`SETTLED_S`."""

SECOND_LOOK_S = 0.25
"""Between the two looks."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _File:
    """A video file as the first look saw it; `path` is free of links."""

    name: str
    path: Path
    size: int
    modified_ns: int

    @property
    def platform_id(self) -> str:
        """Name, size and time of change, hashed: a file that is written anew is a new post.

        Not the content, which would have to be read in full at each poll.
        """
        text = os.fsencode(self.name) + b"\0" + f"{self.size}:{self.modified_ns}".encode()
        return hashlib.sha256(text).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Folder:
    """Source of `folder:/path` and of plain paths of directories. Uses no network.

    Folders within the folder, hidden files and links that lead out of it are left alone.
    """

    @property
    def name(self) -> str:
        """The platform's name."""
        return "folder"

    @property
    def capabilities(self) -> Capabilities:
        """What this source can see."""
        return CAPABILITIES

    def takes(self, url: str) -> bool:
        """Tell whether this is a folder's address: `folder:`, an absolute or relative path, or a directory."""
        if url.startswith(SCHEME):
            return len(url) > len(SCHEME)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url):
            return False
        return url.startswith(("/", "./", "../", "~")) or (bool(url) and os.path.isdir(url))  # noqa: PTH112  (any text may come)

    def is_account(self, url: str) -> bool:
        """Every folder can be watched."""
        return self.takes(url)

    def handle_of(self, url: str) -> str:
        """The folder's name."""
        return _readable(path_of(url).name)

    def list_posts(self, request: ListRequest) -> Listing:
        """List the video files, new ones before known ones and the youngest first in each, up to the limit.

        New ones first, because a listing costs nothing here and a large drop must not hide its own tail.
        """
        root = path_of(request.url)
        try:
            files = _settled(root, min(request.deadline_s, SECOND_LOOK_S))
        except FileNotFoundError:
            return Listing(Outcome.GONE, f"there is no folder {_readable(str(root))}")
        except NotADirectoryError:
            return Listing(Outcome.UNSUPPORTED, f"{_readable(str(root))} is no folder")
        except OSError as error:
            return Listing(Outcome.BLOCKED, f"{_readable(str(root))} cannot be read: {error.strerror}")
        files.sort(key=lambda file: (file.platform_id in request.known, -file.modified_ns))
        posts = tuple(_listed(file) for file in files[: request.limit])
        return Listing(Outcome.OK if posts else Outcome.EMPTY, posts=posts)

    def fetch(self, request: FetchRequest) -> Fetched:
        """Copy the file into the request's directory."""
        path = path_of(request.url)
        suffix = path.suffix.lower()
        if suffix not in VIDEO_SUFFIXES:
            return Fetched(Outcome.UNSUPPORTED, f"{_readable(path.name)} is no video file by its name")
        try:
            real = _inside(path.parent, path)
            if real is None:
                return Fetched(Outcome.BLOCKED, f"{_readable(path.name)} is a link that leads out of its folder")
            return _copy(real, request, f"clip{suffix}")
        except FileNotFoundError:
            return Fetched(Outcome.GONE, f"{_readable(path.name)} is no longer there")
        except OSError as error:
            return Fetched(Outcome.BLOCKED, f"{_readable(path.name)} cannot be read: {error.strerror}")


CAPABILITIES = Capabilities(
    lists=True, downloads=True, example="folder:/path", note="each video file that is dropped into it is a post"
)


def path_of(url: str) -> Path:
    """The path in an address: as it stands, or unquoted where only that exists."""
    text = url.removeprefix(SCHEME)
    # not Path.expanduser, which fails where there is no such user
    literal = Path(os.path.expanduser(text))  # noqa: PTH111
    if url.startswith(SCHEME) and "%" in text and not os.path.lexists(literal):
        return Path(os.path.expanduser(os.fsdecode(urllib.parse.unquote_to_bytes(text))))  # noqa: PTH111
    return literal


def _readable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 and control characters are shown as marks."""
    text = os.fsencode(name).decode(errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _listed(file: _File) -> ListedPost:
    return ListedPost(
        platform_id=file.platform_id,
        url=SCHEME + urllib.parse.quote(os.fsencode(file.path)),
        caption=_readable(file.name),
        published_at=datetime.fromtimestamp(min(max(file.modified_ns / 1e9, 0), 32_503_680_000), UTC),
    )


def _inside(root: Path, path: Path) -> Path | None:
    """The path without links, or None where it leads out of its folder."""
    real = path.resolve(strict=True)
    return real if real.parent == root.resolve(strict=True) else None


def _look(root: Path) -> Iterator[_File]:
    """The video files as they are now."""
    for entry in os.scandir(root):
        if entry.name.startswith(".") or Path(entry.name).suffix.lower() not in VIDEO_SUFFIXES:
            continue
        with contextlib.suppress(OSError):  # gone, or a link to nowhere, between two looks
            if _inside(root, Path(entry.path)) is None:
                continue
            seen = entry.stat()
            if stat.S_ISREG(seen.st_mode) and seen.st_size:
                path = root.resolve() / entry.name
                yield _File(entry.name, path, seen.st_size, seen.st_mtime_ns)


def _settled(root: Path, pause_s: float) -> list[_File]:
    """The files that nobody is writing to, as far as two looks can tell."""
    first = list(_look(root))
    now = time.time()
    # a time in the future (another machine's clock) says nothing; such a file only has the second look
    old = [file for file in first if not 0 <= now - file.modified_ns / 1e9 < SETTLED_S]
    if all(now - file.modified_ns / 1e9 >= RECENT_S for file in old):
        return old
    time.sleep(pause_s)
    second = set(_look(root))
    return [file for file in old if file in second]


def _copy(path: Path, request: FetchRequest, name: str) -> Fetched:
    """Copy one regular file within the bounds; a file that changes meanwhile is left for a later try."""
    deadline = time.monotonic() + request.deadline_s
    target = request.into / name
    # not following a link and not waiting for a pipe: the name may have changed hands since it was listed
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as source:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return Fetched(Outcome.UNSUPPORTED, f"{_readable(path.name)} is no regular file")
        if before.st_size > request.max_bytes:
            return Fetched(Outcome.TOO_LARGE, f"{before.st_size:,} bytes, more than {request.max_bytes:,}")
        with target.open("wb") as copy:
            problem = _pour(source, copy, before.st_size, deadline)
        after = os.fstat(descriptor)
        if problem is None and (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            problem = Outcome.UNKNOWN
        if problem is not None:
            target.unlink()
            late = problem is Outcome.TIMEOUT
            return Fetched(problem, "not copied in time" if late else "the file changed while it was copied")
    file = _File(path.name, path, after.st_size, after.st_mtime_ns)
    return Fetched(Outcome.OK, path=target, post=replace(_listed(file), subtitles=sidecar(path)))


def _pour(source: BinaryIO, copy: BinaryIO, size: int, deadline: float) -> Outcome | None:
    """Copy `size` bytes; None where that went well."""
    while size:
        if time.monotonic() > deadline:
            return Outcome.TIMEOUT
        data = source.read(min(CHUNK, size))
        if not data:
            return Outcome.UNKNOWN
        copy.write(data)
        size -= len(data)
    return None


__all__ = ["SCHEME", "VIDEO_SUFFIXES", "Folder", "path_of"]
