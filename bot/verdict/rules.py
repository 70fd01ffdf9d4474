"""The table of rules: the first row whose conditions all hold gives the label and the priority, and is named.

Conditions rest on the words of the scale (:mod:`bot.verdict.scale`). No row rests on the synthesis sum alone: an
impersonation begins with an account that presents itself as the person, or with a post that shows them, and synthesis
tells which kind it is. What the four questions say together:

====================== ============================ ===================================================================
the account says       the clip                     the row
====================== ============================ ===================================================================
it is the person       shows them or nobody known   impersonation, synthetic or authentic by "Was it made?"
it is the person       shows clearly somebody else  the sum falls: one step less pressing, or too little to tell
another name, nothing  shows them, made             impersonation with synthetic footage: most fakes of a person are
                                                    posted under other names
another name, nothing  shows them, not made         undetermined: news, fans and interviews look like that
another name           shows somebody else, nobody  somebody else
====================== ============================ ===================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.verdict.contract import Decision, Label, Priority
from bot.verdict.facts import DECLARED, PRESENTS, SHOWS, Facts
from bot.verdict.ranking import Ranking, Step, Steps, always, by_reach, of_a_stranger, of_an_official, of_no_one
from bot.verdict.scale import NEUTRAL, WEAK

DECIDED = "a person decided"
"""Begins the names of the rules by which a person's decision overrides the others."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, as a whole sentence: "unmet: it is declared ..." tells why a row did not fire."""

    words: str
    holds: Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: its name, what must hold, and what follows."""

    name: str
    conditions: tuple[Condition, ...]
    label: Label
    ranking: Ranking

    def lacking(self, facts: Facts) -> tuple[Condition, ...]:
        """The conditions that do not hold; the row fires where there are none."""
        return tuple(condition for condition in self.conditions if not condition.holds(facts))


def _is_official(facts: Facts) -> bool:
    case = facts.case
    handle = case.handle.casefold().lstrip("@")
    official = case.person.official if case.person is not None else ()
    return bool(handle) and any(
        one.platform == case.platform and one.handle.casefold().lstrip("@") == handle for one in official
    )


def _decided(decision: Decision, words: str) -> Condition:
    return Condition(words, lambda facts: facts.case.decided is not None and facts.case.decided.decision is decision)


CONFIRMED = _decided(Decision.CONFIRM, "a person confirmed it")
DISMISSED = _decided(Decision.DISMISS, "a person dismissed it")
TOLERATED = _decided(Decision.IMITATION, "a person took it for an imitation that may stay")
OWNED = _decided(Decision.OFFICIAL, "a person took it for the protected person's own")
OFFICIAL = Condition("the account is on the person's list of official accounts", _is_official)
NOBODY = Condition("no protected person is named for the account", lambda facts: facts.case.person is None)
COPY = Condition("its pictures are those of a clip of an official account", lambda facts: facts.is_copy)
NOT_REMADE = Condition(
    f"synthesis has no more than weak support (log10 {WEAK:g})", lambda facts: not facts.clearly_made
)
QUIET = Condition(
    "the account does not present itself as the person, or says plainly that it is not",
    lambda facts: not facts.presents or facts.declares,
)
PRESENTING = Condition(
    f"the account presents itself as the person (name and pictures {PRESENTS:+g} or more, and the identity sum too)",
    lambda facts: facts.presents,
)
SHOWING = Condition(
    f"the post shows the person (face and voice {SHOWS:+g} or more together, or pictures of an official clip)",
    lambda facts: facts.shows,
)
ABOUT = Condition(
    f"the account presents itself as the person ({PRESENTS:+g} or more), or the post shows them ({SHOWS:+g} or more)",
    lambda facts: facts.presents or facts.shows,
)
DECLARING = Condition(f"it is declared with more than weak support ({DECLARED:+g})", lambda facts: facts.declares)
MADE = Condition(f"synthesis is supported ({NEUTRAL:+g} or more)", lambda facts: facts.looks_made)
CLEARLY_MADE = Condition(
    f"synthesis has more than weak support ({WEAK:+g}), which takes more than the looks of a face",
    lambda facts: facts.clearly_made,
)
HINTING = Condition("its own words hint at how it was made", lambda facts: facts.hints_making)
NOT_GENUINE = Condition(
    f"nothing supports genuine footage ({-NEUTRAL:+g} or less)", lambda facts: not facts.looks_genuine
)
ANOTHER = Condition(
    f"that it is somebody else is supported (identity {-NEUTRAL:+g} or less)",
    lambda facts: facts.likeness is not None and facts.likeness <= -NEUTRAL,
)

_MADE = by_reach(Priority.NORMAL, Priority.HIGH, Priority.URGENT, Priority.URGENT)
_NOT_MADE = by_reach(Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.URGENT)
# Below every undeclared row at equal reach, and never hidden: clips travel on without their bio.
_DECLARED = by_reach(Priority.LOW, Priority.LOW, Priority.NORMAL, Priority.HIGH)
_SHOWN = by_reach(Priority.LOW, Priority.LOW, Priority.LOW, Priority.NORMAL)
_SHOWN_MADE = by_reach(Priority.LOW, Priority.NORMAL, Priority.NORMAL, Priority.HIGH)


def _declared(facts: Facts) -> Steps:
    """By reach where the account presents itself as the person; else as what only shows somebody."""
    if facts.presents:
        return _DECLARED(facts)
    return of_no_one(facts)


def _confirmed(facts: Facts) -> Steps:
    """As the rules rank it, and never below normal: a confirmed case stays in sight, and its media are kept."""
    steps = (_MADE if facts.looks_made else _NOT_MADE)(facts)
    if steps[-1].priority is Priority.LOW:
        return (*steps, Step("a person confirmed it", Priority.NORMAL))
    return steps


RULES: tuple[Rule, ...] = (
    Rule(
        f"{DECIDED}: confirmed, synthesis supported",
        (CONFIRMED, MADE),
        Label.IMPERSONATION_SYNTHETIC,
        _confirmed,
    ),
    Rule(
        f"{DECIDED}: confirmed",
        (CONFIRMED,),
        Label.IMPERSONATION_AUTHENTIC,
        _confirmed,
    ),
    Rule(
        f"{DECIDED}: dismissed",
        (DISMISSED,),
        Label.UNRELATED,
        always(Priority.NONE, "a person dismissed it"),
    ),
    Rule(
        f"{DECIDED}: an imitation that may stay",
        (TOLERATED,),
        Label.DECLARED_IMITATION,
        always(Priority.LOW, "a person took it for an imitation that may stay"),
    ),
    Rule(
        f"{DECIDED}: official",
        (OWNED,),
        Label.OFFICIAL,
        always(Priority.NONE, "a person took it for the protected person's own"),
    ),
    Rule("official account", (OFFICIAL,), Label.OFFICIAL, of_an_official),
    Rule("no person to compare with", (NOBODY,), Label.UNDETERMINED, of_no_one),
    Rule(
        "copy of an official clip",
        (COPY, NOT_REMADE, QUIET),
        Label.OFFICIAL_COPY,
        _declared,
    ),
    Rule("declared imitation", (ABOUT, DECLARING), Label.DECLARED_IMITATION, _declared),
    Rule(
        "presents itself as the person with a copy of an official clip",
        (PRESENTING, COPY, NOT_REMADE),
        Label.IMPERSONATION_AUTHENTIC,
        _NOT_MADE,
    ),
    Rule(
        "presents itself as the person, synthesis supported",
        (PRESENTING, MADE),
        Label.IMPERSONATION_SYNTHETIC,
        _MADE,
    ),
    Rule(
        # Weak scores are the usual case. A hint in the account's own words then tells the kind; it must not make
        # the case more pressing than silence would, so the priority is that of the row below.
        "presents itself as the person, words hint at synthesis",
        (PRESENTING, HINTING, NOT_GENUINE),
        Label.IMPERSONATION_SYNTHETIC,
        _NOT_MADE,
    ),
    Rule(
        "presents itself as the person, synthesis not supported",
        (PRESENTING,),
        Label.IMPERSONATION_AUTHENTIC,
        _NOT_MADE,
    ),
    Rule(
        # as pressing as with the person's name: whoever is fooled is fooled by the face
        "shows the person under another name, synthesis clearly supported",
        (SHOWING, CLEARLY_MADE),
        Label.IMPERSONATION_SYNTHETIC,
        _MADE,
    ),
    Rule(
        # one weak score on genuine footage of news and fans is common, so this is a step below
        "shows the person under another name, synthesis supported",
        (SHOWING, MADE),
        Label.IMPERSONATION_SYNTHETIC,
        _SHOWN_MADE,
    ),
    Rule("shows the person under another name", (SHOWING,), Label.UNDETERMINED, _SHOWN),
    Rule("somebody else", (ANOTHER,), Label.UNRELATED, of_a_stranger),
    Rule("not enough to tell", (), Label.UNDETERMINED, of_no_one),
)
"""In order; the last row always holds."""
