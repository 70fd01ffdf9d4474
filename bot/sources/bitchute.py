"""BitChute: videos of a channel, by yt-dlp's extractors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.sources.contract import Capabilities, ListedProfile, ListRequest
from bot.sources.extracted import Extracted
from bot.sources.values import text_of

_SITE = r"https?://(?:www\.|old\.)?bitchute\.com"
PROFILE = re.compile(rf"{_SITE}/channel/(?P<handle>[\w-]+)/?(?:[?#].*)?", re.ASCII)
POST = re.compile(rf"{_SITE}/(?:video|embed)/[\w-]+/?(?:[?#].*)?", re.ASCII)


class BitChute(Extracted):
    """Source of `https://www.bitchute.com/channel/name` and of single videos."""

    name = "bitchute"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        bio=True,
        example="https://www.bitchute.com/channel/name",
        control="https://www.bitchute.com/channel/bitchute",
    )
    domain = ".bitchute.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("bitchute.BitChuteChannelIE", "bitchute.BitChuteIE")
    proof = r'"success":\s*(true|false)'

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The channel."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        return (f"https://www.bitchute.com/channel/{match['handle']}/",)

    def profile_of(self, info: Mapping[str, Any]) -> ListedProfile | None:
        """Name and words of the channel's page; it names no id but the one in its address."""
        title = text_of(info.get("title"))
        return None if title is None else ListedProfile(display_name=title, bio=text_of(info.get("description")))


__all__ = ["BitChute"]
