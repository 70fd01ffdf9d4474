"""The table of rules, row by row."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import pytest

from bot.verdict import Case, Decided, Decision, Label, Priority, judge, reckon
from bot.verdict.rules import RULES
from detectors.contract import Exhibit, ExhibitKind, Finding, Question
from detectors.specimen import OfficialAccount, Person
from tests.verdict.cases import (
    VANTOR,
    disclosure,
    face,
    forgery,
    glitches,
    growth,
    harm,
    identity,
    official_copy,
)

HINT = disclosure(0.3, "a hint in the handle", "handle", "deepx")
DECLARED = disclosure(1.7)


@pytest.mark.parametrize(
    ("findings", "rule", "label"),
    [
        ((identity(1.5), DECLARED, forgery(2.0)), "declared imitation", Label.DECLARED_IMITATION),
        (
            (identity(1.5), forgery(0.3)),
            "presents itself as the person, synthesis supported",
            Label.IMPERSONATION_SYNTHETIC,
        ),
        (
            (identity(1.5), HINT, forgery(0.29)),
            "presents itself as the person, words hint at synthesis",
            Label.IMPERSONATION_SYNTHETIC,
        ),
        (
            (identity(1.5), HINT, forgery(-0.3)),
            "presents itself as the person, synthesis not supported",
            Label.IMPERSONATION_AUTHENTIC,
        ),
        (
            (identity(1.5), disclosure(1.0), forgery(None)),  # parody, too weakly said
            "presents itself as the person, synthesis not supported",
            Label.IMPERSONATION_AUTHENTIC,
        ),
        ((identity(0.6),), "presents itself as the person, synthesis not supported", Label.IMPERSONATION_AUTHENTIC),
        ((identity(0.59), forgery(2.0)), "not enough to tell", Label.UNDETERMINED),
        ((identity(-0.3), forgery(2.0), DECLARED), "somebody else", Label.UNRELATED),
        ((identity(0.0), DECLARED), "not enough to tell", Label.UNDETERMINED),
        ((), "not enough to tell", Label.UNDETERMINED),
        # the person's name with another's face: a poor swap keeps the actor's, so a full name still counts
        (
            (identity(1.5), face(-2.0)),
            "presents itself as the person, synthesis not supported",
            Label.IMPERSONATION_AUTHENTIC,
        ),
        ((identity(1.2), face(-2.0)), "not enough to tell", Label.UNDETERMINED),
        ((identity(0.1), face(-2.0)), "somebody else", Label.UNRELATED),
        # another name with the person's face
        (
            (identity(-1.0), face(2.0), forgery(0.5), glitches(0.7)),
            "shows the person under another name, synthesis clearly supported",
            Label.IMPERSONATION_SYNTHETIC,
        ),
        (
            (identity(-1.0), face(2.0), forgery(0.5)),
            "shows the person under another name, synthesis supported",
            Label.IMPERSONATION_SYNTHETIC,
        ),
        ((identity(-1.0), face(2.0), forgery(-0.5)), "shows the person under another name", Label.UNDETERMINED),
        ((face(1.0),), "shows the person under another name", Label.UNDETERMINED),
        ((identity(-1.0), face(2.0), DECLARED, forgery(0.5)), "declared imitation", Label.DECLARED_IMITATION),
        # an official clip again
        ((identity(-1.0), official_copy()), "copy of an official clip", Label.OFFICIAL_COPY),
        ((identity(1.5), official_copy(), DECLARED), "copy of an official clip", Label.OFFICIAL_COPY),
        (
            (identity(1.5), official_copy(), forgery(0.7)),
            "presents itself as the person with a copy of an official clip",
            Label.IMPERSONATION_AUTHENTIC,
        ),
        (  # the pictures of an official clip with other lips
            (identity(-1.0), official_copy(), forgery(0.7), glitches(0.7)),
            "shows the person under another name, synthesis clearly supported",
            Label.IMPERSONATION_SYNTHETIC,
        ),
    ],
)
def test_the_row_that_fires_is_named(findings: tuple[Finding, ...], rule: str, label: Label) -> None:
    found = judge(Case(findings, VANTOR, "tiktok", "somebody"))
    assert (found.rule, found.label) == (rule, label)


def test_a_forgery_score_alone_never_makes_an_impersonation() -> None:
    for many in (1, 5):
        found = judge(Case((forgery(9.0),) * many, VANTOR, "tiktok", "somebody", views=10**9))
        assert found.label is Label.UNDETERMINED
        assert found.priority is Priority.NORMAL


@pytest.mark.parametrize(
    ("platform", "handle", "official"),
    [
        ("tiktok", "aureliovantor", True),
        ("tiktok", "@AurelioVantor", True),
        ("youtube", "aureliovantor", False),
        ("tiktok", "aureliovantor_", False),
        ("tiktok", "", False),
    ],
)
def test_official_is_a_handle_on_its_platform(platform: str, handle: str, official: bool) -> None:
    found = judge(Case((identity(1.9), forgery(0.8)), VANTOR, platform, handle, views=10**7))
    assert (found.label is Label.OFFICIAL) is official


def test_an_official_account_without_a_handle_matches_nothing() -> None:
    person = Person("Aurelio Vantor", official=(OfficialAccount("folder", ""),))
    assert judge(Case((), person, "folder", "")).label is Label.UNDETERMINED


def test_without_a_person_nothing_is_compared() -> None:
    found = judge(Case((identity(1.9), forgery(0.5)), None, "tiktok", "somebody"))
    assert (found.label, found.rule) == (Label.UNDETERMINED, "no person to compare with")
    assert found.questions[Question.IDENTITY].log10_lr is None
    assert found.summary.startswith("No protected person is named")
    assert "weak support that face or voice was synthesised" in found.summary


@pytest.mark.parametrize(
    ("views", "undeclared", "genuine", "declared"),
    [
        (100, Priority.NORMAL, Priority.NORMAL, Priority.LOW),
        (20_000, Priority.HIGH, Priority.NORMAL, Priority.LOW),
        (200_000, Priority.URGENT, Priority.HIGH, Priority.NORMAL),
        (2_000_000, Priority.URGENT, Priority.URGENT, Priority.HIGH),
    ],
)
def test_reach_decides_the_priority(views: int, undeclared: Priority, genuine: Priority, declared: Priority) -> None:
    def priority(*findings: Finding) -> Priority:
        return judge(Case((identity(1.5), *findings), VANTOR, "tiktok", "somebody", views)).priority

    assert priority(forgery(0.5)) is undeclared
    assert priority(forgery(-0.5)) is genuine
    assert priority(HINT) is genuine  # a hint tells the kind and makes nothing more pressing
    assert priority(forgery(0.5), DECLARED) is declared


def test_a_weak_likeness_is_one_step_lower() -> None:
    for findings, priority in (((forgery(0.5),), Priority.HIGH), ((DECLARED,), Priority.NORMAL)):
        found = judge(Case((identity(1.0), *findings), VANTOR, "tiktok", "somebody", views=2_000_000))
        assert found.priority is priority


@pytest.mark.parametrize(
    ("views", "weakly", "clearly", "not_made"),
    [
        (100, Priority.LOW, Priority.NORMAL, Priority.LOW),
        (20_000, Priority.NORMAL, Priority.HIGH, Priority.LOW),
        (200_000, Priority.NORMAL, Priority.URGENT, Priority.LOW),
        (2_000_000, Priority.HIGH, Priority.URGENT, Priority.NORMAL),
    ],
)
def test_the_persons_face_under_another_name_is_pressing_where_it_was_clearly_made(
    views: int, weakly: Priority, clearly: Priority, not_made: Priority
) -> None:
    def priority(*findings: Finding) -> Priority:
        return judge(Case((identity(-1.0), face(2.0), *findings), VANTOR, "tiktok", "golfdaily", views)).priority

    assert priority(forgery(0.7)) is weakly
    assert priority(forgery(0.7), glitches(0.7)) is clearly
    assert priority(forgery(-0.5)) is not_made


def priority_of(*findings: Finding, handle: str = "somebody", views: int = 100) -> Priority:
    return judge(Case(findings, VANTOR, "tiktok", handle, views)).priority


def test_harm_and_growth_raise_one_step_each_and_stay_on_the_ladder() -> None:
    presents = (identity(1.5), forgery(-0.5))
    assert priority_of(*presents) is Priority.NORMAL
    assert priority_of(*presents, harm()) is Priority.HIGH
    assert priority_of(*presents, harm(), harm("hate")) is Priority.HIGH, "two cues are one step"
    assert priority_of(*presents, growth(), views=20_000) is Priority.HIGH
    assert priority_of(*presents, growth(), harm(), views=20_000) is Priority.URGENT
    assert priority_of(*presents, growth(), harm(), views=10**7) is Priority.URGENT
    assert priority_of(identity(1.5), DECLARED, harm()) is Priority.NORMAL
    assert priority_of(identity(0.4), harm()) is Priority.NORMAL
    assert priority_of(identity(-1.0), harm(), views=10**7) is Priority.NONE, "somebody else's harm is not this watch's"


def test_harm_on_an_official_account_is_worth_knowing() -> None:
    assert priority_of(identity(-1.0), handle="aureliovantor") is Priority.NONE
    assert priority_of(identity(-1.0), harm(), handle="aureliovantor") is Priority.LOW


def test_a_hint_of_harm_raises_nothing() -> None:
    hint = replace(harm(), exhibits=(Exhibit(ExhibitKind.TEXT, "hint of harm: giveaway", text="win"),))
    assert priority_of(identity(1.5), hint) is priority_of(identity(1.5))


@pytest.mark.parametrize(
    ("decision", "label", "priority"),
    [
        (Decision.CONFIRM, Label.IMPERSONATION_SYNTHETIC, Priority.HIGH),
        (Decision.DISMISS, Label.UNRELATED, Priority.NONE),
        (Decision.IMITATION, Label.DECLARED_IMITATION, Priority.LOW),
        (Decision.OFFICIAL, Label.OFFICIAL, Priority.NONE),
    ],
)
def test_a_person_overrides_the_rules_and_the_findings_are_told_all_the_same(
    decision: Decision, label: Label, priority: Priority
) -> None:
    case = Case((identity(1.5), forgery(0.5)), VANTOR, "tiktok", "somebody", views=20_000)
    found = reckon(replace(case, decided=Decided(decision, "I asked\nhis agent")))
    assert (found.verdict.label, found.verdict.priority) == (label, priority)
    assert found.verdict.rule.startswith("a person decided")
    assert "A person " in found.verdict.summary
    assert '("I asked his agent")' in found.verdict.summary
    assert judge(case).summary in found.verdict.summary
    assert found.by_itself == judge(case)


def test_a_confirmed_case_stays_in_sight() -> None:
    weak = Case((identity(0.4),), VANTOR, "tiktok", "somebody", views=10)
    assert judge(weak).priority is Priority.LOW
    confirmed = judge(replace(weak, decided=Decided(Decision.CONFIRM)))
    assert (confirmed.label, confirmed.priority) == (Label.IMPERSONATION_AUTHENTIC, Priority.NORMAL)


def test_a_person_is_asked_before_the_list_of_official_accounts() -> None:
    hijacked = Case((identity(-1.0), forgery(0.7)), VANTOR, "tiktok", "aureliovantor", views=10**6)
    assert judge(hijacked).label is Label.OFFICIAL
    confirmed = judge(replace(hijacked, decided=Decided(Decision.CONFIRM, "hijacked")))
    assert (confirmed.label, confirmed.priority) == (Label.IMPERSONATION_SYNTHETIC, Priority.HIGH)


GRID = (-2.0, -0.3, 0.0, 0.29, 0.3, 0.59, 0.6, 1.0, 1.01, 2.0)


def test_the_whole_table_is_monotone() -> None:
    """Random cases seldom meet the limits, so every combination of values on and beside them is tried."""
    ladder = tuple(reversed(Priority))

    @functools.cache
    def rank(like: float, made: float, said: float, views: int) -> int:
        findings = (identity(like), forgery(made), disclosure(said, "made with AI") if said > 0 else disclosure(said))
        return ladder.index(judge(Case(findings, VANTOR, "tiktok", "somebody", views)).priority)

    reaches = (100, 20_000, 200_000, 2_000_000)
    for like, made, said, views in itertools.product(GRID, GRID, GRID, reaches):
        here = rank(like, made, said, views)
        assert all(rank(more, made, said, views) >= here for more in GRID if more > like)
        assert all(rank(like, more, said, views) >= here for more in GRID if more > made)
        assert all(rank(like, made, more, views) <= here for more in GRID if more > said)
        assert all(rank(like, made, said, more) >= here for more in reaches if more > views)


def test_rules_have_different_names_and_the_last_always_holds() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert judge(Case((), VANTOR)).rule == RULES[-1].name
