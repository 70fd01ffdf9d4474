"""Fetching: each way to fail leads to one state, with a time to try again or none, and leaves no half file."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.backoff import LONGEST_WAIT
from bot.pipeline.cycle import Watch
from bot.pipeline.fetch import FIRST_RETRY, MAX_ATTEMPTS, fetch, retry_at, temporary_folder
from bot.pipeline.poll import poll
from bot.sources.contract import Fetched, Outcome
from storage import Account, Post, PostState, StoreFull
from tests.bot.conftest import NOW, make_posts, put


@pytest.fixture
def post(watch: Watch, tiktok: TikTokAccount, account: Account) -> Post:
    """The newest post, seen and not fetched."""
    _, new = poll(account, store=watch.store, sources=watch.sources, config=watch.config, now=NOW)
    return new[-1]


def fetched(watch: Watch, post: Post, *, now: datetime = NOW) -> Outcome:
    outcome = fetch(watch.store.post(post.id), store=watch.store, sources=watch.sources, config=watch.config, now=now)
    assert list(temporary_folder(watch.store).iterdir()) == [], "no half file is left"
    return outcome


def test_the_wait_doubles_and_the_tries_are_counted() -> None:
    waits = [retry_at(NOW, attempts) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert waits == [*(NOW + FIRST_RETRY * 2**n for n in range(MAX_ATTEMPTS - 1)), None]
    assert retry_at(NOW, 1, 7200) == NOW + timedelta(hours=2)
    assert retry_at(NOW, 1, 10) == NOW + FIRST_RETRY
    assert retry_at(NOW, 1, 1e300) == NOW + LONGEST_WAIT


def test_a_clip_is_kept_by_its_hash_before_the_row_says_so(watch: Watch, post: Post, face_clip: Path) -> None:
    assert fetched(watch, post) is Outcome.OK
    after = watch.store.post(post.id)
    assert after.state is PostState.FETCHED
    assert after.media_sha256 is not None
    kept = watch.store.evidence.path(after.media_sha256)
    assert kept is not None
    assert kept.read_bytes() == face_clip.read_bytes()
    assert after.metadata_sha256 is not None
    told = watch.store.evidence.path(after.metadata_sha256)
    assert told is not None
    assert json.loads(told.read_bytes())["id"] == after.platform_id


def test_the_same_clip_of_three_posts_is_kept_once(watch: Watch, post: Post) -> None:
    for one in watch.store.posts():
        assert fetched(watch, one) is Outcome.OK
    assert len({one.media_sha256 for one in watch.store.posts()}) == 1
    assert len(list(watch.store.evidence.folder.glob("??/*.mp4"))) == 1


@pytest.mark.parametrize(
    ("changes", "outcome", "state"),
    [
        ({"clip": None}, Outcome.GONE, PostState.GONE),
        ({"media_state": State.HUGE}, Outcome.TOO_LARGE, PostState.SKIPPED),
        ({"state": State.PRIVATE}, Outcome.PRIVATE, PostState.FAILED),
        ({"state": State.RATE_LIMITED}, Outcome.RATE_LIMITED, PostState.FAILED),
        ({"state": State.RESET}, Outcome.NETWORK, PostState.FAILED),
        ({"media_state": State.CHALLENGE}, Outcome.CHALLENGED, PostState.FAILED),
    ],
)
def test_each_failure_leads_to_its_state(
    watch: Watch,
    post: Post,
    tiktok: TikTokAccount,
    platform: StandIn,
    changes: dict[str, Any],
    outcome: Outcome,
    state: PostState,
) -> None:
    posts = make_posts(1, changes.pop("clip", tiktok.posts[0].clip), **changes)
    put(platform, tiktok, posts=posts)
    assert fetched(watch, post) is outcome
    after = watch.store.post(post.id)
    assert after.state is state
    assert after.problem.startswith(f"{outcome}: ")
    assert after.attempts == 1
    assert after.next_try_at == (NOW + FIRST_RETRY if state is PostState.FAILED else None)
    assert after.media_sha256 is None


def test_a_pause_that_the_platform_asks_for_is_kept(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    put(platform, tiktok, state=State.RATE_LIMITED, retry_after_s=9000)
    assert fetched(watch, post) is Outcome.RATE_LIMITED
    assert watch.store.post(post.id).next_try_at == NOW + timedelta(seconds=9000)


def test_after_the_last_try_a_post_stays_failed(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    put(platform, tiktok, state=State.RESET)
    now = NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        due = [one.id for one in watch.store.work(PostState.SEEN, now)]
        assert post.id in due
        fetched(watch, post, now=now)
        after = watch.store.post(post.id)
        assert after.attempts == attempt
        now = after.next_try_at or now + timedelta(days=365)
    assert after.next_try_at is None
    assert post.id not in [one.id for one in watch.store.work(PostState.SEEN, now)]
    assert after.state is PostState.FAILED
    assert "network" in after.problem


def test_a_post_that_comes_after_all_is_fetched(
    watch: Watch, post: Post, tiktok: TikTokAccount, platform: StandIn
) -> None:
    put(platform, tiktok, state=State.RESET)
    fetched(watch, post)
    put(platform, tiktok)
    assert fetched(watch, post, now=NOW + FIRST_RETRY) is Outcome.OK
    after = watch.store.post(post.id)
    assert (after.state, after.problem, after.next_try_at) == (PostState.FETCHED, "", None)


def test_an_address_that_no_source_takes_is_skipped(watch: Watch, post: Post) -> None:
    """Platforms list posts of kinds that nobody can download; one of them must not end the cycle."""
    watch.store.write("UPDATE posts SET url = 'https://www.tiktok.com/@name/photo/7'")
    assert fetched(watch, post) is Outcome.UNSUPPORTED
    after = watch.store.post(post.id)
    assert after.state is PostState.SKIPPED
    assert "no source" in after.problem


def test_a_file_that_the_worker_only_claims_is_a_failure_of_that_post(
    watch: Watch, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claims(request: Any) -> Fetched:
        (request.into / "clip.mp4").symlink_to("/etc/passwd")
        return Fetched(Outcome.OK, path=request.into / "clip.mp4")

    monkeypatch.setattr(watch.sources, "fetch", claims)
    assert fetched(watch, post) is Outcome.UNKNOWN
    after = watch.store.post(post.id)
    assert after.state is PostState.FAILED
    assert "it is a link" in after.problem


def test_a_full_disk_is_nobodys_post_and_ends_the_work(
    watch: Watch, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull("no space is left")

    monkeypatch.setattr(watch.store.evidence, "keep_file", full)
    with pytest.raises(StoreFull):
        fetched(watch, post)
    assert list(temporary_folder(watch.store).iterdir()) == []
    assert watch.store.post(post.id).state is PostState.SEEN, "it is fetched when there is space again"
