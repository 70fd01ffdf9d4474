"""The story on the stand-in platform: the same posts at both looks, with more views at the second."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.demo.platforms import State, TikTokAccount
from bot.demo.stage import Stage
from bot.demo.story import CAST, LOOKS_APART, RETRY_AFTER_S

NOW = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
STAGE = Stage(NOW)


def by_handle(*, later: bool) -> dict[str, TikTokAccount]:
    return {account.handle: account for account in STAGE.accounts(later=later)}


def test_everybody_of_the_cast_is_there_with_their_clips() -> None:
    for role, account in zip(CAST, STAGE.accounts(later=True), strict=True):
        assert (account.handle, account.display_name, account.bio) == (role.handle, role.display_name, role.bio)
        assert (account.followers, account.verified) == (role.followers, role.verified)
        assert [post.clip.name for post in account.posts if post.clip] == [clip.file for clip in role.clips]
        assert [post.views for post in account.posts] == [clip.views for clip in role.clips]


def test_views_and_followers_grow_and_ids_stay() -> None:
    first, second = by_handle(later=False), by_handle(later=True)
    for handle, after in second.items():
        before = first[handle]
        assert [post.id for post in before.posts] == [post.id for post in after.posts]
        assert before.stable_id == after.stable_id
        for old, new in zip(before.posts, after.posts, strict=True):
            assert old.views < new.views
    assert first["deepaureliovantor"].followers < second["deepaureliovantor"].followers


def test_every_clip_was_posted_before_the_first_look() -> None:
    assert all(post.created < NOW - LOOKS_APART for account in STAGE.accounts(later=True) for post in account.posts)


def test_one_account_goes_between_the_looks_and_one_is_rate_limited_at_both() -> None:
    first, second = by_handle(later=False), by_handle(later=True)
    assert (first["realaureliovantor"].state, second["realaureliovantor"].state) == (State.NORMAL, State.GONE)
    for look in (first, second):
        limited = look["aureliovantor.fanclips"]
        assert (limited.state, limited.retry_after_s) == (State.RATE_LIMITED, RETRY_AFTER_S)


def test_only_the_parody_carries_the_platforms_label() -> None:
    labelled = {account.handle for account in STAGE.accounts(later=True) for post in account.posts if post.ai_label}
    assert labelled == {"aureliovantor.parody"}
