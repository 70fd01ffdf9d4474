"""A Mastodon server: look-up, statuses, one status, its files."""

from __future__ import annotations

from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Stage, digest

HOST = "social.somewhere.example"


class MastodonStage(Stage):
    """One server and its files."""

    name = "mastodon"
    media = "files.social.somewhere.example"
    hosts = (HOST, media)
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://{HOST}/@{account.handle}"

    def stable_id(self, account: Account) -> str:
        return f"{account.number}"

    def post_id(self, account: Account, post: Post) -> str:
        return str(int(digest(f"{account.seed} {post.number}")[:12], 16))

    def gone(self) -> Answer:
        return as_json({"error": "Record not found"}, 404)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.LOGIN_WALL:
            return as_json({"error": "This method requires an authenticated user"}, 422)
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["api", "v1", "accounts", "lookup"]:
                return as_json(self._account(self.named(call.query["acct"])))
            case ["api", "v1", "accounts", number, "statuses"]:
                account = self.by_id(number)
                posts = sorted(self.newest(account), key=lambda post: post.created, reverse=True)
                ids = [self.post_id(account, post) for post in posts]
                start = ids.index(call.query["max_id"]) + 1 if "max_id" in call.query else 0
                page = posts[start : start + int(call.query["limit"])]
                return as_json([self._status(account, post) for post in page])
            case ["api", "v1", "statuses", number]:
                return as_json(self._status(*self.post(number)))
        return self.gone()

    def _account(self, account: Account) -> dict[str, Any]:
        return {
            "id": str(account.number),
            "username": account.handle,
            "acct": account.handle,
            "display_name": account.display_name,
            "note": f"<p>{account.bio}</p>",
            "followers_count": account.followers,
            "statuses_count": len(account.posts),
            "avatar": f"https://{self.media}/avatar.png",
        }

    def _status(self, account: Account, post: Post) -> dict[str, Any]:
        number = self.post_id(account, post)
        return {
            "id": number,
            "created_at": post.created.isoformat().replace("+00:00", "Z"),
            "url": f"https://{HOST}/@{account.handle}/{number}",
            "content": f"<p>{post.caption}</p>",
            "favourites_count": post.likes,
            "reblogs_count": 1,
            "replies_count": 2,
            "account": self._account(account),
            "media_attachments": [
                {
                    "type": "video",
                    "url": self.clip_url(account, post),
                    "meta": {"original": {"duration": post.duration_s}},
                }
            ],
        }


__all__ = ["HOST", "MastodonStage"]
