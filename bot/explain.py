"""How the verdict on one stored post came about, as values and in the documented JSON shape (docs/json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.config import Config
from bot.errors import BotError, UsageError
from bot.pipeline import convert
from bot.pipeline.judge import case_of
from bot.verdict import Reckoning, reckon
from bot.verdict.weigh import QuestionSum, bounded, speaks
from detectors.contract import Finding
from storage import Account, Judgement, Post, Review, Store, StoredFinding, StoredVerdict


@dataclass(frozen=True, slots=True)
class Explained:
    """One judged post, reckoned again from what is stored, as it was known when it was judged.

    Attributes:
        rows: the stored findings, in their order.
        verdict: as stored.
        reckoning: every step of it.
        agrees: the reckoning gives the stored label, priority, rule and sums. It may not where the program or the
            configuration is another than at the judging; the stored verdict is what holds.
        reviews: what people decided, oldest first.
        history: how the verdict changed, oldest first.
    """

    post: Post
    account: Account
    rows: tuple[StoredFinding, ...]
    verdict: StoredVerdict
    reckoning: Reckoning
    agrees: bool
    reviews: tuple[Review, ...]
    history: tuple[Judgement, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings as the judge read them, in the order of the rows."""
        return self.reckoning.facts.case.findings


def find_post(store: Store, name: str) -> Post:
    """The post that people call by its number, its address, or the platform's id.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = store.posts_called(name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"{name}: no post is called so; give its number, its address, or the platform's id of it")
    numbers = ", ".join(str(post.id) for post in found)
    raise UsageError(f"{name}: several posts are called so; give the number of one: {numbers}")


def explain(post: Post, *, store: Store, config: Config) -> Explained:
    """Reckon the verdict on a post again from what is stored.

    Raises:
        BotError: it was not judged yet.
    """
    verdict = store.verdict(post.id)
    if verdict is None:
        why = f"; {post.problem}" if post.problem else ""
        raise BotError(f"post {post.id} was not judged yet: it is {post.state}{why}")
    account = store.account(post.account_id)
    rows = tuple(store.findings(post.id))
    findings = tuple(convert.finding_of(row) for row in rows)
    case = case_of(post, account, findings, store=store, config=config, until=verdict.judged_at)
    reckoning = reckon(case)
    return Explained(
        post=post,
        account=account,
        rows=rows,
        verdict=verdict,
        reckoning=reckoning,
        agrees=_agrees(verdict, reckoning),
        reviews=tuple(store.reviews(post.id)),
        history=tuple(store.judgements(post.id)),
    )


def _agrees(stored: StoredVerdict, reckoning: Reckoning) -> bool:
    found = reckoning.verdict
    sums = {str(question): weight.log10_lr for question, weight in found.questions.items()}
    return (stored.label, stored.priority, stored.rule) == (found.label, found.priority, found.rule) and all(
        stored_sum(stored, question) == value for question, value in sums.items()
    )


def stored_sum(stored: StoredVerdict, question: str) -> float | None:
    """The sum that was stored for a question; None where nothing could be said."""
    kept = stored.questions.get(question)
    value = kept.get("log10_lr") if isinstance(kept, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else None


def as_json(explained: Explained) -> Mapping[str, Any]:
    """One object in the documented shape: the contract of `explain --json`."""
    post, account, verdict, reckoning = explained.post, explained.account, explained.verdict, explained.reckoning
    sums = {str(one.question): one for one in reckoning.sums}
    return {
        "post": {
            "id": post.id,
            "url": post.url,
            "handle": account.handle,
            "platform": account.platform,
            "person": account.person,
        },
        "judged_at": _time(verdict.judged_at),
        "verdict": {
            "label": verdict.label,
            "priority": verdict.priority,
            "rule": verdict.rule,
            "summary": verdict.summary,
            "counter": verdict.counter,
        },
        "questions": {
            str(question): {
                "log10_lr": weight.log10_lr,
                "support": weight.support,
                "families": _families(sums.get(str(question))),
            }
            for question, weight in reckoning.verdict.questions.items()
        },
        "findings": [_finding(row, one) for row, one in zip(explained.rows, explained.findings, strict=True)],
        "rules": [
            *(
                {"rule": one.rule.name, "fired": False, "lacking": [condition.words for condition in one.lacking]}
                for one in reckoning.passed
            ),
            {"rule": reckoning.rule.name, "fired": True, "lacking": []},
        ],
        "priority": [{"why": step.why, "priority": str(step.priority)} for step in reckoning.steps],
        "without_decision": None
        if reckoning.by_itself is None
        else {
            "label": str(reckoning.by_itself.label),
            "priority": str(reckoning.by_itself.priority),
            "rule": reckoning.by_itself.rule,
        },
        "decisions": [
            {
                "at": _time(one.at),
                "decision": one.decision,
                "note": one.note,
                "label": one.label,
                "priority": one.priority,
            }
            for one in explained.reviews
        ],
        "history": [
            {"at": _time(one.judged_at), "label": one.label, "priority": one.priority, "rule": one.rule}
            for one in explained.history
        ],
        "agrees": explained.agrees,
    }


def _families(one: QuestionSum | None) -> list[Mapping[str, Any]]:
    return [
        {
            "family": family.family.name,
            "most": family.family.most,
            "least": family.family.least,
            "raw": family.raw,
            "counted": family.counted,
            "findings": [finding.detector for finding in family.findings],
        }
        for family in (one.families if one is not None else ())
    ]


def _finding(row: StoredFinding, finding: Finding) -> Mapping[str, Any]:
    return {
        "detector": row.detector,
        "version": row.version,
        "stage": row.stage,
        "question": row.question,
        "status": row.status,
        "reason": row.reason,
        "score": row.score,
        "unit": row.unit,
        "log10_lr": row.log10_lr,
        "counted": bounded(finding) if speaks(finding) and row.question != "spread" else None,
        "statement": row.statement,
        "votes": list(row.votes),
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
