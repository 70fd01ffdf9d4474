"""A PeerTube server: accounts, their videos, one video; a server of a name that yt-dlp does not know."""

from __future__ import annotations

from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from tests.platforms.model import Account, Post, Stage, digest

HOST = "videos.somewhere.example"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class PeerTubeStage(Stage):
    """One server and the host of its files."""

    name = "peertube"
    media = "files.somewhere.example"
    hosts = (HOST, media)

    def url(self, account: Account) -> str:
        return f"https://{HOST}/a/{account.handle}"

    def stable_id(self, account: Account) -> str:
        return str(account.number)

    def post_id(self, account: Account, post: Post) -> str:
        number = int(digest(f"{account.seed} {post.number}"), 16)
        return "".join(ALPHABET[(number // 58**place) % 58] for place in range(22))

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["api", "v1", "accounts" | "video-channels", name]:
                return as_json(self._account(self.named(name)))
            case ["api", "v1", "accounts" | "video-channels", name, "videos"]:
                account = self.named(name)
                posts = self.newest(account)
                start, count = int(call.query.get("start", "0")), int(call.query.get("count", "15"))
                data = [self._video(account, post) for post in posts[start : start + count]]
                return as_json({"total": len(posts), "data": data})
            case ["api", "v1", "videos", number]:
                account, post = self.post(number)
                size = post.clip.stat().st_size if post.clip is not None else 1000
                file = {
                    "resolution": {"id": 720, "label": "720p"},
                    "fileUrl": self.clip_url(account, post),
                    "size": size,
                }
                return as_json(self._video(account, post) | {"files": [file], "account": self._account(account)})
            case ["api", "v1", "videos", number, "description"]:
                return as_json({"description": self.post(number)[1].caption})
        return self.gone()

    def gone(self) -> Answer:
        return as_json({"status": 404, "type": "about:blank", "title": "Not Found", "detail": "not found"}, 404)

    def _account(self, account: Account) -> dict[str, Any]:
        return {
            "id": account.number,
            "name": account.handle,
            "host": HOST,
            "displayName": account.display_name,
            "description": account.bio,
            "followersCount": account.followers,
            "avatars": [{"path": "/lazy-static/avatars/a.png"}],
            "createdAt": "2024-01-01T00:00:00.000Z",
        }

    def _video(self, account: Account, post: Post) -> dict[str, Any]:
        return {
            "id": post.number,
            "shortUUID": self.post_id(account, post),
            "name": post.caption,
            "publishedAt": post.created.isoformat().replace("+00:00", "Z"),
            "duration": post.duration_s,
            "views": post.views,
            "likes": post.likes,
            "isLive": False,
        }


__all__ = ["HOST", "PeerTubeStage"]
