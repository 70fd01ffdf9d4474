"""Rumble: channels and users, by yt-dlp's extractors; its lists show addresses and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.sources.contract import Capabilities, ListedPost, ListRequest
from bot.sources.extracted import Extracted

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import Seen

PROFILE = re.compile(r"https?://(?:www\.)?rumble\.com/(?P<type>c|user)/(?P<handle>[^/?#&$\s]+)/?(?:[?#].*)?")
POST = re.compile(
    r"https?://(?:www\.)?rumble\.com/(?:(?P<id>v(?!ideos)[\da-z]+)[\w.-]*\.html|embed/[\da-z.]+)/?(?:[?#].*)?", re.ASCII
)
A_POST = "videostream__link"


class Rumble(Extracted):
    """Source of `https://rumble.com/c/name`, `https://rumble.com/user/name` and of single videos."""

    name = "rumble"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        example="https://rumble.com/c/name",
        control="https://rumble.com/c/Rumble",
        note="the list shows addresses alone: captions, times and counts come with the download",
    )
    domain = ".rumble.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("rumble.RumbleChannelIE", "rumble.RumbleIE", "rumble.RumbleEmbedIE")
    proof = r"channel-header|listing-header"

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The channel without anything behind its name."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        return (f"https://rumble.com/{match['type']}/{match['handle']}",)

    def listed(self, entry: Mapping[str, Any]) -> ListedPost | None:
        """A post; its id is the one in its address."""
        match = POST.fullmatch(str(entry.get("webpage_url") or entry.get("url") or ""))
        return None if match is None or match["id"] is None else super().listed({**entry, "id": match["id"]})

    def saw_page(self, text: str, seen: Seen) -> bool:
        """A list without any post is its end; yt-dlp would ask for pages until one is missing."""
        return not seen.listing or A_POST in text


__all__ = ["Rumble"]
