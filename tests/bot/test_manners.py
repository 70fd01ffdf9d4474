"""Manners beside the pace: limits and quiet hours of single platforms, downloads, and what control accounts cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.budget import downloads_are_spent, is_quiet, is_spent
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.housekeeping import keep_house
from storage import Account, PostState, Purpose
from tests.bot.conftest import HOUR, NOW, URL, make_posts, put
from tests.conftest import PERSON, make_config


def with_config(watch: Watch, polling: dict[str, Any], **more: Any) -> Watch:
    config = make_config(watch.config.store.parent, accounts=[{"url": URL, "person": PERSON}], polling=polling, **more)
    return replace(watch, config=config)


def states(watch: Watch) -> dict[str, int]:
    return dict(watch.store.counts())


def test_a_platform_has_limits_of_its_own(watch: Watch, account: Account) -> None:
    polling = with_config(
        watch, {"requests_per_hour": 1000, "platforms": [{"name": "tiktok", "requests_per_hour": 20}]}
    ).config.polling
    assert (polling.manners_of("tiktok").requests_per_hour, polling.manners_of("vk").requests_per_hour) == (20, 1000)
    for platform in ("tiktok", "vk"):
        watch.store.record_requests(platform, Purpose.PICTURE, 10, at=NOW - HOUR / 2)
    assert is_spent(watch.store, "tiktok", polling, NOW)
    assert not is_spent(watch.store, "vk", polling, NOW)
    assert not is_spent(watch.store, "tiktok", polling, NOW + HOUR)


def test_quiet_hours_are_those_of_the_digests_zone_and_may_hold_midnight(watch: Watch) -> None:
    config = with_config(
        watch,
        {"platforms": [{"name": "tiktok", "quiet": "23:00-01:30"}]},
        digest={"timezone": "Europe/Berlin"},
    ).config
    at = {hour: is_quiet(config, "tiktok", datetime(2026, 1, 10, hour, 15, tzinfo=UTC)) for hour in range(20, 24)}
    assert at == {20: False, 21: False, 22: True, 23: True}, "an hour behind Berlin in winter"
    assert is_quiet(config, "tiktok", datetime(2026, 1, 10, 0, 29, tzinfo=UTC))
    assert not is_quiet(config, "tiktok", datetime(2026, 1, 10, 0, 30, tzinfo=UTC))
    assert not is_quiet(config, "vk", datetime(2026, 1, 10, 23, tzinfo=UTC))


def test_nothing_is_asked_or_downloaded_in_quiet_hours_and_all_of_it_afterwards(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn
) -> None:
    night = f"{NOW:%H:%M}-{NOW + 2 * HOUR:%H:%M}"
    quiet = with_config(watch, {"platforms": [{"name": "tiktok", "quiet": night}]})
    assert run_cycle(quiet, NOW + timedelta(minutes=1)).held == 1
    assert platform.requests() == []
    run_cycle(watch, NOW, progress=_StopBeforeFetching(watch))
    watch.stopping.clear()
    platform.clear()
    assert run_cycle(quiet, NOW + HOUR).fetched == 0
    assert platform.requests() == []
    report = run_cycle(quiet, NOW + 2 * HOUR + timedelta(minutes=1))
    assert (report.polled, report.fetched, report.held) == (1, 3, 0)


class _StopBeforeFetching:
    """Progress that asks the watch to stop as soon as everything was polled."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == "poll" and done == total:
            self._watch.stopping.set()


def test_downloads_beyond_the_limit_wait_for_their_hour(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    narrow = with_config(watch, {"downloads_per_hour": 2, "downloads_per_day": 100})
    assert run_cycle(narrow, NOW).fetched == 2
    assert states(watch) == {"seen": 1, "judged": 2}
    assert run_cycle(narrow, NOW + HOUR / 2).fetched == 0
    assert run_cycle(narrow, NOW + HOUR + timedelta(seconds=1)).fetched == 1
    daily = with_config(watch, {"downloads_per_day": 3}).config.polling
    assert downloads_are_spent(watch.store, "tiktok", daily, NOW + 2 * HOUR)
    assert not downloads_are_spent(watch.store, "tiktok", daily, NOW + 30 * HOUR)
    assert not downloads_are_spent(watch.store, "vk", daily, NOW + 2 * HOUR)


def test_a_platform_that_refuses_downloads_is_asked_for_no_further_clip_while_its_lists_go_on(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, face_clip: Path
) -> None:
    put(platform, tiktok, posts=make_posts(4, face_clip, media_state=State.RATE_LIMITED))
    report = run_cycle(watch, NOW)
    assert (report.fetched, report.failed) == (0, 1), "the first answer tells what the others would be"
    assert states(watch) == {"seen": 3, "failed": 1}
    put(platform, tiktok, posts=make_posts(4, face_clip))
    platform.clear()
    assert run_cycle(watch, NOW + HOUR / 2).fetched == 0
    later = run_cycle(watch, NOW + 2 * HOUR)
    assert (later.polled, later.fetched) == (1, 4)
    state = watch.store.platform_state("tiktok")
    assert state is not None
    assert (state.outcome, state.trips) == ("ok", 0)


def test_a_clip_that_is_gone_holds_no_others(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, face_clip: Path
) -> None:
    gone = make_posts(4, None, state=State.GONE)
    put(platform, tiktok, posts=(*gone, *make_posts(1, face_clip, first=-24)))
    run_cycle(watch, NOW)
    assert states(watch).get("seen") is None, "each was asked for"


def test_a_control_account_counts_for_its_platform_and_is_left_alone_where_nothing_is_left(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn
) -> None:
    put(platform, tiktok, state=State.GONE)
    run_cycle(watch, NOW)
    polls = sum(one.requests for one in watch.store.polls())
    assert len(platform.requests(path="/@tiktok")) == 1
    assert watch.store.other_requests_since("tiktok", NOW) == len(platform.requests()) - polls >= 1
    watch.store.write("UPDATE accounts SET next_check_at = NULL")
    narrow = with_config(watch, {"requests_per_hour": 20, "max_requests": 10})
    watch.store.record_requests("tiktok", Purpose.PICTURE, 10, at=NOW + 2 * HOUR)
    platform.clear()
    assert run_cycle(narrow, NOW + 2 * HOUR).polled == 1
    assert platform.requests(path="/@tiktok") == [], "one request of the ten that a look may need is spent"


def test_what_was_sent_is_forgotten_with_the_polls_of_its_time(watch: Watch) -> None:
    watch.store.record_requests("tiktok", Purpose.DOWNLOAD, 2, at=NOW - timedelta(days=400))
    watch.store.record_requests("tiktok", Purpose.DOWNLOAD, 2, at=NOW)
    keep_house(watch.store, watch.config, NOW)
    assert watch.store.downloads_since("tiktok", NOW - timedelta(days=1000)) == 1
    assert watch.store.other_requests_since("tiktok", NOW - timedelta(days=1000)) == 0


def test_posts_wait_where_they_are(watch: Watch, tiktok: TikTokAccount) -> None:
    run_cycle(with_config(watch, {"downloads_per_hour": 1}), NOW)
    assert len(watch.store.posts(state=PostState.SEEN)) == 2
