"""The only request handler of our instances: yt-dlp's *requests* handler with our way to connect.

Not its urllib handler, which inflates a compressed body at once: a 0.6 MB answer took 1.25 GB there.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from yt_dlp.networking._requests import RequestsHTTPAdapter, RequestsRH, RequestsSession
from yt_dlp.networking.exceptions import HTTPError, RequestError

Dial = Callable[[str, int, float], socket.socket]
"""Host, port, seconds to a connection."""

Bound = Callable[[Any], tuple[Callable[[int], None], Callable[[bytes], None]]]
"""Given an answer, raises if it cannot be wanted; gives the check and the keeper of its body."""

PEEK_BYTES = 65_536
"""How much of the page of an error is read: enough to tell a firewall's from a platform's."""

DEFAULT_TIMEOUT_S = 15.0


def _pools(dial: Dial) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools whose connections are dialled, for the two schemes that we speak."""

    def connect(connection: HTTPConnection) -> socket.socket:
        timeout = connection.timeout if isinstance(connection.timeout, int | float) else DEFAULT_TIMEOUT_S
        try:
            return dial(connection.host, connection.port or connection.default_port, float(timeout))
        except OSError as error:
            raise NewConnectionError(connection, str(error)) from error

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class BoundedBody:
    """The raw body of an answer, read up to a bound.

    Args:
        raw: what urllib3 gives.
        check: called with the count of bytes after each read, decoded; raises to stop.
        keep: called with the bytes of each read, as evidence.
    """

    unpacking: ClassVar[Mapping[str, bool]] = {"decode_content": True}
    """Options of a read that gives what was packed."""

    def __init__(self, raw: Any, check: Callable[[int], None], keep: Callable[[bytes], None]) -> None:
        self._raw = raw
        self._check = check
        self._keep = keep
        self._count = 0
        self._peeked = b""

    def read(self, amt: int | None = None, **options: Any) -> bytes:
        """Read, count, check; also after an error, which may be the check's own doing."""
        if self._peeked and amt != 0:
            size = len(self._peeked) if amt is None else amt
            ahead, self._peeked = self._peeked[:size], self._peeked[size:]
            # a reader of everything reads on until nothing comes
            return ahead if amt is not None else ahead + self.read(None, **options)
        try:
            data: bytes = self._raw.read(amt, **options)
        except Exception:  # whatever broke the read, the reason may be the deadline that cut it
            self._check(self._count)
            raise
        self._count += len(data)
        self._check(self._count)
        if amt != 0:
            self._keep(data)
        return data

    def peek(self, amount: int) -> None:
        """Read so many bytes ahead, so that they are kept as evidence; a later reader gets them all the same."""
        self._peeked += self.read(amount, **self.unpacking)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class DialRequestsRH(RequestsRH):  # type: ignore[misc]  # yt-dlp is not typed
    """Sends through our dialer with a shared TLS context, and bounds every body.

    Args:
        dial: opens each connection, also those of redirects, segments and thumbnails.
        context: verifies servers.
        bound: given an answer, raises if it cannot be wanted, and returns check and keeper for its body.
    """

    def __init__(
        self,
        *,
        dial: Dial,
        context: ssl.SSLContext,
        bound: Bound,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._dial = dial
        self._context = context
        self._bound = bound

    def _make_sslcontext(self, legacy_ssl_support: bool | None = None) -> ssl.SSLContext:
        return self._context

    def _create_instance(self, cookiejar: Any, legacy_ssl_support: bool | None = None) -> Any:
        session = RequestsSession()
        adapter = RequestsHTTPAdapter(ssl_context=self._context, max_retries=urllib3.util.retry.Retry(False))
        adapter.poolmanager.pool_classes_by_scheme = _pools(self._dial)
        session.adapters.clear()
        session.headers.clear()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.cookies = cookiejar
        session.trust_env = False
        session.max_redirects = 5
        return session

    def _send(self, request: Any) -> Any:
        try:
            response = super()._send(request)
        except HTTPError as error:
            self._guard(error.response)
            # a page that breaks off is still the page of this error
            with contextlib.suppress(OSError, RequestError, urllib3.exceptions.HTTPError):
                error.response.fp.peek(PEEK_BYTES)
            raise
        self._guard(response)
        return response

    def _guard(self, response: Any) -> None:
        """Bound the body, and keep what is read of it."""
        try:
            check, keep = self._bound(response)
        except BaseException:
            response.close()
            raise
        response.fp = BoundedBody(response.fp, check, keep)


__all__ = ["BoundedBody", "DialRequestsRH"]
