"""Mail to one receiver over SMTP, with STARTTLS or TLS; a certificate that is not valid is named and never passed over.

The server is the user's own choice from the configuration and may stand in the local network, so this is the one way
out that does not go through the dialer of :mod:`bot.sources.dialer`.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.deliver.contract import Message, Outcome, Receipt
from bot.deliver.envelope import as_email
from bot.digest.foreign import foreign
from bot.errors import ConfigError

TIMEOUT_S = 60.0
"""How long the server may be silent; RFC 5321 (section 4.5.3.2) allows more, and greeting tarpits use it."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in; `security` is `starttls`, `tls` or `none`.

    `password` is called when it is needed, so that a secret is in memory no longer than that.
    """

    host: str
    port: int
    security: str
    user: str | None = None
    password: Callable[[], str] | None = None
    authority: Path | None = None
    timeout_s: float = TIMEOUT_S

    @property
    def shown(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


class MailChannel:
    """Mail to one address.

    Args:
        server: where it is handed in.
        sender: the address it comes from.
        to: the address it goes to.
    """

    def __init__(self, server: Server, *, sender: str, to: str) -> None:
        self._server = server
        self._sender = sender
        self._to = to

    @property
    def name(self) -> str:
        """`mail` and the address."""
        return f"mail {self._to}"

    def send(self, message: Message) -> Receipt:
        """Hand the message in once."""
        mail = as_email(message, sender=self._sender, to=self._to)
        try:
            session = connect(self._server)
            try:
                # not send_message: it writes ">" before each line of the text that begins with "From "
                session.sendmail(self._sender, [self._to], mail.as_bytes())
            finally:
                _leave(session)
        except (OSError, ConfigError, smtplib.SMTPException, ValueError) as error:
            return meaning(error, self._server)
        return Receipt(Outcome.SENT)


def connect(server: Server) -> smtplib.SMTP:
    """An open, protected session in which the user is logged in.

    Raises:
        OSError, smtplib.SMTPException, ConfigError: see :func:`meaning` for their words.
    """
    context = _context(server)
    if server.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=context)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    try:
        if server.security == "starttls":
            # raises where the server does not offer it: a way that somebody made readable is not used
            session.starttls(context=context)
        if server.user is not None and server.password is not None:
            session.login(server.user, server.password())
    except BaseException:
        session.close()
        raise
    return session


def greet(server: Server) -> Receipt:
    """Connect, protect the way, log in and leave: whether mail could be handed in, without handing any in."""
    try:
        session = connect(server)
        try:
            session.noop()
        finally:
            _leave(session)
    except (OSError, ConfigError, smtplib.SMTPException, ValueError) as error:
        return meaning(error, server)
    login = f", login as {server.user}" if server.user is not None else ""
    return Receipt(Outcome.SENT, f"{server.shown} answers ({server.security}{login})")


def _leave(session: smtplib.SMTP) -> None:
    """Say goodbye; a server that is gone by then took nothing of what it accepted back."""
    try:
        session.quit()
    except (OSError, smtplib.SMTPException):
        session.close()


def _context(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.authority)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"mail.authority: {server.authority} cannot be read as certificates ({error}); name a PEM file"
        ) from error


_REFUSED: tuple[tuple[type[smtplib.SMTPResponseException], str], ...] = (
    (smtplib.SMTPAuthenticationError, "the login; correct mail.user or its password"),
    (smtplib.SMTPSenderRefused, "the sender; correct mail.sender"),
    (smtplib.SMTPResponseException, "the message"),
)
"""What a server refused, by the error that says so; the first that fits."""


def meaning(error: Exception, server: Server) -> Receipt:
    """What an error of a session means for the delivery, in words with a remedy.

    Replies from 500 on are final (RFC 5321, section 4.2.1), all others and everything on the way there are not.
    """
    receipt: Receipt
    match error:
        case ConfigError():
            receipt = Receipt(Outcome.LATER, str(error))
        case ssl.SSLCertVerificationError():
            why = error.verify_message or str(error)
            receipt = _later(
                f"the certificate of {server.shown} is not valid: {foreign(why, 200)}; nothing was sent. "
                "Correct mail.server, or name the authority of a server of your own in mail.authority"
            )
        case ssl.SSLError():
            receipt = _later(
                f"no protected way to {server.shown}: {foreign(error.reason or str(error), 120)}; "
                "mail.security or mail.port may be wrong (587 is starttls, 465 is tls)"
            )
        case smtplib.SMTPNotSupportedError():
            receipt = _later(
                f"{server.shown} does not offer what is needed ({foreign(str(error), 120)}); nothing was sent. "
                "Correct mail.security or mail.port (587 is starttls, 465 is tls)"
            )
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            receipt = _answered(code, text, f"{server.shown} refused the receiver; correct mail.to")
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, TimeoutError):
            receipt = meaning(error.__context__, server)
        case smtplib.SMTPServerDisconnected():
            receipt = _later(f"{server.shown} ended the connection in the middle: {foreign(str(error), 120)}")
        case smtplib.SMTPResponseException():
            words = next(words for kind, words in _REFUSED if isinstance(error, kind))
            receipt = _answered(error.smtp_code, error.smtp_error, f"{server.shown} refused {words}")
        case smtplib.SMTPException() | ValueError():
            receipt = _later(f"{server.shown} did not answer as a mail server does: {foreign(str(error), 160)}")
        case socket.gaierror():
            receipt = _later(f"there is no server {server.host}, or no network; correct mail.server")
        case TimeoutError():
            receipt = _later(
                f"{server.shown} did not answer within {server.timeout_s:g} s; it may be busy, or the port wrong"
            )
        case _:
            receipt = _later(
                f"{server.shown} cannot be reached ({foreign(getattr(error, 'strerror', None) or str(error), 120)}); "
                "correct mail.server or mail.port"
            )
    return receipt


def _later(problem: str) -> Receipt:
    return Receipt(Outcome.LATER, problem)


def _answered(code: int, text: bytes | str, words: str) -> Receipt:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    outcome = Outcome.REFUSED if code >= 500 else Outcome.LATER
    return Receipt(outcome, f"{words} ({code} {foreign(said, 160)})")


__all__ = ["MailChannel", "Server", "greet", "meaning"]
