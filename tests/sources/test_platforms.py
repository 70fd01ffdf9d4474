"""Each platform through its real extractor or our own lister: what is seen, what it costs, what comes as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, State
from bot.sources.contract import FetchRequest, ListRequest, Outcome, Source
from bot.sources.registry import SourceSettings, capabilities, source_for
from tests.platforms.everything import STAGES, some_posts
from tests.platforms.feeds import FeedStage
from tests.platforms.model import Account, Stage
from tests.platforms.youtube import YouTubeStage

NOW = datetime.now(UTC).replace(microsecond=0)

COSTS = {
    # requests for the first look, and for one by the stable id without the profile where nothing is new
    "tiktok": (4, 1),
    "youtube": (4, 1),
    "peertube": (3, 2),
    "odysee": (2, 2),
    "kick": (4, 4),
    "rumble": (3, 1),
    "twitch": (2, 2),
    "dailymotion": (2, 2),
    "vimeo": (4, 1),
    "bitchute": (3, 2),
    "vk": (2, 2),
    "bluesky": (2, 1),
    "mastodon": (3, 1),
    "feed": (1, 1),
}

TIMED = {"rumble": False, "dailymotion": False, "vimeo": False, "bitchute": False, "vk": False}
"""Platforms whose lists show no times."""

REHEARSED = {"tiktok", "youtube", "peertube", "odysee", "rumble", "bluesky", "mastodon", "feed"}
"""Platforms whose stand-in has the pages of a single post as well."""


class _Case:
    """One platform with an account of 43 posts, 3 of them short, on its own server."""

    def __init__(self, stage: Stage, server: StandIn, clip: Path) -> None:
        self.stage, self.server = stage, server
        self.account = Account(
            "someone", posts=(*some_posts(40, NOW, clip), *some_posts(3, NOW, clip, first=40, short=True))
        )
        stage.put(self.account)
        self.url = stage.url(self.account)
        self.settings = SourceSettings(server.dialer())
        self.source: Source = source_for(self.url, self.settings)

    @property
    def ids(self) -> set[str]:
        return {self.stage.post_id(self.account, post) for post in self.account.posts}


@pytest.fixture(params=STAGES, ids=lambda make: str(make.name))
def case(request: pytest.FixtureRequest, clip: Path) -> Iterator[_Case]:
    make: Callable[[], Stage] = request.param
    stage = make()
    with StandIn(stage) as server:
        yield _Case(stage, server, clip)


def test_all_posts_are_seen_with_what_the_platform_tells(case: _Case) -> None:
    listing = case.source.list_posts(ListRequest(case.url, limit=100))
    assert listing.outcome is Outcome.OK, listing.detail
    assert case.source.name == case.stage.name
    assert {post.platform_id for post in listing.posts} == case.ids
    assert len(listing.trail) == len(case.server.requests()) == COSTS[case.stage.name][0]
    newest = case.account.posts[0]
    first = next(one for one in listing.posts if one.platform_id == case.stage.post_id(case.account, newest))
    if TIMED.get(case.stage.name, True):
        assert first.published_at == newest.created
        assert first.caption == "clip 0"
    for post in listing.posts:
        taker = source_for(post.url, case.settings)
        assert taker.capabilities.downloads
        assert not taker.is_account(post.url)


def test_the_profile_is_what_the_capability_table_promises(case: _Case) -> None:
    profile = case.source.list_posts(ListRequest(case.url)).profile
    can = capabilities()[case.stage.name]
    assert (profile is not None and profile.followers == 1234) is can.followers
    assert (profile is not None and profile.bio == "words of an account") is can.bio
    assert (profile.stable_id if profile is not None else None) == case.stage.stable_id(case.account)


def test_a_look_at_nothing_new_costs_no_further_page(case: _Case) -> None:
    request = ListRequest(
        case.url, stable_id=case.stage.stable_id(case.account), known=frozenset(case.ids), limit=100, profile=False
    )
    listing = case.source.list_posts(request)
    assert listing.outcome is Outcome.OK
    assert {post.platform_id for post in listing.posts} <= case.ids
    assert len(case.server.requests()) == COSTS[case.stage.name][1]


def test_the_limit_ends_the_walk_of_each_list(case: _Case) -> None:
    expected = 8 if case.stage.two_lists else 5
    assert len(case.source.list_posts(ListRequest(case.url, limit=5)).posts) == expected


@pytest.mark.parametrize("case", [make for make in STAGES if make.two_lists], indirect=True)
def test_what_is_new_in_the_second_list_is_seen_however_many_posts_the_first_one_has(case: _Case) -> None:
    newer = replace(case.account, posts=(*some_posts(1, NOW, first=-1, short=True), *case.account.posts))
    case.stage.put(newer)
    listing = case.source.list_posts(ListRequest(case.url, known=frozenset(case.ids), limit=15))
    new = {post.platform_id for post in listing.posts} - case.ids
    assert new == {case.stage.post_id(newer, newer.posts[0])}


def test_the_budget_of_requests_holds(case: _Case) -> None:
    listing = case.source.list_posts(ListRequest(case.url, limit=100, max_requests=1))
    assert len(case.server.requests()) == len(listing.trail) == 1


@pytest.mark.parametrize("case", [make for make in STAGES if make.name in REHEARSED], indirect=True)
def test_the_file_is_the_one_that_was_posted(case: _Case, clip: Path, tmp_path: Path) -> None:
    post = case.source.list_posts(ListRequest(case.url, limit=1)).posts[0]
    fetched = source_for(post.url, case.settings).fetch(FetchRequest(post.url, tmp_path, deadline_s=10))
    assert fetched.outcome is Outcome.OK, fetched.detail
    assert fetched.path is not None
    assert fetched.path.read_bytes() == clip.read_bytes()


def test_a_rate_limit_is_named_with_its_wait(case: _Case) -> None:
    case.stage.put(replace(case.account, state=State.RATE_LIMITED, retry_after_s=777))
    listing = case.source.list_posts(ListRequest(case.url))
    assert (listing.outcome, listing.retry_after_s, listing.posts) == (Outcome.RATE_LIMITED, 777, ())


@pytest.mark.parametrize("form", ["atom", "json"])
def test_the_other_forms_of_feeds_say_the_same(form: str, clip: Path) -> None:
    stage = FeedStage(form)
    with StandIn(stage) as server:
        case = _Case(stage, server, clip)
        listing = case.source.list_posts(ListRequest(case.url, limit=100))
        assert {post.platform_id for post in listing.posts} == case.ids
        assert listing.posts[0].published_at == case.account.posts[0].created
        assert listing.profile is not None
        assert listing.profile.bio == "words of an account"


def test_youtubes_feed_is_a_cheap_first_look_and_the_tabs_are_read_where_it_names_something_new(clip: Path) -> None:
    stage = YouTubeStage()
    with StandIn(stage) as server:
        case = _Case(stage, server, clip)
        stable, known = stage.stable_id(case.account), frozenset(case.ids)
        newer = replace(case.account, posts=(*some_posts(1, NOW, clip, first=-1), *case.account.posts))
        stage.put(newer)
        listing = case.source.list_posts(ListRequest(case.url, stable_id=stable, known=known, profile=False))
        assert listing.posts[0].platform_id == stage.post_id(newer, newer.posts[0])
        assert listing.profile is not None, "the tabs were read"
        server.clear()
        shorts = ListRequest(f"{case.url}/shorts", stable_id=stable, known=known, profile=False)
        case.source.list_posts(shorts)
        assert any("/shorts" in one.path for one in server.requests()), "a feed of everything tells nothing of a tab"
