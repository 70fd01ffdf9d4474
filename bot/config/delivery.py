"""The options of delivery: the mail server, other ways out, and what goes out at once."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from bot.config.section import Section
from bot.config.values import Count, Duration, Kind, LocalPath, Size, one_line, shown

MB = 1000**2
GB = 1000**3

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port for each kind of security (RFC 6409, RFC 8314)."""


def one_of(*words: str) -> Callable[[object], str]:
    """A validator that takes these words and no other."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"{shown(value)} is none of {', '.join(words)}")
        return value

    return check


def server_name(value: object) -> str:
    """Read the name or address of a server, without a scheme or port.

    Raises:
        ValueError: it is none.
    """
    text = one_line(value)
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    if len(text) > 253 or not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9_-]+)*\.?", text):
        raise ValueError(f"{shown(text)} is no name of a server; write it alone, like smtp.example.org")
    return text


def mail_address(value: object) -> str:
    """Read a mail address, without a name before it.

    Raises:
        ValueError: it is none.
    """
    text = one_line(value)
    try:
        address = Address(addr_spec=text)
        sound = bool(address.username) and "." in f"{address.domain}." and bool(address.domain) and text.isascii()
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ValueError(f"{shown(text)} is no mail address; write it like jane@example.org") from error
    if not sound or address.addr_spec != text:
        raise ValueError(f"{shown(text)} is no mail address; write it like jane@example.org")
    return text


def web_address(value: object) -> str:
    """Read the address of a folder on a web server; it ends with a slash.

    Raises:
        ValueError: it is none.
    """
    text = one_line(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or " " in text:
        raise ValueError(f"{shown(text)} is no address of a folder; write it like https://example.org/digests/")
    return text if text.endswith("/") else text + "/"


def is_this_machine(host: str) -> bool:
    """Whether a server's name is that of this machine, so that nothing travels."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


MailAddress = Annotated[str, BeforeValidator(mail_address), Kind("mail address")]


class Mail(Section):
    """The digest and what is urgent by e-mail."""

    server: Annotated[str, BeforeValidator(server_name), Kind("name of a server")] | None = Field(
        None, description="Your provider's server for outgoing mail (SMTP).", examples=["smtp.example.org"]
    )
    security: Annotated[str, BeforeValidator(one_of(*PORTS)), Kind("starttls, tls or none")] = Field(
        "starttls",
        description=(
            "How the way to the server is protected: starttls, tls (from the first byte on) or none. A server whose "
            "certificate is not valid is never used."
        ),
    )
    port: Annotated[Count, Field(ge=1, le=65_535)] | None = Field(
        None,
        description="The server's port, where it is not 587 (starttls), 465 (tls) or 25 (none).",
        examples=[587],
    )
    authority: LocalPath | None = Field(
        None,
        description="PEM file with the certificate authority of a server of your own, in the place of the public ones.",
        examples=["secrets/our-authority.pem"],
    )
    user: Annotated[str, BeforeValidator(one_line), Kind("text")] | None = Field(
        None,
        description="Name by which you log in there; its password stands under secrets.mail_password.",
        examples=["watch@example.org"],
    )
    sender: MailAddress | None = Field(
        None, description="Address from which the mail comes.", examples=["watch@example.org"]
    )
    to: tuple[MailAddress, ...] = Field(
        (),
        description="Who receives it; each gets a message of their own.",
        examples=[["jane@example.org", "desk@example.org"]],
    )
    size: Size = Field(
        5 * MB,
        ge=200_000,
        le=50 * MB,
        description="Largest message; pictures are left out until it fits, and it says so.",
    )

    @property
    def port_used(self) -> int:
        """The configured port, or the usual one."""
        return self.port if self.port is not None else PORTS[self.security]


class Deliver(Section):
    """Other ways out, and what does not wait for the digest."""

    feed: LocalPath | None = Field(
        None,
        description="File in which an Atom feed of the alerts is kept, for a web server or a reader of local files.",
        examples=["watch/digests/alerts.xml"],
    )
    folder: LocalPath | None = Field(
        None,
        description="Folder into which each message is written as a mail file (.eml), for a mailer of your own.",
        examples=["watch/messages"],
    )
    address: Annotated[str, BeforeValidator(web_address), Kind("address")] | None = Field(
        None,
        description="Address under which a web server shows digest.folder; messages then link to the whole page.",
        examples=["https://example.org/digests/"],
    )
    immediate: Annotated[str, BeforeValidator(one_of("none", "urgent", "high")), Kind("none, urgent or high")] = Field(
        "none",
        description="Which alerts go out at once, besides standing in the digest: none, urgent, or high ones, too.",
    )
    quiet: Duration = Field(
        timedelta(minutes=30),
        ge=timedelta(0),
        le=timedelta(days=1),
        description="Least time between two such messages; what comes up meanwhile goes together in the next one.",
    )
    failures: Count = Field(
        5, ge=1, le=1000, description="Failed looks in a row after which an account's trouble is told."
    )
    silence: Duration = Field(
        timedelta(days=1),
        ge=timedelta(hours=1),
        le=timedelta(days=30),
        description="Time without any successful look after which that is told.",
    )
    free_space: Size = Field(
        GB, ge=0, le=1000 * GB, description="It is told when the store's disk has less free space than this."
    )


__all__ = ["PORTS", "Deliver", "Mail", "is_this_machine"]
