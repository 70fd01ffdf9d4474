"""TikTok's extractors of yt-dlp with open eyes: they keep what the pages say beside the videos.

Same class names as their parents, because yt-dlp keys extractors by class name. No request is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yt_dlp.extractor.tiktok import TikTokIE as _TikTokIE
from yt_dlp.extractor.tiktok import TikTokUserIE as _TikTokUserIE
from yt_dlp.extractor.tiktok import TikTokVMIE

from bot.sources.contract import ListedProfile
from bot.sources.failures import CHALLENGE
from bot.sources.values import count_of, text_of
from bot.sources.ytdlp.watch import Seen

AI_LABEL = "ai_label"
"""Our key in an entry: true where creator or platform labelled it as generated, absent where nothing is said."""


def _mapping(value: object, *path: str) -> dict[str, Any]:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def profile_of(user: dict[str, Any], stats: dict[str, Any]) -> ListedProfile:
    """An account from TikTok's `user` and `stats` objects, which come with accounts and with posts."""
    verified = user.get("verified")
    return ListedProfile(
        stable_id=text_of(user.get("secUid")) or None,
        handle=text_of(user.get("uniqueId")) or None,
        display_name=text_of(user.get("nickname")),
        bio=text_of(user.get("signature")),
        followers=count_of(stats.get("followerCount")),
        posts=count_of(stats.get("videoCount")),
        verified=verified if isinstance(verified, bool) else None,
        avatar_url=text_of(user.get("avatarLarger")),
    )


def _ai_label(item: object) -> dict[str, bool]:
    """TikTok's label: `aigcLabelType` 1 by the creator, 2 by the platform, 0 for none."""
    kind = _mapping(item).get("aigcLabelType")
    return {AI_LABEL: int(kind) > 0} if isinstance(kind, int | str) and str(kind).isdecimal() else {}


class _Open:
    """What both extractors add: what they saw goes to the instance that owns them."""

    _downloader: Any

    @property
    def _seen(self) -> Seen:
        seen: Seen = self._downloader.seen
        return seen

    def _get_universal_data(self, webpage: str, display_id: str) -> dict[str, Any]:
        data: dict[str, Any] = super()._get_universal_data(webpage, display_id)  # type: ignore[misc]
        seen = self._seen
        if not data:
            seen.page = "empty" if not webpage.strip() else "challenge" if CHALLENGE.search(webpage) else "no_data"
            return data
        seen.page = None
        user_detail, post_detail = _mapping(data, "webapp.user-detail"), _mapping(data, "webapp.video-detail")
        seen.status_code = count_of((user_detail or post_detail).get("statusCode"))
        info, item = _mapping(user_detail, "userInfo"), _mapping(post_detail, "itemInfo", "itemStruct")
        if _mapping(info, "user"):
            stats = {**_mapping(info, "statsV2"), **_mapping(info, "stats")}
            seen.profile = profile_of(_mapping(info, "user"), stats)
        elif _mapping(item, "author"):
            seen.profile = profile_of(_mapping(item, "author"), _mapping(item, "authorStats"))
        return data

    def _parse_aweme_video_web(
        self, aweme_detail: Any, webpage_url: str, video_id: str, extract_flat: bool = False
    ) -> dict[str, Any]:
        info = super()._parse_aweme_video_web(aweme_detail, webpage_url, video_id, extract_flat)  # type: ignore[misc]
        return {**info, **_ai_label(aweme_detail)}


class TikTokIE(_Open, _TikTokIE):  # type: ignore[misc]  # yt-dlp is not typed
    """One post."""

    # yt-dlp computes this from the tests of a class, and ours has none
    _RETURN_TYPE = "video"


class TikTokUserIE(_Open, _TikTokUserIE):  # type: ignore[misc]  # yt-dlp is not typed
    """The posts of an account, followed by its stable id where that is known."""

    _RETURN_TYPE = "playlist"

    def _extract_sec_uid_from_embed(self, user_name: str) -> str | None:
        """Asked when the account's page gave no id: use ours, and spare a request that cannot help."""
        seen = self._seen
        last = self._downloader.trail[-1] if self._downloader.trail else None
        if last is None or last.status != 200:
            return None
        if seen.pinned is not None and seen.page is None:
            seen.notes.append(f"TikTok no longer knows the handle @{user_name}; followed by its stable id")
            return seen.pinned
        return None

    def _entries(self, sec_uid: str, user_name: str | None, fail_early: bool = False) -> Iterator[dict[str, Any]]:
        seen = self._seen
        if seen.pinned is not None and sec_uid != seen.pinned:
            seen.notes.append(
                f"the handle @{user_name} now belongs to another account ({sec_uid}); "
                "the one that was first seen under it is still followed by its stable id"
            )
            seen.successor = sec_uid
            # the page describes a stranger, whose words must not be kept as this account's
            seen.profile = None
            sec_uid, user_name = seen.pinned, None
        yield from super()._entries(sec_uid, user_name, fail_early)


def extractors() -> tuple[Any, ...]:
    """Fresh instances of all that a TikTok address can need."""
    return TikTokIE(), TikTokUserIE(), TikTokVMIE()


__all__ = ["AI_LABEL", "extractors", "profile_of"]
