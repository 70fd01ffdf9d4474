"""Links in words from outside, and what they show without being fetched.

A link is read, not opened: its host says whether it hides its end (a shortener, punycode, a host that looks like
another, a bare address, a name before an @), and whether it leads into a chat, to a payment or to adult content.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from detectors.handle_rules import resemblance
from detectors.harm_hosts import (
    ADULT,
    ALSO_WORDS,
    CHATS,
    ENDINGS,
    INVITATIONS,
    KNOWN,
    LINK_PAGES,
    PAYMENTS,
    SHORTENERS,
)
from detectors.phrases import READ
from detectors.specimen import Person
from detectors.spelling import foreign_letters, skeleton, visible


@dataclass(frozen=True, slots=True)
class LinkCue:
    """What one link shows.

    Attributes:
        category: the category of harm.
        grade: 0 to 1.
        told: in words, with the host.
        text: the link as received.
        start: where it stands in the field.
    """

    category: str
    grade: float
    told: str
    text: str
    start: int


DISGUISED = "disguised link"
CONTACT = "contact elsewhere"
PAYMENT = "payment request"

_LINK = re.compile(
    r"(?P<scheme>h(?:tt|xx)ps?://)?(?:(?P<user>[^\s/@]{1,80})@)?(?P<host>(?:[\w-]{1,63}\.){1,6}[\w-]{1,24}|\[[0-9a-fA-F:.]+\])"
    r"(?P<port>:\d{1,5})?(?P<path>/[^\s<>\"]*)?",
)
_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|punkt|punto|ponto|point)\s?[\])}]\s?", re.IGNORECASE)
_WALLET = re.compile(
    r"\b(?:bc1[ac-hj-np-z02-9]{25,60}|0x[0-9a-fA-F]{40}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|T[1-9A-HJ-NP-Za-km-z]{33})\b"
)
_PHONE = re.compile(r"(?<![\w+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\w)")


_MOST = 60
"""Links of one text that are looked at."""


def cues(text: str, person: Person | None = None) -> Iterator[LinkCue]:
    """What the links, wallets and telephone numbers of a text show; plain links to plain hosts show nothing.

    Args:
        text: as received.
        person: whose name in a host is a cue by itself.
    """
    text = _DOT.sub(".", text[:READ])
    for match in islice(_LINK.finditer(text), _MOST):
        if (cue := _of_link(match, person)) is not None:
            yield cue
    for match in _WALLET.finditer(text):
        yield LinkCue(PAYMENT, 0.7, "the address of a crypto wallet", match[0], match.start())
    for match in _PHONE.finditer(text):
        yield LinkCue(CONTACT, 0.5, "a telephone number", match[0], match.start())


def _of_link(match: re.Match[str], person: Person | None) -> LinkCue | None:
    raw, path = match["host"], match["path"] or ""
    scheme = match["scheme"] is not None

    def cue(category: str, grade: float, told: str) -> LinkCue:
        return LinkCue(category, grade, told, match[0].rstrip(".,;:!?)"), match.start())

    if scheme and _is_address(raw):
        return cue(DISGUISED, 0.6, "a bare address in place of a name")
    host = unicodedata.normalize("NFKC", raw).casefold().removeprefix("www.")
    labels = host.split(".")
    ending = labels[-1]
    if len(labels) < 2 or not (scheme or ending in ENDINGS or ending.startswith("xn--")):
        return None
    if match["user"] is not None:
        # what stands before an @ is only a name; without a scheme it is a mail address
        return cue(DISGUISED, 0.8, f"what stands before the @ hides that it leads to {host}") if scheme else None
    if not scheme and not path and ending in ALSO_WORDS and host not in CHATS:
        return None
    return next((cue(*shown) for shown in _shows(host, path, person)), None)


def _shows(host: str, path: str, person: Person | None) -> Iterator[tuple[str, float, str]]:
    """What a host shows, most telling first."""
    site = ".".join(host.split(".")[-2:])
    if any(label.startswith("xn--") for label in host.split(".")):
        yield DISGUISED, 0.8, f"punycode for {_decoded(host)}"
    if foreign_letters(host):
        yield DISGUISED, 0.8, f"letters of another script, looks like {skeleton(visible(host))}"
    if (known := _looks_like(host)) is not None:
        yield DISGUISED, 0.8, f"{host} looks like {known[0]} ({known[1]})"
    chat = CHATS.get(host) or CHATS.get(site)
    if chat is not None and (host != "discord.com" or path.startswith("/invite")):
        invited = host in INVITATIONS or re.match(r"/(?:\+|joinchat/|invite/)", path)
        yield CONTACT, 0.8, f"{chat} chat{' invitation' if invited else ''}"
    if site in ADULT:
        yield "sexual content", 0.8, f"{site}, a host of adult content"
    if site in PAYMENTS or host in PAYMENTS:
        yield PAYMENT, 0.5, f"{site}, where money is sent"
    if host in SHORTENERS or site in SHORTENERS:
        yield "shortened link", 0.4, f"{host} is a shortener and hides where it leads"
    if person is not None and _carries(host, person):
        yield DISGUISED, 0.5, f"{host} carries the name of {person.name}"
    if site in LINK_PAGES:
        yield "shortened link", 0.2, f"{host} is a page of links"


@lru_cache(maxsize=1024)
def _looks_like(host: str) -> tuple[str, str] | None:
    """A well-known host that another one imitates, and how."""
    site = ".".join(host.split(".")[-2:])
    if site in KNOWN or host in CHATS or site in CHATS or site in PAYMENTS:
        return None
    for known in sorted(KNOWN):
        name = known.split(".", 1)[0]
        if known in host:
            return known, f"it only contains it, and is {site}"  # paypal.com.verify.example
        if len(name) < 6:
            continue
        for label in host.split(".")[:-1]:
            for part in {label, *label.split("-")}:
                if part == name and label != name:
                    return known, "with words added"
                like = resemblance(part, name, is_handle=True)
                if like is not None and part != name and not {"contained", "fan_word", "added_digits"} & set(like.keys):
                    return known, like.rule
    return None


def _carries(host: str, person: Person) -> bool:
    """Whether a host carries the person's name; the one-word host of the name itself may be their own."""
    label = host.split(".")[-2]
    like = resemblance(label, person.name)
    return like is not None and like.log10_lr >= 0.6 and "exact" not in like.keys


def _decoded(host: str) -> str:
    labels = []
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                labels.append(label[4:].encode("ascii").decode("punycode"))
                continue
            except (UnicodeError, ValueError):  # not a valid one: shown as it is
                pass
        labels.append(label)
    decoded = ".".join(labels)
    plain = skeleton(decoded)
    return decoded if plain == decoded else f'"{decoded}", which looks like {plain}'


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
