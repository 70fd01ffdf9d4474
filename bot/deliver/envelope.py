"""A message as a mail: text part, HTML part, pictures by content id, and headers that nothing can break out of."""

from __future__ import annotations

import secrets
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.deliver.contract import Kind, Message
from bot.deliver.pictures import content_id
from bot.digest.foreign import foreign

SUBJECT_LIMIT = 150
"""Characters of a subject; lists of mail show fewer than that."""


def new_message_id(kind: str, domain: str) -> str:
    """A Message-ID that no other message has (RFC 5322, section 3.6.4); the outbox keeps it for all tries."""
    return f"<{kind}.{secrets.token_hex(12)}@{domain}>"


def domain_of(sender: str | None) -> str:
    """The domain for Message-ID and List-Id; without a sender one that nobody can own (RFC 2606)."""
    return sender.rpartition("@")[2].lower() if sender else "doppelwatch.invalid"


def as_email(message: Message, *, sender: str, to: str) -> EmailMessage:
    """The whole mail.

    Texts go into headers only through :func:`bot.digest.foreign.foreign`, which leaves no line break or control
    character; the policy of the standard library encodes and folds them, and refuses what slipped through.
    """
    # 7bit: not every server on the way takes more, and what is signed is not to be changed by one
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    # "=?" begins an encoded word (RFC 2047): the library would decode what an attacker encoded, line breaks included
    mail["Subject"] = foreign(message.subject, SUBJECT_LIMIT).replace("=?", "= ?")
    mail["From"] = f"Doppelwatch <{sender}>"
    mail["To"] = to
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    # RFC 2919: mail programs sort by it; the kinds can be told apart by rules
    mail["List-Id"] = f"Doppelwatch {message.kind} <{message.kind}.doppelwatch.{domain_of(sender)}>"
    # RFC 3834: holiday notices and the like are not sent back to it
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.kind in (Kind.ALERT, Kind.TROUBLE):
        mail["Importance"] = "high"
    mail.set_content(message.text, charset="utf-8")
    mail.add_alternative(message.html, subtype="html", charset="utf-8")
    _, html = mail.iter_parts()
    assert isinstance(html, EmailMessage)
    for picture in message.pictures:
        html.add_related(
            picture.jpeg,
            "image",
            "jpeg",
            cid=f"<{content_id(picture.name)}>",
            disposition="inline",
            filename=f"{picture.name}.jpg",
        )
    return mail


__all__ = ["as_email", "domain_of", "new_message_id"]
