"""What a stand-in platform is asked and what it answers, its bad manners included."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

BOMB_BYTES = 60_000_000
"""What :func:`gzip_bomb` becomes: three times what a reader of pages accepts."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `query` holds the first value of each key."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response.

    Attributes:
        body: the bytes.
        file: a file to send in the place of `body`, whole or as the range that was asked for.
        drip_s: seconds between two bytes; 0 to send at once.
        endless: repeat `body` until the other side leaves; sent without a length.
        length: the declared length, where it is to differ from the true one.
        reset: break the connection off instead of answering.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: Path | None = None
    drip_s: float = 0.0
    endless: bool = False
    length: int | None = None
    reset: bool = False


class Platform(Protocol):
    """One platform of the stand-in: the hosts that it answers for, and how."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names; `*.example.org` for all names below."""
        ...

    def answer(self, call: Call) -> Answer:
        """Answer one request; called from many threads."""
        ...


def html(text: str, status: int = 200) -> Answer:
    """A page."""
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def as_json(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())


def redirect(location: str) -> Answer:
    """A redirect to anywhere."""
    return Answer(302, {"Location": location})


@functools.cache
def gzip_bomb() -> Answer:
    """A small answer that grows a thousandfold when it is unpacked."""
    packed = gzip.compress(bytes(BOMB_BYTES), compresslevel=6)
    return Answer(200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, packed)


def file_range(size: int, header: str | None) -> tuple[int, int] | None:
    """Start and end (exclusive) of a single byte range, or None to send all (RFC 9110, 14.2)."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def chunks(path: Path, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a file from start to end."""
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (data := file.read(min(1 << 16, end - start))):
            start += len(data)
            yield data


__all__ = [
    "BOMB_BYTES",
    "Answer",
    "Call",
    "Platform",
    "as_json",
    "chunks",
    "file_range",
    "gzip_bomb",
    "html",
    "redirect",
]
