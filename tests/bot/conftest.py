"""The watch as the daemon holds it: a real store, real worker processes (shared: slow to start), a loopback TikTok."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.demo.platforms import StandIn, TikTokAccount, TikTokPost, post_id
from bot.pipeline.cycle import Watch, wanted_accounts
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from storage import Account, Store
from tests.conftest import PERSON, make_config

NOW = datetime.now(UTC).replace(microsecond=0)
HANDLE = "deepaureliovantor"
URL = f"https://www.tiktok.com/@{HANDLE}"
HOUR = timedelta(hours=1)

Watching = Callable[..., Watch]


def make_posts(count: int, clip: Path | None, *, first: int = 0, **more: Any) -> tuple[TikTokPost, ...]:
    """`count` posts, newest first, an hour apart; number 0 is a day old, and negative ones are younger."""
    made = []
    for number in range(first, first + count):
        created = NOW - HOUR * (number + 24)
        made.append(
            TikTokPost(
                post_id(created, number + 100), created, clip, caption=f"clip {number}", views=1000 + number, **more
            )
        )
    return tuple(made)


def post_url(post: TikTokPost) -> str:
    return f"{URL}/video/{post.id}"


@pytest.fixture(scope="session")
def sources(platform: StandIn) -> Iterator[SourceWorker]:
    """One process that asks the loopback platform."""
    with SourceWorker(SourceSettings(platform.dialer()), memory_bytes=3_000_000_000) as made:
        yield made


@pytest.fixture(scope="session")
def executor() -> Iterator[LimitedExecutor]:
    """One process that examines clips."""
    with LimitedExecutor(1, memory_bytes=3_000_000_000, timeout_s=60) as made:
        yield made


@pytest.fixture
def tiktok(platform: StandIn, face_clip: Path) -> Iterator[TikTokAccount]:
    """The account @deepaureliovantor with three posts; :func:`put` changes it."""
    account = TikTokAccount(
        HANDLE, PERSON, "Golf and tricks.", followers=379_500, posts=make_posts(3, face_clip), uid="6800000000000000001"
    )
    platform.tiktok.put(account)
    platform.clear()
    yield account
    for handle in (HANDLE, "deep.renamed"):
        platform.tiktok.remove(handle)


def put(platform: StandIn, account: TikTokAccount, **changes: Any) -> TikTokAccount:
    """The account as it is from now on."""
    changed = replace(account, **changes)
    platform.tiktok.put(changed)
    return changed


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Watches that account; the time of its digest is far from the time at which the tests run."""
    digest = {"time": f"{NOW + 12 * HOUR:%H:%M}"}
    return make_config(tmp_path, accounts=[{"url": URL, "person": PERSON}], digest=digest)


@pytest.fixture
def watch(config: Config, sources: SourceWorker, executor: LimitedExecutor) -> Iterator[Watch]:
    """The watch over that account, with the workers of the session."""
    with Store.open(config.store) as store:
        store.sync_accounts(wanted_accounts(config))
        yield Watch(config, store, sources, executor)


@pytest.fixture
def account(watch: Watch) -> Account:
    """The watched account, never polled."""
    return watch.store.accounts()[0]
