"""One TLS server on the loopback that answers for all stand-in platforms, with a throw-away certificate.

URLs, host names, TLS verification, cookies and redirects stay those of the real platforms: only the dialer
that :meth:`StandIn.dialer` gives leads here instead of there.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import trustme

from bot.demo.platforms.answers import Answer, Call, Platform, chunks, file_range
from bot.demo.platforms.tiktok import TikTok
from bot.sources.dialer import MapDialer

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Logged:
    """One request that came in. `status` is 0 where the connection was broken off."""

    host: str
    path: str
    status: int


class _Server(ThreadingHTTPServer):
    """Threads that end with the process, and a TLS handshake that cannot hold up the others."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, context: ssl.SSLContext, stand_in: StandIn) -> None:
        self.context = context
        self.stand_in = stand_in
        super().__init__((LOOPBACK, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(30)
        wrapped = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the platform of its host, writes the answer."""

    protocol_version = "HTTP/1.1"
    # headers and body in one segment: apart they wait 40 ms for each other (Nagle and the delayed ACK)
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing; the request log is the stand-in's."""

    def do_GET(self) -> None:
        """Answer."""
        self._serve()

    do_POST = do_HEAD = do_GET  # noqa: N815  # the parent's names

    def _serve(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        parts = urllib.parse.urlsplit(self.path)
        call = Call(
            method=self.command,
            host=host,
            path=urllib.parse.unquote(parts.path),
            query=dict(reversed(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        answer = self.server.stand_in.answer(call)
        self.server.stand_in.note(Logged(host, call.path, 0 if answer.reset else answer.status))
        if answer.reset:
            self._reset()
            return
        with contextlib.suppress(OSError):  # the client left
            self._write(answer)

    def _reset(self) -> None:
        """Break off with a TCP reset (linger of zero seconds), not with an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _write(self, answer: Answer) -> None:
        status, headers, start, end = answer.status, dict(answer.headers), 0, len(answer.body)
        if answer.file is not None:
            end = size = answer.file.stat().st_size
            headers.setdefault("Content-Type", "video/mp4")
            headers["Accept-Ranges"] = "bytes"
            span = file_range(size, self.headers.get("Range"))
            if span is not None and status == 200:
                start, end = span
                status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{size}"
        length = answer.length if answer.length is not None else end - start
        plain = not (answer.endless or answer.drip_s or answer.length is not None)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.endless:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            for data in self._pieces(answer, start, end):
                self.wfile.write(data)
                if answer.drip_s:
                    self.wfile.flush()
            self.wfile.flush()
        self.close_connection = self.close_connection or not plain

    def _pieces(self, answer: Answer, start: int, end: int) -> Iterator[bytes]:
        stopping = self.server.stand_in.stopping
        source = chunks(answer.file, start, end) if answer.file is not None else iter((answer.body,))
        if answer.drip_s:
            for data in source:
                for byte in data:
                    if stopping.wait(answer.drip_s):
                        return
                    yield bytes((byte,))
        elif answer.endless:
            data = b"".join(source)
            while not stopping.is_set():
                yield data
        else:
            yield from source


class StandIn:
    """A context in which the platforms are reachable through :meth:`dialer`.

    Args:
        platforms: which ones; TikTok alone if none is named.
    """

    def __init__(self, *platforms: Platform) -> None:
        self.platforms: tuple[Platform, ...] = platforms or (TikTok(),)
        self.stopping = threading.Event()
        self._log: list[Logged] = []
        self._lock = threading.Lock()
        hosts = [host for platform in self.platforms for host in platform.hosts]
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*hosts).configure_cert(context)
        self._ca_pem = authority.cert_pem.bytes().decode()
        self._hosts = hosts
        self._server = _Server(context, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="stand-in", daemon=True
        )

    @property
    def tiktok(self) -> TikTok:
        """The TikTok among the platforms."""
        return next(platform for platform in self.platforms if isinstance(platform, TikTok))

    @property
    def port(self) -> int:
        """Where the server listens on the loopback."""
        return int(self._server.server_address[1])

    def dialer(self) -> MapDialer:
        """The dialer that leads the platforms' host names here, and refuses all others."""
        place = (LOOPBACK, self.port)
        return MapDialer(dict.fromkeys(self._hosts, place), self._ca_pem)

    def answer(self, call: Call) -> Answer:
        """Ask the platform of the host."""
        for platform in self.platforms:
            if any(_matches(call.host, pattern) for pattern in platform.hosts):
                return platform.answer(call)
        return Answer(421, {}, b"no such host here")

    def note(self, logged: Logged) -> None:
        """Write a request into the log."""
        with self._lock:
            self._log.append(logged)

    def requests(self, host: str | None = None, path: str = "") -> list[Logged]:
        """The requests so far, oldest first: those to this host, if named, with this beginning of the path."""
        with self._lock:
            log = list(self._log)
        return [one for one in log if (host is None or one.host == host) and one.path.startswith(path)]

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._log.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def _matches(host: str, pattern: str) -> bool:
    return host == pattern or (pattern.startswith("*.") and host.partition(".")[2] == pattern[2:])


__all__ = ["Logged", "StandIn"]
