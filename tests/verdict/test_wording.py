"""The sentences: graded, naming the person and the reasons, with what speaks against."""

from __future__ import annotations

import re

import pytest

from bot.verdict import Case, Verdict, judge
from detectors.contract import Finding
from detectors.specimen import Person, ProfileText
from tests.verdict.cases import VANTOR, disclosure, forgery, identity, words_of


def verdict(*findings: Finding, person: Person | None = VANTOR, handle: str = "somebody") -> Verdict:
    return judge(Case(findings, person, "tiktok", handle, 5_400_000, None, 379_500))


def test_an_undeclared_imitation_names_person_reason_and_grades() -> None:
    assert verdict(identity(1.5), forgery(0.5)).summary == (
        "Moderate support that @somebody, no official account, presents itself as Aurelio Vantor by its handle; "
        "weak support that face or voice was synthesised; no declaration was found."
    )


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (None, "whether face or voice was synthesised could not be examined"),
        (0.1, "no support either way on whether face or voice was synthesised"),
        (-0.5, "weak support that nothing was synthesised"),
    ],
)
def test_what_the_footage_says_is_said_as_weakly_as_it_is(weight: float | None, words: str) -> None:
    assert words in verdict(identity(1.5), forgery(weight)).summary


def test_declared_words_are_quoted_with_their_place() -> None:
    found = verdict(identity(1.5), disclosure(1.7, text="A parody of the man"))
    assert 'moderate support that it is a declared imitation ("A parody of the man" in the bio)' in found.summary
    labelled = verdict(identity(1.5), disclosure(1.3, "platform's AI label", "ai_label", "AI-generated"))
    assert "(the platform's AI label)" in labelled.summary


def test_a_clip_without_an_account_is_called_a_clip() -> None:
    assert "that this clip, no official account, presents" in verdict(identity(1.5), handle="").summary


def test_too_little_to_tell_is_said_with_what_there_is() -> None:
    assert verdict(identity(0.4)).summary.startswith("Weak support that @somebody presents itself as Aurelio Vantor")
    assert "too little to tell" in verdict(identity(0.4)).summary
    assert verdict(identity(0.0)).summary.startswith("No support either way on whether @somebody presents")
    assert verdict().summary.startswith("Nothing of @somebody could be compared with Aurelio Vantor")


@pytest.mark.parametrize(
    ("findings", "counter"),
    [
        ((identity(1.5), forgery(-0.5)), ""),  # the label says as much
        ((identity(1.5), forgery(0.25)), "The forgery score leans to synthetic (too little to count as support)."),
        ((identity(1.5), forgery(0.05)), ""),
        (
            (identity(1.5), forgery(0.5), disclosure(0.5, text="a fan")),
            '"a fan" in the bio may be read as a declaration (weak support).',
        ),
        ((identity(1.9), identity(-0.8, "voice"), forgery(0.5)), "The handle was compared (weak support)."),
        (
            (identity(1.5), disclosure(1.7), disclosure(-0.6, "parody or satire, denied", "caption", "not a parody")),
            "Words were read (weak support).",
        ),
        ((identity(-0.5), forgery(0.5)), "The forgery score leans to synthetic (weak support)."),
    ],
)
def test_the_strongest_counter_evidence_stands_beside(findings: tuple[Finding, ...], counter: str) -> None:
    assert verdict(*findings).counter == counter


def test_a_denial_beside_a_declaration_is_shown() -> None:
    profile = ProfileText("tiktok", "vantor.aurelio", "Aurelio Vantor", "This is parody. Not a deepfake!", "", False)
    found = judge(Case(words_of(profile), VANTOR, "tiktok", "vantor.aurelio"))
    assert found.label == "declared_imitation"
    assert "Not a deepfake" in found.counter


CONVICTING = re.compile(r"\b(is (a |an )?(fake|fraud|deepfake|impostor|criminal)|guilty|proves?|certain(ly)?)\b", re.I)


def test_no_sentence_of_ours_convicts() -> None:
    for weight in (None, -2.0, -0.1, 0.5, 2.0):
        for likeness in (-2.0, 0.0, 0.7, 2.0):
            for said in (-0.5, 0.3, 2.0):
                found = verdict(identity(likeness), forgery(weight), disclosure(said, text="words"))
                assert not CONVICTING.search(found.summary), found.summary
                assert not CONVICTING.search(found.counter), found.counter
