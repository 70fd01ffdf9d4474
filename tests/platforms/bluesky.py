"""Bluesky: the public interface for profiles and feeds, a post's thread, the directory of ids, a server of files."""

from __future__ import annotations

from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Stage, digest

PDS = "https://pds.bsky.example"


class BlueskyStage(Stage):
    """public.api.bsky.app, plc.directory, the video host and one server of files."""

    name = "bluesky"
    media = "unused.bsky.example"
    hosts = ("public.api.bsky.app", "plc.directory", "pds.bsky.example", "video.bsky.app")
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://bsky.app/profile/{account.handle}.bsky.social"

    def stable_id(self, account: Account) -> str:
        return "did:plc:" + digest(account.seed)[:24]

    def post_id(self, account: Account, post: Post) -> str:
        return "3" + digest(f"{account.seed} {post.number}")[:12]

    def gone(self) -> Answer:
        return as_json({"error": "InvalidRequest", "message": "Profile not found"}, 400)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.LOGIN_WALL:
            return as_json({"error": "AuthMissing", "message": "Authentication Required"}, 401)
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        if call.host == "plc.directory":
            return as_json({"service": [{"type": "AtprotoPersonalDataServer", "serviceEndpoint": PDS}]})
        if call.host == "pds.bsky.example":
            _, post = self.post(call.query["cid"].removeprefix("cid"))
            return Answer(404) if post.clip is None else Answer(200, {"Content-Type": "video/mp4"}, file=post.clip)
        method = call.path.rpartition("/")[2]
        if method == "app.bsky.actor.getProfile":
            return as_json(self._profile(self._actor(call.query["actor"])))
        if method == "app.bsky.feed.getAuthorFeed":
            account = self._actor(call.query["actor"])
            posts, limit = self.newest(account), int(call.query["limit"])
            start = int(call.query.get("cursor", "0"))
            more = {"cursor": str(start + limit)} if start + limit < len(posts) else {}
            return as_json(
                {"feed": [{"post": self._post(account, post)} for post in posts[start : start + limit]], **more}
            )
        if method == "app.bsky.feed.getPostThread":
            return as_json({"thread": {"post": self._post(*self.post(call.query["uri"].rpartition("/")[2]))}})
        return Answer(404)

    def _actor(self, actor: str) -> Account:
        return self.by_id(actor) if actor.startswith("did:") else self.named(actor.removesuffix(".bsky.social"))

    def _author(self, account: Account) -> dict[str, Any]:
        return {
            "did": self.stable_id(account),
            "handle": f"{account.handle}.bsky.social",
            "displayName": account.display_name,
            "avatar": "https://cdn.bsky.example/avatar.jpg",
        }

    def _profile(self, account: Account) -> dict[str, Any]:
        counts = {"followersCount": account.followers, "postsCount": len(account.posts)}
        return self._author(account) | {"description": account.bio} | counts

    def _post(self, account: Account, post: Post) -> dict[str, Any]:
        number = self.post_id(account, post)
        size = post.clip.stat().st_size if post.clip is not None else 1000
        at = post.created.isoformat().replace("+00:00", "Z")
        return {
            "uri": f"at://{self.stable_id(account)}/app.bsky.feed.post/{number}",
            "cid": f"post{number}",
            "author": self._author(account),
            "record": {
                "text": post.caption,
                "createdAt": at,
                "embed": {"video": {"ref": {"$link": f"cid{number}"}, "mimeType": "video/mp4", "size": size}},
            },
            "embed": {
                "$type": "app.bsky.embed.video#view",
                "cid": f"cid{number}",
                "playlist": f"https://video.bsky.app/watch/{number}/playlist.m3u8",
                "aspectRatio": {"width": 640, "height": 360},
            },
            "likeCount": post.likes,
            "repostCount": 1,
            "replyCount": 2,
            "indexedAt": at,
            "labels": [],
        }


__all__ = ["BlueskyStage"]
