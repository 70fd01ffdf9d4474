"""What every stand-in platform of the tests has: accounts with posts, a script for their behaviour, a media host.

The shapes that its subclasses answer with are what the real extractors and listers read; they prove our plumbing, and
not what the live sites answer today.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from bot.demo.platforms.answers import Answer, Call, as_json
from bot.demo.platforms.states import FAILURES, State


@dataclass(frozen=True, slots=True)
class Post:
    """One post; `number` makes its id.

    Attributes:
        short: belongs to the platform's list of short clips, where it has two lists.
        pinned: stands before newer posts, where a platform has that.
    """

    number: int
    created: datetime
    caption: str = ""
    views: int = 0
    likes: int = 0
    duration_s: int = 10
    clip: Path | None = None
    short: bool = False
    pinned: bool = False
    media_state: State = State.NORMAL


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `uid` is what stays when the handle is changed, made of the first handle where it is empty.

    `avatar` is a picture file, for the platforms whose stand-in has a host for pictures.
    """

    handle: str
    display_name: str = "Somebody"
    bio: str = "words of an account"
    followers: int = 1234
    posts: tuple[Post, ...] = ()
    uid: str = ""
    state: State = State.NORMAL
    retry_after_s: int | None = None
    avatar: Path | None = None

    @property
    def seed(self) -> str:
        """What ids are made of."""
        return self.uid or self.handle

    @property
    def number(self) -> int:
        """A numeric id."""
        return int(digest(self.seed)[:7], 16) + 1000


def digest(text: str) -> str:
    """64 hex digits of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


ANOTHER_SHAPE = as_json({"status": "ok", "another": {"shape": []}})
"""What an interface answers that was changed since its readers were written."""


class Refused(Exception):
    """The platform answers with something else than what was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


class Stage:
    """Base of the platforms; a subclass answers, and says how it looks when an account is gone or wants a login.

    Attributes:
        name: the source's name.
        states: how the accounts of this platform can behave beside those that are alike everywhere.
        two_lists: its short posts stand in a list of their own.
    """

    name: ClassVar[str]
    states: ClassVar[tuple[State, ...]] = (State.GONE, State.EMPTY)
    two_lists: ClassVar[bool] = False
    media: ClassVar[str]
    """The media host."""
    hosts: tuple[str, ...] = ()
    speaks_json: ClassVar[bool] = True
    """Whether its lists are JSON, so that a change of its shape is another JSON."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}
        for account in accounts:
            self.put(account)

    def url(self, account: Account) -> str:
        """The address that a user writes."""
        raise NotImplementedError

    def post_id(self, account: Account, post: Post) -> str:
        """The platform's id of a post."""
        raise NotImplementedError

    def stable_id(self, account: Account) -> str | None:
        """The platform's own id of an account as the source tells it, None where it tells none."""
        raise NotImplementedError

    def reply(self, call: Call) -> Answer:
        """Answer one request; may raise Refused."""
        raise NotImplementedError

    def gone(self) -> Answer:
        """What comes for an account that is not there."""
        return as_json({"error": "not found"}, 404)

    def put(self, account: Account) -> None:
        """Add an account, or replace the one of this handle."""
        with self._lock:
            self._accounts[account.handle.lower()] = account

    def remove(self, handle: str) -> None:
        """Take an account away, as if it had never been."""
        with self._lock:
            self._accounts.pop(handle.lower(), None)

    def rename(self, old: str, new: str) -> None:
        """Give an account another handle; its ids stay."""
        with self._lock:
            account = self._accounts.pop(old.lower())
            self._accounts[new.lower()] = replace(account, handle=new, uid=account.seed)

    def answer(self, call: Call) -> Answer:
        """Answer one request; called from many threads."""
        try:
            return self._media(call) if call.host == self.media else self.reply(call)
        except Refused as refused:
            if call.method == "POST" and refused.answer.body == FAILURES[State.NO_DATA](None).body:
                # what is asked in this way is answered in JSON, whatever its shape
                return ANOTHER_SHAPE
            return refused.answer

    def accounts(self) -> list[Account]:
        """All accounts that can be found; those that are gone cannot."""
        with self._lock:
            return [account for account in self._accounts.values() if account.state is not State.GONE]

    def named(self, handle: str) -> Account:
        """The account of a handle; raises Refused with how the platform says no."""
        with self._lock:
            found = self._accounts.get(handle.lower())
        return self._shown(found)

    def by_id(self, stable_id: str) -> Account:
        """The account of a stable id; raises Refused with how the platform says no."""
        with self._lock:
            found = next((one for one in self._accounts.values() if self.stable_id(one) == stable_id), None)
        return self._shown(found)

    def post(self, post_id: str) -> tuple[Account, Post]:
        """The post of an id with its account; raises Refused."""
        for account in self.accounts():
            for post in account.posts:
                if self.post_id(account, post) == post_id:
                    return self._shown(account), post
        raise Refused(self.gone())

    def newest(self, account: Account, *, short: bool | None = None) -> list[Post]:
        """Posts as a list shows them: pinned ones, then newest first."""
        chosen = [post for post in account.posts if short is None or post.short is short]
        if account.state is State.EMPTY:
            return []
        return sorted(chosen, key=lambda post: (not post.pinned, -post.created.timestamp()))

    def clip_url(self, account: Account, post: Post) -> str:
        """Where the media host has a post's clip."""
        return f"https://{self.media}/clips/{self.post_id(account, post)}.mp4"

    def refusal(self, account: Account) -> Answer | None:
        """How the account's state looks here, None where it behaves."""
        if account.state is State.GONE:
            return self.gone()
        if account.state is State.NO_DATA and self.speaks_json:
            return ANOTHER_SHAPE
        if account.state in FAILURES:
            return FAILURES[account.state](account.retry_after_s)
        return None

    def _shown(self, account: Account | None) -> Account:
        refusal = self.gone() if account is None else self.refusal(account)
        if refusal is not None:
            raise Refused(refusal)
        assert account is not None
        return account

    def _media(self, call: Call) -> Answer:
        name = call.path.rpartition("/")[2].partition(".")[0]
        _, post = self.post(name)
        if post.media_state in FAILURES:
            return FAILURES[post.media_state](None)
        if post.clip is None:
            return Answer(404)
        return Answer(200, {"Content-Type": "video/mp4"}, file=post.clip)


__all__ = ["Account", "Post", "Refused", "Stage", "digest"]
