"""The table of rules, row by row."""

from __future__ import annotations

import functools
import itertools

import pytest

from bot.verdict import Case, Label, Priority, judge
from bot.verdict.rules import RULES
from detectors.contract import Finding, OfficialAccount, Person, Question
from tests.verdict.cases import VANTOR, disclosure, forgery, identity

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
