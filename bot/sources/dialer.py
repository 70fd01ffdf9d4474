"""The one door to the network: a host is resolved once, every answer is checked, a checked address is dialled.

Checking at dial time covers redirects, odd spellings of addresses and DNS that changes its answer between
check and use by construction: there is no second look-up. Tests and the demo put :class:`MapDialer` in the
place of :class:`PublicDialer`; everything above the door stays the same.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.sources.networks import why_not_public

Target = tuple[int, Any]
"""Family and address of a socket, as the resolver gives them."""


class DialRefused(OSError):
    """A connection that this program does not make.

    Attributes:
        host: the name or address that was asked for.
        address: what it resolved to, or None where the host was refused by its name.
    """

    def __init__(self, host: str, address: str | None, why: str) -> None:
        self.host = host
        self.address = address
        where = host if address is None or address == host else f"{host} -> {address}"
        super().__init__(f"connection refused by policy: {where} ({why})")


class Dialer(Protocol):
    """Opens connections. A value that can be pickled, because it travels to worker processes."""

    @property
    def ca_pem(self) -> str | None:
        """Certificates to trust instead of the public ones; None in production."""
        ...

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect within `timeout` seconds. Raises DialRefused by policy, OSError for what networks do."""
        ...


@dataclass(frozen=True)
class PublicDialer:
    """Connects to public addresses only, and to none of a host's if one of them is not public.

    A host with one public and one private answer is an attack or a fault; either way it is not the
    platform that somebody meant.
    """

    ca_pem: str | None = field(default=None, init=False)

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Resolve, check all answers, connect to the first checked one that listens."""
        targets = self._resolve(host.strip("[]"), port)
        for _, target in targets:
            self._check(host, str(target[0]))
        until = time.monotonic() + timeout
        failure: OSError = OSError(f"{host} has no address")
        for family, target in targets:
            try:
                return self._connect(family, target, max(until - time.monotonic(), 0.001))
            except OSError as error:
                failure = error
        raise failure

    def _resolve(self, host: str, port: int) -> list[Target]:
        """The only look-up: what it gives is checked, and what was checked is dialled."""
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{host[:100]!r} is no name of a host") from error
        return [(family, target) for family, *_, target in answers]

    def _connect(self, family: int, target: Any, timeout: float) -> socket.socket:
        """Connect to an address that was checked."""
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(target)
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _check(host: str, text: str) -> None:
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            raise DialRefused(host, text, "not an IP address") from None
        why = why_not_public(address)
        if why is not None:
            raise DialRefused(host, str(address), why)


@dataclass(frozen=True, slots=True)
class MapDialer:
    """Connects named hosts to given places and refuses every other host; nothing is ever resolved.

    Args:
        hosts: host name to (address, port). A key `*.example.org` stands for all names below.
        ca_pem: the throw-away certificate authority of the server behind them.
    """

    hosts: Mapping[str, tuple[str, int]]
    ca_pem: str | None = None

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the mapped place; the asked port does not matter."""
        name = host.lower().rstrip(".")
        place = self.hosts.get(name) or self.hosts.get(f"*.{name.partition('.')[2]}")
        if place is None:
            raise DialRefused(host, None, "not a host of this rehearsal")
        return socket.create_connection(place, timeout)


__all__ = ["DialRefused", "Dialer", "MapDialer", "PublicDialer"]
