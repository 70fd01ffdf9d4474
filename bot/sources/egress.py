"""The door for clients that no handler of ours can be put into: a proxy on the loopback that dials as the door does.

Libraries with their own network code (those that imitate a browser's handshake) and helper processes (ffmpeg, any other
command) are told to use it. It speaks HTTP/1.1: CONNECT for TLS, which goes through sealed, and plain requests for
addresses without TLS, one a connection. Every connection is made by the dialer, so that the policy is the same; what is
refused is answered with 403 and remembered by name.

Only who knows its password is served: other users of the machine could otherwise reach through it what they may not.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import re
import secrets
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

from bot.sources.dialer import Dialer, DialRefused

MAX_HEAD = 65_536
"""Bytes of a request's line and headers."""

CONNECT_S = 15.0
IDLE_S = 60.0
"""Seconds without a byte in either direction after which a connection is ended."""

MAX_CONNECTIONS = 64

_PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy")


class EgressProxy:
    """A context in which :attr:`url` is a proxy that reaches what the dialer allows and nothing else.

    Args:
        dialer: opens each connection.
        watch: called with each connection that was opened, such as :meth:`bot.sources.deadline.Deadline.watch`.

    Attributes:
        refused: the latest refusals by policy, oldest first.
    """

    def __init__(self, dialer: Dialer, watch: Callable[[socket.socket], None] | None = None) -> None:
        self._dialer = dialer
        self._watch = watch
        self._user = "doppelwatch"
        self._word = secrets.token_urlsafe(16)
        self._expected = b"basic " + base64.b64encode(f"{self._user}:{self._word}".encode())
        self._listener: socket.socket | None = None
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.refused: list[DialRefused] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._listener is not None
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Its address with the password, as clients take it."""
        return f"http://{self._user}:{self._word}@127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._serve, args=(self._listener,), name="egress", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._listener is not None
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # closed
            if not self._free.acquire(blocking=False):
                client.close()
                continue
            threading.Thread(target=self._handle, args=(client,), name="egress-connection", daemon=True).start()

    def _handle(self, client: socket.socket) -> None:
        try:
            with self._kept(client), contextlib.suppress(OSError):
                client.settimeout(CONNECT_S)
                self._answer(client)
        finally:
            self._free.release()

    @contextlib.contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.add(connection)
        try:
            with connection:
                yield
        finally:
            with self._lock:
                self._open.discard(connection)

    def _answer(self, client: socket.socket) -> None:
        head, rest = _head(client)
        line, _, lines = head.partition(b"\r\n")
        method, target, version = (*line.split(b" "), b"", b"", b"")[:3]
        fields = [field for field in lines.split(b"\r\n") if field]
        if not version.startswith(b"HTTP/1.") or not target:
            _say(client, b"400 Bad Request")
            return
        if not self._known(fields):
            _say(client, b"407 Proxy Authentication Required", b'Proxy-Authenticate: Basic realm="doppelwatch"')
            return
        place = requested_place(method, target)
        if place is None:
            _say(client, b"400 Bad Request")
            return
        host, port, path = place
        try:
            server = self._dialer.dial(host, port, CONNECT_S)
        except DialRefused as error:
            with self._lock:
                self.refused = [*self.refused[-99:], error]
            _say(client, b"403 Forbidden", b"X-Refused: by policy")
            return
        except OSError:
            _say(client, b"502 Bad Gateway")
            return
        with self._kept(server):
            if self._watch is not None:
                self._watch(server)
            if method == b"CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                server.sendall(rest)
            else:
                # one request a connection: another one could be for another host
                server.sendall(b"\r\n".join((b" ".join((method, path, version)), *_hop(fields), b"", b"")) + rest)
            _pump(client, server)

    def _known(self, fields: list[bytes]) -> bool:
        given = next((field for field in fields if field.lower().startswith(b"proxy-authorization:")), b"")
        scheme, _, word = given.partition(b":")[2].strip().partition(b" ")
        return hmac.compare_digest(scheme.lower() + b" " + word.strip(), self._expected)


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    """A request up to its empty line, and what came behind it.

    Raises:
        OSError: it is too long, too late, or the client left.
    """
    until = time.monotonic() + CONNECT_S
    data = b""
    while b"\r\n\r\n" not in data:
        client.settimeout(max(until - time.monotonic(), 0.001))
        more = client.recv(MAX_HEAD)
        data += more
        if not more or len(data) > MAX_HEAD:
            raise OSError("no request came")
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def requested_place(method: bytes, target: bytes) -> tuple[str, int, bytes] | None:
    """Host, port and path that a request is for, None for one that is no request to a proxy."""
    pattern = rb"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\[\]/:@?#\s]+))(?::(\d{1,5}))?"
    if method == b"CONNECT":
        match = re.fullmatch(pattern, target)
        path = b""
    else:
        found = re.fullmatch(rb"http://([^/?#]*)([^\s]*)", target, re.IGNORECASE)
        if found is None:
            return None
        match = re.fullmatch(pattern, found[1])
        path = found[2] if found[2].startswith(b"/") else b"/" + found[2]
    if match is None:
        return None
    port = int(match[3] or (443 if method == b"CONNECT" else 80))
    host = (match[1] or match[2]).decode("utf-8", "replace")
    return (host, port, path) if 0 < port < 65_536 else None


def _hop(fields: list[bytes]) -> list[bytes]:
    """The headers that go on: not those between client and proxy (RFC 9110, 7.6.1)."""
    own = (b"proxy-", b"connection:", b"keep-alive:")
    return [*(field for field in fields if not field.lower().startswith(own)), b"Connection: close"]


def _say(client: socket.socket, status: bytes, *fields: bytes) -> None:
    client.sendall(b"\r\n".join((b"HTTP/1.1 " + status, *fields, b"Content-Length: 0", b"Connection: close", b"", b"")))


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Hand bytes on in both directions until both sides have ended, or nothing comes for a while."""
    one.settimeout(IDLE_S)
    other.settimeout(IDLE_S)
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while selector.get_map():
            ready = selector.select(IDLE_S)
            if not ready:
                return
            for key, _ in ready:
                source: socket.socket = key.fileobj  # type: ignore[assignment]
                data = source.recv(1 << 16)
                if data:
                    key.data.sendall(data)
                else:
                    selector.unregister(source)
                    with contextlib.suppress(OSError):
                        key.data.shutdown(socket.SHUT_WR)


def helper_environment(proxy: EgressProxy, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a helper process: its traffic goes through the proxy, whatever this process was told.

    `no_proxy` is taken away, by which ffmpeg was seen to go around a proxy.
    """
    without = {name: value for name, value in environment.items() if name.lower() not in _PROXY_NAMES}
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")
    return {**without, **dict.fromkeys(names, proxy.url)}


__all__ = ["EgressProxy", "helper_environment", "requested_place"]
