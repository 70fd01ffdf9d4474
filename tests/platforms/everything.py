"""All stand-in platforms, fresh ones of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tests.platforms.bitchute import BitChuteStage
from tests.platforms.bluesky import BlueskyStage
from tests.platforms.dailymotion import DailymotionStage
from tests.platforms.feeds import FeedStage
from tests.platforms.kick import KickStage
from tests.platforms.mastodon import MastodonStage
from tests.platforms.model import Post, Stage
from tests.platforms.odysee import OdyseeStage
from tests.platforms.peertube import PeerTubeStage
from tests.platforms.rumble import RumbleStage
from tests.platforms.tiktok import TikTokStage
from tests.platforms.twitch import TwitchStage
from tests.platforms.vimeo import VimeoStage
from tests.platforms.vk import VKStage
from tests.platforms.youtube import YouTubeStage

STAGES: tuple[type[Stage], ...] = (
    TikTokStage,
    YouTubeStage,
    PeerTubeStage,
    OdyseeStage,
    KickStage,
    RumbleStage,
    TwitchStage,
    DailymotionStage,
    VimeoStage,
    BitChuteStage,
    VKStage,
    BlueskyStage,
    MastodonStage,
    FeedStage,
)


def some_posts(
    count: int, now: datetime, clip: Path | None = None, *, first: int = 0, short: bool = False
) -> tuple[Post, ...]:
    """`count` posts, newest first, an hour apart, the newest an hour old."""
    return tuple(
        Post(
            number=first + number,
            created=now - timedelta(hours=first + number + 1),
            caption=f"clip {first + number}",
            views=1000 + number,
            likes=10 + number,
            clip=clip,
            short=short,
        )
        for number in range(count)
    )


__all__ = ["STAGES", "some_posts"]
