"""Kick: a channel, its past broadcasts, its clips, one clip."""

from __future__ import annotations

import uuid
from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from tests.platforms.model import Account, Post, Refused, Stage, digest


class KickStage(Stage):
    """kick.com, its newer interface, and its clips' host. Short posts are clips, the others broadcasts."""

    name = "kick"
    two_lists = True
    media = "clips.kick.com"
    hosts = ("kick.com", "web.kick.com", media)

    def url(self, account: Account) -> str:
        return f"https://kick.com/{account.handle}"

    def stable_id(self, account: Account) -> str:
        return str(account.number)

    def post_id(self, account: Account, post: Post) -> str:
        made = digest(f"{account.seed} {post.number}")
        return f"clip_{made[:26].upper()}" if post.short else str(uuid.UUID(made[:32]))

    def gone(self) -> Answer:
        return as_json({"error": "Channel not found"}, 404)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["api", "v2", "channels", slug]:
                return as_json(self._channel(self.named(slug)))
            case ["api", "v1", "channels", number, "videos"]:
                account = self.by_id(number)
                return as_json({"data": [self._vod(account, post) for post in self.newest(account, short=False)]})
            case ["api", "v1", "channels", number, "clips"]:
                account = self.by_id(number)
                return as_json(
                    {"data": {"clips": [self._clip(account, post) for post in self.newest(account, short=True)]}}
                )
            case ["api", "v2", "clips", number]:
                try:
                    account, post = self.post(number)
                except Refused:
                    return as_json({"message": "Clip not found"}, 404)
                return as_json({"clip": self._clip(account, post) | {"clip_url": self.clip_url(account, post)}})
        return self.gone()

    def _channel(self, account: Account) -> dict[str, Any]:
        return {
            "id": account.number,
            "slug": account.handle.lower(),
            "followers_count": account.followers,
            "verified": None,
            "user": {
                "username": account.display_name,
                "bio": account.bio,
                "profile_pic": "https://files.kick.example/a.webp",
            },
        }

    def _vod(self, account: Account, post: Post) -> dict[str, Any]:
        return {
            "id": self.post_id(account, post),
            "title": post.caption,
            "start_time": post.created.isoformat().replace("+00:00", "Z"),
            "duration": post.duration_s,
            "viewer_count": post.views,
            "status": "public",
            "is_live": False,
            "channel": {"username": account.display_name, "slug": account.handle.lower()},
        }

    def _clip(self, account: Account, post: Post) -> dict[str, Any]:
        return {
            "id": self.post_id(account, post),
            "title": post.caption,
            "created_at": post.created.isoformat().replace("+00:00", "Z"),
            "duration": post.duration_s,
            "views": post.views,
            "likes": post.likes,
            "channel": {"id": account.number, "username": account.display_name, "slug": account.handle.lower()},
        }


__all__ = ["KickStage"]
