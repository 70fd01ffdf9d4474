"""Twitch: the GraphQL lists of videos and clips."""

from __future__ import annotations

import json
from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json
from tests.platforms.model import Account, Post, Stage, digest


class TwitchStage(Stage):
    """gql.twitch.tv. Short posts are clips, the others videos."""

    name = "twitch"
    two_lists = True
    media = "clips-media.twitch.example"
    hosts = ("gql.twitch.tv",)

    def url(self, account: Account) -> str:
        return f"https://www.twitch.tv/{account.handle}"

    def stable_id(self, account: Account) -> str:
        return str(account.number)

    def post_id(self, account: Account, post: Post) -> str:
        number = int(digest(f"{account.seed} {post.number}")[:8], 16)
        return str(number) if post.short else f"v{number}"

    def gone(self) -> Answer:
        return as_json([{"data": {"user": None}}])

    def reply(self, call: Call) -> Answer:
        body = json.loads(call.body)
        if not isinstance(body, list):
            return as_json({"error": "not rehearsed"}, 501)
        operation = body[0]
        variables = operation["variables"]
        if operation["operationName"] == "FilterableVideoTower_Videos":
            account = self.named(variables["channelOwnerLogin"])
            edges = [self._edge("Video", self._video(account, post)) for post in self.newest(account, short=False)]
            user = {"id": str(account.number), "videos": {"edges": edges}}
        elif operation["operationName"] != "ClipsCards__User":
            return as_json({"error": "not rehearsed"}, 501)
        else:
            account = self.named(variables["login"])
            edges = [self._edge("Clip", self._clip(account, post)) for post in self.newest(account, short=True)]
            user = {"id": str(account.number), "clips": {"edges": edges}}
        return as_json([{"data": {"user": user}, "extensions": {"operationName": operation["operationName"]}}])

    def _edge(self, kind: str, node: dict[str, Any]) -> dict[str, Any]:
        return {"__typename": f"{kind}Edge", "cursor": None, "node": {"__typename": kind, **node}}

    def _video(self, account: Account, post: Post) -> dict[str, Any]:
        return {
            "id": self.post_id(account, post)[1:],
            "title": post.caption,
            "lengthSeconds": post.duration_s,
            "viewCount": post.views,
            "publishedAt": post.created.isoformat().replace("+00:00", "Z"),
            "owner": {"id": str(account.number), "login": account.handle.lower(), "displayName": account.display_name},
        }

    def _clip(self, account: Account, post: Post) -> dict[str, Any]:
        return {
            "id": self.post_id(account, post),
            "url": f"https://clips.twitch.tv/Slug{self.post_id(account, post)}",
            "title": post.caption,
            "durationSeconds": post.duration_s,
            "viewCount": post.views,
            "createdAt": post.created.isoformat().replace("+00:00", "Z"),
        }


__all__ = ["TwitchStage"]
