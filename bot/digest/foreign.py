"""Text and addresses from outside, made safe to show: bounded, on one line, with nothing in them that acts.

Escaping for HTML is the templates' part and comes on top of this.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

CUT = "…"
"""Stands where text was cut."""

_MARKS = 4
"""Combining marks kept on one letter; no script stacks more, and towers of them cover the lines around."""

_LONGEST_ADDRESS = 2000
_JOINERS = "\u200c\u200d"
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True, slots=True)
class Link:
    """An address: `text` is safe to show, `href` is None where it must not be followed."""

    text: str
    href: str | None


def foreign(text: str | None, limit: int = 280) -> str:
    """Outside text for one line of a page or a terminal.

    White space of any kind becomes one space; control, direction and private characters become
    their code, as in ``[U+202E]``. Joiners inside emoji and scripts stay. Text longer than
    `limit` characters is cut and ends with "…"; so does a letter with more marks than any script has.
    """
    # the longest input that can matter: what is beyond is cut anyway, and a bio may have megabytes
    head = (text or "")[: 8 * limit]
    words = " ".join(head.split())
    if words.isprintable() and not _has_marks(words):
        # nearly every text, and pages hold tens of thousands: nothing in it acts, so that no letter is looked at alone
        if len(words) > limit:
            return words[:limit].rstrip() + CUT
        return words + (CUT if len(head) < len(text or "") else "")
    shown: list[str] = []
    length = marks = 0
    for place, letter in enumerate(words):
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks > _MARKS:
            piece = CUT if marks == _MARKS + 1 else ""
        elif _acts(letter) and not _joins(words, place):
            piece = f"[U+{ord(letter):04X}]"
        else:
            piece = letter
        if length + len(piece) > limit:
            return "".join(shown).rstrip() + CUT
        shown.append(piece)
        length += len(piece)
    return "".join(shown) + (CUT if len(head) < len(text or "") else "")


def _has_marks(text: str) -> bool:
    """A letter of it is a mark on the letter before."""
    return not text.isascii() and any(unicodedata.category(letter) in ("Mn", "Me") for letter in set(text))


def _acts(letter: str) -> bool:
    """The character is no text: it acts, or is one that Unicode keeps for no character, which XML refuses."""
    number = ord(letter)
    return unicodedata.category(letter) in _ACTING or number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


def _joins(text: str, place: int) -> bool:
    """The character joins two parts of an emoji, or two letters of a script that needs it."""
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    before, after = text[place - 1], text[place + 1]
    if text[place] == "\u200d" and unicodedata.category(after) == "So":
        return unicodedata.category(before) in ("So", "Sk", "Mn")
    return unicodedata.category(after) in ("Lo", "Mc", "Mn") and unicodedata.category(before) in ("Lo", "Mc", "Mn")


def link(address: str | None) -> Link:
    """An address that may be followed only if it plainly leads to a web page.

    Followed are http and https with a host, without credentials, control characters, white space or
    backslashes, which browsers read otherwise than this parser. Everything else is shown as text.
    """
    address = address or ""
    return Link(foreign(address, 300), address if _is_web(address) else None)


def _is_web(address: str) -> bool:
    if len(address) > _LONGEST_ADDRESS or "\\" in address or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
