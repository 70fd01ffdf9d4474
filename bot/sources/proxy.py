"""Connections through a proxy that the user named: for files that are pinned by their hash, and for single platforms.

A proxy resolves names itself, so that what the guarded door checks (is the address public?) is out of reach. So only
what is verified by other means may come this way, or what is asked of hosts on a list (:mod:`bot.sources.allowed`).
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import socket
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Self

from bot.errors import UsageError
from bot.sources.dialer import DialRefused
from bot.sources.networks import why_not_public

MAX_ANSWER = 16_384
"""Bytes of a proxy's answer before the connection is made."""


@dataclass(frozen=True, slots=True)
class ProxyDialer:
    """Connects through an HTTP proxy (CONNECT; RFC 9110, 9.3.6); what is sent then is sealed by TLS as without it.

    Attributes:
        host, port: of the proxy, which may stand at any address: the user named it.
        login: `user:password`, or None.
        ca_pem: certificates to trust instead of the public ones; None in production.
    """

    host: str
    port: int
    login: str | None = field(default=None, repr=False)
    ca_pem: str | None = None

    @classmethod
    def named(cls, url: str) -> Self:
        """Read `http://[user:password@]host[:port]`.

        Raises:
            UsageError: it is no such address; the text is not quoted, for it may hold a password.
        """
        how = "the proxy must be written like http://proxy.example:3128"
        try:
            parts = urllib.parse.urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(how) from error
        if parts.scheme != "http" or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise UsageError(how)
        login = None
        if parts.username is not None:
            login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        return cls(host, port or 80, login)

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Have the proxy connect to a host; addresses that are not public are not even asked for."""
        _refuse_inward(host)
        until = time.monotonic() + timeout
        connection = socket.create_connection((self.host, self.port), timeout)
        try:
            connection.sendall(self._request(host, port))
            status = _status(connection, until)
        except BaseException:
            connection.close()
            raise
        if status != 200:
            connection.close()
            why = "wants a login (http://user:password@host:port)" if status == 407 else f"answered {status}"
            raise OSError(f"the proxy {self.host} {why} for {host}")
        return connection

    def _request(self, host: str, port: int) -> bytes:
        place = f"{host}:{port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if self.login is not None:
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(self.login.encode()).decode()}")
        return "\r\n".join([*lines, "", ""]).encode("ascii")


def _refuse_inward(host: str) -> None:
    """Refuse an address of the proxy's own network, to which a redirect could lead.

    Raises:
        DialRefused: it is one.
    """
    with contextlib.suppress(ValueError):
        why = why_not_public(ipaddress.ip_address(host.strip("[]")))
        if why is not None:
            raise DialRefused(host, None, why)
    if "." not in host.rstrip("."):
        raise DialRefused(host, None, "a name of the local network")


def _status(connection: socket.socket, until: float) -> int:
    """Read the proxy's answer, byte by byte, because what follows belongs to the host behind it.

    Raises:
        OSError: it is none, or comes too late.
    """
    answer = bytearray()
    while not answer.endswith(b"\r\n\r\n"):
        connection.settimeout(max(until - time.monotonic(), 0.001))
        byte = connection.recv(1)
        if not byte or len(answer) >= MAX_ANSWER:
            raise OSError("the proxy gave no answer that could be read")
        answer += byte
    first = bytes(answer).split(b"\r\n", 1)[0].split(b" ")
    if len(first) < 2 or not first[0].startswith(b"HTTP/1.") or not first[1].isdigit():
        raise OSError("what was named as a proxy is none")
    return int(first[1])


__all__ = ["ProxyDialer"]
