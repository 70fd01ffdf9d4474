"""A single picture of the web, by its address: avatars, which platforms keep on hosts of their own."""

from __future__ import annotations

import re

from bot.sources.contract import Fetched, FetchRequest, Outcome
from bot.sources.dialer import Dialer
from bot.sources.exchange import Exchange, Failed


def picture_at(dialer: Dialer, request: FetchRequest) -> Fetched:
    """Download a picture into the request's directory, within its bounds; whether it is one, its decoder tells.

    Args:
        dialer: the door.
        request: the picture's address and the bounds.
    """
    if not re.match(r"https?://[^/?#\s]", request.url):
        return Fetched(Outcome.UNSUPPORTED, "a picture is fetched from the web alone")
    path = request.into / "picture"
    with Exchange(dialer, request) as exchange:
        try:
            exchange.download(request.url, path, request.max_bytes)
        except Failed as error:
            outcome, detail = exchange.meaning(error)
            return Fetched(outcome, detail, trail=tuple(exchange.trail))
        return Fetched(Outcome.OK, path=path, trail=tuple(exchange.trail))


__all__ = ["picture_at"]
