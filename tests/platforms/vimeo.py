"""Vimeo: a user's videos, page by page."""

from __future__ import annotations

from html import escape

from bot.demo.platforms.answers import Answer, Call, html
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Stage, digest

PAGE_SIZE = 12


class VimeoStage(Stage):
    """vimeo.com."""

    name = "vimeo"
    speaks_json = False
    media = "player.vimeocdn.com"
    hosts = ("vimeo.com",)
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://vimeo.com/{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return str(int(digest(f"{account.seed} {post.number}")[:7], 16) + 1_000_000)

    def gone(self) -> Answer:
        return html("<html><title>VimeUhOh</title><p>Sorry, we couldn\u2019t find that page</p></html>", 404)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.LOGIN_WALL:
            return Answer(302, {"Location": "https://vimeo.com/log_in?modal=login"})
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["log_in"]:
                return html("<html><title>Log in to Vimeo</title><form method=post></form></html>")
            case [name, "videos"]:
                return self._page(self.named(name), 1)
            case [name, "videos", page] if page.startswith("page:"):
                return self._page(self.named(name), int(page.removeprefix("page:")))
        return self.gone()

    def _page(self, account: Account, page: int) -> Answer:
        posts = self.newest(account)
        shown = posts[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        items = "".join(
            f'<li id="clip_{number}"> <a href="/{number}" title="{escape(caption)}">{escape(caption)}</a></li>'
            for number, caption in ((self.post_id(account, post), post.caption) for post in shown)
        )
        more = f'<a href="/{account.handle}/videos/page:{page + 1}/" rel="next">Next</a>'
        return html(
            f'<!DOCTYPE html><html><body><a href="/{account.handle}" class="user">{escape(account.display_name)}</a>'
            f"<ol>{items}</ol>{more if page * PAGE_SIZE < len(posts) else ''}</body></html>"
        )


__all__ = ["VimeoStage"]
