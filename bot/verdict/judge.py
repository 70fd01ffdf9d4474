"""Judge a case: weigh each question, find the rule that fires, rank it, say it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.verdict.contract import Case, Label, Verdict, Weight
from bot.verdict.facts import Facts, facts_of
from bot.verdict.ranking import Steps
from bot.verdict.reach import told
from bot.verdict.rules import RULES, Condition, Rule
from bot.verdict.scale import support
from bot.verdict.weigh import QuestionSum
from bot.verdict.wording import by_a_person, counter_to, summary_of
from detectors.contract import Question


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule that did not fire, with the conditions that did not hold."""

    rule: Rule
    lacking: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a verdict came about, whole.

    Attributes:
        verdict: what came of it.
        facts: the case weighed.
        sums: of each question that has likelihood ratios; identity is missing where there is nobody to compare with.
        passed: the rules before the one that fired, in their order.
        rule: the one that fired.
        steps: how the priority came about; the last one holds.
        by_itself: where a person decided, what the rules say without that decision.
    """

    verdict: Verdict
    facts: Facts
    sums: tuple[QuestionSum, ...]
    passed: tuple[Passed, ...]
    rule: Rule
    steps: Steps
    by_itself: Verdict | None = None


def judge(case: Case) -> Verdict:
    """Judge a case; the same case gives the same verdict, whatever the order of its findings."""
    return reckon(case).verdict


def reckon(case: Case) -> Reckoning:
    """Judge a case and keep every step.

    Without a person the identity question is not answered, whatever the findings say. A person's decision overrides the
    rules, which are asked all the same.
    """
    case = replace(case, views=_count(case.views), likes=_count(case.likes), followers=_count(case.followers))
    facts = facts_of(case)
    passed = []
    for rule in RULES:
        lacking = rule.lacking(facts)
        if not lacking:
            break
        passed.append(Passed(rule, lacking))
    steps = rule.ranking(facts)
    by_itself = judge(replace(case, decided=None)) if case.decided is not None else None
    verdict = Verdict(
        label=rule.label,
        priority=steps[-1].priority,
        rule=rule.name,
        summary=(summary_of(rule.label, facts) if by_itself is None else by_a_person(case.decided, by_itself.summary)),
        counter=counter_to(rule.label, facts) if by_itself is None else by_itself.counter,
        questions={
            Question.IDENTITY: _identity(rule.label, facts),
            Question.SYNTHESIS: Weight(facts.made, support(facts.made)),
            Question.DISCLOSURE: Weight(facts.said, support(facts.said)),
            Question.SPREAD: Weight(None, told(case.views, case.likes, case.followers)),
        },
    )
    sums = tuple(one for one in (facts.identity, facts.synthesis, facts.disclosure) if one is not None)
    return Reckoning(verdict, facts, sums, tuple(passed), rule, steps, by_itself)


def _identity(label: Label, facts: Facts) -> Weight:
    """The person's own account is not compared with the person."""
    if label is Label.OFFICIAL:
        return Weight(None, "official account")
    return Weight(facts.likeness, support(facts.likeness))


def _count(value: int | None) -> int | None:
    """Nobody has minus three views: what cannot be is taken as not shown."""
    return value if value is None or value >= 0 else None
