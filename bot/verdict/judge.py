"""Judge a case: weigh each question, find the rule that fires, say it."""

from __future__ import annotations

from dataclasses import replace

from bot.verdict.contract import Case, Label, Verdict, Weight
from bot.verdict.quotes import quotes
from bot.verdict.reach import reach, told
from bot.verdict.rules import RULES, Facts
from bot.verdict.scale import support
from bot.verdict.weigh import weigh
from bot.verdict.wording import counter_to, summary_of
from detectors.contract import Question


def judge(case: Case) -> Verdict:
    """Judge a case; the same case gives the same verdict, whatever the order of its findings.

    Without a person the identity question is not answered, whatever the findings say.
    """
    case = replace(case, views=_count(case.views), likes=_count(case.likes), followers=_count(case.followers))
    words = quotes(case.findings)
    facts = Facts(
        case=case,
        identity=weigh(case.findings, Question.IDENTITY) if case.person is not None else None,
        synthesis=weigh(case.findings, Question.SYNTHESIS),
        disclosure=weigh(case.findings, Question.DISCLOSURE),
        reach=reach(case.views, case.likes, case.followers),
        declarations=tuple(quote for quote in words if not quote.denied),
        denials=tuple(quote for quote in words if quote.denied),
    )
    rule = next(rule for rule in RULES if rule.holds(facts))
    return Verdict(
        label=rule.label,
        priority=rule.priority(facts),
        rule=rule.name,
        summary=summary_of(rule.label, facts),
        counter=counter_to(rule.label, facts),
        questions={
            Question.IDENTITY: _identity(rule.label, facts),
            Question.SYNTHESIS: Weight(facts.synthesis, support(facts.synthesis)),
            Question.DISCLOSURE: Weight(facts.disclosure, support(facts.disclosure)),
            Question.SPREAD: Weight(None, told(case.views, case.likes, case.followers)),
        },
    )


def _identity(label: Label, facts: Facts) -> Weight:
    """The person's own account is not compared with the person."""
    if label is Label.OFFICIAL:
        return Weight(None, "official account")
    return Weight(facts.identity, support(facts.identity))


def _count(value: int | None) -> int | None:
    """Nobody has minus three views: what cannot be is taken as not shown."""
    return value if value is None or value >= 0 else None
