"""Addresses that must not be reached, as hostile pages spell them, and what stands for the inside of a network."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from bot.sources.dialer import MapDialer, PublicDialer, Target

LOOPBACK_SPELLINGS = (
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001",
    "0x7f.1", "0177.0.0.1", "017700000001", "0x7f.0x0.0x0.0x1", "127.000.000.001", "127.0.0.2", "127.255.255.254",
    "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u30020\u30020\u30021",
    "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
)  # fmt: skip
"""This machine as addresses are written and disguised: short, decimal, hexadecimal, octal, mapped, full width."""

INSIDE = (
    # private, shared and special networks
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.254", "100.64.0.1",
    "100.127.255.254", "169.254.1.1", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1",
    "192.88.99.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "167772161", "0x0a000001", "0300.0250.0.1", "192.168.257",
    "3232235777", "0xc0a80101",
    # where clouds keep their secrets
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]", "168.63.129.16", "100.100.100.200", "192.0.0.192", "[fd00:ec2::254]", "[fe80::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]", "[64:ff9b::a9fe:a9fe]",
    # IPv6
    "[fc00::1]", "[fd12:3456:789a::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]",
    "[2001:db8::1]", "[3fff::1]", "[2001::1]", "[2001:0:53aa:64c:0:fbff:f5ff:fffe]", "[2001:2::1]", "[2001:10::1]",
    "[2001:20::1]", "[2002:7f00:1::1]", "[2002:a00:1::1]", "[2002:c0a8:101::1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]", "[::ffff:10.0.0.1]", "[::ffff:192.168.1.1]", "[::ffff:0a00:1]",
    "[::10.0.0.1]", "[::ffff:0:10.0.0.1]", "[2620:4f:8000::1]", "[5f00::1]", "[4000::1]", "[1::1]",
)  # fmt: skip
"""Addresses that are not of the public Internet, in many spellings."""

NAMED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "inside.example": (("10.0.0.5",),),
    "metadata.example": (("169.254.169.254",),),
    "six.example": (("fd00::5",),),
    "mapped.example": (("::ffff:127.0.0.1",),),
    "nat64.example": (("64:ff9b::a00:5",),),
    "several.example": (("93.184.215.14", "10.0.0.5"),),
    "several-last.example": (("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14", "::1"),),
    "scoped.example": (("fe80::1%1",),),
    "127.0.0.1.nip.example": (("127.0.0.1",),),
}
"""Names whose look-ups lead inside: what each look-up answers, the last one again and again."""

PUBLIC = (
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1",
    "134744072", "0x08080808", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1",
    "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1", "203.0.112.1", "223.255.255.255",
    "[::ffff:8.8.8.8]", "[::ffff:808:808]", "[2606:4700::1111]", "[2a00:1450:4001::1]", "[2001:4860:4860::8888]",
    "[2620:fe::fe]", "[2003::1]", "[3ffe::1]",
)  # fmt: skip
"""Public addresses, many of them beside a forbidden network, that must pass."""

PUBLIC_NAMES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "platform.example": (("93.184.215.14",),),
    "both.example": (("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"),),
    "mapped-public.example": (("::ffff:93.184.215.14",),),
    # a public answer first, then one inside: what was checked is dialled, so that the second look-up never happens
    "rebinding-later.example": (("93.184.215.14",), ("127.0.0.1",)),
}
"""Names that lead to public addresses."""


class Inside:
    """A context in which something listens on this machine that must never be called; it counts who does."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.calls = 0
        self.port = 0

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.calls += 1
            with contextlib.suppress(OSError):
                connection.settimeout(0.5)
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
            connection.close()

    def __enter__(self) -> Self:
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self._sockets.append(first)
        with contextlib.suppress(OSError):  # a machine without IPv6
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for listener in self._sockets:
            thread = threading.Thread(target=self._listen, args=(listener,), name="inside", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listener in self._sockets:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for thread in self._threads:
            thread.join(timeout=2)


@dataclass(frozen=True, slots=True)
class HalfwayDialer:
    """The platforms' own names lead to the stand-in; every other name and address goes the way of production."""

    stand_in: MapDialer
    public: PublicDialer = field(default_factory=PublicDialer)

    @property
    def ca_pem(self) -> str | None:
        """The stand-in's authority."""
        return self.stand_in.ca_pem

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the stand-in, or as in production."""
        if host.lower().rstrip(".") in self.stand_in.hosts:
            return self.stand_in.dial(host, port, timeout)
        return self.public.dial(host, port, timeout)


class RecordingDialer(PublicDialer):
    """Production's policy with a look-up of our own, and one place to which everything that passes is led.

    Attributes:
        dialled: the addresses that passed the policy.
    """

    def __init__(self, place: tuple[str, int], names: Mapping[str, tuple[tuple[str, ...], ...]], ca_pem: str) -> None:
        object.__setattr__(self, "ca_pem", ca_pem)  # production has none, and is frozen
        self._place = place
        self._names = names
        self._asked: Counter[str] = Counter()
        self.dialled: list[str] = []

    def _resolve(self, host: str, port: int) -> list[Target]:
        name = host.lower().rstrip(".")
        answers = self._names.get(name)
        if answers is None:
            return super()._resolve(host, port)
        number = min(self._asked[name], len(answers) - 1)
        self._asked[name] += 1
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, (one, port)) for one in answers[number]]

    def _connect(self, family: int, target: Any, timeout: float) -> socket.socket:
        self.dialled.append(str(target[0]))
        return socket.create_connection(self._place, timeout)


__all__ = [
    "INSIDE",
    "LOOPBACK_SPELLINGS",
    "NAMED",
    "PUBLIC",
    "PUBLIC_NAMES",
    "HalfwayDialer",
    "Inside",
    "RecordingDialer",
]
