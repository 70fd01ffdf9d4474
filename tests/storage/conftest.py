"""A real store in a fresh folder, an account in it, and short ways to say what a poll showed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import Account, Media, PollRecord, Post, SeenPost, Store, StoredVerdict, WantedAccount

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URL = "https://www.tiktok.com/@deep.someone"


def wanted(url: str = URL, *, person: str | None = "Someone", interval_s: int = 2700) -> WantedAccount:
    """An account as the configuration names it."""
    return WantedAccount(url, "tiktok", person, url.rpartition("@")[2], interval_s)


def seen(number: int, **more: Any) -> SeenPost:
    """Post `number`; the higher, the newer."""
    values: dict[str, Any] = {
        "platform_id": f"7{number:05d}",
        "url": f"{URL}/video/7{number:05d}",
        "caption": f"clip {number}",
        "published_at": NOW - DAY * 100 + HOUR * number,
    }
    return SeenPost(**(values | more))


def poll(
    store: Store,
    account: Account,
    posts: Sequence[SeenPost] = (),
    *,
    at: datetime = NOW,
    outcome: str = "ok",
    succeeded: bool = True,
    **more: Any,
) -> list[Post]:
    """Record one poll."""
    return store.record_poll(
        PollRecord(account.id, at, outcome), posts=posts, next_check_at=at + HOUR, succeeded=succeeded, **more
    )


def fetched(store: Store, post: Post, data: bytes = b"video", *, at: datetime = NOW) -> Media:
    """Keep some bytes as the post's media."""
    media = store.evidence.keep_bytes(data, ".mp4")
    store.record_fetch(post.id, media, at=at)
    return media


def judged(store: Store, post: Post, priority: str = "none", *, at: datetime = NOW, data: bytes | None = None) -> Media:
    """Bring a post through all steps."""
    media = fetched(store, post, f"video of {post.id}".encode() if data is None else data, at=at)
    store.record_examination(post.id, [], at=at)
    store.record_verdict(StoredVerdict(post.id, "unrelated", priority, "no_resemblance", "Nothing alike."), at=at)
    return media


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


@pytest.fixture
def account(store: Store) -> Account:
    store.sync_accounts([wanted()])
    return store.accounts()[0]
