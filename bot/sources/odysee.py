"""Odysee, by yt-dlp's extractors; a channel is followed by its claim id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.sources.contract import Capabilities, ListedPost, ListedProfile, ListRequest, Outcome
from bot.sources.extracted import Extracted
from bot.sources.values import id_of, items_at, mapping_at, text_of, within

if TYPE_CHECKING:
    from bot.sources.ytdlp.watch import Seen

_SITE = r"https?://(?:www\.)?odysee\.com"
PROFILE = re.compile(rf"{_SITE}/@(?P<handle>[^/:#?\s]+)(?:[:#][0-9a-f]{{1,40}})?/?(?:\?.*)?")
POST = re.compile(
    rf"{_SITE}/(?:@(?P<handle>[^/:#?\s]+)(?:[:#][0-9a-f]{{1,40}})?/)?[^@/:#?\s][^/:#?\s]*(?:[:#][0-9a-f]{{1,40}})?/?(?:\?.*)?"
)
CLAIM = re.compile(r"[0-9a-f]{40}")


class Odysee(Extracted):
    """Source of `https://odysee.com/@name:1` and of single videos."""

    name = "odysee"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        bio=True,
        example="https://odysee.com/@name:1",
        control="https://odysee.com/@Odysee:8",
    )
    domain = ".odysee.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("lbry.LBRYChannelIE", "lbry.LBRYIE")
    said = ((r'"NOT_FOUND"', (Outcome.GONE, "Odysee knows no such channel")),)

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The channel, by its whole claim id where that is known."""
        match = PROFILE.fullmatch(request.url)
        if match is None or request.stable_id is None or not CLAIM.fullmatch(request.stable_id):
            return (request.url,)
        return (f"https://odysee.com/@{match['handle']}:{request.stable_id}",)

    def listed(self, entry: Mapping[str, Any]) -> ListedPost | None:
        """A video; what else is published there is passed over."""
        return None if entry.get("stream_type") not in (None, "video") else super().listed(entry)

    def saw_json(self, data: Any, seen: Seen) -> None:
        """Keep the channel, and of each claim what kind it is."""
        for address, claim in mapping_at(data, "result").items():
            if address.startswith("lbry://@") and id_of(within(claim, "claim_id")) is not None:
                seen.profile = ListedProfile(
                    stable_id=id_of(within(claim, "claim_id")),
                    handle=(text_of(within(claim, "name")) or "").removeprefix("@") or None,
                    display_name=text_of(within(claim, "value", "title")),
                    bio=text_of(within(claim, "value", "description")),
                    avatar_url=text_of(within(claim, "value", "thumbnail", "url")),
                )
        for item in items_at(data, "result", "items"):
            kind = text_of(within(item, "value", "stream_type")) or "none"
            seen.beside[str(within(item, "claim_id"))] = {"stream_type": kind}


__all__ = ["Odysee"]
