"""The story on the stand-in platform: its accounts as they are at one of the two looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.demo.platforms import State, TikTokAccount, TikTokPost, post_id
from bot.demo.story import CAST, RETRY_AFTER_S, Clip, Role, media_folder, published

LIKES, COMMENTS, SHARES = 25, 400, 900
"""Views for one like, one comment, one share."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Puts the story on.

    Attributes:
        now: the demo's now, from which all ages count; the same at both looks, because ids come from times.
        roles: who plays.
    """

    now: datetime
    roles: Sequence[Role] = CAST

    def accounts(self, *, later: bool) -> list[TikTokAccount]:
        """The accounts at the first look, or at the `later` one, when views and followers have grown."""
        return [self._account(role, later) for role in self.roles]

    def _account(self, role: Role, later: bool) -> TikTokAccount:
        media = media_folder()
        state = State(role.state if later else role.state_before)
        return TikTokAccount(
            handle=role.handle,
            display_name=role.display_name,
            bio=role.bio,
            followers=_grown(role.followers, role.growth, later),
            verified=role.verified,
            posts=tuple(self._post(clip, media / clip.file, number, later) for number, clip in enumerate(role.clips)),
            state=state,
            retry_after_s=RETRY_AFTER_S if state is State.RATE_LIMITED else None,
            avatar=None if role.avatar is None else media / role.avatar,
        )

    def _post(self, clip: Clip, file: Path, number: int, later: bool) -> TikTokPost:
        created = published(clip, self.now)
        views = _grown(clip.views, clip.growth, later)
        return TikTokPost(
            id=post_id(created, number),
            created=created,
            clip=file,
            caption=clip.caption,
            views=views,
            likes=views // LIKES,
            comments=views // COMMENTS,
            shares=views // SHARES,
            duration_s=clip.seconds,
            width=360,
            height=640,
            ai_label=1 if clip.ai_label else None,
        )


def _grown(value: int, growth: float, later: bool) -> int:
    """A count at the later look, or what it had grown from."""
    return value if later else round(value / growth)
