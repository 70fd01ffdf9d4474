"""The platform of the drills: accounts of the demo's story with clips that are made here, small enough to be quick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from bot.demo.platforms import State, TikTok, TikTokAccount, TikTokPost, post_id
from bot.demo.story import CAST, Role, published

FRAMES = 24
SIZE = (96, 128)  # height, width

ROLES: tuple[Role, ...] = tuple(role for role in CAST if role.clips)


def accounts(folder: Path, now: datetime) -> list[TikTokAccount]:
    """The accounts with their posts; every clip is a file of its own but the last two, which share theirs."""
    made = []
    number = 0
    last = sum(len(role.clips) for role in ROLES) - 1
    for role in ROLES:
        posts = []
        for clip in role.clips:
            created = published(clip, now)
            posts.append(
                TikTokPost(
                    id=post_id(created, number),
                    created=created,
                    clip=make_clip(folder / f"clip{min(number, last - 1)}.mp4", min(number, last - 1)),
                    caption=clip.caption,
                    views=clip.views,
                    ai_label=1 if clip.ai_label else None,
                )
            )
            number += 1
        made.append(
            TikTokAccount(
                role.handle, role.display_name, role.bio, role.followers, verified=role.verified, posts=tuple(posts)
            )
        )
    return made


def make_clip(path: Path, number: int) -> Path:
    """One second of a square that moves over noise; the same number gives the same pictures."""
    if path.exists():
        return path
    chance = np.random.default_rng(number)
    height, width = SIZE
    ground = chance.integers(60, 120, (height, width, 3), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FRAMES)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        for index in range(FRAMES):
            picture = ground.copy()
            picture[30:60, 10 + 3 * index : 40 + 3 * index] = 200
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def set_downloads(platform: TikTok, made: Iterable[TikTokAccount], *, endless: bool) -> None:
    """Let all downloads go on for ever, so that one can be caught in its middle, or let them be normal again."""
    state = State.ENDLESS if endless else State.NORMAL
    for account in made:
        platform.put(replace(account, posts=tuple(replace(post, media_state=state) for post in account.posts)))
