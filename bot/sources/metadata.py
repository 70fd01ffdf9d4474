"""A platform's metadata of a post, as its answer came, kept beside the clip as evidence.

What a request was signed or logged in with is left out, and so are lists that say nothing of the post (which files a
player may choose from). Signed addresses of media stay: they are what the platform said.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

LARGEST = 1_000_000
"""Bytes beyond which the long parts are left out, and then the whole."""

SECRETS = frozenset({"http_headers", "cookies", "cookie", "authorization", "password", "username"})
"""Keys, in lower case, that are never kept, however deep they lie."""

OFFERS = frozenset({"formats", "requested_formats", "requested_downloads", "requested_subtitles", "thumbnails"})
"""Keys of lists of files, of which one was taken."""

OURS = frozenset({"epoch", "filename", "_filename", "filepath", "_version"})
"""Keys that tell of this machine and this request, and not of the post."""

LONG = frozenset({"automatic_captions", "subtitles", "comments", "heatmap", "chapters"})
"""Keys that go first where the whole is too large."""


LEFT_OUT = SECRETS | OFFERS | OURS


def metadata_of(told: Any) -> bytes | None:
    """What a platform told of a post as JSON, ASCII, its keys sorted; None where it is too large or tells nothing.

    Args:
        told: mappings, lists, texts and numbers, from outside; of anything else its text is kept.
    """
    if not isinstance(told, Mapping) or not told:
        return None
    for left_out in (LEFT_OUT, LEFT_OUT | LONG):
        try:
            text = json.dumps(_kept(told, left_out), ensure_ascii=True, sort_keys=True, indent=1, default=str)
        except (ValueError, RecursionError):  # circular, or deeper than anything that a platform says
            return None
        if len(text) <= LARGEST:
            return text.encode("ascii") + b"\n"
    return None


def _kept(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): _kept(inner, left_out)
            for key, inner in value.items()
            if str(key).lower() not in left_out and not str(key).startswith("__")
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_kept(inner, left_out) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # Python reads and writes NaN, which is no JSON for anybody else
    return value


__all__ = ["LARGEST", "metadata_of"]
