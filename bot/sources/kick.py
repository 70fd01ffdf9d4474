"""Kick: past broadcasts and clips of a channel, by yt-dlp's extractors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sources.contract import Capabilities, ListedProfile, ListRequest
from bot.sources.extracted import Extracted
from bot.sources.values import count_of, id_of, text_of, within

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import Seen

_SITE = r"https?://(?:www\.)?kick\.com"
PROFILE = re.compile(
    rf"{_SITE}/(?!(?:video|categories|search|auth|browse)(?:[/?#]|$))(?P<handle>[\w-]+)(?:/(?P<tab>videos|clips|about))?/?(?:[?#].*)?",
    re.ASCII,
)
VOD = re.compile(
    rf"{_SITE}/(?P<handle>[\w-]+)/videos/[\da-f]{{8}}-(?:[\da-f]{{4}}-){{3}}[\da-f]{{12}}/?(?:[?#].*)?", re.ASCII
)
CLIP = re.compile(rf"{_SITE}/(?P<handle>[\w-]+)(?:/clips/|/?\?(?:[^#]+&)?clip=)clip_[\w-]+(?:[?#&].*)?", re.ASCII)


class Kick(Extracted):
    """Source of `https://kick.com/name`, of past broadcasts and of clips."""

    name = "kick"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        followers=True,
        bio=True,
        wants_impersonation=True,
        example="https://kick.com/name",
        control="https://kick.com/kick",
        note="past broadcasts and clips; name /videos or /clips to watch that alone",
    )
    domain = ".kick.com"
    profiles = (PROFILE,)
    posts = (VOD, CLIP)
    needs = ("kick.KickVideosIE", "kick.KickClipsIE", "kick.KickVODIE", "kick.KickClipIE")

    def is_account(self, url: str) -> bool:
        """Tell whether this is a channel; the address of a clip looks like one."""
        return CLIP.fullmatch(url) is None and super().is_account(url)

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The lists: the one that the address names, else broadcasts and clips; two requests each."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        base = f"https://kick.com/{match['handle'].lower()}"
        lists = {"videos": f"{base}/videos", "clips": f"{base}/clips?sort=date&range=all"}
        return (lists[match["tab"]],) if match["tab"] in lists else tuple(lists.values())

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Keep the channel."""
        if within(data, "user", "username") is not None and within(data, "slug") is not None:
            verified = within(data, "verified")
            seen.profile = ListedProfile(
                stable_id=id_of(within(data, "id")),
                handle=text_of(within(data, "slug")),
                display_name=text_of(within(data, "user", "username")),
                bio=text_of(within(data, "user", "bio")),
                followers=count_of(within(data, "followers_count")),
                verified=None if verified is None else bool(verified),
                avatar_url=text_of(within(data, "user", "profile_pic")),
            )


__all__ = ["Kick"]
