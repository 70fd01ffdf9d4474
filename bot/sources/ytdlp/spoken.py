"""The subtitles of a post that was downloaded: one file more, and no post fails for the want of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yt_dlp.networking.exceptions import RequestError
from yt_dlp.utils import YoutubeDLError

from bot.sources.subtitles import FORMATS, LARGEST, text_of_subtitles
from bot.sources.values import text_of
from bot.sources.ytdlp.watch import WatchYDL

LANGUAGES = ("en", "es", "it", "fr", "de", "pt")
"""Languages whose words the detectors know, in the order in which they are taken where a post names none of its own."""


def subtitles_of(ydl: WatchYDL, info: Mapping[str, Any]) -> str | None:
    """The words of a post's subtitles, or None where it has none that can be had.

    Those that a person made come before automatic ones, the clip's own language before translations.
    """
    own = text_of(info.get("language"))
    for place in ("subtitles", "automatic_captions"):
        offered = info.get(place)
        if not isinstance(offered, Mapping):
            continue
        for language in _in_order(offered, own, automatic=place == "automatic_captions"):
            text = _read(ydl, offered[language])
            if text is not None:
                return text
    return None


def _in_order(offered: Mapping[str, Any], own: str | None, *, automatic: bool) -> list[str]:
    """The best language, and a second one; more would cost requests for little."""
    names = [name for name in offered if isinstance(name, str) and name != "live_chat"]
    if automatic:
        # dozens of machine translations of one recognition stand here; "en-orig" is what was recognised
        original = [name for name in names if name.endswith("-orig")] or [name for name in names if _of(name, own)]
        return (original or (names if len(names) == 1 else []))[:1]
    known = [name for language in LANGUAGES for name in names if _of(name, language)]
    ordered = [*(name for name in names if _of(name, own)), *known, *names]
    return list(dict.fromkeys(ordered))[:2]


def _of(name: str, language: str | None) -> bool:
    """Whether a name like en, en-US or eng-US is of this language."""
    return language is not None and name.lower()[:2] == language.lower()[:2]


def _read(ydl: WatchYDL, files: object) -> str | None:
    """The first file that can be read, of the formats in their order."""
    for file in _readable(files):
        extension, data = str(file["ext"]), file.get("data")
        if not isinstance(data, str) and (address := text_of(file.get("url"))):
            try:
                data = ydl.urlopen(address).read(LARGEST)
            except (YoutubeDLError, RequestError, OSError):
                return None  # the trail holds why; the clip is there, and it is what was asked for
        if isinstance(data, str):
            data = data.encode(errors="replace")
        return text_of_subtitles(data, extension) if isinstance(data, bytes) else None
    return None


def _readable(files: object) -> Iterator[Mapping[str, Any]]:
    found = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    for extension in FORMATS:
        yield from (one for one in found if one.get("ext") == extension)


__all__ = ["LANGUAGES", "subtitles_of"]
