"""From the store to the values of a page: which posts stand where, in which order, with what they rest on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.digest import exhibits
from bot.digest.foreign import foreign, link
from bot.digest.health import health
from bot.digest.model import AccountView, Answer, Index, IndexEntry, Measure, Page, Picture, PostView, Row
from bot.digest.reasons import reasons, without
from bot.digest.wording import ALERTS, QUESTIONS, label_text, place_of, rank
from bot.verdict import DECIDED, DECLARED, Priority
from storage import Account, DigestRecord, Evidence, Post, PostMetric, Store, StoredFinding, StoredVerdict

Record = TypeVar("Record", StoredFinding, PostMetric)

MOST_CARDS = 20
"""Accounts shown in full in each part of the page."""

MOST_POSTS = 4
"""Posts shown in full for one account."""

MOST_ROWS = 300
"""Lines of each table."""

PICTURE_BYTES = 2_500_000
"""Pictures of one page; as text in it they take a third more."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A post of the digest with all that belongs to it."""

    post: Post
    account: Account
    verdict: StoredVerdict
    findings: tuple[StoredFinding, ...]
    metrics: tuple[PostMetric, ...]


def build_page(store: Store, digest: DigestRecord, *, zone: ZoneInfo, now: datetime, previous: date | None) -> Page:
    """Everything that a day's page says.

    Args:
        store: is only read.
        digest: the day whose entries are shown.
        zone: the zone in which times are told.
        now: when the state of the accounts was looked up.
        previous: the day of the digest before, where its page can be linked.
    """
    judged = _judged(store, digest)
    by_account: dict[int, list[_Judged]] = defaultdict(list)
    for one in judged:
        by_account[one.account.id].append(one)
    alerts, minor, quiet = _Part(), _Part(), _Part()
    for group in by_account.values():
        account = _account_view(store, group[0].account)
        posts = sorted((_post_view(one) for one in group), key=_pressing)
        alerts.add(account, [post for post in posts if _is_loud(post.priority)])
        minor.add(account, [post for post in posts if post.priority == Priority.LOW])
        quiet.add(account, [post for post in posts if post.priority == Priority.NONE])
    details = {one.post.id: one for one in judged}
    alert_cards, alert_rows = alerts.cards()
    minor_cards, minor_rows = minor.cards()
    alert_views, minor_views = _illustrated(alert_cards, minor_cards, details, store.evidence)
    more = [*alert_rows, *minor_rows]
    rows = quiet.rows()
    return Page(
        day=date.fromisoformat(digest.day),
        zone=zone,
        covers_from=digest.covers_from,
        covers_to=digest.covers_to,
        alerts=alert_views,
        minor=minor_views,
        more=tuple(more[:MOST_ROWS]),
        more_left_out=len(more[MOST_ROWS:]),
        quiet=tuple(rows[:MOST_ROWS]),
        rows_left_out=len(rows[MOST_ROWS:]),
        pressing=_in_order(alerts.pressing()),
        priorities=_in_order(Counter(one.verdict.priority for one in judged)),
        health=health(store, digest, now),
        previous=previous,
    )


def build_index(store: Store, folder: Path) -> Index:
    """The list of all digests; those whose page does not lie in this folder are named without a link."""
    priorities = store.digest_priorities()
    entries = []
    for digest in store.digests():
        held = _in_order(priorities.get(digest.id, {}))
        entries.append(
            IndexEntry(
                day=date.fromisoformat(digest.day),
                file=f"{digest.day}.html" if (folder / f"{digest.day}.html").is_file() else None,
                priorities=held,
                is_loud=any(_is_loud(priority) for priority in held),
            )
        )
    return Index(tuple(entries))


class _Part:
    """A part of the page: accounts with the posts that belong there."""

    def __init__(self) -> None:
        self._accounts: list[AccountView] = []

    def add(self, account: AccountView, posts: Sequence[PostView]) -> None:
        if posts:
            self._accounts.append(replace(account, posts=tuple(posts)))

    def _ordered(self) -> list[AccountView]:
        return sorted(self._accounts, key=lambda account: _pressing(account.lead))

    def pressing(self) -> Counter[str]:
        """How many accounts there are, by the priority of their strongest post."""
        return Counter(account.lead.priority for account in self._accounts)

    def cards(self) -> tuple[list[AccountView], list[Row]]:
        """The accounts that are shown in full, and the posts beyond that as rows."""
        ordered = self._ordered()
        cards = [
            replace(account, posts=account.posts[:MOST_POSTS], posts_elsewhere=len(account.posts[MOST_POSTS:]))
            for account in ordered[:MOST_CARDS]
        ]
        rows = [Row(account, post) for account in ordered[:MOST_CARDS] for post in account.posts[MOST_POSTS:]]
        rows += [Row(account, post) for account in ordered[MOST_CARDS:] for post in account.posts]
        return cards, rows

    def rows(self) -> list[Row]:
        """Every post as a row: what is official first, then account by account."""
        rows = [Row(account, post) for account in self._ordered() for post in account.posts]
        return sorted(rows, key=lambda row: (place_of(row.post.label), row.account.handle))


def _is_loud(priority: str) -> bool:
    """Somebody should look; also at what a later version of the judge may have called otherwise."""
    return priority in ALERTS or rank(priority) < 0


def _pressing(post: PostView) -> tuple[int, float, int, int]:
    """Sort key: priority, then support for identity and synthesis, then views; the number settles ties."""
    views = post.views.value if post.views is not None else -1
    return rank(post.priority), -post.weight, -views, post.post_id


def _in_order(priorities: Mapping[str, int]) -> Mapping[str, int]:
    order = sorted(priorities, key=lambda one: (rank(one), one))
    return {one: priorities[one] for one in order}


def _judged(store: Store, digest: DigestRecord) -> list[_Judged]:
    """The posts of the digest; one whose verdict is not there (any more) is not judged and has no place."""
    accounts = {account.id: account for account in store.accounts(enabled_only=False)}
    verdicts = {verdict.post_id: verdict for verdict in store.digest_verdicts(digest.id)}
    findings = _by_post(store.digest_findings(digest.id))
    metrics = _by_post(store.digest_metrics(digest.id))
    return [
        _Judged(post, accounts[post.account_id], verdicts[post.id], findings[post.id], metrics[post.id])
        for post in store.digest_posts(digest.id)
        if post.id in verdicts
    ]


def _by_post(rows: Iterable[Record]) -> Mapping[int, tuple[Record, ...]]:
    """The rows of each post, in their order; a post without any has none."""
    found: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(row)
    return defaultdict(tuple, {post_id: tuple(some) for post_id, some in found.items()})


def _account_view(store: Store, account: Account) -> AccountView:
    profile = store.latest_profile(account.id)
    return AccountView(
        account_id=account.id,
        handle=foreign(account.handle, 60),
        display_name=foreign(profile.display_name, 80) if profile is not None else "",
        bio=foreign(profile.bio, 280) if profile is not None else "",
        platform=account.platform,
        person=None if account.person is None else foreign(account.person, 80),
        link=link(account.url),
        verified=bool(profile is not None and profile.verified),
        followers=_measure([(one.at, one.followers) for one in store.account_metrics(account.id)]),
        posts=(),
    )


def _measure(series: Sequence[tuple[datetime, int | None]]) -> Measure | None:
    """A count over time, oldest first; None where it was never shown."""
    known = [(at, value) for at, value in series if value is not None]
    if not known:
        return None
    return Measure(value=known[-1][1], at=known[-1][0], first=known[0][1], first_at=known[0][0])


def _post_view(one: _Judged) -> PostView:
    post, verdict = one.post, one.verdict
    answers = tuple(_answer(verdict, question) for question in QUESTIONS)
    weights = {answer.question: answer.log10_lr for answer in answers}
    disclosure = weights["disclosure"]
    likes = [metric.likes for metric in one.metrics if metric.likes is not None]
    return PostView(
        post_id=post.id,
        account_id=post.account_id,
        link=link(post.url),
        caption=foreign(post.caption, 200),
        published_at=post.published_at,
        first_seen_at=post.first_seen_at,
        duration_s=post.duration_s,
        label=verdict.label,
        label_text=label_text(
            verdict.label,
            None if one.account.person is None else foreign(one.account.person, 80),
            weights["synthesis"],
            decided=verdict.rule.startswith(DECIDED),
        ),
        priority=verdict.priority,
        summary=foreign(verdict.summary, 600),
        answers=answers,
        declared=disclosure is not None and disclosure > DECLARED,
        quotes=exhibits.quotes(one.findings),
        reasons=reasons(verdict, one.findings),
        views=_measure([(metric.at, metric.views) for metric in one.metrics]),
        likes=likes[-1] if likes else None,
        sha256=post.media_sha256,
        judged_at=verdict.judged_at,
        weight=sum(weights[question] or 0.0 for question in ("identity", "synthesis")),
    )


def _answer(verdict: StoredVerdict, question: str) -> Answer:
    """One question of a stored verdict; one that is not there was not answered."""
    stored = verdict.questions.get(question)
    stored = stored if isinstance(stored, Mapping) else {}
    value = stored.get("log10_lr")
    return Answer(
        question=question,
        asked=QUESTIONS[question],
        support=foreign(str(stored.get("support") or "not examined"), 120),
        log10_lr=float(value) if isinstance(value, (int, float)) else None,
    )


def _illustrated(
    alerts: Sequence[AccountView], minor: Sequence[AccountView], details: Mapping[int, _Judged], evidence: Evidence
) -> tuple[tuple[AccountView, ...], tuple[AccountView, ...]]:
    """The cards with pictures and scores: each account's strongest post is served before any other post."""
    budget = exhibits.Budget(PICTURE_BYTES)
    wanted = [(account.lead.post_id, 4, 1) for account in alerts]
    wanted += [(account.lead.post_id, 2, 0) for account in minor]
    wanted += [(post.post_id, 3, 1) for account in alerts for post in account.posts[1:]]
    shown = {
        post_id: exhibits.pictures(details[post_id].findings, evidence, budget, frames=frames, crops=crops)
        for post_id, frames, crops in wanted
    }
    return (
        tuple(_with_exhibits(account, shown, details) for account in alerts),
        tuple(_with_exhibits(account, shown, {}) for account in minor),
    )


def _with_exhibits(
    account: AccountView, pictures: Mapping[int, tuple[tuple[Picture, ...], int]], scored: Mapping[int, _Judged]
) -> AccountView:
    """The account's posts with their pictures and, where they are among the `scored`, their scores.

    What all posts of an account share (its name, its bio) is said once, with the strongest.
    """
    posts: list[PostView] = []
    for post in account.posts:
        shown, left_out = pictures.get(post.post_id, ((), 0))
        posts.append(
            replace(
                post,
                pictures=shown,
                pictures_left_out=left_out,
                score=exhibits.score(scored[post.post_id].findings) if post.post_id in scored else None,
                reasons=without(post.reasons, posts[0].reasons) if posts else post.reasons,
            )
        )
    return replace(account, posts=tuple(posts))
