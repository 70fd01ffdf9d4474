"""findings --judge--> verdict: ask about the context, weigh what was found on one post, commit the judgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.config import Config
from bot.pipeline import convert
from bot.pipeline.context import context_findings
from bot.verdict import Case, Verdict, judge
from detectors.contract import Finding
from storage import Account, Post, Store, StoredVerdict


def judge_post(post: Post, account: Account, *, store: Store, config: Config, now: datetime) -> Verdict:
    """Judge one post that was examined, or judged before; the same knowledge gives the same verdict.

    What the detectors of the context say takes the place of what they said before; the findings of the clip stay.
    """
    context = context_findings(post, account, store=store, config=config)
    clip = [convert.finding_of(row) for row in store.findings(post.id) if row.stage == "clip"]
    verdict = judge(case_of(post, account, (*clip, *context), store=store, config=config))
    rows = [convert.stored_finding(post.id, finding, store.evidence, now, "context") for finding in context]
    store.record_verdict(stored_verdict(post.id, verdict, now), at=now, context=rows)
    return verdict


def case_of(post: Post, account: Account, findings: Sequence[Finding], *, store: Store, config: Config) -> Case:
    """All that the judge takes into account, with the latest reach and the handle as last shown."""
    reach = store.post_metrics(post.id)
    crowd = store.account_metrics(account.id)
    profile = store.latest_profile(account.id)
    reviews = store.reviews(post.id)
    return Case(
        findings=tuple(findings),
        person=convert.person_of(config, account.person),
        platform=account.platform,
        handle=(profile.handle if profile is not None else None) or account.handle,
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
