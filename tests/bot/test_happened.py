"""What happened to an account: changes with before and after, a handle that changed hands, gone, back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.pipeline.cycle import Watch
from bot.pipeline.happened import APART, SIGHTINGS
from bot.pipeline.poll import poll
from storage import Account, PostState
from tests.bot.conftest import HOUR, NOW, make_posts, put


def look(watch: Watch, account: Account, hours: float = 0) -> list[tuple[str, str | None, str | None]]:
    """Poll so many hours later; returns all events so far as kind, before, after."""
    at = NOW + hours * HOUR
    poll(watch.store.account(account.id), store=watch.store, sources=watch.sources, config=watch.config, now=at)
    return [(event.kind, event.before, event.after) for event in watch.store.account_events(account.id)]


def test_each_change_of_a_profile_is_told_with_before_and_after(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    assert look(watch, account) == [], "what is seen for the first time did not change"
    put(platform, tiktok, bio="New words.", verified=True)
    assert look(watch, account, 1) == [("bio", "Golf and tricks.", "New words."), ("verified", "False", "True")]
    assert len(look(watch, account, 2)) == 2, "told once"


def test_a_new_handle_is_told_and_so_is_a_stranger_under_the_old_one(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    look(watch, account)
    put(platform, tiktok, handle="deep.renamed")
    stranger = TikTokAccount(tiktok.handle, "A Stranger", posts=make_posts(1, None, first=50), uid="77")
    platform.tiktok.put(stranger)
    assert look(watch, account, 1) == [("handle_taken", tiktok.stable_id, stranger.stable_id)]
    assert len(look(watch, account, 2)) == 1, "the same stranger is told once"


def test_an_account_is_called_gone_after_several_sightings_and_back_when_it_is(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    look(watch, account)
    put(platform, tiktok, state=State.GONE)
    minutes = APART / HOUR / (SIGHTINGS - 1)
    for number in range(SIGHTINGS - 1):
        assert look(watch, account, 1 + number * minutes) == []
    events = look(watch, account, 1 + (SIGHTINGS - 1) * minutes)
    assert [kind for kind, _, _ in events] == ["gone"]
    assert len(look(watch, account, 20)) == 1, "told once"
    put(platform, tiktok)
    assert [kind for kind, _, _ in look(watch, account, 30)] == ["gone", "back"]


def test_many_sightings_within_minutes_are_not_believed(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    put(platform, tiktok, state=State.GONE)
    for number in range(SIGHTINGS + 2):
        assert look(watch, account, number / 60) == []


def test_a_post_that_one_listing_lacks_is_not_deleted(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, account: Account
) -> None:
    look(watch, account)
    before = watch.store.posts()
    put(platform, tiktok, posts=tiktok.posts[1:])
    look(watch, account, 1)
    assert watch.store.posts() == before
    assert {post.state for post in before} == {PostState.SEEN}
    put(platform, replace(tiktok))
    look(watch, account, 2)
    assert watch.store.posts() == before, "and it is no new post when it is there again"
    assert timedelta() < watch.store.account(account.id).next_check_at - NOW  # type: ignore[operator]
