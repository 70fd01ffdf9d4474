"""From the store to the values of a page: which posts stand where, in which order, with what they rest on."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest import exhibits
from bot.digest.campaigns import grouped
from bot.digest.changes import changed_verdicts, profile_changes, without_cards
from bot.digest.formats import Clock
from bot.digest.health import health
from bot.digest.model import (
    AccountView,
    Change,
    Page,
    Picture,
    PostView,
    Row,
)
from bot.digest.notices import notices
from bot.digest.reasons import without
from bot.digest.views import Judged, account_view, judged, post_view
from bot.digest.wording import in_order, is_loud, place_of
from bot.verdict import Priority
from storage import DigestRecord, PostMetric, Store, StoredFinding

Portraits = Callable[[str], Picture | None]
"""A reference photo of a person by the name in the configuration; None where there is none to show."""

MOST_CARDS = 20
"""Accounts shown in full in each part of the page."""

MOST_POSTS = 4
"""Posts shown in full for one account."""

MOST_ROWS = 300
"""Lines of each table."""

PICTURE_BYTES = 2_500_000
"""Pictures of one page; as text in it they take a third more."""


def nobody(_: str) -> Picture | None:
    """No reference photo of anybody."""
    return None


def build_page(
    store: Store,
    digest: DigestRecord,
    *,
    zone: ZoneInfo,
    now: datetime,
    previous: date | None,
    portraits: Portraits = nobody,
    archived: bool = False,
) -> Page:
    """Everything that a day's page says.

    Args:
        store: is only read.
        digest: the day whose entries are shown.
        zone: the zone in which times are told.
        now: when the state of the accounts was looked up.
        previous: the day of the digest before, where its page can be linked.
        portraits: the photos that are shown beside the faces of alerts.
        archived: pages of accounts and cases lie beside the page, so that it may link them.
    """
    posts = _judged(store, digest)
    changes = profile_changes(store, digest)
    alerts, minor, quiet = _Part(), _Part(), _Part()
    for group in _by_account(posts):
        alerts.add([one for one in group if is_loud(one.verdict.priority)])
        minor.add([one for one in group if one.verdict.priority == Priority.LOW])
        quiet.add([one for one in group if one.verdict.priority == Priority.NONE])
    show = _Shown(store, changes, portraits)
    cards = grouped(show.illustrated(show.cards(alerts)))
    lesser = show.cards(minor)
    more = [*alerts.beyond(), *minor.beyond()]
    rows = sorted(quiet.all(), key=lambda one: (place_of(one.verdict.label), one.account.handle))
    return Page(
        day=date.fromisoformat(digest.day),
        zone=zone,
        covers_from=digest.covers_from,
        covers_to=digest.covers_to,
        alerts=tuple(cards),
        minor=tuple(lesser),
        more=show.rows(more[:MOST_ROWS]),
        more_left_out=len(more[MOST_ROWS:]),
        quiet=show.rows(rows[:MOST_ROWS]),
        rows_left_out=len(rows[MOST_ROWS:]),
        pressing=in_order(alerts.pressing()),
        priorities=in_order(Counter(one.verdict.priority for one in posts)),
        health=health(store, digest, now),
        previous=previous,
        changed=changed_verdicts(store, digest),
        profiles=without_cards(store, changes, {one.account_id for one in cards}),
        archived=archived,
        notices=notices(
            store,
            covers_from=digest.covers_from,
            covers_to=digest.covers_to,
            clock=Clock(zone, date.fromisoformat(digest.day)),
        ),
    )


@dataclass(slots=True)
class _Part:
    """A part of the page: the posts that belong there, strongest first, account by account."""

    _accounts: list[list[Judged]] = field(default_factory=list)

    def add(self, posts: list[Judged]) -> None:
        if posts:
            insort(self._accounts, sorted(posts, key=lambda one: one.pressing), key=lambda some: some[0].pressing)

    def pressing(self) -> Counter[str]:
        """How many accounts there are, by the priority of their strongest post."""
        return Counter(some[0].verdict.priority for some in self._accounts)

    def cards(self) -> list[list[Judged]]:
        """The accounts that are shown in full, each with all of its posts."""
        return self._accounts[:MOST_CARDS]

    def beyond(self) -> list[Judged]:
        """The posts that find no room in cards."""
        rows = [one for some in self._accounts[:MOST_CARDS] for one in some[MOST_POSTS:]]
        return rows + [one for some in self._accounts[MOST_CARDS:] for one in some]

    def all(self) -> list[Judged]:
        """Every post, account by account."""
        return [one for some in self._accounts for one in some]


@dataclass(slots=True)
class _Shown:
    """Makes views of what is shown, and of nothing else: findings are many, and most posts stand in no page."""

    store: Store
    changes: Mapping[int, tuple[Change, ...]]
    portraits: Portraits
    _views: dict[int, AccountView] = field(default_factory=dict)
    _details: dict[int, list[StoredFinding]] = field(default_factory=dict)
    _people: dict[int, str | None] = field(default_factory=dict)

    def account(self, one: Judged) -> AccountView:
        """The account of a post, looked up once."""
        number = one.account.id
        if number not in self._views:
            self._views[number] = account_view(self.store, one.account)
        return self._views[number]

    def rows(self, posts: Sequence[Judged]) -> tuple[Row, ...]:
        """Posts for a table."""
        return tuple(Row(self.account(one), post_view(one, self.store.findings(one.post.id))) for one in posts)

    def cards(self, part: _Part) -> list[AccountView]:
        """Accounts with the posts that have room in a card, and what changed on their profiles; without pictures."""
        return [self._card(posts) for posts in part.cards()]

    def _card(self, posts: Sequence[Judged]) -> AccountView:
        views: list[PostView] = []
        for one in posts[:MOST_POSTS]:
            found = self._details[one.post.id] = self.store.findings(one.post.id)
            view = post_view(one, found)
            # what all posts of an account share (its name, its bio) is said once, with the strongest
            views.append(replace(view, reasons=without(view.reasons, views[0].reasons)) if views else view)
        account = self.account(posts[0])
        self._people[account.account_id] = posts[0].account.person
        return replace(
            account,
            posts=tuple(views),
            posts_elsewhere=len(posts[MOST_POSTS:]),
            changes=self.changes.get(account.account_id, ()),
        )

    def illustrated(self, accounts: Sequence[AccountView]) -> list[AccountView]:
        """Cards with pictures and strips of time: each account's strongest post is served before any other post."""
        budget = exhibits.Budget(PICTURE_BYTES)
        wanted = [(account.lead, 4, 1) for account in accounts]
        wanted += [(post, 3, 1) for account in accounts for post in account.posts[1:]]
        shown: dict[int, PostView] = {}
        for post, frames, crops in wanted:
            found = self._details[post.post_id]
            some, left_out = exhibits.pictures(found, self.store.evidence, budget, frames=frames, crops=crops)
            shown[post.post_id] = replace(
                post,
                pictures=some,
                pictures_left_out=left_out,
                score=exhibits.score(found),
                strip=exhibits.strip(found, post.duration_s),
            )
        return [
            replace(
                account,
                posts=tuple(shown[post.post_id] for post in account.posts),
                portrait=None if person is None else self.portraits(person),
            )
            for account in accounts
            for person in [self._people[account.account_id]]
        ]


def _judged(store: Store, digest: DigestRecord) -> list[Judged]:
    """The posts of the digest; one whose verdict is not there (any more) is not judged and has no place."""
    accounts = {account.id: account for account in store.accounts(enabled_only=False)}
    verdicts = {verdict.post_id: verdict for verdict in store.digest_verdicts(digest.id)}
    metrics = _by_post(store.digest_metrics(digest.id))
    return [
        judged(post, accounts[post.account_id], verdicts[post.id], metrics[post.id])
        for post in store.digest_posts(digest.id)
        if post.id in verdicts
    ]


def _by_account(posts: Iterable[Judged]) -> Iterable[list[Judged]]:
    groups: dict[int, list[Judged]] = defaultdict(list)
    for one in posts:
        groups[one.account.id].append(one)
    return groups.values()


def _by_post(rows: Iterable[PostMetric]) -> Mapping[int, tuple[PostMetric, ...]]:
    """The rows of each post, in their order; a post without any has none."""
    found: dict[int, list[PostMetric]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(row)
    return defaultdict(tuple, {post_id: tuple(some) for post_id, some in found.items()})
