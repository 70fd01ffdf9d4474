"""From the store to the pages of one account and of one case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest import exhibits
from bot.digest.archive_model import AccountPage, CasePage, Decision, FindingView, Judged, PostLine
from bot.digest.avatars import ProfilePictures
from bot.digest.build import Portraits
from bot.digest.foreign import foreign, link
from bot.digest.model import Measure
from bot.digest.views import account_view, change_view, judged, label_of, measure, post_view, synthesis_of
from bot.digest.wording import NEVER, QUESTIONS, outcome_words
from storage import Account, Post, PostState, Store, StoredFinding, StoredVerdict

CASE_PICTURES = 1_500_000
"""Bytes of pictures on the page of one case."""

MOST_POSTS = 500
"""Posts listed of one account, newest first."""

_TEXTS = 20
"""Exhibits in words that are shown of one finding."""


def case_page(store: Store, post_id: int, *, zone: ZoneInfo, portraits: Portraits) -> CasePage:
    """Everything that is kept of a judged post.

    Raises:
        RecordNotFound: there is no such post.
        ValueError: it was not judged.
    """
    post = store.post(post_id)
    account = store.account(post.account_id)
    verdict = store.verdict(post_id)
    if verdict is None:
        raise ValueError(f"post {post_id} was not judged, so that it is no case")
    found = store.findings(post_id)
    budget = exhibits.Budget(CASE_PICTURES)
    pictures, left_out = exhibits.pictures(found, store.evidence, budget, frames=6, crops=2)
    view = replace(
        post_view(judged(post, account, verdict, store.post_metrics(post_id)), found),
        pictures=pictures,
        pictures_left_out=left_out,
        score=exhibits.score(found),
        strip=exhibits.strip(found, post.duration_s),
    )
    views, missing = _findings(store, found, budget)
    entry = store.digest_entry(post_id)
    return CasePage(
        account=replace(
            account_view(store, account),
            posts=(view,),
            portrait=None if account.person is None else portraits(account.person),
        ),
        post=view,
        zone=zone,
        findings=views,
        pictures_left_out=missing,
        judgements=tuple(
            Judged(one.judged_at, label_of(one.label, one.rule, account, None), one.priority, foreign(one.rule, 120))
            for one in store.judgements(post_id)
        ),
        decisions=tuple(
            Decision(one.at, foreign(one.decision, 40), foreign(one.note, 400), one.priority)
            for one in store.reviews(post_id)
            if one.at is not None
        ),
        digest=None if entry is None else date.fromisoformat(store.digest(entry.digest_id).day),
    )


def account_page(store: Store, account_id: int, *, zone: ZoneInfo, cases: Collection[int]) -> AccountPage:
    """Everything that is kept of an account; `cases` are the numbers of the posts that have a page of their own."""
    account = store.account(account_id)
    posts = store.posts(account_id=account_id)[::-1]
    verdicts = {one.post_id: one for one in store.account_verdicts(account_id)}
    reach = {number: measure(some) for number, some in store.account_views(account_id).items()}
    words = NEVER if account.outcome is None else outcome_words(account.outcome)
    pictures = ProfilePictures(store)
    picture = pictures.now(account_id)
    events = store.account_events(account_id)[::-1]  # the newest first, where pictures have to be left out
    changes = [pictures.illustrated(change_view(event), event) for event in events]
    return AccountPage(
        account=account_view(store, account),
        zone=zone,
        watched=account.enabled,
        state=words.word,
        state_since=account.outcome_since,
        posts=tuple(_line(post, account, verdicts, reach, cases) for post in posts[:MOST_POSTS]),
        posts_left_out=len(posts[MOST_POSTS:]),
        views=_together(posts[::-1], reach),
        changes=tuple(changes[::-1]),
        picture=picture,
        digests=tuple(date.fromisoformat(one.day) for one in store.digests_of_account(account_id)),
    )


def _line(
    post: Post,
    account: Account,
    verdicts: Mapping[int, StoredVerdict],
    reach: Mapping[int, Measure | None],
    cases: Collection[int],
) -> PostLine:
    verdict = verdicts.get(post.id)
    return PostLine(
        post_id=post.id,
        caption=foreign(post.caption, 120),
        href=link(post.url).href,
        at=post.published_at or post.first_seen_at,
        views=reach.get(post.id),
        state=str(post.state),
        problem="" if post.state is PostState.JUDGED else foreign(post.problem, 120),
        label_text=None if verdict is None else label_of(verdict.label, verdict.rule, account, synthesis_of(verdict)),
        priority=None if verdict is None else verdict.priority,
        is_case=post.id in cases,
    )


def _together(posts: list[Post], reach: Mapping[int, Measure | None]) -> Measure | None:
    """What the posts are seen together: each adds its latest views at the time of its publication."""
    total = 0
    series: list[tuple[datetime, int | None]] = []
    for post in posts:
        views = reach.get(post.id)
        if views is not None:
            total += views.value
            series.append((post.published_at or post.first_seen_at, total))
    return measure(series)


def _findings(store: Store, found: list[StoredFinding], budget: exhibits.Budget) -> tuple[tuple[FindingView, ...], int]:
    """Every finding in its order, and how many of their pictures had to be left out."""
    views, missing = [], 0
    for one in found:
        pictures, left_out = exhibits.all_pictures([one], store.evidence, budget)
        missing += left_out
        answered = one.status == "ok" and one.question != "spread"
        views.append(
            FindingView(
                detector=foreign(one.detector, 40),
                version=foreign(one.version, 60),
                asked=QUESTIONS.get(one.question, foreign(one.question, 40)),
                status=one.status,
                statement=foreign(one.statement, 800),
                score=one.score,
                unit=foreign(one.unit, 80),
                log10_lr=one.log10_lr if answered else None,
                examined_at=one.examined_at,
                texts=tuple(exhibits.texts(one))[:_TEXTS],
                stretches=tuple(exhibits.stretches(one))[:_TEXTS],
                series=tuple(exhibits.series([one])),
                pictures=tuple(pictures),
            )
        )
    return tuple(views), missing
