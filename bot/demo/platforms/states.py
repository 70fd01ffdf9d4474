"""How an account, a page or a clip of the stand-in behaves, and what the states look like that are alike everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.demo.platforms.answers import Answer, gzip_bomb, html, redirect

INTERNAL = "https://169.254.169.254/latest/meta-data/"
"""Where a hostile redirect leads: the metadata address of cloud machines."""


class State(StrEnum):
    """How an account, a post's page or a post's media behave."""

    NORMAL = "normal"
    GONE = "gone"
    PRIVATE = "private"
    EMPTY = "empty"
    RATE_LIMITED = "rate_limited"
    FORBIDDEN = "forbidden"
    LEGAL = "legal"
    SERVER_ERROR = "server_error"
    CHALLENGE = "challenge"
    EMPTY_BODY = "empty_body"
    RESET = "reset"
    DRIP = "drip"
    INTERNAL_REDIRECT = "internal_redirect"
    GZIP_BOMB = "gzip_bomb"
    NO_DATA = "no_data"
    ENDLESS = "endless"
    HUGE = "huge"
    FIREWALL = "firewall"
    LOGIN_WALL = "login_wall"


def _rate_limited(retry_after_s: int | None) -> Answer:
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Answer(429, headers, b"Too many requests")


FAILURES: Mapping[State, Callable[[int | None], Answer]] = {
    State.RATE_LIMITED: _rate_limited,
    State.FORBIDDEN: lambda _: html("<h1>Access denied</h1>", 403),
    State.LEGAL: lambda _: html("<h1>Unavailable for legal reasons</h1>", 451),
    State.SERVER_ERROR: lambda _: html("<h1>Bad gateway</h1>", 502),
    # a firewall before the platform, with its own status
    State.FIREWALL: lambda _: html("<!DOCTYPE html><title>Just a moment...</title><div id='cf-chl-widget'></div>", 403),
    State.CHALLENGE: lambda _: html("<title>TikTok</title><p>Please wait...</p>"),
    State.EMPTY_BODY: lambda _: html(""),
    State.NO_DATA: lambda _: html("<title>TikTok - Make Your Day</title>"),
    State.RESET: lambda _: Answer(reset=True),
    State.DRIP: lambda _: Answer(200, {"Content-Type": "text/html"}, b"<html>" + b" " * 4000, drip_s=0.1),
    State.INTERNAL_REDIRECT: lambda _: redirect(INTERNAL),
    State.GZIP_BOMB: lambda _: gzip_bomb(),
}
"""The states that look the same on every page."""


__all__ = ["FAILURES", "INTERNAL", "State"]
