"""Sums per question: what counts, what does not, and how far one signal gets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bot.verdict.weigh import MAX_SIGNAL, MAX_SUM, weigh
from detectors.contract import Question, Status
from tests.verdict.cases import disclosure, forgery, identity


def test_each_question_sums_its_own_findings() -> None:
    findings = (identity(1.5), identity(0.75, "voice"), forgery(0.5), disclosure(-0.5))
    assert weigh(findings, Question.IDENTITY) == 2.25
    assert weigh(findings, Question.SYNTHESIS) == 0.5
    assert weigh(findings, Question.DISCLOSURE) == -0.5
    assert weigh(findings, Question.SPREAD) is None


def test_not_applicable_and_failed_are_no_zeros() -> None:
    failed = replace(forgery(1.5), status=Status.FAILED)
    assert weigh((forgery(None), failed), Question.SYNTHESIS) is None
    assert weigh((forgery(None), failed, forgery(0.0)), Question.SYNTHESIS) == 0.0


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_does_not_count(broken: float) -> None:
    assert weigh((forgery(broken),), Question.SYNTHESIS) is None
    assert weigh((forgery(broken), forgery(0.5)), Question.SYNTHESIS) == 0.5


def test_one_signal_cannot_shout_and_the_sum_is_bounded() -> None:
    assert weigh((forgery(9.0),), Question.SYNTHESIS) == MAX_SIGNAL
    assert weigh((forgery(9.0), forgery(-0.5)), Question.SYNTHESIS) == MAX_SIGNAL - 0.5
    assert weigh((forgery(-9.0),) * 7, Question.SYNTHESIS) == -MAX_SUM


def test_sums_of_tenths_stay_on_their_limits() -> None:
    assert weigh((forgery(0.1), forgery(0.2)), Question.SYNTHESIS) == 0.3
    assert math.copysign(1, weigh((forgery(-0.0),), Question.SYNTHESIS) or 0.0) == 1  # "-0.0" is for nobody's eyes
