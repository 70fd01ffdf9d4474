"""findings --judge--> verdict: weigh what was found on one post and commit the judgement."""

from __future__ import annotations

from datetime import datetime

from bot.config import Config
from bot.pipeline import convert
from bot.verdict import Case, Verdict, judge
from storage import Account, Post, Store, StoredVerdict


def judge_post(post: Post, account: Account, *, store: Store, config: Config, now: datetime) -> Verdict:
    """Judge one examined post; repeating it with the same findings gives the same verdict."""
    reach = store.post_metrics(post.id)
    crowd = store.account_metrics(account.id)
    profile = store.latest_profile(account.id)
    verdict = judge(
        Case(
            findings=tuple(convert.finding_of(row) for row in store.findings(post.id)),
            person=convert.person_of(config, account.person),
            platform=account.platform,
            handle=(profile.handle if profile is not None else None) or account.handle,
            views=reach[-1].views if reach else None,
            likes=reach[-1].likes if reach else None,
            followers=crowd[-1].followers if crowd else None,
        )
    )
    store.record_verdict(stored_verdict(post.id, verdict, now), at=now)
    return verdict


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
