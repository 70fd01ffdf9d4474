"""VK: a page that names the owner of its videos, and their list in JSON."""

from __future__ import annotations

import json
import urllib.parse

from bot.demo.platforms.answers import Answer, Call, as_json, html
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Stage

PAGE_SIZE = 100


class VKStage(Stage):
    """vkvideo.ru, and vk.com for the lists."""

    name = "vk"
    speaks_json = False
    media = "vkvd.okcdn.ru"
    hosts = ("vkvideo.ru", "vk.com")
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://vkvideo.ru/@{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return f"-{account.number}_{456_000_000 + post.number}"

    def gone(self) -> Answer:
        return html("<html><title>404 Not Found</title></html>", 404)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.LOGIN_WALL:
            return Answer(302, {"Location": "https://vk.com/login?to=dmlkZW8"})
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["login"]:
                return html("<html><title>Log in | VK</title><form method=post></form></html>")
            case ["al_video.php"]:
                asked = {key: values[0] for key, values in urllib.parse.parse_qs(call.body.decode()).items()}
                owner = next((one for one in self.accounts() if f"-{one.number}" == asked.get("oid")), None)
                return self._list(self._shown(owner), asked)
            case [name] if name.startswith("@"):
                account = self.named(name[1:])
                cursor = json.dumps({"oid": -account.number, "currentBlock": 0})
                return html(
                    f"<html><head><title>VK</title></head><body><script>var newCur = {cursor};</script></body></html>"
                )
        return self.gone()

    def _list(self, account: Account, asked: dict[str, str]) -> Answer:
        posts = self.newest(account)
        shown = posts[int(asked["offset"]) :][:PAGE_SIZE]
        rows = [[-account.number, 456_000_000 + post.number, "", post.caption] for post in shown]
        section = {asked["section"]: {"count": len(shown), "total": len(posts), "list": rows}}
        return as_json({"payload": [0, [section]]})


__all__ = ["VKStage"]
