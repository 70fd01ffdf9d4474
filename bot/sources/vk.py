"""VK: videos of a user or a community, by yt-dlp's extractors."""

from __future__ import annotations

import re

from bot.sources.contract import Capabilities, ListRequest
from bot.sources.extracted import Extracted

_SITE = r"https?://(?:m\.|new\.|www\.)?(?:vkvideo\.ru|vk\.com/video)"
PROFILE = re.compile(rf"{_SITE}/@(?P<handle>[\w.-]+)(?:/all)?/?(?:[?#].*)?", re.ASCII)
POST = re.compile(
    r"https?://(?:m\.|new\.|www\.)?(?:vk\.com|vkvideo\.ru)/(?:video|clip)-?\d+_\d+/?(?:[?#].*)?", re.ASCII
)


class VK(Extracted):
    """Source of `https://vkvideo.ru/@name` and of single videos."""

    name = "vk"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        needs_cookies=True,
        example="https://vkvideo.ru/@name",
        control="https://vkvideo.ru/@vkvideo",
        note="often asks for a login; the list shows addresses alone",
    )
    domain = ".vk.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("vk.VKUserVideosIE", "vk.VKIE")
    proof = r'"payload"'

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The list of all videos."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        return (f"https://vkvideo.ru/@{match['handle']}",)


__all__ = ["VK"]
