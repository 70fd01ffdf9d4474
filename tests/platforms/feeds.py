"""A host of feeds: the same posts as RSS, Atom or JSON Feed."""

from __future__ import annotations

import json
from email.utils import format_datetime
from html import escape

from bot.demo.platforms.answers import Answer, Call, html
from tests.platforms.model import Account, Post, Stage, digest

HOST = "feeds.example"


class FeedStage(Stage):
    """One host of feeds and one of files."""

    name = "feed"
    speaks_json = False
    media = "files.feeds.example"
    hosts = (HOST, media)

    def __init__(self, form: str = "rss") -> None:
        self.form = form
        super().__init__()

    def url(self, account: Account) -> str:
        return f"feed:https://{HOST}/{account.handle}"

    def stable_id(self, account: Account) -> None:
        return None

    def post_id(self, account: Account, post: Post) -> str:
        return digest(f"urn:{account.seed}:{post.number}")[:32]

    def gone(self) -> Answer:
        return html("<html><title>404</title></html>", 404)

    def reply(self, call: Call) -> Answer:
        account = self.named(call.path.strip("/"))
        make = {"rss": self._rss, "atom": self._atom, "json": self._json}[self.form]
        kind = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}[
            self.form
        ]
        return Answer(200, {"Content-Type": kind}, make(account, self.newest(account)).encode())

    def _rss(self, account: Account, posts: list[Post]) -> str:
        items = "".join(
            f"<item><guid>urn:{account.seed}:{post.number}</guid><title>{escape(post.caption)}</title>"
            f"<link>https://elsewhere.example/p/{post.number}</link><pubDate>{format_datetime(post.created)}</pubDate>"
            f'<enclosure url="{self.clip_url(account, post)}" type="video/mp4" length="1"/></item>'
            for post in posts
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(account.display_name)}</title>'
            f"<link>https://elsewhere.example/</link><description>{escape(account.bio)}</description>{items}</channel></rss>"
        )

    def _atom(self, account: Account, posts: list[Post]) -> str:
        items = "".join(
            f"<entry><id>urn:{account.seed}:{post.number}</id><title>{escape(post.caption)}</title>"
            f"<published>{post.created.isoformat()}</published>"
            f'<link rel="enclosure" type="video/mp4" href="{self.clip_url(account, post)}"/></entry>'
            for post in posts
        )
        return (
            f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(account.display_name)}</title>'
            f"<subtitle>{escape(account.bio)}</subtitle>{items}</feed>"
        )

    def _json(self, account: Account, posts: list[Post]) -> str:
        items = [
            {
                "id": f"urn:{account.seed}:{post.number}",
                "content_text": post.caption,
                "date_published": post.created.isoformat(),
                "attachments": [{"url": self.clip_url(account, post), "mime_type": "video/mp4"}],
            }
            for post in posts
        ]
        feed = {"title": account.display_name, "description": account.bio, "items": items}
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", **feed})


__all__ = ["HOST", "FeedStage"]
