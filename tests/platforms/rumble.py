"""Rumble: a channel's pages until one is missing, a video's page, the player's JSON."""

from __future__ import annotations

from html import escape

from bot.demo.platforms.answers import Answer, Call, as_json, html
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Stage, digest

PAGE_SIZE = 25


class RumbleStage(Stage):
    """rumble.com and its files."""

    name = "rumble"
    speaks_json = False
    media = "sp.rmbl.ws"
    hosts = ("rumble.com", media)
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://rumble.com/c/{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return "v" + digest(f"{account.seed} {post.number}")[:6]

    def gone(self) -> Answer:
        return html("<html><title>404 - Not found</title></html>", 404)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.LOGIN_WALL:
            return Answer(302, {"Location": "https://rumble.com/login.php?next=/c/x"})
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["c" | "user", name]:
                return self._channel(self.named(name), int(call.query.get("page", "1")))
            case ["login.php"]:
                return html("<html><title>Sign in</title><form method=post></form></html>")
            case ["embedJS", "u3"]:
                account, post = self.post(call.query.get("v", ""))
                file = {"url": self.clip_url(account, post), "meta": {"w": 640, "h": 360, "bitrate": 600, "size": 1000}}
                author = {"name": account.display_name, "url": f"https://rumble.com/c/{account.handle}"}
                about = {
                    "title": post.caption,
                    "duration": post.duration_s,
                    "pubDate": post.created.isoformat(),
                    "live": 0,
                }
                return as_json({**about, "author": author, "ua": {"mp4": {"360": file}}})
            case [page] if page.startswith("v"):
                number = page.partition("-")[0]
                self.post(number)
                return html(f'<html><script>Rumble("play", {{"video":"{number}","div":"x"}});</script></html>')
        return self.gone()

    def _channel(self, account: Account, page: int) -> Answer:
        posts = self.newest(account)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        if page > 1 and not posts:
            return self.gone()
        items = "".join(
            f'<div class="videostream thumbnail__grid--item"><a class="videostream__link link" draggable="false" '
            f'href="/{self.post_id(account, post)}-clip-{post.number}.html"></a><h3>{escape(post.caption)}</h3></div>'
            for post in posts
        )
        name = escape(account.display_name)
        return html(
            f'<!DOCTYPE html><html><body><div class="channel-header--title"><h1>{name}</h1></div>'
            f"<script>window.captcha_key='x'</script><section>{items}</section></body></html>"
        )


__all__ = ["RumbleStage"]
