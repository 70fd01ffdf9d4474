"""The options of every instance: what is switched off, and which format is chosen."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

FORMAT = (
    "b[height<=1280][vcodec^=h264]/b[height<=1280][vcodec^=avc]/b[height<=1280][vcodec!^=?h265]"
    "/bv*[height<=1280][ext=mp4][vcodec!=none]/b"
)
"""Progressive H.264 up to portrait 720p (1280 high): what every decoder reads, without a merge by ffmpeg."""

FORMAT_SORT = ["res:720", "vcodec:h264", "proto"]

VIDEO_SUFFIXES = frozenset({"mp4", "m4v", "mov", "webm", "mkv", "avi", "flv", "3gp", "ts", "mpg", "mpeg"})
"""Extensions that a kept file may have; an extractor hands on whatever a page names, `exe` and `php` too."""

PROTOCOLS = frozenset({"http", "https", "m3u8_native", "http_dash_segments"})
"""Ways of download that go through our handler."""


def options(logger: object, *, into: Path | None = None, cookies: str | None = None) -> dict[str, Any]:
    """Parameters for one `YoutubeDL`.

    Args:
        logger: takes what yt-dlp would print.
        into: an existing empty directory for the download; None for listings.
        cookies: text of a Netscape cookie file, or None.
    """
    folder = str((into or Path("/nonexistent")).absolute())
    return {
        "logger": logger,
        "quiet": True,
        "noprogress": True,
        "color": {"stdout": "never", "stderr": "never"},
        # an empty proxy, because those of the environment would apply otherwise
        "proxy": "",
        "socket_timeout": 15,
        # an attempt is a request: the budget and the next poll are the retries
        "retries": 1,
        "extractor_retries": 1,
        "fragment_retries": 1,
        "file_access_retries": 1,
        "retry_sleep_functions": {"http": lambda n: 0.2, "fragment": lambda n: 0.2, "extractor": lambda n: 0.2},
        "skip_unavailable_fragments": False,
        "enable_file_urls": False,
        "usenetrc": False,
        "cachedir": False,
        "geo_bypass": False,
        "fixup": "never",
        "postprocessors": [],
        "external_downloader": {"default": "native", "m3u8": "native", "dash": "native"},
        "js_runtimes": {},
        "remote_components": [],
        "noplaylist": True,
        "format": FORMAT,
        "format_sort": FORMAT_SORT,
        # the name is ours: nothing that a platform says becomes a path
        "outtmpl": {"default": "clip.%(ext)s"},
        "paths": {"home": folder, "temp": folder},
        "restrictfilenames": True,
        "windowsfilenames": True,
        "overwrites": True,
        "continuedl": False,
        "updatetime": False,
        # extractors leave subtitles out unless they are to be written; which are read is chosen afterwards (spoken.py),
        # because yt-dlp fails a download whose subtitles fail
        **({"writesubtitles": True, "writeautomaticsub": True, "subtitleslangs": ["-all"]} if into is not None else {}),
        **({"cookiefile": io.StringIO(cookies)} if cookies else {}),
    }


__all__ = ["FORMAT", "PROTOCOLS", "VIDEO_SUFFIXES", "options"]
