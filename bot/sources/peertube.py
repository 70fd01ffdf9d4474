"""PeerTube: accounts and channels of any server, through yt-dlp's extractors and not only on the servers it lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from bot.sources.addresses import HOSTS, is_of
from bot.sources.contract import Capabilities, ListedProfile, ListRequest
from bot.sources.extracted import Extracted
from bot.sources.values import count_of, id_of, items_at, mapping_at, moment_of, text_of, within

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import Seen

_HOST = r"[\w-]+(?:\.[\w-]+)+"
_UUID = r"[\da-zA-Z]{22}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}"
PROFILE = re.compile(
    rf"https?://(?P<host>{_HOST})/(?P<type>a|c|accounts|video-channels)/(?P<handle>[\w.@-]+)"
    r"(?:/(?:videos|video-channels))?/?(?:[?#].*)?",
    re.ASCII,
)
POST = re.compile(rf"https?://(?P<host>{_HOST})/(?:w|videos/watch)/(?P<id>{_UUID})/?(?:[?#].*)?", re.ASCII)


class PeerTube(Extracted):
    """Source of `https://server/a/name`, `https://server/c/channel` and of single videos."""

    name = "peertube"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        followers=True,
        bio=True,
        example="https://peertube.tv/a/name",
        note="accounts (/a/) and channels (/c/) of any server",
    )
    domain = ""
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("peertube.PeerTubePlaylistIE", "peertube.PeerTubeIE")
    changes: ClassVar[Mapping[str, Mapping[str, object]]] = {
        # yt-dlp takes the servers of a list that it carries; ours are those that a person named
        "peertube.PeerTubePlaylistIE": {
            "_VALID_URL": rf"https?://(?P<host>{_HOST})/(?P<type>a|c)/(?P<id>[^/]+)/videos",
        },
        "peertube.PeerTubeIE": {
            "_VALID_URL": rf"(?:peertube:(?P<host>[^:]+):|https?://(?P<host_2>{_HOST})/(?:videos/watch|w)/)(?P<id>{_UUID})",
        },
    }

    def takes(self, url: str) -> bool:
        """Tell whether this is an address of PeerTube by its looks, on a host that is no other platform's."""
        match = PROFILE.fullmatch(url) or POST.fullmatch(url)
        return match is not None and not any(is_of(match["host"].lower(), known) for known in HOSTS)

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The list of the account or the channel."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        kind = match["type"][0] if match["type"] != "video-channels" else "c"
        return (f"https://{match['host'].lower()}/{kind}/{match['handle']}/videos",)

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Keep the account, and of each video its time and counts."""
        if within(data, "displayName") is not None and within(data, "followersCount") is not None:
            pictures = items_at(data, "avatars")
            host = text_of(within(data, "host"))
            path = text_of(within(pictures, -1, "path"))
            seen.profile = seen.profile or ListedProfile(
                stable_id=id_of(within(data, "id")),
                handle=text_of(within(data, "name")),
                display_name=text_of(within(data, "displayName")),
                bio=text_of(within(data, "description")),
                followers=count_of(within(data, "followersCount")),
                avatar_url=f"https://{host}{path}" if host and path else None,
            )
        for item in items_at(data, "data"):
            one = mapping_at(item)
            seen.beside[str(one.get("shortUUID"))] = {
                "timestamp": getattr(moment_of(one.get("publishedAt")), "timestamp", lambda: None)(),
                "duration": one.get("duration"),
                "view_count": one.get("views"),
                "like_count": one.get("likes"),
                "comment_count": one.get("comments"),
                "description": "\n".join(
                    filter(None, (text_of(one.get("name")), text_of(one.get("truncatedDescription"))))
                ),
                "is_live": one.get("isLive"),
            }


__all__ = ["PeerTube"]
