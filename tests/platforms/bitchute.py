"""BitChute: a channel's page and its list in bits of HTML."""

from __future__ import annotations

import urllib.parse
from html import escape

from bot.demo.platforms.answers import Answer, Call, as_json, html
from tests.platforms.model import Account, Post, Stage, digest

PAGE_SIZE = 25


class BitChuteStage(Stage):
    """old.bitchute.com."""

    name = "bitchute"
    speaks_json = False
    media = "seed122.bitchute.com"
    hosts = ("old.bitchute.com",)

    def url(self, account: Account) -> str:
        return f"https://www.bitchute.com/channel/{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return digest(f"{account.seed} {post.number}")[:12]

    def gone(self) -> Answer:
        return html("<html><title>404 - Not Found</title></html>", 404)

    def reply(self, call: Call) -> Answer:
        match [part for part in call.path.split("/") if part]:
            case ["channel", name]:
                account = self.named(name)
                return html(
                    f"<html><head><title>{escape(account.display_name)}</title>"
                    f'<meta name="description" content="{escape(account.bio)}"></head></html>'
                )
            case ["channel", name, "extend"]:
                account = self.named(name)
                offset = int(urllib.parse.parse_qs(call.body.decode())["offset"][0])
                posts = self.newest(account)[offset : offset + PAGE_SIZE]
                return as_json({"success": True, "html": "".join(self._item(account, post) for post in posts)})
        return self.gone()

    def _item(self, account: Account, post: Post) -> str:
        href = f"/video/{self.post_id(account, post)}/"
        return (
            '<div class="channel-videos-container"><div class="video-duration">'
            f"{post.duration_s // 60}:{post.duration_s % 60:02}</div>"
            f'<span class="video-views">{post.views}</span>'
            f'<div class="channel-videos-title"><a href="{href}">{escape(post.caption)}</a>'
            f'</div><div class="channel-videos-text">{escape(post.caption)}</div></div>'
        )


__all__ = ["BitChuteStage"]
