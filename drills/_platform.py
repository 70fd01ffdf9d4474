"""The platform of the drills: accounts of the demo's story with clips that are made here, small enough to be quick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from bot.demo.platforms import State, TikTok, TikTokAccount, TikTokPost, post_id
from bot.demo.story import CAST, Role, published

FRAMES = 12
RATE = 12
SIZE = (160, 192)  # height, width
FACE = 120  # height of the drawn head in pixels: as large as the detectors ask for

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
    """One second of a drawn face that moves over noise; the same number gives the same pictures.

    The face detector finds it, so that the clip has all kinds of findings, and pictures among the evidence.
    """
    if path.exists():
        return path
    chance = np.random.default_rng(number)
    height, width = SIZE
    ground = chance.integers(60, 120, (height, width, 3), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        for index in range(FRAMES):
            picture = _with_face(ground, (width // 2 - FRAMES // 2 + index, height // 2), shade=200 + 5 * number)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def _with_face(ground: NDArray[np.uint8], centre: tuple[int, int], shade: int) -> NDArray[np.uint8]:
    """A head with hair, eyes, brows, nose and mouth, drawn over the ground."""
    picture = ground.copy()
    x, y = centre

    def oval(right: float, down: float, wide: float, high: float, colour: tuple[int, int, int]) -> None:
        place = (x + round(right * FACE), y + round(down * FACE))
        cv2.ellipse(picture, place, (round(wide * FACE), round(high * FACE)), 0, 0, 360, colour, -1)

    oval(0, -0.14, 0.40, 0.42, (60, 40, 30))
    oval(0, 0.04, 0.34, 0.44, (shade, shade - 45, shade - 75))
    for side in (-1, 1):
        oval(0.15 * side, -0.14, 0.09, 0.02, (60, 40, 30))
        oval(0.15 * side, -0.06, 0.075, 0.035, (245, 245, 245))
        oval(0.15 * side, -0.06, 0.033, 0.033, (50, 35, 30))
    oval(0, 0.09, 0.05, 0.025, (shade - 45, shade - 90, shade - 110))
    oval(0, 0.24, 0.12, 0.045, (170, 70, 70))
    oval(0, 0.24, 0.11, 0.008, (110, 40, 40))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), np.uint8)


def set_downloads(platform: TikTok, made: Iterable[TikTokAccount], *, endless: bool) -> None:
    """Let all downloads go on for ever, so that one can be caught in its middle, or let them be normal again."""
    state = State.ENDLESS if endless else State.NORMAL
    for account in made:
        platform.put(replace(account, posts=tuple(replace(post, media_state=state) for post in account.posts)))
