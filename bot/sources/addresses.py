"""What an account's address says by itself: platform and handle, also for platforms that no source lists.

A person's official accounts are named in the configuration on any platform; the detectors compare handles
with them.
"""

from __future__ import annotations

import re
import urllib.parse

HOSTS: dict[str, str] = {
    "tiktok.com": "tiktok",
    "instagram.com": "instagram",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "x.com": "x",
    "twitter.com": "x",
    "facebook.com": "facebook",
    "threads.net": "threads",
    "threads.com": "threads",
    "bsky.app": "bluesky",
    "twitch.tv": "twitch",
    "kick.com": "kick",
    "rumble.com": "rumble",
    "odysee.com": "odysee",
    "snapchat.com": "snapchat",
    "reddit.com": "reddit",
    "t.me": "telegram",
    "linkedin.com": "linkedin",
    "pinterest.com": "pinterest",
    "vk.com": "vk",
    "vkvideo.ru": "vk",
    "dailymotion.com": "dailymotion",
    "dai.ly": "dailymotion",
    "vimeo.com": "vimeo",
    "bitchute.com": "bitchute",
    "lbry.tv": "odysee",
}
"""Registered name to the platform's name."""

_BEFORE_HANDLE = frozenset({"user", "u", "c", "channel", "profile", "in", "add", "people", "accounts"})
"""First parts of a path after which the handle stands."""


def platform_by_host(url: str) -> str | None:
    """The platform of a web address: its name where known, else its host; None for what is none."""
    host = _host(url)
    if host is None:
        return None
    for registered, platform in HOSTS.items():
        if is_of(host, registered):
            return platform
    return host.removeprefix("www.")


def is_of(host: str, registered: str) -> bool:
    """Whether a host is this registered name or below it."""
    return host == registered or host.endswith(f".{registered}")


def handle_by_path(url: str) -> str:
    """The handle in a web address, lower case and without `@`; empty where it has none."""
    if _host(url) is None:
        return ""
    parts = [part for part in urllib.parse.unquote(urllib.parse.urlsplit(url).path).split("/") if part]
    if len(parts) > 1 and parts[0].lower() in _BEFORE_HANDLE:
        parts = parts[1:]
    return parts[0].removeprefix("@").lower() if parts else ""


def _host(url: str) -> str | None:
    if not re.match(r"https?://", url, re.IGNORECASE):
        return None
    try:
        host = urllib.parse.urlsplit(url).hostname
    except ValueError:
        return None
    return host.lower().rstrip(".") if host else None


__all__ = ["HOSTS", "handle_by_path", "is_of", "platform_by_host"]
