"""TikTok in the terms of the other stand-ins; the platform itself is the demo's."""

from __future__ import annotations

from bot.demo.platforms.answers import Answer, Call
from bot.demo.platforms.states import State
from bot.demo.platforms.tiktok import MEDIA, TikTok, TikTokAccount, TikTokPost, post_id
from tests.platforms.model import Account, Post, Stage


class TikTokStage(Stage):
    """www.tiktok.com and its media host."""

    name = "tiktok"
    media = MEDIA
    states = (State.GONE, State.EMPTY, State.PRIVATE)

    def __init__(self) -> None:
        self._inner = TikTok()
        self.hosts = self._inner.hosts
        super().__init__()

    def url(self, account: Account) -> str:
        return f"https://www.tiktok.com/@{account.handle}"

    def stable_id(self, account: Account) -> str:
        return self._account(account).stable_id

    def post_id(self, account: Account, post: Post) -> str:
        return post_id(post.created, int.from_bytes(account.seed.encode()[:3]) + post.number)

    def put(self, account: Account) -> None:
        super().put(account)
        self._inner.put(self._account(account))

    def remove(self, handle: str) -> None:
        super().remove(handle)
        self._inner.remove(handle)

    def rename(self, old: str, new: str) -> None:
        super().rename(old, new)
        self._inner.remove(old)
        self._inner.put(self._account(self.named(new)))

    def answer(self, call: Call) -> Answer:
        return self._inner.answer(call)

    def _account(self, account: Account) -> TikTokAccount:
        posts = tuple(
            TikTokPost(
                self.post_id(account, post),
                post.created,
                clip=post.clip,
                caption=post.caption,
                views=post.views,
                likes=post.likes,
                duration_s=post.duration_s,
                pinned=post.pinned,
                media_state=post.media_state,
            )
            for post in account.posts
        )
        return TikTokAccount(
            account.handle,
            account.display_name,
            account.bio,
            account.followers,
            posts=posts,
            uid=str(6_000_000_000_000_000_000 + account.number),
            state=account.state,
            retry_after_s=account.retry_after_s,
            avatar=account.avatar,
        )


__all__ = ["TikTokStage"]
