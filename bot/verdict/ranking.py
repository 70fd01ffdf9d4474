"""How pressing a post is, step by step: from its reach, how sure it is about the person, its growth and cues of harm.

Every step can be told (`doppelwatch explain`). More reach, more likeness, growth or harm never lower a priority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.verdict.contract import Priority
from bot.verdict.facts import Facts
from bot.verdict.reach import Reach, told
from detectors.spelling import shown

LADDER = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT)
"""From the least pressing alert to the most."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: why, and the priority after it."""

    why: str
    priority: Priority


Steps = tuple[Step, ...]
Ranking = Callable[[Facts], Steps]
"""The steps for a case; the last one's priority holds."""

_GRADES = {Reach.SMALL: "small", Reach.SOME: "some", Reach.LARGE: "large", Reach.MASS: "mass"}


def always(priority: Priority, why: str) -> Ranking:
    """The same priority for every case."""
    return lambda _: (Step(why, priority),)


def by_reach(small: Priority, some: Priority, large: Priority, mass: Priority) -> Ranking:
    """A priority for each grade of reach; lower where the likeness is weakly supported, higher with cues of harm.

    The steps down and up are one place on the ladder each and stay on it. Unusual growth counts as one grade more.
    """
    table = {Reach.SMALL: small, Reach.SOME: some, Reach.LARGE: large, Reach.MASS: mass}

    def steps(facts: Facts) -> Steps:
        case = facts.case
        numbers = told(case.views, case.likes, case.followers)
        found = [Step(f"{_GRADES[facts.reach]} reach ({numbers})", table[facts.reach])]
        if facts.growth and facts.reach is not Reach.MASS:
            grade = Reach(facts.reach + 1)
            found.append(Step(f"spreads out of the usual ({shown(facts.growth, 200)}), one grade more", table[grade]))
        if not facts.sure:
            found.append(_moved(found[-1], -1, "that it is about the person is weakly supported, one step less"))
        if facts.harms:
            found.append(_moved(found[-1], 1, f"cues of harm ({shown(', '.join(facts.harms), 200)}), one step more"))
        return tuple(found)

    return steps


def of_no_one(facts: Facts) -> Steps:
    """Low; normal where synthesis is supported and millions watch, because somebody should say who that is."""
    if facts.looks_made and facts.reach is Reach.MASS:
        first = Step("too little to tell, but synthesis is supported and the reach is mass", Priority.NORMAL)
    else:
        first = Step("too little to tell", Priority.LOW)
    if facts.harms and facts.case.person is not None:
        return first, _moved(first, 1, f"cues of harm ({shown(', '.join(facts.harms), 200)}), one step more")
    return (first,)


def of_an_official(facts: Facts) -> Steps:
    """No alert; worth knowing with cues of harm, because accounts are hijacked for that."""
    first = Step("the person's own account", Priority.NONE)
    if facts.harms:
        why = f"cues of harm ({shown(', '.join(facts.harms), 200)}), and accounts get hijacked for that"
        return first, Step(why, Priority.LOW)
    return (first,)


def of_a_stranger(facts: Facts) -> Steps:
    """No alert; worth knowing where synthesis is supported."""
    first = Step("somebody else", Priority.NONE)
    return (first, Step("synthesis is supported", Priority.LOW)) if facts.looks_made else (first,)


def _moved(before: Step, by: int, why: str) -> Step:
    place = LADDER.index(before.priority) + by
    return Step(why, LADDER[min(len(LADDER) - 1, max(0, place))])
