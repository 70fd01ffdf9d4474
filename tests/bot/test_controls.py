"""The control account: asked only where all polls leave a doubt, at most once an hour, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.controls import control_of
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.poll import poll
from bot.sources.registry import capabilities, handle_of, platform_of
from bot.sources.told import what_control_says
from storage import Account, PlatformState
from tests.bot.conftest import HOUR, NOW, make_posts, put

CONTROL = "/@tiktok"


@pytest.fixture
def large(platform: StandIn) -> Iterator[TikTokAccount]:
    """TikTok's own account, which has posts."""
    account = TikTokAccount("tiktok", posts=make_posts(2, None), uid="42")
    platform.tiktok.put(account)
    yield account
    platform.tiktok.remove("tiktok")


def asked(platform: StandIn) -> int:
    return len(platform.requests(path=CONTROL))


def state_of(watch: Watch) -> PlatformState:
    state = watch.store.platform_state("tiktok")
    assert state is not None
    return state


@pytest.mark.parametrize("name", [name for name, can in capabilities().items() if can.control])
def test_a_control_account_is_one_that_its_platforms_source_can_watch(name: str) -> None:
    url = control_of(name)
    assert url is not None
    assert platform_of(url) == name
    assert handle_of(url)


def test_a_watch_that_sees_posts_asks_nobody_else(
    watch: Watch, tiktok: TikTokAccount, large: TikTokAccount, platform: StandIn
) -> None:
    run_cycle(watch, NOW)
    assert asked(platform) == 0


def test_an_account_that_is_gone_is_its_own_fault_where_the_platform_shows_another(
    watch: Watch, tiktok: TikTokAccount, large: TikTokAccount, platform: StandIn
) -> None:
    put(platform, tiktok, state=State.GONE)
    run_cycle(watch, NOW)
    assert asked(platform) == 1
    assert (state_of(watch).control_outcome, state_of(watch).control_at) == ("ok", NOW)
    assert "the fault is this account's" in what_control_says("tiktok", "ok")
    assert watch.store.posts() == [], "the control account is asked, not watched"


def test_a_wall_before_everything_opens_the_breaker_at_once(
    watch: Watch, tiktok: TikTokAccount, large: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, state=State.CHALLENGE)
    put(platform, large, state=State.CHALLENGE)
    run_cycle(watch, NOW)
    state = state_of(watch)
    assert state.control_outcome == "challenged"
    assert state.held_until == NOW + HOUR, "the account and the control account are two in a row"
    assert "cannot be seen either (challenged)" in what_control_says("tiktok", "challenged")


def test_a_challenge_of_one_account_alone_does_not_hold_its_platform(
    watch: Watch, tiktok: TikTokAccount, large: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, state=State.CHALLENGE)
    for hours in range(0, 30, 3):
        run_cycle(watch, NOW + hours * HOUR)
    state = state_of(watch)
    assert (state.held_until, state.trips, state.outcome) == (None, 0, "ok")
    assert watch.store.account(account.id).error_count > 2


def test_a_control_account_that_left_moves_nothing_and_is_told(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, state=State.GONE)
    run_cycle(watch, NOW)
    state = state_of(watch)
    assert (state.outcome, state.control_outcome, state.failures) == ("ok", "gone", 0)


def test_it_is_asked_at_most_once_an_hour(
    watch: Watch, tiktok: TikTokAccount, large: TikTokAccount, platform: StandIn, account: Account
) -> None:
    poll(account, store=watch.store, sources=watch.sources, config=watch.config, now=NOW)
    put(platform, tiktok, state=State.PRIVATE)
    for minutes, times in ((50, 1), (100, 1), (120, 2)):
        watch.store.write("UPDATE accounts SET next_check_at = NULL")
        run_cycle(watch, NOW + timedelta(minutes=minutes))
        assert asked(platform) == times, minutes
