"""Time stamps (RFC 3161): asking an authority for one through the door, and checking one without any network."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from bot.digest.foreign import foreign
from bot.errors import BotError, ConfigError
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.door import guarded_client

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse, VerifierBuilder

INSTALL = "needs the extra timestamps: pip install 'doppelwatch[timestamps]'"
PATIENCE_S = 20.0
MAX_BYTES = 100_000
"""Of an answer; with its certificates it has some thousand."""

_TYPES = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class StampRefused(BotError):
    """There is no time stamp that can be used; the message says why, in one line."""


def certificates(path: Path) -> bytes:
    """The authority's certificates as PEM.

    Raises:
        ConfigError: the file cannot be read or holds none.
    """
    try:
        pem = path.read_bytes()
        _read(pem)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); correct the path or its rights") from error
    except ValueError as error:
        raise ConfigError(f"{path} holds no certificates in PEM; save there what the authority publishes") from error
    return pem


def ask(line: bytes, address: str, pem: bytes, dialer: Dialer) -> tuple[bytes, datetime]:
    """Have the hash of a line stamped; returns the authority's whole answer, checked, and the time that it says.

    Args:
        line: what is stamped; only its SHA-256 is sent.
        address: the authority's.
        pem: its certificates.
        dialer: the door.

    Raises:
        StampRefused: none came, or one that does not hold.
        ConfigError: the library is not installed.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder
    except ImportError as error:
        raise ConfigError(INSTALL) from error
    request = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _answer(request.as_bytes(), address, dialer)
    # the nonce as well: an answer to an earlier question is none to this one
    return answer, _checked(answer, line, pem, VerifierBuilder.from_request(request))


def check(response: bytes, line: bytes, pem: bytes) -> datetime:
    """The time that an answer which was kept says of a line.

    Raises:
        StampRefused: it is not one of this line by this authority.
        ConfigError: the library is not installed.
    """
    try:
        from rfc3161_client import VerifierBuilder
    except ImportError as error:
        raise ConfigError(INSTALL) from error
    return _checked(response, line, pem, VerifierBuilder())


def _answer(request: bytes, address: str, dialer: Dialer) -> bytes:
    host = urlsplit(address).hostname
    answer = bytearray()
    with Deadline(PATIENCE_S) as deadline:
        try:
            with (
                guarded_client(dialer, deadline=deadline, headers=_TYPES, follow_redirects=False) as client,
                client.stream("POST", address, content=request) as response,
            ):
                if response.status_code != 200:
                    raise StampRefused(f"{host} answered {response.status_code}")
                for data in response.iter_raw():
                    answer += data
                    if len(answer) > MAX_BYTES:
                        raise StampRefused(f"{host} answered with more than {MAX_BYTES // 1000} kB")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StampRefused(f"{host} could not be asked: {foreign(str(error) or type(error).__name__)}") from error
        if deadline.passed:
            raise StampRefused(f"{host} did not answer within {PATIENCE_S:g} s")
    return bytes(answer)


def _checked(answer: bytes, line: bytes, pem: bytes, builder: VerifierBuilder) -> datetime:
    from rfc3161_client import VerificationError, decode_timestamp_response

    try:
        response: TimeStampResponse = decode_timestamp_response(answer)
        if response.status not in (0, 1):
            told = foreign("; ".join(response.status_string), 200)
            raise StampRefused(f"the authority refused (status {response.status}{f': {told}' if told else ''})")
        for one in _read(pem):
            # the library trusts all of them alike; what signs itself is called a root
            if one.issuer == one.subject:
                builder = builder.add_root_certificate(one)
            else:
                builder = builder.add_intermediate_certificate(one)
        builder.build().verify(response, hashlib.sha256(line).digest())
        time: datetime = response.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise StampRefused(f"the time stamp does not hold: {foreign(str(error), 200)}") from error
    return time


def _read(pem: bytes) -> list[Certificate]:
    """Each certificate once.

    Raises:
        ValueError: there is none.
    """
    from cryptography.x509 import load_pem_x509_certificates

    return list(dict.fromkeys(load_pem_x509_certificates(pem)))


__all__ = ["INSTALL", "StampRefused", "ask", "certificates", "check"]
