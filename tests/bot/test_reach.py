"""The history of a post's reach, from a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.pipeline.context import specimen_of
from bot.pipeline.reach import OTHERS, reach_history
from detectors.context import consider
from detectors.contract import Status
from detectors.specimen import ReachPoint
from storage import Account, AccountMetric, PollRecord, SeenPost, Store, WantedAccount
from tests.conftest import PERSON, make_config

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


@pytest.fixture
def account(store: Store) -> Account:
    store.sync_accounts([WantedAccount("https://www.tiktok.com/@some", "tiktok", PERSON, "some", 900)])
    return store.accounts()[0]


def poll(store: Store, account: Account, at: datetime, *posts: SeenPost, followers: int | None = None) -> None:
    store.record_poll(
        PollRecord(account.id, at, "ok"), posts=posts, next_check_at=at + DAY, succeeded=True,
        metric=AccountMetric(account.id, at, followers=followers),
    )  # fmt: skip


def seen(name: str, views: int | None, published: datetime | None, likes: int | None = None) -> SeenPost:
    return SeenPost(
        name, f"https://www.tiktok.com/@some/video/{name}", published_at=published, views=views, likes=likes
    )


def history_of(store: Store, account: Account, name: str) -> tuple[int, ...]:
    post = store.find_post(account.id, name)
    assert post is not None
    return reach_history(post, account, store=store).usual_views


def test_every_measurement_is_in_the_history(store: Store, account: Account) -> None:
    poll(store, account, NOW, seen("1", 100, NOW - DAY, 9), followers=10)
    poll(store, account, NOW + DAY, seen("1", None, NOW - DAY, 11))
    poll(store, account, NOW + 2 * DAY, seen("1", 900, NOW - DAY), followers=40)
    post = store.find_post(account.id, "1")
    assert post is not None
    history = reach_history(post, account, store=store)
    assert history.published_at == NOW - DAY
    assert history.post == (
        ReachPoint(NOW, 100, 9), ReachPoint(NOW + DAY, None, 11), ReachPoint(NOW + 2 * DAY, 900)
    )  # fmt: skip
    assert history.account == (ReachPoint(NOW, followers=10), ReachPoint(NOW + 2 * DAY, followers=40))
    assert history.usual_views == ()


def test_usual_are_the_latest_views_of_other_posts_that_had_a_day(store: Store, account: Account) -> None:
    old = [seen("1", 100, NOW - 9 * DAY), seen("2", 200, NOW - DAY), seen("3", 300, NOW - DAY + timedelta(seconds=1))]
    poll(store, account, NOW, *old, seen("4", None, NOW - 5 * DAY), seen("5", 5, None))
    assert history_of(store, account, "1") == (200,)
    poll(store, account, NOW + DAY, seen("1", 150, NOW - 9 * DAY), seen("5", 77, None))
    # the newest first; the one without a time was first seen a day ago by now
    assert history_of(store, account, "2") == (77, 150)
    assert history_of(store, account, "4") == (77, 200, 150)


def test_only_the_newest_others_count_and_other_accounts_never(store: Store, account: Account) -> None:
    wanted = WantedAccount("https://www.tiktok.com/@other", "tiktok", PERSON, "other", 900)
    store.sync_accounts([WantedAccount("https://www.tiktok.com/@some", "tiktok", PERSON, "some", 900), wanted])
    other = next(one for one in store.accounts() if one.handle == "other")
    poll(store, other, NOW, seen("1", 999, NOW - 9 * DAY))
    poll(store, account, NOW, *(seen(str(number), number, NOW - (50 - number) * DAY) for number in range(40)))
    usual = history_of(store, account, "39")
    assert usual == tuple(range(38, 38 - OTHERS, -1))


def test_the_finding_is_asked_with_the_context(store: Store, account: Account, tmp_path: Path) -> None:
    poll(store, account, NOW, seen("1", 50_000, NOW - DAY), followers=10)
    post = store.find_post(account.id, "1")
    assert post is not None
    specimen = specimen_of(post, account, store=store, config=make_config(tmp_path))
    found = {one.detector: one for one in consider(specimen)}
    assert found["spread"].status is Status.OK
    assert found["spread"].statement.startswith("50,000 views in 24 hours")
