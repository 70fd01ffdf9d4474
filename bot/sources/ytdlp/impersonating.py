"""Requests with the handshake of a browser, for extractors that ask for one: curl_cffi's code, our door.

That library opens its connections in native code, so that no dialer can be put into it: it is given the proxy of
:mod:`bot.sources.egress`, through which the same policy holds. Used only where the configuration wants it and the extra
`impersonate` is installed; importing this module fails otherwise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, ClassVar

from curl_cffi.const import CurlOpt
from yt_dlp.networking._curlcffi import CurlCFFIRH
from yt_dlp.networking.exceptions import HTTPError, RequestError

from bot.sources.ytdlp.handler import PEEK_BYTES, Bound, BoundedBody


class ImpersonatingRH(CurlCFFIRH):  # type: ignore[misc]  # yt-dlp is not typed
    """curl_cffi's handler, through the proxy alone, with bounded bodies.

    Args:
        proxy: address of the egress proxy.
        authorities: a file with the certificates to trust.
        bound: given an answer, raises if it cannot be wanted, and returns check and keeper for its body.
    """

    # what a proxy would be told to go around is what must go through it
    _SUPPORTED_FEATURES = ()

    def __init__(self, *, proxy: str, authorities: str, bound: Bound, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._proxy = proxy
        self._bound = bound
        # curl takes a file in the place of "yes"
        self.verify = authorities

    def _get_proxies(self, request: Any) -> dict[str, str]:
        return {"all": self._proxy}

    def _check_proxies(self, proxies: Any) -> None:
        """Whatever the request says, ours is used."""

    def _create_instance(self, cookiejar: Any = None) -> Any:
        session = super()._create_instance(cookiejar)
        session.trust_env = False
        # curl reads no_proxy from the environment unless it is told something else
        session.curl.setopt(CurlOpt.NOPROXY, "nobody.invalid")
        return session

    def _send(self, request: Any) -> Any:
        try:
            response = super()._send(request)
        except HTTPError as error:
            self._guard(error.response)
            with contextlib.suppress(OSError, RequestError):
                error.response.fp.peek(PEEK_BYTES)
            raise
        self._guard(response)
        return response

    def _guard(self, response: Any) -> None:
        try:
            check, keep = self._bound(response)
        except BaseException:
            response.close()
            raise
        response.fp = _Reader(response.fp, check, keep)


class _Reader(BoundedBody):
    """curl_cffi's reader knows no options and has unpacked the body already."""

    unpacking: ClassVar[Mapping[str, bool]] = {}

    def read(self, amt: int | None = None, **options: Any) -> bytes:
        """Read, count, check; a read of everything goes by pieces, so that the bound is met on the way."""
        if amt is not None:
            return super().read(amt)
        pieces = bytearray()
        while data := super().read(1 << 16):
            pieces += data
        return bytes(pieces)


__all__ = ["ImpersonatingRH"]
