"""What a hostile platform tries: ways inside in many spellings, bodies without end, names that would be paths."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.demo.platforms import State
from bot.demo.platforms.answers import Answer, Call, as_json, gzip_bomb, html, redirect
from bot.demo.platforms.states import FAILURES
from drills._outside import LOOPBACK_SPELLINGS, Inside
from tests.platforms.model import Stage

SPELLINGS = (*LOOPBACK_SPELLINGS[::3], "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1")

EVIL_IDS = (
    "../../../../etc/passwd", "/etc/passwd", "..\\..\\windows", "a/b/c", "\u0000nul", "line\nbreak", "\u001b[2J",
    "\u202egpj.exe", "CON", "x" * 5000, ".", "..", "", "%2e%2e%2f", "$(id)", "\ud800",
)  # fmt: skip
"""What a platform might call a post."""

Script = Callable[[Call, Answer], Answer]
"""Given a request and the honest answer, the answer that is sent."""


@dataclass(frozen=True, slots=True)
class Case:
    """One trick.

    Attributes:
        name: for the report.
        script: what is answered.
        media: it is met at a download, not at a listing.
        inward: it leads to an address that is not to be reached.
        listed: the list may already tell it, so that the list is asked first.
        spelled: the address that it leads to, where it is this machine's or another inner one in some spelling.
    """

    name: str
    script: Script
    media: bool = False
    inward: bool = False
    listed: bool = False
    spelled: str = ""


def honest(call: Call, answer: Answer) -> Answer:
    return answer


def _always(trick: Answer, call: Call, answer: Answer) -> Answer:
    return trick


def _at_media(trick: Answer, media: str, call: Call, answer: Answer) -> Answer:
    return trick if call.host == media else answer


def instead(old: bytes, new: bytes, call: Call, answer: Answer) -> Answer:
    """The honest answer with some bytes exchanged."""
    return replace(answer, body=answer.body.replace(old, new))


def _cyclic(stage: Stage, call: Call, answer: Answer) -> Answer:
    """The first page of the list again and again, with a promise of more."""
    return replace(
        answer,
        body=answer.body.replace(b'"hasMorePrevious": false', b'"hasMorePrevious": true').replace(
            b'"feed": [', b'"cursor": "again", "feed": ['
        ),
    )


def _media_host(stage: Stage) -> str:
    """Where a download goes in the end: on Bluesky to the server that the account's own record names."""
    return "pds.bsky.example" if stage.name == "bluesky" else stage.media


def cases(stage: Stage, inside: Inside) -> Iterator[Case]:
    """Every trick that this platform can try."""
    for spelled in SPELLINGS:
        address = f"http://{spelled}:{inside.port}/"
        yield Case(
            f"redirect to {address}", functools.partial(_always, redirect(address)), inward=True, spelled=spelled
        )
        yield Case(
            f"media at a redirect to {address}",
            functools.partial(_at_media, redirect(address), _media_host(stage)),
            media=True,
            inward=True,
            spelled=spelled,
        )
        yield Case(
            f"media at {address}",
            functools.partial(instead, f"https://{_media_host(stage)}".encode(), address.rstrip("/").encode()),
            media=True,
            inward=True,
            listed=True,
            spelled=spelled,
        )
    for address in ("file:///etc/passwd", "data:text/html,hello", f"ftp://127.0.0.1:{inside.port}/", "gopher://127.0.0.1/",
                    "//127.0.0.1/", "unix:/run/x", "http://", "http://[", "https://user:word@127.0.0.1/"):  # fmt: skip
        yield Case(f"redirect to {address}", functools.partial(_always, redirect(address)), inward=True)
        yield Case(
            f"media at {address}",
            functools.partial(instead, f"https://{_media_host(stage)}".encode(), address.removesuffix("/").encode()),
            media=True,
            listed=True,
            inward=True,
        )
    endless = Answer(200, {"Content-Type": "text/html"}, b"<p>more</p>" * 1000, endless=True)
    huge = Answer(200, {"Content-Type": "text/html"}, b"x" * 1000, length=1_000_000_000)
    for name, trick in (
        ("endless page", endless),
        ("1 GB announced", huge),
        ("gzip bomb", gzip_bomb()),
        ("drip", FAILURES[State.DRIP](None)),
        ("reset", Answer(reset=True)),
        ("redirect without end", redirect(f"https://{stage.hosts[0]}/again")),
        ("deep JSON", Answer(200, {"Content-Type": "application/json"}, b"[" * 200_000)),
        ("deep XML", Answer(200, {"Content-Type": "text/xml"}, b"<rss>" + b"<a>" * 100_000)),
        ("XML entities", Answer(200, {"Content-Type": "text/xml"}, _laughs())),
        ("numbers as texts", as_json({"itemList": 7, "feed": "x", "data": [None], "id": {}})),
        ("bytes of nothing", Answer(200, {"Content-Type": "application/json"}, bytes(100_000))),
        ("half a character", Answer(200, {"Content-Type": "text/html"}, b'{"a": "\xff\xfe')),
        ("negative length", Answer(200, {"Content-Type": "text/html"}, b"x", length=-5)),
        ("headers without end", Answer(200, {f"X-{number}": "y" * 500 for number in range(300)}, b"{}")),
    ):
        yield Case(name, functools.partial(_always, trick))
    for name, trick in (
        ("endless clip", replace(endless, headers={"Content-Type": "video/mp4"})),
        ("1 GB clip announced", replace(huge, headers={"Content-Type": "video/mp4"})),
        ("a clip that is packed", gzip_bomb()),
        ("a clip that drips", replace(FAILURES[State.DRIP](None), headers={"Content-Type": "video/mp4"})),
        ("a page for a clip", html("<p>no clip</p>")),
        ("an empty clip", Answer(200, {"Content-Type": "video/mp4"}, b"")),
    ):
        yield Case(name, functools.partial(_at_media, trick, _media_host(stage)), media=True)
    yield Case("cyclic paging", functools.partial(_cyclic, stage))


def _laughs() -> bytes:
    """Entities that stand for ten times the one before (the "billion laughs")."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{lines}]><rss><channel><title>&l9;</title></channel></rss>'.encode()  # noqa: E501


__all__ = ["EVIL_IDS", "SPELLINGS", "Case", "Script", "cases", "honest", "instead"]
