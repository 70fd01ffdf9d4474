"""TikTok profiles through the real extractors: what a poll sees, what it costs, how each failure is named."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount
from bot.sources.contract import ListRequest, Outcome
from bot.sources.tiktok import TikTok
from tests.sources.conftest import HANDLE, URL, make_posts


@pytest.fixture
def source(server: StandIn) -> TikTok:
    return TikTok(server.dialer())


def test_all_forty_posts_and_the_profile_are_seen(source: TikTok, account: TikTokAccount) -> None:
    listing = source.list_posts(ListRequest(URL, limit=100))
    assert listing.outcome is Outcome.OK
    assert [post.platform_id for post in listing.posts] == [post.id for post in account.posts]
    assert len(listing.trail) == 4
    first, truth = listing.posts[0], account.posts[0]
    assert (first.caption, first.views, first.likes, first.comments, first.shares) == ("clip 0", 1000, 10, 2, 1)
    assert first.published_at == truth.created
    assert first.url == f"{URL}/video/{truth.id}"
    profile = listing.profile
    assert profile is not None
    assert (profile.handle, profile.display_name, profile.bio) == (HANDLE, "Someone", "Just golf")
    assert (profile.followers, profile.posts, profile.verified) == (379_500, 40, False)
    assert profile.stable_id == account.stable_id


def test_the_platforms_own_ai_label_is_kept(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    """yt-dlp drops it; not said, said no, and said yes are three things."""
    posts = [replace(post, ai_label=label) for post, label in zip(account.posts, (None, 0, 1, 2), strict=False)]
    server.tiktok.put(replace(account, posts=tuple(posts)))
    listing = source.list_posts(ListRequest(URL))
    assert [post.ai_label for post in listing.posts] == [None, False, True, True]


def test_a_poll_costs_two_requests_and_one_by_the_stable_id(
    source: TikTok, server: StandIn, account: TikTokAccount
) -> None:
    known = frozenset(post.id for post in account.posts[2:])
    for profile, cost in ((True, 2), (False, 1)):
        server.clear()
        request = ListRequest(URL, stable_id=account.stable_id, known=known, limit=100, profile=profile)
        listing = source.list_posts(request)
        assert [post.platform_id for post in listing.posts if post.platform_id not in known] == [
            post.id for post in account.posts[:2]
        ]
        assert len(server.requests()) == len(listing.trail) == cost
        assert (listing.profile is not None) is profile


@pytest.mark.parametrize("pinned", [1, 3, 5])
def test_pinned_old_posts_do_not_hide_new_ones(
    source: TikTok, server: StandIn, account: TikTokAccount, pinned: int
) -> None:
    """Also more of them than the stop rule asks for, and without a further page."""
    posts = (*account.posts[:-pinned], *(replace(post, pinned=True) for post in account.posts[-pinned:]))
    server.tiktok.put(replace(account, posts=posts))
    known = frozenset(post.id for post in posts[1:])
    listing = source.list_posts(ListRequest(URL, known=known, limit=100))
    assert [post.platform_id for post in listing.posts if post.platform_id not in known] == [posts[0].id]
    assert listing.outcome is Outcome.OK
    assert len(listing.trail) == 2


def test_the_limit_ends_the_walk(source: TikTok, account: TikTokAccount) -> None:
    listing = source.list_posts(ListRequest(URL, limit=5))
    assert len(listing.posts) == 5
    assert len(listing.trail) == 2


STATES = [
    (State.GONE, Outcome.GONE),
    (State.PRIVATE, Outcome.PRIVATE),
    (State.EMPTY, Outcome.EMPTY),
    (State.RATE_LIMITED, Outcome.RATE_LIMITED),
    (State.FORBIDDEN, Outcome.BLOCKED),
    (State.LEGAL, Outcome.GEO),
    (State.SERVER_ERROR, Outcome.NETWORK),
    (State.CHALLENGE, Outcome.CHALLENGED),
    (State.EMPTY_BODY, Outcome.CHALLENGED),
    (State.RESET, Outcome.NETWORK),
    (State.NO_DATA, Outcome.EXTRACTOR_BROKEN),
]


@pytest.mark.parametrize(("state", "outcome"), STATES)
def test_each_failure_has_its_name(
    source: TikTok, server: StandIn, account: TikTokAccount, state: State, outcome: Outcome
) -> None:
    server.tiktok.put(replace(account, state=state, retry_after_s=1800))
    listing = source.list_posts(ListRequest(URL))
    assert listing.outcome is outcome, listing.detail
    assert listing.detail
    assert listing.posts == ()
    assert listing.retry_after_s == (1800 if state is State.RATE_LIMITED else None)
    assert len(server.requests()) == 1, "a refusal is not followed by more requests"


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(state, outcome) for state, outcome in STATES if state is not State.NO_DATA],
)
def test_each_failure_has_its_name_without_the_page_too(
    source: TikTok, server: StandIn, account: TikTokAccount, state: State, outcome: Outcome
) -> None:
    server.tiktok.put(replace(account, state=state, retry_after_s=60))
    listing = source.list_posts(ListRequest(URL, stable_id=account.stable_id, profile=False))
    assert listing.outcome is outcome, listing.detail


def test_an_account_that_never_was_is_gone(source: TikTok, account: TikTokAccount) -> None:
    assert source.list_posts(ListRequest("https://www.tiktok.com/@nobody.at.all")).outcome is Outcome.GONE


def test_an_empty_list_beside_a_count_of_posts_is_a_throttle(
    source: TikTok, server: StandIn, account: TikTokAccount
) -> None:
    server.tiktok.put(replace(account, posts=(), video_count=40))
    assert source.list_posts(ListRequest(URL)).outcome is Outcome.CHALLENGED


def test_what_was_seen_before_a_failure_is_kept(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    server.tiktok.put(replace(account, state=State.RATE_LIMITED, state_after=1, retry_after_s=30))
    listing = source.list_posts(ListRequest(URL, limit=100))
    assert listing.outcome is Outcome.RATE_LIMITED
    assert listing.retry_after_s == 30
    assert len(listing.posts) == 15
    assert listing.profile is not None


def test_the_budget_of_requests_holds(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    listing = source.list_posts(ListRequest(URL, limit=100, max_requests=3))
    assert listing.outcome is Outcome.UNKNOWN
    assert "3 requests" in listing.detail
    assert len(server.requests()) == 3
    assert len(listing.posts) == 30


def test_a_dripping_page_ends_with_the_deadline(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    server.tiktok.put(replace(account, state=State.DRIP))
    started = time.monotonic()
    listing = source.list_posts(ListRequest(URL, deadline_s=0.6))
    assert listing.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 2


def test_a_gzip_bomb_costs_bounded_memory(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    """60 MB in 60 kB; the page is given up at 20 MB, before it is joined."""
    server.tiktok.put(replace(account, state=State.GZIP_BOMB))
    source.list_posts(ListRequest(URL))
    tracemalloc.start()
    try:
        listing = source.list_posts(ListRequest(URL))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert listing.outcome is Outcome.UNKNOWN
    assert "bytes" in listing.detail
    assert peak < 45_000_000


def test_a_redirect_inwards_is_refused_and_named(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    server.tiktok.put(replace(account, state=State.INTERNAL_REDIRECT))
    listing = source.list_posts(ListRequest(URL))
    assert listing.outcome is Outcome.NETWORK
    assert "169.254.169.254" in listing.detail
    assert listing.trail[-1].error == "DialRefused"


def test_a_handle_that_changed_hands_is_noticed_and_the_pinned_account_followed(
    source: TikTok, server: StandIn, account: TikTokAccount
) -> None:
    server.tiktok.put(replace(account, handle="deep.renamed", uid=account.user_id))
    stranger = TikTokAccount(HANDLE, "Stranger", "not me", posts=make_posts(2, handle="stranger"), uid="7")
    server.tiktok.put(stranger)
    listing = source.list_posts(ListRequest(URL, stable_id=account.stable_id, limit=5))
    assert listing.outcome is Outcome.OK
    assert listing.posts[0].platform_id == account.posts[0].id
    assert "another account" in listing.detail
    assert stranger.stable_id in listing.detail
    assert listing.profile is None, "the stranger's words are not this account's"


def test_a_handle_that_was_given_up_is_followed_by_the_stable_id(
    source: TikTok, server: StandIn, account: TikTokAccount
) -> None:
    server.tiktok.put(replace(account, handle="deep.renamed", uid=account.user_id))
    server.tiktok.remove(HANDLE)
    listing = source.list_posts(ListRequest(URL, stable_id=account.stable_id, limit=5))
    assert listing.outcome is Outcome.OK
    assert len(listing.posts) == 5
    assert "no longer knows the handle" in listing.detail


def test_an_account_that_is_gone_by_handle_and_by_id_is_gone(
    source: TikTok, server: StandIn, account: TikTokAccount
) -> None:
    server.tiktok.put(replace(account, state=State.GONE))
    for profile in (True, False):
        listing = source.list_posts(ListRequest(URL, stable_id=account.stable_id, profile=profile))
        assert listing.outcome is Outcome.GONE


def test_hostile_words_come_through_as_they_are(source: TikTok, server: StandIn, account: TikTokAccount) -> None:
    """Escaping belongs to the pages; a source neither runs nor loses what it reads."""
    words = "</script><script>alert(1)</script> \u202e%(title)s ../../x"
    server.tiktok.put(replace(account, bio=words, posts=(replace(account.posts[0], caption=words),)))
    listing = source.list_posts(ListRequest(URL))
    assert listing.posts[0].caption == words
    assert listing.profile is not None
    assert listing.profile.bio == words
