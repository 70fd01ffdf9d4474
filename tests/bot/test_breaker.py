"""The breaker of a platform: what opens it, for how long, what closes it, and that it outlives a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.backoff import LONGEST_WAIT
from bot.pipeline.breaker import FIRST_HOLD, LONGEST_HOLD, THRESHOLD, after_poll, door_of, is_held
from bot.pipeline.cycle import Watch, run_cycle, wanted_accounts
from bot.sources.contract import Outcome
from storage import PlatformState, Store
from tests.conftest import PERSON, make_config

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(*outcomes: Outcome, before: PlatformState | None = None, **more: float) -> PlatformState:
    """How a platform stands after polls that ended so, an hour apart."""
    state = before
    for number, outcome in enumerate(outcomes):
        state = after_poll(state, "tiktok", outcome, now=NOW + number * HOUR, **more)  # type: ignore[arg-type]
    assert state is not None
    return state


@pytest.mark.parametrize("outcome", THRESHOLD)
def test_so_many_failures_in_a_row_leave_the_platform_alone_and_not_one_less(outcome: Outcome) -> None:
    needed = THRESHOLD[outcome]
    assert after(*[outcome] * (needed - 1), before=after(Outcome.OK)).held_until is None
    state = after(*[outcome] * needed)
    assert state.held_until == NOW + (needed - 1) * HOUR + FIRST_HOLD
    assert (state.outcome, state.failures, state.trips) == (str(outcome), needed, 1)


def test_the_pause_doubles_from_an_hour_to_a_day_and_starts_anew_after_an_answer() -> None:
    state, at, pauses = None, NOW, []
    for _ in range(8):
        state = after_poll(state, "tiktok", Outcome.RATE_LIMITED, now=at)
        assert state.held_until is not None
        pauses.append((state.held_until - at) / HOUR)
        at = state.held_until
    assert pauses == [1, 2, 4, 8, 16, 24, 24, 24]
    closed = after_poll(state, "tiktok", Outcome.EMPTY, now=at)
    assert (closed.held_until, closed.trips, closed.failures, closed.ok_at) == (None, 0, 0, at)
    again = after_poll(closed, "tiktok", Outcome.RATE_LIMITED, now=at)
    assert again.held_until == at + FIRST_HOLD


def test_a_platform_that_still_fails_after_its_pause_needs_no_second_failure() -> None:
    state = after(Outcome.BLOCKED, Outcome.BLOCKED)
    assert state.held_until is not None
    probe = after_poll(state, "tiktok", Outcome.BLOCKED, now=state.held_until)
    assert probe.held_until == state.held_until + 2 * FIRST_HOLD


def test_what_the_platform_asks_for_is_honoured_up_to_a_week() -> None:
    limited = partial(after_poll, None, "tiktok", Outcome.RATE_LIMITED, now=NOW)
    assert limited(retry_after_s=60).held_until == NOW + FIRST_HOLD
    assert limited(retry_after_s=200_000).held_until == NOW + timedelta(seconds=200_000)
    assert limited(retry_after_s=1e12).held_until == NOW + LONGEST_WAIT


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.PRIVATE, Outcome.GEO, Outcome.EMPTY, Outcome.OK])
def test_what_a_single_account_can_cause_closes_it(outcome: Outcome) -> None:
    assert after(Outcome.BLOCKED, Outcome.BLOCKED, outcome).held_until is None


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.UNSUPPORTED, Outcome.TOO_LARGE])
def test_what_says_nothing_changes_nothing(outcome: Outcome) -> None:
    before = after(Outcome.BLOCKED, Outcome.BLOCKED)
    assert after(outcome, before=before) == before


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=60), st.none() | st.floats())
def test_it_is_never_open_for_longer_than_it_may_be(outcomes: list[Outcome], wait: float | None) -> None:
    state, at = None, NOW
    for outcome in outcomes:
        state = after_poll(state, "tiktok", outcome, now=at, retry_after_s=wait)
        if state.held_until is not None and state.held_until > at:
            assert state.held_until - at <= max(LONGEST_HOLD, LONGEST_WAIT)
            at = state.held_until
        at += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("url", "door"),
    [
        ("https://www.tiktok.com/@x", "tiktok"),
        ("https://mastodon.social/@x", "mastodon mastodon.social"),
        ("feed:https://bridge.example/x", "feed bridge.example"),
        ("https://video.example.org/a/x", "peertube video.example.org"),
        ("folder:/srv", None),
        ("list:/srv/a.txt", None),
    ],
)
def test_platforms_of_many_servers_have_a_breaker_for_each(url: str, door: str | None) -> None:
    assert door_of(url) == door


def test_a_limited_platform_is_asked_nothing_more_over_a_restart_until_its_pause_is_over(
    watch: Watch, platform: StandIn, tmp_path: Path
) -> None:
    handles = ("first.limited", "second.limited")
    for number, handle in enumerate(handles):
        platform.tiktok.put(TikTokAccount(handle, state=State.RATE_LIMITED, uid=f"77{number}"))
    accounts = [{"url": f"https://www.tiktok.com/@{handle}", "person": PERSON} for handle in handles]
    try:
        watch.store.sync_accounts(wanted_accounts(make_config(tmp_path, accounts=accounts)))
        platform.clear()
        report = run_cycle(watch, NOW)
        assert (report.outcomes, report.held) == ({"rate_limited": 1}, 1)
        assert len(platform.requests()) == 1
        with Store.open(watch.store.folder, read_only=True) as again:
            state = again.platform_state("tiktok")
        assert state is not None
        assert state.held_until == NOW + FIRST_HOLD
        assert is_held(state, NOW + FIRST_HOLD - timedelta(seconds=1))
        assert run_cycle(watch, NOW + timedelta(minutes=59)).polled == 0
        for number, handle in enumerate(handles):
            platform.tiktok.put(TikTokAccount(handle, uid=f"77{number}"))
        report = run_cycle(watch, NOW + 9 * HOUR)
        assert (report.outcomes, report.held) == ({"empty": 2}, 0)
        state = watch.store.platform_state("tiktok")
        assert state is not None
        assert (state.outcome, state.held_until) == ("ok", None)
    finally:
        for handle in handles:
            platform.tiktok.remove(handle)
