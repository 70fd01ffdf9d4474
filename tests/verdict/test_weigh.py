"""Sums per question: what counts, what does not, and how far one signal or one family gets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bot.verdict.families import FAMILIES, MAX_SUM, OTHER_MOST, family_of, rule_of_three
from bot.verdict.weigh import bounded, weigh
from detectors.contract import Finding, Question, Status
from tests.verdict.cases import disclosure, forgery, identity


def synthesis(detector: str, log10_lr: float) -> Finding:
    return replace(forgery(log10_lr), detector=detector)


def total(*findings: Finding, question: Question = Question.SYNTHESIS) -> float | None:
    return weigh(findings, question).log10_lr


def test_each_question_sums_its_own_findings() -> None:
    findings = (identity(1.5), identity(0.75, "voice"), forgery(0.5), disclosure(-0.5))
    assert total(*findings, question=Question.IDENTITY) == 2.25
    assert total(*findings) == 0.5
    assert total(*findings, question=Question.DISCLOSURE) == -0.5
    assert total(*findings, question=Question.SPREAD) is None


def test_not_applicable_and_failed_are_no_zeros() -> None:
    failed = replace(forgery(1.5), status=Status.FAILED)
    assert total(forgery(None), failed) is None
    assert total(forgery(None), failed, forgery(0.0)) == 0.0


def test_what_only_describes_answers_no_question() -> None:
    seen = Finding("faces", "1", Question.IDENTITY, Status.OK, "One face is seen.")
    assert total(seen, question=Question.IDENTITY) is None
    assert total(seen, identity(0.4), question=Question.IDENTITY) == 0.4


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_does_not_count(broken: float) -> None:
    assert total(forgery(broken)) is None
    assert total(forgery(broken), forgery(0.5)) == 0.5


def test_no_signal_and_no_family_shouts_and_the_sum_is_bounded() -> None:
    face = family_of("forgery", Question.SYNTHESIS)
    assert total(forgery(9.0)) == face.most
    assert total(forgery(9.0), forgery(-0.5)) == face.most - 0.5, "each finding is bounded before they are added"
    assert total(*(forgery(0.7),) * 5) == face.most, "what looks at one face is one family"
    everything = [synthesis(name, 9.0) for family in FAMILIES for name in family.detectors]
    assert total(*everything, synthesis("other", 9.0)) == MAX_SUM
    assert weigh(everything, Question.SYNTHESIS).capped


def test_dependent_signals_say_less_than_independent_ones() -> None:
    """Two looks at one face against a face and the clip's timing, with the same ratios."""
    together = total(synthesis("forgery", 0.7), synthesis("drift", 0.6))
    apart = total(synthesis("forgery", 0.7), synthesis("glitches", 0.6))
    assert (together, apart) == (1.0, 1.3)


def test_a_detector_that_the_table_does_not_name_counts_a_little() -> None:
    assert total(synthesis("brand_new", 0.4)) == 0.4
    assert total(synthesis("brand_new", 3.0), synthesis("newer", 3.0)) == OTHER_MOST
    assert bounded(synthesis("brand_new", -3.0)) == -OTHER_MOST


def test_the_reckoning_names_which_bound_bit() -> None:
    found = weigh([synthesis("forgery", 0.7), synthesis("drift", 0.6), synthesis("glitches", 0.2)], Question.SYNTHESIS)
    face, timing = found.families
    assert (face.family.name, face.raw, face.counted, face.capped) == ("face", 1.3, 1.0, True)
    assert (timing.family.name, timing.raw, timing.counted, timing.capped) == ("timing", 0.2, 0.2, False)
    assert (found.raw, found.log10_lr, found.capped) == (1.2, 1.2, False)
    assert (found.of("face"), found.of("timing", "sound"), found.of("sound")) == (1.0, 0.2, None)


def test_sums_of_tenths_stay_on_their_limits() -> None:
    assert total(forgery(0.1), forgery(0.2)) == 0.3
    assert math.copysign(1, total(forgery(-0.0)) or 0.0) == 1  # "-0.0" is for nobody's eyes


def test_every_family_has_bounds_around_zero_and_a_reason() -> None:
    for family in FAMILIES:
        assert family.least <= 0 <= family.most, family
        assert max(family.most, -family.least) <= 2.0, "no family gives more than moderate support alone"
        assert len(family.why) > 60, family
    keys = [(family.question, detector) for family in FAMILIES for detector in family.detectors]
    assert len(keys) == len(set(keys)), "a detector counts once in a question"
    assert len({(family.question, family.name) for family in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize(("cases", "most"), [(0, 0.0), (3, 0.0), (30, 1.0), (300, 2.0)])
def test_no_error_in_n_cases_shows_a_third_of_n_to_one(cases: int, most: float) -> None:
    assert rule_of_three(cases) == pytest.approx(most)
    if cases > 3:
        # the exact bound: with this rate of errors, no error in so many cases happens once in twenty times
        assert (1 - 10 ** -rule_of_three(cases)) ** cases == pytest.approx(0.05, abs=0.008)
