"""The tables of words are whole, follow the judge's scale, and begin every next step with looking."""

from __future__ import annotations

import re
from math import log10

import pytest

from bot.digest.model import Picture
from bot.digest.wording import (
    PRIORITIES,
    PROPOSITIONS,
    QUESTIONS,
    label_text,
    legend,
    next_step,
    picture_caption,
    place_of,
    rank,
)
from bot.verdict import Label, Priority
from bot.verdict.scale import support
from detectors.contract import Question


def test_every_label_priority_and_question_has_words() -> None:
    assert [rank(priority) for priority in Priority] == [0, 1, 2, 3, 4]
    assert set(PRIORITIES) == set(Priority)
    assert list(QUESTIONS) == list(Question)
    assert set(PROPOSITIONS) == set(Question) - {Question.SPREAD}
    texts = [label_text(label, "Aurelio Vantor", 1.0) for label in Label]
    assert len(set(texts)) == len(Label)
    assert [label for label in Label if "Aurelio Vantor" not in label_text(label, "Aurelio Vantor", 1.0)] == [
        Label.UNDETERMINED
    ]
    assert place_of(Label.OFFICIAL) < place_of(Label.UNRELATED) < place_of("a_later_label")


@pytest.mark.parametrize(
    ("synthesis", "words"),
    [
        (0.3, "signs of synthesis"),
        (0.29, "hints at synthesis"),
        (None, "hints at synthesis"),
        (-1.0, "hints at synthesis"),
    ],
)
def test_signs_need_support(synthesis: float | None, words: str) -> None:
    assert label_text(Label.IMPERSONATION_SYNTHETIC, "A. V.", synthesis) == f"Presents itself as A. V.; {words}"


def test_a_name_with_braces_is_only_a_name() -> None:
    assert label_text(Label.OFFICIAL, "{person} {0}", None) == "Official account of {person} {0}"
    assert label_text("{0}_new", None, None) == "{0} new"


def test_the_legend_is_the_scale_of_the_judge() -> None:
    """Just inside both ends of each band the judge uses the words that the legend gives."""
    for ratio, words in legend()[:-1]:
        ends = [float(number.replace(",", "")) for number in re.findall(r"[\d,]+", ratio)]
        low, high = {"less than 2": (1.0, 2.0), "more than 10,000": (10_000.0, 1e9)}.get(ratio) or (ends[0], ends[1])
        assert support(log10(low * 1.01)) == words, ratio
        assert support(log10(high * 0.99)) == words, ratio
        if words != support(0):
            assert support(-log10(high * 0.99)) == f"{words} against", ratio


@pytest.mark.parametrize("label", [*Label, "a_later_label"])
@pytest.mark.parametrize("priority", list(Priority))
@pytest.mark.parametrize("platform", ["tiktok", "folder", "somewhere"])
@pytest.mark.parametrize("person", ["Aurelio Vantor", None])
def test_a_next_step_is_one_line_that_leaves_the_decision(
    label: str, priority: str, platform: str, person: str | None
) -> None:
    step = next_step(label, priority, platform, person)
    assert "\n" not in step
    assert len(step) <= 170
    assert step.startswith(("Watch it", "Nothing", "Name the person"))
    if "report" in step:
        assert "If you agree" in step
        assert "SHA-256" in step
        assert ("form" in step) == (platform != "folder")


def test_the_platform_writes_its_own_name() -> None:
    assert "TikTok's form for impersonation" in next_step(Label.IMPERSONATION_SYNTHETIC, "high", "tiktok", "A. V.")
    assert "Somewhere's form" in next_step(Label.IMPERSONATION_SYNTHETIC, "high", "somewhere", "A. V.")


def test_what_a_person_decided_is_called_so() -> None:
    assert label_text(Label.UNRELATED, "A. V.", None, decided=True) == "Dismissed by a person"
    assert label_text(Label.OFFICIAL, "A. V.", None, decided=True) == (
        "By a person's decision: Official account of A. V."
    )


def test_the_time_below_a_picture_keeps_its_unit_beside_it() -> None:
    glitch = Picture(b"", 1, 1, "freeze at 3.48 s: the sampled frame nearest to it, at 3.50 s", 3.5, kind="glitch")
    assert picture_caption(glitch) == "freeze at 3.48\N{NO-BREAK SPACE}s"
