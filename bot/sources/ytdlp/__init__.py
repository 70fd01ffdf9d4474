"""yt-dlp behind the guarded door: one instance a poll, no plugins, one request handler, bounded in all it does.

Importing this package imports yt-dlp (0.3 s, 35 MB), so only worker processes do.
"""

from __future__ import annotations

import os

# YoutubeDL() loads plugins even when it is used as a library, and a plugin is code from anywhere; both
# switches, because releases differ in which one they look at first
os.environ["YTDLP_NO_PLUGINS"] = "1"

from yt_dlp.globals import plugin_dirs

plugin_dirs.value = []
