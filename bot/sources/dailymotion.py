"""Dailymotion: videos of a user, by yt-dlp's extractors."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.sources.contract import Capabilities, ListRequest, Outcome
from bot.sources.extracted import Extracted

_SITE = r"https?://(?:www\.)?dailymotion\.com"
POST = re.compile(rf"(?:{_SITE}/(?:video|embed/video)/|https?://dai\.ly/)x[0-9a-z]+/?(?:[?#_].*)?", re.ASCII)
PROFILE = re.compile(
    rf"{_SITE}/(?!(?:embed|swf|video|playlist|search|crawler|signin|tos)(?:[/?#]|$))(?:user/)?(?P<handle>[\w.-]+)(?:/videos)?/?(?:[?#].*)?",
    re.ASCII,
)
_HEADERS = {"Content-Type": "application/json", "Origin": "https://www.dailymotion.com"}


class Dailymotion(Extracted):
    """Source of `https://www.dailymotion.com/name` and of single videos."""

    name = "dailymotion"
    capabilities = Capabilities(
        lists=True,
        downloads=True,
        wants_impersonation=True,
        example="https://www.dailymotion.com/name",
        control="https://www.dailymotion.com/dailymotion",
        note="the list shows addresses alone: captions, times and counts come with the download",
    )
    domain = ".dailymotion.com"
    profiles = (PROFILE,)
    posts = (POST,)
    needs = ("dailymotion.DailymotionUserIE", "dailymotion.DailymotionIE")
    said = ((r'"channel":\s*null', (Outcome.GONE, "Dailymotion knows no such user")),)
    proof = r'"edges":\s*\['

    @property
    def changes(self) -> Mapping[str, Mapping[str, object]]:  # type: ignore[override]
        """Headers of this poll's own: yt-dlp keeps the first token in its class for as long as the process lives."""
        return {name: {"_HEADERS": dict(_HEADERS)} for name in self.needs}

    def addresses(self, request: ListRequest) -> tuple[str, ...]:
        """The user."""
        match = PROFILE.fullmatch(request.url)
        assert match is not None
        return (f"https://www.dailymotion.com/{match['handle']}",)


__all__ = ["Dailymotion"]
