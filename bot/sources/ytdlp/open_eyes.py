"""Extractors of yt-dlp that show what they read: followers, times and names that yt-dlp has no place for.

Each class keeps its name, because yt-dlp keys extractors by class name, and no request is added.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from yt_dlp.extractor.common import InfoExtractor

from bot.sources.ytdlp.watch import Seen


class Eyes(Protocol):
    """What a source makes of the answers that its extractors read."""

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Called with each parsed JSON answer."""
        ...

    def saw_page(self, text: str, seen: Seen) -> bool:
        """Called with the text of each answer; false says that no further page is worth a request."""
        ...


class _Open:
    """What is added to an extractor."""

    _downloader: Any
    _eyes: Eyes

    def _parse_json(self, json_string: Any, video_id: Any, *args: Any, **kwargs: Any) -> Any:
        data = super()._parse_json(json_string, video_id, *args, **kwargs)  # type: ignore[misc]
        self._eyes.saw_json(data, self._downloader.seen)
        return data

    def _download_webpage_handle(self, url_or_request: Any, video_id: Any, *args: Any, **kwargs: Any) -> Any:
        result = super()._download_webpage_handle(url_or_request, video_id, *args, **kwargs)  # type: ignore[misc]
        if result is not False and not self._eyes.saw_page(result[0], self._downloader.seen):
            self._downloader.ended = True
        return result


@functools.cache
def _opened(name: str) -> type[Any]:
    """The extractor's class with open eyes, under its own name."""
    module, _, bare = name.rpartition(".")
    known: type[InfoExtractor] = getattr(importlib.import_module(f"yt_dlp.extractor.{module}"), bare)
    # yt-dlp computes the type of result from the tests of a class, and ours has none
    return type(bare, (_Open, known), {"_RETURN_TYPE": known._RETURN_TYPE, "__module__": known.__module__})


def opened(
    names: Sequence[str], eyes: Eyes, changes: Mapping[str, Mapping[str, object]] | None = None
) -> tuple[Any, ...]:
    """Fresh instances of extractors that show what they read.

    Args:
        names: module and class, such as `twitch.TwitchVideosIE`.
        eyes: who looks.
        changes: such names to attributes that are set otherwise for these instances.
    """
    made = []
    for name in names:
        kind = _opened(name)
        changed = (changes or {}).get(name)
        if changed:
            kind = type(
                kind.__name__, (kind,), {"_RETURN_TYPE": kind._RETURN_TYPE, "__module__": kind.__module__, **changed}
            )
        one = kind()
        one._eyes = eyes
        made.append(one)
    return tuple(made)


__all__ = ["Eyes", "opened"]
