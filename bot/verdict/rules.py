"""The table of rules: the first row whose condition holds gives the label and the priority, and is named.

Conditions rest on the words of the scale (:mod:`bot.verdict.scale`). The forgery score is a weak signal, so no
row rests on it alone: an impersonation begins with an account that presents itself as the person, and how far it
goes decides how pressing it is. The score only tells which kind it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.verdict.contract import Case, Label, Priority
from bot.verdict.quotes import Quote
from bot.verdict.reach import Reach
from bot.verdict.scale import NEUTRAL, WEAK

PRESENTS = 0.6
"""Identity sum from which an account is taken to present itself as the person: a ratio of 4.

Weaker resemblances are names that many people carry; the handle detector words its caution by the same number.
"""

DECLARED = WEAK
"""Disclosure sum above which an imitation counts as declared: more than weak support.

A declaration lowers the priority, so a hint that insiders read ("deep" in a handle) is not enough.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """A case weighed: what the conditions look at.

    Attributes:
        identity, synthesis, disclosure: the sums in log10; None where nothing speaks.
        reach: how far the post goes.
        declarations: words in which the account or the platform declares something, plainest first.
        denials: words in which it denies one.
    """

    case: Case
    identity: float | None
    synthesis: float | None
    disclosure: float | None
    reach: Reach
    declarations: tuple[Quote, ...]
    denials: tuple[Quote, ...] = ()

    @property
    def presents(self) -> bool:
        """The account presents itself as the person."""
        return self.identity is not None and self.identity >= PRESENTS

    @property
    def declares(self) -> bool:
        """It says plainly that it is not the person's own footage."""
        return self.disclosure is not None and self.disclosure > DECLARED

    @property
    def hints_making(self) -> bool:
        """Its own words tell or hint that the clip was made."""
        return any(quote.tells_making for quote in self.declarations)

    @property
    def looks_made(self) -> bool:
        """Findings support that face or voice was synthesised."""
        return self.synthesis is not None and self.synthesis >= NEUTRAL

    @property
    def looks_genuine(self) -> bool:
        """Findings support that nothing was synthesised."""
        return self.synthesis is not None and self.synthesis <= -NEUTRAL


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: its name, when it holds, and what follows."""

    name: str
    holds: Callable[[Facts], bool]
    label: Label
    priority: Callable[[Facts], Priority]


_LADDER = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT)


def _by_reach(small: Priority, some: Priority, large: Priority, mass: Priority) -> Callable[[Facts], Priority]:
    """A priority for each grade of reach; one step lower, never below low, where the likeness is weakly supported."""
    table = {Reach.SMALL: small, Reach.SOME: some, Reach.LARGE: large, Reach.MASS: mass}

    def priority(facts: Facts) -> Priority:
        step = _LADDER.index(table[facts.reach])
        sure = facts.identity is not None and facts.identity > WEAK
        return _LADDER[step if sure else max(0, step - 1)]

    return priority


def _always(priority: Priority) -> Callable[[Facts], Priority]:
    return lambda _: priority


def _of_no_one(facts: Facts) -> Priority:
    """Low; normal where synthesis is supported and millions watch, because somebody should say who that is."""
    return Priority.NORMAL if facts.looks_made and facts.reach is Reach.MASS else Priority.LOW


def _is_official(facts: Facts) -> bool:
    case = facts.case
    handle = case.handle.casefold().lstrip("@")
    official = case.person.official if case.person is not None else ()
    return bool(handle) and any(
        one.platform == case.platform and one.handle.casefold().lstrip("@") == handle for one in official
    )


_MADE = _by_reach(Priority.NORMAL, Priority.HIGH, Priority.URGENT, Priority.URGENT)
_NOT_MADE = _by_reach(Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.URGENT)

RULES: tuple[Rule, ...] = (
    Rule("official account", _is_official, Label.OFFICIAL, _always(Priority.NONE)),
    Rule(
        "no person to compare with",
        lambda facts: facts.case.person is None,
        Label.UNDETERMINED,
        _of_no_one,
    ),
    Rule(
        "declared imitation",
        lambda facts: facts.presents and facts.declares,
        Label.DECLARED_IMITATION,
        # Below every undeclared row at equal reach, and never hidden: clips travel on without their bio.
        _by_reach(Priority.LOW, Priority.LOW, Priority.NORMAL, Priority.HIGH),
    ),
    Rule(
        "presents itself as the person, synthesis supported",
        lambda facts: facts.presents and facts.looks_made,
        Label.IMPERSONATION_SYNTHETIC,
        _MADE,
    ),
    Rule(
        # Weak scores are the usual case. A hint in the account's own words then tells the kind; it must not make
        # the case more pressing than silence would, so the priority is that of the row below.
        "presents itself as the person, words hint at synthesis",
        lambda facts: facts.presents and facts.hints_making and not facts.looks_genuine,
        Label.IMPERSONATION_SYNTHETIC,
        _NOT_MADE,
    ),
    Rule(
        "presents itself as the person, synthesis not supported",
        lambda facts: facts.presents,
        Label.IMPERSONATION_AUTHENTIC,
        _NOT_MADE,
    ),
    Rule(
        "somebody else",
        lambda facts: facts.identity is not None and facts.identity <= -NEUTRAL,
        Label.UNRELATED,
        lambda facts: Priority.LOW if facts.looks_made else Priority.NONE,
    ),
    Rule("not enough to tell", lambda _: True, Label.UNDETERMINED, _of_no_one),
)
"""In order; the last row always holds."""
