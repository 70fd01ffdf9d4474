"""Twitch: videos and recent clips of a channel, by yt-dlp's extractors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sources.contract import Capabilities, ListedProfile, ListRequest, Outcome
from bot.sources.extracted import Extracted
from bot.sources.values import id_of, items_at, moment_of, text_of, within

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import Seen

_SITE = r"https?://(?:www\.|m\.|go\.)?twitch\.tv"
PROFILE = re.compile(
    rf"{_SITE}/(?!(?:videos|directory|collections|downloads|jobs|p)(?:[/?#]|$))(?P<handle>\w{{2,25}})(?:/(?P<tab>videos|clips|profile|about))?/?(?:[?#].*)?",
    re.ASCII,
)
VIDEO = re.compile(rf"{_SITE}/(?:\w+/v(?:ideo)?|videos)/\d+/?(?:[?#].*)?", re.ASCII)
CLIP = re.compile(rf"(?:https?://clips\.twitch\.tv/|{_SITE}/(?P<handle>\w+)/clip/)[\w-]+/?(?:[?#].*)?", re.ASCII)


class Twitch(Extracted):
    """Source of `https://www.twitch.tv/name`, of videos and of clips."""

    name = "twitch"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        example="https://www.twitch.tv/name",
        control="https://www.twitch.tv/twitch",
        note="videos and the clips of the last week; name /videos or /clips to watch that alone",
    )
    domain = ".twitch.tv"
    profiles = (PROFILE,)
    posts = (VIDEO, CLIP)
    needs = ("twitch.TwitchVideosIE", "twitch.TwitchVideosClipsIE", "twitch.TwitchVodIE", "twitch.TwitchClipsIE")
    said = ((r'"user":\s*null', (Outcome.GONE, "Twitch knows no such channel")),)

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The lists: the one that the address names, else both; one request each."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        base = f"https://www.twitch.tv/{match['handle'].lower()}"
        lists = {"videos": f"{base}/videos", "clips": f"{base}/clips?range=7d"}
        return (lists[match["tab"]],) if match["tab"] in lists else tuple(lists.values())

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Keep whose list it is, and of each video its time."""
        user = within(data, 0, "data", "user")
        number = id_of(within(user, "id"))
        if number:
            edges = items_at(user, "videos", "edges")
            owner = within(edges, 0, "node", "owner")
            before = seen.profile
            seen.profile = ListedProfile(
                stable_id=number,
                handle=text_of(within(owner, "login")) or (before.handle if before is not None else None),
                display_name=text_of(within(owner, "displayName"))
                or (before.display_name if before is not None else None),
                avatar_url=text_of(within(owner, "profileImageURL"))
                or (before.avatar_url if before is not None else None),
            )
            for edge in edges:
                at = moment_of(within(edge, "node", "publishedAt"))
                if at is not None:
                    seen.beside[f"v{within(edge, 'node', 'id')}"] = {"timestamp": at.timestamp()}


__all__ = ["Twitch"]
