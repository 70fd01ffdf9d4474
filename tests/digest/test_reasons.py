"""For and against: the findings' own sentences, sorted by what they do to the label."""

from __future__ import annotations

import pytest

from bot.digest.model import Reasons
from bot.digest.reasons import reasons, without
from bot.verdict import Label
from storage import StoredFinding, StoredVerdict


def finding(question: str, log10_lr: float, text: str, *, status: str = "ok") -> StoredFinding:
    return StoredFinding(1, text, "1", question, status, text, log10_lr=log10_lr)


def verdict(label: str = Label.IMPERSONATION_SYNTHETIC, counter: str = "") -> StoredVerdict:
    return StoredVerdict(1, label, "high", "a rule", "A summary.", counter=counter)


FINDINGS = (
    finding("identity", 0.0, "A face is seen."),
    finding("synthesis", 0.5, "The score leans to synthetic."),
    finding("identity", 1.8, "The handle resembles."),
    finding("synthesis", -0.3, "The light is natural."),
    finding("disclosure", -0.5, "Nothing is declared."),
    finding("identity", -1.0, "The voice is another."),
    finding("synthesis", 0.0, "The clip has no sound.", status="not_applicable"),
    finding("synthesis", 0.0, "The model failed.", status="failed"),
)


def test_reasons_are_sorted_and_strongest_first() -> None:
    assert reasons(verdict(), FINDINGS) == Reasons(
        towards=("The handle resembles.", "The score leans to synthetic.", "Nothing is declared."),
        against=("The voice is another.", "The light is natural."),
        neither=("A face is seen.",),
        unseen=("The clip has no sound.", "The model failed."),
    )


def test_the_counter_evidence_of_the_verdict_takes_the_place_of_its_finding() -> None:
    found = reasons(verdict(counter="The voice is another (moderate support)."), FINDINGS)
    assert found.against == ("The voice is another (moderate support).", "The light is natural.")
    alone = reasons(verdict(counter="Words that no finding says."), FINDINGS[1:3])
    assert alone.against == ("Words that no finding says.",)


@pytest.mark.parametrize(
    ("label", "question", "value", "side"),
    [
        (Label.IMPERSONATION_SYNTHETIC, "disclosure", 0.5, "against"),
        (Label.IMPERSONATION_AUTHENTIC, "synthesis", -0.5, "towards"),
        (Label.IMPERSONATION_AUTHENTIC, "synthesis", 0.5, "against"),
        (Label.DECLARED_IMITATION, "disclosure", 1.5, "towards"),
        (Label.DECLARED_IMITATION, "disclosure", -0.5, "against"),
        (Label.UNRELATED, "identity", -1.0, "towards"),
        (Label.UNRELATED, "identity", 1.0, "against"),
        (Label.UNDETERMINED, "synthesis", 0.5, "towards"),
        (Label.UNDETERMINED, "identity", -0.5, "against"),
        ("a_later_label", "identity", 0.5, "towards"),
        (Label.IMPERSONATION_SYNTHETIC, "spread", 0.0, "neither"),
        (Label.IMPERSONATION_SYNTHETIC, "synthesis", 0.09, "neither"),
        (Label.IMPERSONATION_SYNTHETIC, "synthesis", -0.09, "neither"),
    ],
)
def test_the_side_depends_on_the_label(label: str, question: str, value: float, side: str) -> None:
    found = reasons(verdict(label), [finding(question, value, "So it is.")])
    assert getattr(found, side) == ("So it is.",)


def test_at_most_three_sentences_of_each_kind_each_bounded() -> None:
    many = [finding("identity", 1 + number / 10, f"{number} {'x' * 1000}") for number in range(6)]
    found = reasons(verdict(), many)
    assert [text.split()[0] for text in found.towards] == ["5", "4", "3"]
    assert all(len(text) <= 401 for text in found.towards)


def test_the_strongest_of_each_question_is_told_before_a_second_of_one() -> None:
    found = reasons(
        verdict(),
        [
            finding("identity", 2.5, "The handle resembles."),
            finding("identity", 2.0, "The face resembles."),
            finding("identity", 1.5, "The voice resembles."),
            finding("synthesis", 0.7, "The score leans to synthetic."),
        ],
    )
    assert found.towards == ("The handle resembles.", "The score leans to synthetic.", "The face resembles.")


def test_what_was_said_is_not_said_again() -> None:
    some = Reasons(("a", "b"), ("c",), ("d",), ("e", "f"))
    assert without(some, Reasons(("a",), (), ("d",), ("f",))) == Reasons(("b",), ("c",), (), ("e",))


def test_cues_stand_first_because_they_say_how_soon_to_look() -> None:
    cue = StoredFinding(
        1, "harm", "1", "spread", "ok", "It asks for money.", exhibits=({"kind": "text", "label": "harm: giveaway"},)
    )
    hint = StoredFinding(
        1, "harm", "1", "spread", "ok", "It says win.", exhibits=({"kind": "text", "label": "hint of harm: giveaway"},)
    )
    found = reasons(verdict(), (*FINDINGS, cue))
    assert found.towards[0] == "It asks for money."
    assert found.towards[1:] == reasons(verdict(), FINDINGS).towards
    many = [
        StoredFinding(1, f"cue {number}", "1", "spread", "ok", f"{number}", exhibits=cue.exhibits)
        for number in range(4)
    ]
    assert reasons(verdict(), (*FINDINGS, *many)).towards[:3] == ("0", "1", "The handle resembles.")
    assert "It says win." in reasons(verdict(), (*FINDINGS, hint)).neither
