"""Odysee: the one JSON-RPC address that yt-dlp asks, and the host of its files."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from tests.platforms.model import Account, Post, Refused, Stage, digest


class OdyseeStage(Stage):
    """api.lbry.tv and the player's host."""

    name = "odysee"
    media = "player.odycdn.com"
    hosts = ("api.lbry.tv", media)

    def url(self, account: Account) -> str:
        return f"https://odysee.com/@{account.handle}:{self.stable_id(account)[:2]}"

    def stable_id(self, account: Account) -> str:
        return digest(account.seed)[:40]

    def post_id(self, account: Account, post: Post) -> str:
        return digest(f"{account.seed} {post.number}")[:40]

    def reply(self, call: Call) -> Answer:
        body = json.loads(call.body)
        params = body["params"]
        if body["method"] == "resolve":
            return as_json({"jsonrpc": "2.0", "result": {params["urls"]: self._resolved(params["urls"])}})
        if body["method"] == "claim_search":
            account = self.by_id(params["channel_ids"][0])
            size = params["page_size"]
            posts = self.newest(account)[(params["page"] - 1) * size : params["page"] * size]
            return as_json({"jsonrpc": "2.0", "result": {"items": [self._stream(account, post) for post in posts]}})
        if body["method"] == "get":
            account, post = self.post(params["uri"].rpartition(":")[2].rpartition("#")[2])
            return as_json({"jsonrpc": "2.0", "result": {"streaming_url": self.clip_url(account, post)}})
        return as_json({"jsonrpc": "2.0", "error": {"code": -32601, "message": "unknown method"}})

    def gone(self) -> Answer:
        """Whoever asks for a list by a claim gets an empty one."""
        return as_json({"jsonrpc": "2.0", "result": {"items": []}})

    def _resolved(self, url: str) -> dict[str, Any]:
        name, _, claim = url.removeprefix("lbry://").replace(":", "#").partition("#")
        missing = {"error": {"name": "NOT_FOUND", "text": f"Could not find claim at {url!r}."}}
        if not name.startswith("@"):
            account, post = self.post(claim)
            return self._stream(account, post)
        # a channel is found by the beginning of its claim, and by its whole claim under any name
        found = [
            one
            for one in self.accounts()
            if self.stable_id(one).startswith(claim) and (len(claim) == 40 or one.handle == name[1:])
        ]
        if not found:
            return missing
        refusal = self.refusal(found[0])
        if refusal is not None:
            raise Refused(refusal)
        return self._channel(found[0])

    def _channel(self, account: Account) -> dict[str, Any]:
        return {
            "claim_id": self.stable_id(account),
            "name": f"@{account.handle}",
            "value_type": "channel",
            "value": {
                "title": account.display_name,
                "description": account.bio,
                "thumbnail": {"url": "https://t.odysee.example/a.jpg"},
            },
        }

    def _stream(self, account: Account, post: Post) -> dict[str, Any]:
        at = int(post.created.timestamp())
        size = post.clip.stat().st_size if post.clip is not None else 1000
        return {
            "claim_id": self.post_id(account, post),
            "name": f"clip-{post.number}",
            "value_type": "stream",
            "timestamp": at,
            "signing_channel": self._channel(account),
            "value": {
                "title": post.caption,
                "description": post.caption,
                "release_time": str(at),
                "stream_type": "video",
                "video": {"duration": post.duration_s, "width": 640, "height": 360},
                "source": {"size": str(size), "media_type": "video/mp4", "name": "clip.mp4"},
            },
        }


__all__ = ["OdyseeStage"]
