"""The world of the soak drill: accounts on three stand-in platforms that publish, and what befalls them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from bot.demo.platforms import State
from drills.week import moments
from tests.platforms.feeds import FeedStage
from tests.platforms.mastodon import MastodonStage
from tests.platforms.model import Account, Post, Stage
from tests.platforms.tiktok import TikTokStage

SEED = 7
OLD = 4
"""Posts that each account has before the watch begins."""

GAPS_H = (36, 96, 168, 168, 336, 1000, 1000)
"""Mean hours between two posts of an account, one after the other; every new post is fetched and examined."""

MANY = 1000
"""Posts of one account that get numbers of their own."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that befalls accounts for a time.

    Attributes:
        name: in words.
        state: how they answer.
        begins, ends: simulated time.
        hit: numbers of the accounts.
    """

    name: str
    state: State
    begins: datetime
    ends: datetime
    hit: frozenset[int]


class World:
    """Platforms, accounts and what they publish.

    Args:
        accounts: how many; every tenth is on TikTok, through yt-dlp, the others on feeds and Mastodon.
        start: when the watch begins.
        length: for how long they publish.
        folder: where clips are made.
    """

    def __init__(self, accounts: int, start: datetime, length: timedelta, folder: Path) -> None:
        chance = random.Random(SEED)
        self.stages: tuple[Stage, ...] = (TikTokStage(), FeedStage(), MastodonStage())
        self.published: dict[tuple[int, str], datetime] = {}
        self.faults: list[Fault] = []
        self._folder = folder
        self._accounts: list[Account] = []
        self._states: dict[int, State] = {}
        self._coming: list[tuple[datetime, int]] = []
        for number in range(accounts):
            gap = timedelta(hours=GAPS_H[number % len(GAPS_H)])
            posts = tuple(
                Post(MANY * number + one, start - gap * (OLD - one), caption="an old clip") for one in range(OLD)
            )
            self._accounts.append(Account(f"watched{number}", posts=posts, retry_after_s=1800))
            self._coming += [(at, number) for at in moments(chance, gap, start, start + length)]
        self._coming.sort(reverse=True)
        for number in range(accounts):
            self._put(number)

    def stage(self, number: int) -> Stage:
        """The platform of an account."""
        return self.stages[0 if number % 10 == 0 else 1 + number % 2]

    @property
    def urls(self) -> list[str]:
        """The addresses of all accounts, in the order of their numbers."""
        return [self.stage(number).url(account) for number, account in enumerate(self._accounts)]

    def plan(self, faults: Sequence[Fault]) -> None:
        """What will happen."""
        self.faults = list(faults)

    def of_platform(self, name: str) -> frozenset[int]:
        """The accounts of a platform."""
        return frozenset(number for number in range(len(self._accounts)) if self.stage(number).name == name)

    def move(self, now: datetime) -> None:
        """Let happen what is due by now."""
        states: dict[int, State] = {}
        for fault in self.faults:
            if fault.begins <= now < fault.ends:
                states |= dict.fromkeys(fault.hit, fault.state)
        changed = {number for number in self._states | states if self._states.get(number) != states.get(number)}
        self._states = states
        while self._coming and self._coming[-1][0] <= now:
            at, number = self._coming.pop()
            account = self._accounts[number]
            post = Post(
                MANY * number + len(account.posts),
                at,
                caption=f"clip {len(self.published)}",
                views=100,
                clip=_clip(self._folder, len(self.published)),
            )
            self._accounts[number] = replace(account, posts=(*account.posts, post))
            self.published[number, self.stage(number).post_id(account, post)] = at
            changed.add(number)
        for number in changed:
            self._put(number)

    def _put(self, number: int) -> None:
        state = self._states.get(number, State.NORMAL)
        self.stage(number).put(replace(self._accounts[number], state=state))


def _clip(folder: Path, number: int) -> Path:
    """A second of noise that no other clip has."""
    path = folder / f"clip{number}.mp4"
    chance = np.random.default_rng(number)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=8)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width, stream.pix_fmt = 96, 96, "yuv420p"
        for _ in range(8):
            picture = chance.integers(0, 255, (96, 96, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


__all__ = ["Fault", "World"]
