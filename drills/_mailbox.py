"""A real mail server on the loopback, over TLS with a throw-away certificate, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
from collections import Counter
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "watch", "sesame"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the server does to a message: waits, answers this code, or ends the connection, having kept it or not.

    `code` 250 accepts; `keeps` tells whether the message counts as accepted by the server whatever it answers.
    """

    code: int = 250
    wait_s: float = 0.0
    keeps: bool = True
    hangs_up: bool = False


FINE = Fault()


@dataclass
class Mailbox:
    """The server as a context manager; it listens while it is open.

    Args:
        folder: where the authority's certificate is written, as a user would name it in `mail.authority`.
        host: the name for which its certificate is made.
        security: `starttls`, `tls` or `none`.
        login: whether it wants :data:`USER` and :data:`PASSWORD`.
        port: where it listens; 0 takes one that is free.
    """

    folder: Path
    host: str = "localhost"
    security: str = "starttls"
    login: bool = False
    port: int = 0
    faults: list[Fault] = field(default_factory=list)
    """What happens to the next messages, in order; after them all are accepted."""
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[tuple[str, ...]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    protected: list[bool] = field(default_factory=list)
    _controller: Any = None

    @property
    def authority(self) -> Path:
        """The certificate authority, as PEM."""
        return self.folder / "authority.pem"

    def ids(self) -> Counter[str]:
        """How many copies of each Message-ID were accepted."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def __enter__(self) -> Mailbox:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.authority))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(self.host).configure_cert(context)
        self.port = self.port or free_port()
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": self.port, "ready_timeout": 20}
        if self.security == "tls":
            options["ssl_context"] = context
        elif self.security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if self.login:
            options |= {"auth_required": True, "authenticator": _authenticate, "auth_require_tls": False}
        self._controller = Controller(_Handler(self), **options)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def keep(self, envelope: Envelope, session: Session) -> None:
        """Take a message into the box."""
        content = envelope.content
        data = content if isinstance(content, bytes) else str(content).encode()
        self.raw.append(data)
        mail = email.message_from_bytes(data, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers.append(tuple(envelope.rcpt_tos))
        self.protected.append(session.ssl is not None or self.security == "tls")


class _Handler:
    """aiosmtpd calls this for each message."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Do what the script says."""
        fault = self._box.faults.pop(0) if self._box.faults else FINE
        if fault.code < 300 and fault.keeps:
            self._box.keep(envelope, session)
        if fault.wait_s:
            await asyncio.sleep(fault.wait_s)
        if fault.hangs_up:
            transport = server.transport
            if isinstance(transport, asyncio.Transport):
                # at once and without a word, as a machine does that loses its power
                transport.abort()
        return f"{fault.code} {'OK' if fault.code < 300 else 'not now' if fault.code < 500 else 'never'}"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


__all__ = ["FINE", "PASSWORD", "USER", "Fault", "Mailbox", "free_port"]
