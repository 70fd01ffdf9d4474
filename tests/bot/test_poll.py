"""Polling: when to ask again, what is kept of an answer, and whom a poll follows."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.backoff import LONGEST_WAIT
from bot.pipeline.cycle import Watch, wanted_accounts
from bot.pipeline.poll import JITTER, LONGEST_BACK_OFF, next_check, poll
from bot.sources.contract import Listing, ListRequest, Outcome
from storage import Account, PostState
from tests.bot.conftest import HOUR, NOW, URL, make_posts, put
from tests.conftest import PERSON, make_config, settle

FAILURES = [outcome for outcome in Outcome if not outcome.succeeded]


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.EMPTY])
def test_after_a_success_the_interval_holds_whatever_went_before(outcome: Outcome) -> None:
    assert next_check(NOW, interval_s=2700, outcome=outcome) == NOW + timedelta(minutes=45)


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day() -> None:
    waits = [
        next_check(NOW, interval_s=2700, outcome=Outcome.NETWORK, errors=errors) - NOW
        for errors in (1, 2, 3, 4, 5, 6, 99)
    ]
    assert waits == [*(timedelta(minutes=45) * 2**n for n in (1, 2, 3, 4)), *[timedelta(days=1)] * 3]
    weekly = next_check(NOW, interval_s=7 * 86_400, outcome=Outcome.GONE, errors=9)
    assert weekly == NOW + timedelta(days=7), "never sooner than an account that works"


def test_what_the_platform_asks_for_is_honoured_up_to_a_week() -> None:
    limited = partial(next_check, NOW, interval_s=2700, outcome=Outcome.RATE_LIMITED, errors=1)
    assert limited(retry_after_s=60) == NOW + timedelta(minutes=90)
    assert limited(retry_after_s=100_000) == NOW + timedelta(seconds=100_000)
    for hostile in (1e15, math.inf):
        assert limited(retry_after_s=hostile) == NOW + LONGEST_WAIT
    for nothing in (-5, 0, math.nan):
        assert limited(retry_after_s=nothing) == NOW + timedelta(minutes=90)


@given(
    interval_s=st.integers(1, 7 * 86_400), outcome=st.sampled_from(list(Outcome)), errors=st.integers(0, 10**6),
    wait=st.none() | st.floats(), shift=st.floats(-1, 1),
)  # fmt: skip
def test_the_next_check_is_never_far_from_due_and_never_in_a_burst(
    interval_s: int, outcome: Outcome, errors: int, wait: float | None, shift: float
) -> None:
    at = next_check(NOW, interval_s=interval_s, outcome=outcome, errors=errors, retry_after_s=wait, shift=shift)
    assert timedelta(seconds=interval_s) * (1 - JITTER) <= at - NOW + timedelta(microseconds=1)
    assert at - NOW <= max(LONGEST_BACK_OFF * (1 + JITTER), timedelta(seconds=interval_s) * (1 + JITTER), LONGEST_WAIT)


def test_the_jitter_spreads_accounts(watch: Watch, tiktok: TikTokAccount, account: Account) -> None:
    seen = set()
    for _ in range(4):
        poll(watch.store.account(account.id), store=watch.store, sources=watch.sources, config=watch.config, now=NOW)
        due = watch.store.account(account.id).next_check_at
        assert due is not None
        # it posted last a day ago
        assert abs(due - NOW - timedelta(minutes=60)) <= timedelta(minutes=12)
        seen.add(due)
    assert len(seen) == 4


def polled(watch: Watch, account: Account, *, now: datetime = NOW) -> tuple[str, list[str]]:
    """Poll the account as it now is; returns the outcome and the captions of new posts."""
    listing, new = poll(
        watch.store.account(account.id), store=watch.store, sources=watch.sources, config=watch.config, now=now
    )
    return str(listing.outcome), [post.caption for post in new]


def with_polling(watch: Watch, **polling: object) -> Watch:
    config = make_config(watch.config.store.parent, accounts=[{"url": URL, "person": PERSON}], polling=polling)
    return replace(watch, config=config)


def test_first_contact_indexes_the_newest_and_examines_fewer(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, posts=make_posts(12, None))
    narrow = with_polling(watch, first_index=8, first_examine=3)
    outcome, new = polled(narrow, account)
    assert (outcome, len(new)) == ("ok", 8)
    assert [post.caption for post in watch.store.posts(state=PostState.SEEN)] == ["clip 2", "clip 1", "clip 0"]
    assert len(watch.store.posts(state=PostState.SKIPPED)) == 5
    put(platform, tiktok, posts=(*make_posts(2, None, first=-2), *make_posts(12, None)))
    outcome, new = polled(narrow, account, now=NOW + HOUR)
    assert {"clip -2", "clip -1"} < set(new), "what lies beyond the index stands on the same page"
    waiting = [post.caption for post in watch.store.posts(state=PostState.SEEN)]
    assert waiting == ["clip 2", "clip 1", "clip 0", "clip -1", "clip -2"], "and was there before the watch began"


def test_a_folder_is_indexed_whole_and_what_is_put_there_later_is_examined_however_old(
    watch: Watch, tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    for number in range(6):
        (drop / f"{number}.mp4").write_bytes(b"x")
    settle(drop)
    config = make_config(tmp_path, accounts=[f"folder:{drop}"], polling={"first_index": 3, "first_examine": 2})
    watch.store.sync_accounts(wanted_accounts(config))
    (folder,) = watch.store.accounts()
    at_folder = replace(watch, config=config)
    assert len(polled(at_folder, folder)[1]) == 6
    assert [post.caption for post in watch.store.posts(state=PostState.SEEN)] == ["4.mp4", "5.mp4"]
    (drop / "moved.mp4").write_bytes(b"y")
    os.utime(drop / "moved.mp4", (1_000_000_000, 1_000_000_000))
    assert polled(at_folder, folder) == ("ok", ["moved.mp4"])
    assert "moved.mp4" in [post.caption for post in watch.store.posts(state=PostState.SEEN)]


def test_a_first_contact_that_failed_is_still_to_come(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, state=State.SERVER_ERROR, posts=make_posts(6, None))
    narrow = with_polling(watch, first_index=6, first_examine=1)
    assert polled(narrow, account) == ("network", [])
    assert watch.store.account(account.id).last_ok_at is None
    put(platform, tiktok, posts=make_posts(6, None))
    assert len(polled(narrow, account)[1]) == 6
    assert len(watch.store.posts(state=PostState.SEEN)) == 1


def test_the_stable_id_is_pinned_and_followed_when_the_handle_changes(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    polled(watch, account)
    assert watch.store.account(account.id).stable_id == tiktok.stable_id
    # the impersonator leaves the handle, and a stranger takes it
    newer = (*make_posts(1, None, first=-3), *tiktok.posts)
    put(platform, tiktok, handle="deep.renamed", posts=newer)
    stranger = TikTokAccount(tiktok.handle, "A Stranger", "me", posts=make_posts(2, None, first=50), uid="77")
    platform.tiktok.put(stranger)
    assert polled(watch, account, now=NOW + HOUR) == ("ok", ["clip -3"])
    after = watch.store.account(account.id)
    assert after.stable_id == tiktok.stable_id
    assert "now belongs to another account" in after.detail
    profile = watch.store.latest_profile(account.id)
    assert profile is not None
    assert profile.display_name == PERSON, "the stranger's words are not this account's"


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(State.GONE, "gone"), (State.PRIVATE, "private"), (State.FORBIDDEN, "blocked"), (State.CHALLENGE, "challenged")],
)
def test_a_failure_is_kept_by_its_name_with_its_trail_and_backs_off(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account, state: State, outcome: str
) -> None:
    polled(watch, account)
    put(platform, tiktok, state=state)
    for errors in (1, 2):
        assert polled(watch, account, now=NOW + errors * HOUR) == (outcome, [])
        after = watch.store.account(account.id)
        assert (after.outcome, after.error_count, after.last_ok_at) == (outcome, errors, NOW)
        assert after.outcome_since == NOW + HOUR
        assert after.detail
        assert after.next_check_at is not None
        wait = timedelta(minutes=45) * 2**errors
        assert abs(after.next_check_at - (NOW + errors * HOUR) - wait) <= wait * JITTER
    latest = watch.store.polls(account.id)[-1]
    assert latest.requests == len(latest.trail) >= 1
    assert latest.trail[0]["host"] == "www.tiktok.com"
    assert latest.elapsed_s > 0
    put(platform, tiktok)
    assert polled(watch, account, now=NOW + 9 * HOUR)[0] == "ok"
    assert watch.store.account(account.id).error_count == 0


def test_a_rate_limit_is_waited_out(watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account) -> None:
    put(platform, tiktok, state=State.RATE_LIMITED, retry_after_s=200_000)
    assert polled(watch, account)[0] == "rate_limited"
    assert watch.store.account(account.id).next_check_at == NOW + timedelta(seconds=200_000)
    (record,) = watch.store.polls(account.id)
    assert record.trail[0] == {"host": "www.tiktok.com", "status": 429, "retry_after_s": 200_000}


def test_what_was_seen_before_a_failure_is_kept(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, posts=make_posts(20, None), state=State.RATE_LIMITED, state_after=1)
    outcome, new = polled(with_polling(watch, first_index=20, first_examine=5), account)
    assert (outcome, len(new)) == ("rate_limited", 15)


def test_an_account_that_no_source_takes_any_more_is_named_and_backs_off(watch: Watch, account: Account) -> None:
    """A source that was removed must not end the watch over the others."""
    watch.store.write("UPDATE accounts SET url = 'https://example.org/someone'")
    assert polled(watch, account) == ("unsupported", [])
    after = watch.store.account(account.id)
    assert "watched by no source" in after.detail
    assert after.error_count == 1


def test_what_cannot_be_kept_is_one_accounts_trouble(
    watch: Watch,
    tiktok: TikTokAccount,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real = watch.sources.list_posts

    def naive(request: ListRequest) -> Listing:
        listing = real(request)
        when = datetime(2026, 1, 1)  # noqa: DTZ001 - the fault
        return replace(listing, posts=tuple(replace(post, published_at=when) for post in listing.posts))

    monkeypatch.setattr(watch.sources, "list_posts", naive)
    assert polled(watch, account) == ("unknown", [])
    after = watch.store.account(account.id)
    assert "what it shows cannot be kept: the time 2026-01-01T00:00:00 has no zone" in after.detail
    assert after.error_count == 1
    assert account.url in caplog.text
    assert watch.store.posts() == []


def test_wanted_accounts_are_the_configurations(watch: Watch) -> None:
    config = make_config(
        watch.config.store.parent,
        accounts=[{"url": URL, "person": PERSON, "interval": "2 h"}, "https://www.tiktok.com/@other", "folder:/drop"],
    )
    assert [(one.url, one.platform, one.person, one.handle, one.interval_s) for one in wanted_accounts(config)] == [
        (URL, "tiktok", PERSON, "deepaureliovantor", 7200),
        ("https://www.tiktok.com/@other", "tiktok", None, "other", 2700),
        ("folder:/drop", "folder", None, "drop", 2700),
    ]
