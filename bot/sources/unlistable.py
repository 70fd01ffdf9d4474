"""Platforms whose profiles nothing can list, and the way round for each.

X, Instagram, Facebook and Threads show profiles only to logins, which they close when a program uses them; yt-dlp has
no lister for any of them that works. Telegram's public channels, Snapchat, Reddit and the others have none in yt-dlp.
"""

from __future__ import annotations

from collections.abc import Mapping

_BRIDGE = "a feed of it from RSS-Bridge or RSSHub (feed:https://...)"
_FOLDER = "a folder of clips (folder:/path)"

WAYS: Mapping[str, str] = {
    "x": f"{_BRIDGE}, or {_FOLDER}",
    "instagram": f"{_BRIDGE}, or {_FOLDER}",
    "facebook": f"{_BRIDGE}, or {_FOLDER}",
    "threads": f"{_BRIDGE}, or {_FOLDER}",
    "telegram": f"{_BRIDGE}, or {_FOLDER}",
    "reddit": "its own feed (feed:https://www.reddit.com/user/NAME/submitted/.rss), or " + _FOLDER,
    "snapchat": _FOLDER,
    "pinterest": f"{_BRIDGE}, or {_FOLDER}",
    "linkedin": _FOLDER,
}
"""Platform to what to use instead of its profiles."""

NAMES: Mapping[str, str] = {"x": "X", "linkedin": "LinkedIn"}
"""Names that are not the platform's with a capital."""


def way_round(platform: str) -> str | None:
    """What to tell somebody who wants to watch a profile there, None for platforms that are not of this table."""
    if platform not in WAYS:
        return None
    return f"no lister exists for {NAMES.get(platform, platform.capitalize())} profiles; use {WAYS[platform]} instead"


__all__ = ["WAYS", "way_round"]
