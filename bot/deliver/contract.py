"""What is told, and the ways out: a message in all its forms, and a channel that gives it to one receiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What a message is about."""

    DIGEST = "digest"
    ALERT = "alert"  # posts that do not wait for the digest
    TROUBLE = "trouble"  # watching fails
    TEST = "test"  # to prove a channel; never in the outbox


class Outcome(StrEnum):
    """How a try to deliver ended."""

    SENT = "sent"
    LATER = "later"  # may succeed at another time
    REFUSED = "refused"  # will not, unless a person changes something


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a try ended; `problem` is one line with what to do, and holds no secret."""

    outcome: Outcome
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that the HTML shows by its content id, `cid:NAME`; `name` is ours and plain ASCII."""

    name: str
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message in all the forms that channels need.

    Attributes:
        kind: what it is about.
        message_id: with its angle brackets; the same at each try.
        at: when it was queued, the date of the mail.
        subject: one line, safe to show, not yet encoded for a header.
        short: a few lines for chats and push services.
        text: everything, as plain text.
        html: the same for mail programs, one whole document.
        pictures: what `html` shows.
    """

    kind: Kind
    message_id: str
    at: datetime
    subject: str
    short: str
    text: str
    html: str
    pictures: tuple[Inline, ...] = ()


class Channel(Protocol):
    """One way out to one receiver."""

    @property
    def name(self) -> str:
        """How the outbox calls it, such as `mail jane@example.org`; holds no secret."""
        ...

    def send(self, message: Message) -> Receipt:
        """Try once to give the message to the receiver; never raises for what a server or network does."""
        ...


__all__ = ["Channel", "Inline", "Kind", "Message", "Outcome", "Receipt"]
