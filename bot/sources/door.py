"""An httpx client whose every connection goes through the dialer: the guarded way to plain HTTP."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpcore
import httpx

from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.tls import client_context

CONNECT_TIMEOUT_S = 15.0
"""Seconds to connect where the caller set no time."""

USER_AGENT = "Mozilla/5.0 (compatible; doppelwatch)"


class _Stream(httpcore.NetworkStream):
    """A connected socket as httpcore wants it."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _mapped(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(timeout)
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _mapped(httpcore.WriteTimeout, httpcore.WriteError):
            self._socket.settimeout(timeout)
            self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
            try:
                self._socket.settimeout(timeout)
                return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname))
            except OSError:
                self._socket.close()
                raise

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        if info == "socket":
            return self._socket
        return None


@contextlib.contextmanager
def _mapped(late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Say what sockets say in httpcore's words."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise failed(str(error)) from error


class _Backend(httpcore.NetworkBackend):
    """Dials instead of resolving and connecting; a deadline, if any, watches each connection."""

    def __init__(self, dialer: Dialer, deadline: Deadline | None) -> None:
        self._dialer = dialer
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
            connection = self._dialer.dial(host, port, timeout or CONNECT_TIMEOUT_S)
        if self._deadline is not None:
            self._deadline.watch(connection)
        return _Stream(connection)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("no local sockets")


class _Body(httpx.SyncByteStream):
    """A response's body, with errors in httpx's words."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


@contextlib.contextmanager
def _as_httpx() -> Iterator[None]:
    """Turn httpcore's errors into httpx's: both libraries use the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__, httpx.TransportError)
        raise kind(str(error)) from error


class _Transport(httpx.BaseTransport):
    """httpx on a httpcore pool with our backend; httpx's own transport cannot be given one."""

    def __init__(self, dialer: Dialer, deadline: Deadline | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=client_context(dialer.ca_pem), network_backend=_Backend(dialer, deadline)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            response = self._pool.handle_request(sent)
        assert not isinstance(response.stream, bytes)
        body: Any = response.stream
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Body(body), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


def guarded_client(
    dialer: Dialer,
    *,
    deadline: Deadline | None = None,
    timeout_s: float = 20.0,
    headers: Mapping[str, str] | None = None,
    follow_redirects: bool = True,
) -> httpx.Client:
    """An httpx client that reaches what the dialer allows, and nothing through proxies of the environment.

    Args:
        dialer: opens each connection, also those of redirects.
        deadline: cuts the client's connections when it passes; None for reads bounded one by one only.
        timeout_s: seconds for connecting and for each read.
        headers: sent with every request, beside a plain user agent.
        follow_redirects: up to five; each dials anew and is checked anew.

    A refused connection is an `httpx.ConnectError` whose text names host and address.
    """
    return httpx.Client(
        transport=_Transport(dialer, deadline),
        trust_env=False,
        timeout=timeout_s,
        follow_redirects=follow_redirects,
        max_redirects=5,
        headers={"User-Agent": USER_AGENT, **(headers or {})},
    )


__all__ = ["guarded_client"]
