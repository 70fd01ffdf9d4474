"""The listing walk: newest posts first, page by page, no page more than needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sources.contract import ListedPost, ListRequest
from bot.sources.ytdlp.limits import WalkEnded
from bot.sources.ytdlp.watch import WatchYDL

Entry = dict[str, Any]

MAX_HOPS = 3
"""An address may lead to another one that many times before it must be a list."""


@dataclass
class Walk:
    """What the walk collected, also where it was broken off, and by what."""

    posts: list[ListedPost] = field(default_factory=list)
    error: Exception | None = None


def walk(ydl: WatchYDL, url: str, request: ListRequest, listed: Callable[[Entry], ListedPost | None]) -> Walk:
    """List posts until enough consecutive known ones, the limit, or the end.

    When the stop rule is met the rest of the page in hand is still taken, for it costs nothing: pinned
    posts, however many stand first, so cannot hide a new one behind them, and the reach of known posts
    is measured again. Only a further request ends the walk.

    Args:
        ydl: a fresh instance.
        url: what to list.
        request: bounds and known ids.
        listed: makes a post of an entry, or None of one that is no post.
    """
    found = Walk()
    ids: set[str] = set()
    known = 0
    try:
        info = ydl.extract_info(url, download=False, process=False)
        for _ in range(MAX_HOPS):
            if info and info.get("_type") in ("url", "url_transparent"):
                info = ydl.extract_info(info["url"], download=False, process=False)
        for entry in (info or {}).get("entries") or ():
            post = listed(entry)
            if post is None or post.platform_id in ids:
                continue
            ids.add(post.platform_id)
            found.posts.append(post)
            known = known + 1 if post.platform_id in request.known else 0
            if known >= request.stop_after_known:
                ydl.ended = True
            if len(found.posts) >= request.limit:
                break
    except WalkEnded:
        # our own stop, not a limit that the reader of the result should hear of
        ydl.limit = None
    except Exception as error:  # noqa: BLE001  # raw errors of extractors are a result: they are classified
        found.error = error
    return found


__all__ = ["Walk", "walk"]
