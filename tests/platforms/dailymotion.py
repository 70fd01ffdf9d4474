"""Dailymotion: the token and the GraphQL list of a user's videos."""

from __future__ import annotations

import json
import re

from bot.demo.platforms.answers import Answer, Call, as_json
from tests.platforms.model import Account, Post, Stage, digest


class DailymotionStage(Stage):
    """graphql.api.dailymotion.com."""

    name = "dailymotion"
    media = "media.dailymotion.example"
    hosts = ("graphql.api.dailymotion.com",)

    def url(self, account: Account) -> str:
        return f"https://www.dailymotion.com/{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return "x" + digest(f"{account.seed} {post.number}")[:7]

    def gone(self) -> Answer:
        return as_json({"data": {"channel": None}, "errors": [{"message": "Channel not found"}]})

    def reply(self, call: Call) -> Answer:
        if call.path == "/oauth/token":
            return as_json({"access_token": "a-token", "expires_in": 36000, "token_type": "Bearer"})
        query = json.loads(call.body)["query"]
        name, page = re.search(r'channel\(xid: "([^"]+)"', query), re.search(r"first: (\d+), page: (\d+)", query)
        if name is None or page is None:
            return as_json({"error": "not rehearsed"}, 501)
        account = self.named(name[1])
        size, number = int(page[1]), int(page[2])
        posts = self.newest(account)[(number - 1) * size : number * size]
        ids = [self.post_id(account, post) for post in posts]
        edges = [{"node": {"xid": xid, "url": f"https://www.dailymotion.com/video/{xid}"}} for xid in ids]
        return as_json({"data": {"channel": {"videos": {"edges": edges}}}})


__all__ = ["DailymotionStage"]
