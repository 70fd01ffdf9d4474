"""Secrets are taken out of what is written: those that this process has read, and what looks like one.

What was read is known to the letter, so that it is found wherever a library quotes it; what only looks like a secret,
such as a token in an address that a platform answered with, is found by its place.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from threading import Lock
from urllib.parse import quote, quote_plus, unquote, urlsplit

HIDDEN = "***"
"""Stands where a secret was."""

SHORTEST = 4
"""Characters of the shortest whole secret that is taken out; a shorter one would be found in half of all words."""

SHORTEST_PART = 6
"""The same for a part of one, such as the value of a single cookie, which may well be `1` or `true`."""

_SHORTEST_SEGMENT = 8
"""The same for a segment of an address: shorter ones are words such as `services`."""

_DIRECT = frozenset({"http", "https", "socks4", "socks5", "socks5h"})
"""Schemes whose host is no secret; Apprise writes tokens in its place."""

_NAMES = (
    r"[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credential|signature|session_?(?:id|key)|auth_?key)"
    r"[\w.-]*"
)

_LOOKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S), HIDDEN),
    (re.compile(r"([a-z][a-z0-9+.-]{0,30}://)[^/\s@'\"<>]{1,1000}@", re.I), rf"\1{HIDDEN}@"),
    (re.compile(r"((?:proxy-)?authorization['\"]?\s*[:=]\s*['\"]?)[^\r\n'\"]+", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"((?:set-)?cookie['\"]?\s*:\s*['\"]?)[^\r\n'\"]+", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"\b((?:bearer|basic)\s+)[A-Za-z0-9+/._~-]{8,}=*", re.I), rf"\1{HIDDEN}"),
    # a name, a colon and a space begin our own messages, such as `secrets.mail_password: the variable ...`
    (re.compile(rf"(\b{_NAMES}(?:['\"]?\s*=\s*|['\"]\s*:\s*|:)['\"]?)[^\s&;,'\"]+", re.I), rf"\1{HIDDEN}"),
)
"""What looks like a secret by its place, and what stands there afterwards."""

_known: set[str] = set()
_pattern: re.Pattern[str] | None = None
_changing = Lock()


def learn(secret: str) -> None:
    """Remember a secret that this process has read, so that it is written nowhere.

    Its parts count as well: the values of cookies, the login of a proxy, the segments of an address with tokens, each
    also as it stands in an address, in JSON and in the header of a login.
    """
    global _pattern  # noqa: PLW0603  (what a process has read is one thing, whoever writes a line)
    spelled = {text for part in _parts(secret) for text in _spellings(part)}
    with _changing:
        if spelled <= _known:
            return
        _known.update(spelled)
        # the longest first: a part must not take a piece out of the whole and leave the rest
        _pattern = re.compile("|".join(map(re.escape, sorted(_known, key=len, reverse=True))))


def redacted(text: str) -> str:
    """The text without secrets; each is replaced by :data:`HIDDEN`."""
    pattern = _pattern
    if pattern is not None:
        text = pattern.sub(HIDDEN, text)
    for looks, instead in _LOOKS:
        text = looks.sub(instead, text)
    return text


def _parts(secret: str) -> Iterator[str]:
    """The whole and those of its parts that are secrets by themselves."""
    whole = secret.strip()
    if len(whole) >= SHORTEST:
        yield whole
    for line in whole.splitlines():
        pieces = line.split("\t")
        if len(pieces) > 1:  # a cookie file: the value is the last field
            found = [pieces[-1]]
        elif "://" in line:
            found = list(_of_address(line.strip()))
        elif line.startswith("-----"):
            found = []  # the frame of a key
        elif "=" in line and not line.endswith("="):
            found = [pair.partition("=")[2] for pair in line.split(";")]
        else:
            found = [line]
        yield from (piece.strip() for piece in found if len(piece.strip()) >= SHORTEST_PART)


def _of_address(address: str) -> Iterator[str]:
    """Login, and segments and values that are long enough to be tokens."""
    scheme, _, rest = address.partition("://")
    try:
        login = urlsplit(address).netloc.rpartition("@")[0]
    except ValueError:
        login = ""
    if login:
        yield login
        yield base64.b64encode(unquote(login).encode()).decode()
        yield login.partition(":")[2]
        yield unquote(login).partition(":")[2]
    place = rest.rpartition("@")[2]
    behind = place.partition("/")[2] if scheme.lower() in _DIRECT else place
    # numbers with dots are the address of a machine, which no service has for a token
    pieces = (piece for piece in re.split(r"[/:@?&=#]+", behind) if not re.fullmatch(r"[\d.]*\.[\d.]*", piece))
    yield from (piece for piece in pieces if len(piece) >= _SHORTEST_SEGMENT)


def _spellings(part: str) -> Iterator[str]:
    """How a secret may stand in a line."""
    yield part
    yield quote(part, safe="")
    yield quote_plus(part)
    yield json.dumps(part)[1:-1]
    yield repr(part)[1:-1]
    yield base64.b64encode(part.encode()).decode()
    lines = part.splitlines()
    # in a line of a log, line breaks of a longer secret may have become something else
    yield from (" ".join(two) for two in pairwise(lines) if len(" ".join(two)) >= _SHORTEST_SEGMENT)


__all__ = ["HIDDEN", "SHORTEST", "learn", "redacted"]
