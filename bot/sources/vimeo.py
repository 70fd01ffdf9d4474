"""Vimeo: videos of a user, by yt-dlp's extractors."""

from __future__ import annotations

import re

from bot.sources.contract import Capabilities, ListRequest
from bot.sources.extracted import Extracted

POST = re.compile(r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?\d+(?:/[0-9a-f]+)?/?(?:[?#].*)?", re.ASCII)
PROFILE = re.compile(
    r"https?://(?:www\.)?vimeo\.com/(?!(?:\d+|watchlater|channels|groups|album|showcase|ondemand|log_in|features|blog)(?:[/?#]|$))"
    r"(?P<handle>[\w.-]+)(?:/videos)?/?(?:[?#].*)?",
    re.ASCII,
)


class Vimeo(Extracted):
    """Source of `https://vimeo.com/name` and of single videos."""

    name = "vimeo"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        needs_cookies=True,
        wants_impersonation=True,
        example="https://vimeo.com/name",
        control="https://vimeo.com/vimeo",
        note="many videos are shown to logins alone",
    )
    domain = ".vimeo.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("vimeo.VimeoUserIE", "vimeo.VimeoIE")
    proof = r'class="user"|id="clip_|profile'

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The user's videos."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        return (f"https://vimeo.com/{match['handle']}/videos",)


__all__ = ["Vimeo"]
