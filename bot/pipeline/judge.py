"""findings --judge--> verdict: ask about the context, weigh what was found on one post, commit the judgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.config import Config
from bot.errors import BotError
from bot.pipeline import convert
from bot.pipeline.context import specimen_of
from bot.pipeline.seal import seal_judged
from bot.verdict import Case, Decision, Verdict, judge
from detectors.context import consider
from detectors.contract import Finding
from storage import Account, Post, Review, Store, StoredVerdict


def judge_post(post: Post, account: Account, *, store: Store, config: Config, now: datetime) -> Verdict:
    """Judge one post that was examined, or judged before; the same knowledge gives the same verdict.

    What the detectors of the context say takes the place of what they said before; the findings of the clip stay.
    """
    specimen = specimen_of(post, account, store=store, config=config)
    context = consider(specimen)
    clip = [convert.finding_of(row) for row in store.findings(post.id) if row.stage == "clip"]
    verdict = judge(case_of(post, account, (*clip, *context), store=store, config=config))
    rows = [convert.stored_finding(post.id, finding, store.evidence, now, "context") for finding in context]
    copies = [one.number for one in specimen.copies or ()]
    with store.transaction():
        store.record_verdict(stored_verdict(post.id, verdict, now), at=now, context=rows, copies=copies)
        seal_judged(post.id, verdict.priority, store=store, config=config, now=now)
    return verdict


def review_post(
    post: Post, decision: Decision, note: str, *, store: Store, config: Config, now: datetime
) -> tuple[Review, Verdict]:
    """Keep a person's decision on a judged post and judge it anew by that, both or neither.

    Raises:
        BotError: it was not judged yet, so that there is nothing to decide on.
    """
    before = store.verdict(post.id)
    if before is None:
        raise BotError(f"post {post.id} was not judged yet (it is {post.state}); decide when it is")
    review = Review(post.id, str(decision), before.label, before.priority, note.strip(), now)
    with store.transaction():
        store.record_review(review, at=now)
        verdict = judge_post(post, store.account(post.account_id), store=store, config=config, now=now)
    return review, verdict


def case_of(
    post: Post,
    account: Account,
    findings: Sequence[Finding],
    *,
    store: Store,
    config: Config,
    until: datetime | None = None,
) -> Case:
    """All that the judge takes into account, with the reach, the handle and the decisions as they were last seen.

    With `until`, as they were last seen at that time.
    """
    reach = [one for one in store.post_metrics(post.id) if until is None or one.at <= until]
    crowd = [one for one in store.account_metrics(account.id) if until is None or one.at <= until]
    profiles = [one for one in store.profiles(account.id) if until is None or one.seen_at <= until]
    reviews = [one for one in store.reviews(post.id) if until is None or (one.at is not None and one.at <= until)]
    return Case(
        findings=tuple(findings),
        person=convert.person_of(config, account.person),
        platform=account.platform,
        handle=(profiles[-1].handle if profiles else None) or account.handle,
        views=reach[-1].views if reach else None,
        likes=reach[-1].likes if reach else None,
        followers=crowd[-1].followers if crowd else None,
        decided=convert.decided(reviews[-1]) if reviews else None,
    )


def stored_verdict(post_id: int, verdict: Verdict, at: datetime) -> StoredVerdict:
    """A verdict as a row."""
    return StoredVerdict(
        post_id=post_id,
        label=str(verdict.label),
        priority=str(verdict.priority),
        rule=verdict.rule,
        summary=verdict.summary,
        counter=verdict.counter,
        questions={
            str(question): {"log10_lr": weight.log10_lr, "support": weight.support}
            for question, weight in verdict.questions.items()
        },
        judged_at=at,
    )
