"""A loopback TikTok and its accounts, for tests that go through the real yt-dlp extractors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, TikTok, TikTokAccount, TikTokPost, post_id

NOW = datetime.now(UTC).replace(microsecond=0)
HANDLE = "deep.someone"
URL = f"https://www.tiktok.com/@{HANDLE}"


def make_posts(count: int, clip: Path | None = None, *, handle: str = HANDLE) -> tuple[TikTokPost, ...]:
    """`count` posts, newest first, a day apart, the first a day old."""
    made = []
    for number in range(count):
        created = NOW - timedelta(days=number + 1)
        made.append(
            TikTokPost(
                id=post_id(created, number + sum(map(ord, handle))),
                created=created,
                clip=clip,
                caption=f"clip {number}",
                views=1000 + number,
                likes=10,
                comments=2,
                shares=1,
            )
        )
    return tuple(made)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a megabyte that stands for a video; downloads do not look inside."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 2000)
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[StandIn]:
    with StandIn(TikTok()) as made:
        yield made


@pytest.fixture
def account(server: StandIn, clip: Path) -> TikTokAccount:
    """An account of 40 posts, put into the stand-in, whose log is empty."""
    account = TikTokAccount(
        HANDLE, "Someone", "Just golf", followers=379_500, verified=False, posts=make_posts(40, clip)
    )
    for handle in (HANDLE, "deep.renamed"):
        server.tiktok.remove(handle)
    server.tiktok.put(account)
    server.clear()
    return account


def with_post(account: TikTokAccount, **changes: object) -> TikTokAccount:
    """The account with its newest post changed."""
    return replace(account, posts=(replace(account.posts[0], **changes), *account.posts[1:]))  # type: ignore[arg-type]
