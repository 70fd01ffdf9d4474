"""The verbal scale: every word, its limits, and both directions."""

from __future__ import annotations

import math

import pytest

from bot.verdict.scale import support


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1, "no support either way"),
        (1.9, "no support either way"),
        (2, "weak support"),
        (9, "weak support"),
        (11, "moderate support"),
        (99, "moderate support"),
        (101, "moderately strong support"),
        (999, "moderately strong support"),
        (1_001, "strong support"),
        (9_999, "strong support"),
        (10_001, "very strong support"),
        (1e12, "very strong support"),
    ],
)
def test_the_guidelines_words_in_both_directions(ratio: float, words: str) -> None:
    against = words if words.startswith("no support") else f"{words} against"
    assert support(math.log10(ratio)) == words
    assert support(-math.log10(ratio)) == against


@pytest.mark.parametrize(
    ("limit", "words"), [(1.0, "weak support"), (2.0, "moderate support"), (4.0, "strong support")]
)
def test_a_value_on_a_limit_gets_the_weaker_word(limit: float, words: str) -> None:
    assert support(limit) == words
    assert support(math.nextafter(limit, 9)) != words


def test_a_question_that_nobody_could_look_at_is_not_examined() -> None:
    assert support(None) == "not examined"
    assert support(0.0) == "no support either way"
