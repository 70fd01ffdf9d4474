"""The listing walk of yt-dlp's entries: newest posts first, page by page, no page more than needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sources.collecting import Collector
from bot.sources.contract import ListedPost
from bot.sources.ytdlp.limits import WalkEnded
from bot.sources.ytdlp.watch import WatchYDL

Entry = dict[str, Any]

MAX_HOPS = 3
"""An address may lead to another one that many times before it must be a list."""


@dataclass
class Walk:
    """How a walk ended.

    Attributes:
        info: what the list says of itself, without its entries.
        error: what broke it off.
    """

    info: Entry = field(default_factory=dict)
    error: Exception | None = None


def walk(ydl: WatchYDL, url: str, collector: Collector, listed: Callable[[Entry], ListedPost | None]) -> Walk:
    """List posts until enough consecutive known ones, the limit, or the end.

    When the stop rule is met the rest of the page in hand is still taken, for it costs nothing: pinned
    posts, however many stand first, so cannot hide a new one behind them, and the reach of known posts
    is measured again. Only a further request ends the walk.

    Args:
        ydl: an instance; of several addresses one after the other, too.
        url: what to list.
        collector: takes the posts, and keeps them also where the walk is broken off.
        listed: makes a post of an entry, or None of one that is no post.
    """
    found = Walk()
    ydl.ended = False
    try:
        info = ydl.extract_info(url, download=False, process=False)
        for _ in range(MAX_HOPS):
            if info and info.get("_type") in ("url", "url_transparent"):
                info = ydl.extract_info(info["url"], download=False, process=False)
        found.info = {name: value for name, value in (info or {}).items() if name != "entries"}
        for entry in (info or {}).get("entries") or ():
            post = listed(entry)
            if post is not None:
                collector.take(post)
            if collector.enough:
                ydl.ended = True
            if collector.full:
                break
    except WalkEnded:
        # our own stop, not a limit that the reader of the result should hear of
        ydl.limit = None
    except Exception as error:  # noqa: BLE001  # raw errors of extractors are a result: they are classified
        found.error = error
    return found


__all__ = ["Walk", "walk"]
