"""Each figure against values worked out by hand, and against what must hold for any sample."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.calibration import fit_platt
from detectors.metrics import (
    Labels,
    Metric,
    Scores,
    auc,
    auc_interval,
    calibration_error,
    cllr,
    equal_error_rate,
    hits_at,
    interval,
    reliability,
    roc,
)

Sample = tuple[Scores, Labels]


def sample(negatives: list[float], positives: list[float]) -> Sample:
    return (
        np.array([*negatives, *positives], np.float64),
        np.array([False] * len(negatives) + [True] * len(positives)),
    )


# whole numbers, so that a monotone map in floating point neither makes nor breaks a tie
SCORES = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=25)
SAMPLES = st.builds(sample, SCORES, SCORES)


def test_auc_by_hand() -> None:
    # 3 beats 1 and 2, 2 beats 1 and ties with 2: 3.5 of 4 pairs
    assert auc(*sample([1, 2], [2, 3])) == pytest.approx(3.5 / 4)
    assert auc(*sample([1, 2], [3, 4])) == 1
    assert auc(*sample([3, 4], [1, 2])) == 0


def test_the_curve_by_hand() -> None:
    alarms, hits = roc(*sample([1, 2], [2, 3]))
    assert alarms.tolist() == [0, 0, 0.5, 1]
    assert hits.tolist() == [0, 0.5, 1, 1]


def test_equal_error_rate_by_hand() -> None:
    # at a threshold of 3 one of four positives is missed and one of four negatives alarms
    assert equal_error_rate(*sample([0, 1, 2, 3], [2.5, 3, 4, 5])) == pytest.approx(0.25)
    assert equal_error_rate(*sample([0, 1], [2, 3])) == 0
    assert equal_error_rate(*sample([1, 1], [1, 1])) == 0.5
    assert equal_error_rate(*sample([1], [0])) == 1


def test_hits_at_a_rate_of_false_alarms_by_hand() -> None:
    negatives = [float(number) for number in range(20)]
    scores, positive = sample(negatives, [18.5, 19.5, 5, 30])
    assert hits_at(scores, positive, 0.01) == 0.5, "19.5 and 30 lie above every negative"
    assert hits_at(scores, positive, 0.05) == 0.75, "one of twenty negatives may alarm, which lets 18.5 in"
    assert hits_at(scores, positive, 0.0499) == 0.5
    assert hits_at(scores, positive, 1.0) == 1


def test_cllr_by_hand() -> None:
    assert cllr(np.zeros(5), np.array([True, True, False, False, False])) == pytest.approx(1)
    # a likelihood ratio of 3 for the positive costs log2(1 + 1/3), one of 1/7 for the negative log2(1 + 1/7)
    expected = (math.log2(4 / 3) + math.log2(8 / 7)) / 2
    assert cllr(np.log10([3, 1 / 7]), np.array([True, False])) == pytest.approx(expected)
    assert cllr(np.array([300.0, -300.0]), np.array([True, False])) == pytest.approx(0)


def test_reliability_and_its_error_by_hand() -> None:
    # ratios of 3 and 1/3 are posteriors of 0.75 and 0.25; with four bins these start the second and the last one
    log10_lr = np.log10([3, 3, 1 / 3, 3, 1 / 3])
    positive = np.array([True, True, True, False, False])
    low, high = reliability(log10_lr, positive, bins=2)
    # a positive weighs 1/6, a negative 1/4
    assert (low.stated, low.observed) == pytest.approx((0.25, (1 / 6) / (1 / 6 + 1 / 4)))
    assert (high.stated, high.observed) == pytest.approx((0.75, (1 / 3) / (1 / 3 + 1 / 4)))
    assert (low.weight, high.weight, low.count, high.count) == pytest.approx((5 / 12, 7 / 12, 2, 3))
    expected = 5 / 12 * abs(0.25 - 0.4) + 7 / 12 * abs(0.75 - 4 / 7)
    assert calibration_error(log10_lr, positive, bins=2) == pytest.approx(expected)


@pytest.mark.parametrize("metric", [auc, equal_error_rate, cllr, calibration_error, lambda s, p: hits_at(s, p, 0.05)])
@pytest.mark.parametrize("label", [True, False])
def test_a_missing_class_has_no_figure(metric: Metric, label: bool) -> None:
    assert math.isnan(metric(np.array([0.0, 1.0]), np.array([label, label])))
    assert math.isnan(metric(np.zeros(0), np.zeros(0, np.bool_)))


@given(SAMPLES, st.sampled_from([lambda x: 3 * x + 7, lambda x: x**3, np.exp, np.arctan]))
def test_ranking_does_not_change_under_a_rising_map(given_sample: Sample, rising: Callable[[Scores], Scores]) -> None:
    scores, positive = given_sample
    mapped = rising(scores)
    assert auc(mapped, positive) == auc(scores, positive)
    assert equal_error_rate(mapped, positive) == equal_error_rate(scores, positive)
    assert hits_at(mapped, positive, 0.05) == hits_at(scores, positive, 0.05)


@given(SAMPLES)
def test_a_flipped_sign_or_flipped_labels_give_the_rest(given_sample: Sample) -> None:
    scores, positive = given_sample
    assert auc(-scores, positive) == pytest.approx(1 - auc(scores, positive))
    assert auc(scores, ~positive) == pytest.approx(1 - auc(scores, positive))


@given(SAMPLES)
def test_the_area_is_that_under_the_curve(given_sample: Sample) -> None:
    scores, positive = given_sample
    alarms, hits = roc(scores, positive)
    assert (alarms[0], hits[0], alarms[-1], hits[-1]) == (0, 0, 1, 1)
    assert (np.diff(alarms) >= 0).all()
    assert (np.diff(hits) >= 0).all()
    assert float(np.trapezoid(hits, alarms)) == pytest.approx(auc(scores, positive))


@given(SAMPLES, st.floats(0, 1), st.floats(0, 1))
def test_more_false_alarms_never_catch_less(given_sample: Sample, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert hits_at(*given_sample, low) <= hits_at(*given_sample, high)


@given(SAMPLES)
def test_a_ratio_of_one_costs_one_bit_and_shows_no_more_than_a_half(given_sample: Sample) -> None:
    scores, positive = given_sample
    assert cllr(np.zeros_like(scores), positive) == pytest.approx(1)
    assert calibration_error(np.zeros_like(scores), positive) == pytest.approx(0), "half stated, half observed"


@given(SAMPLES)
def test_the_bins_hold_the_whole_sample(given_sample: Sample) -> None:
    scores, positive = given_sample
    drawn = reliability(scores / 10, positive)
    assert sum(one.weight for one in drawn) == pytest.approx(1)
    assert sum(one.count for one in drawn) == len(scores)
    assert 0 <= calibration_error(scores / 10, positive) <= 1


@given(st.integers(0, 10_000), st.floats(0.3, 3))
@settings(max_examples=20, deadline=None)
def test_true_ratios_are_calibrated_and_wrong_ones_are_not(seed: int, distance: float) -> None:
    """Two normal distributions a distance d apart have a natural log likelihood ratio of d * x."""
    random = np.random.default_rng(seed)
    positive = np.arange(20_000) % 2 == 0
    x = random.normal(np.where(positive, distance / 2, -distance / 2), 1)
    true = distance * x / np.log(10)
    assert calibration_error(true, positive) < 0.03
    assert cllr(true, positive) < 1
    # the farther the classes lie apart, the more posteriors are near 0 or 1 and move little
    assert calibration_error(true + 0.7, positive) > calibration_error(true, positive) + 0.04, "five times too high"
    assert cllr(true + 0.7, positive) > cllr(true, positive)


@given(SAMPLES, st.integers(1, 4), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_an_interval_holds_the_figure(given_sample: Sample, size: int, seed: int) -> None:
    scores, positive = given_sample
    group = [str(number // size) for number in range(len(scores))]
    for metric in (auc, equal_error_rate, calibration_error, cllr):
        low, high = interval(metric, scores / 10, positive, group, seed=seed, rounds=40)
        assert low <= metric(scores / 10, positive) <= high


def test_an_interval_is_repeatable_and_widens_when_clips_are_not_independent() -> None:
    random = np.random.default_rng(3)
    positive = np.arange(200) % 2 == 0
    person = np.arange(200) // 20
    scores = random.normal(np.where(positive, 0.5, -0.5) + random.normal(0, 1, 10)[person], 0.1)
    alone = auc_interval(scores, positive, [str(number) for number in range(200)])
    together = auc_interval(scores, positive, [str(number) for number in person])
    assert together == auc_interval(scores, positive, [str(number) for number in person])
    assert together[1] - together[0] > 1.3 * (alone[1] - alone[0])


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Normal scores one standard deviation apart have an AUC of Phi(1 / sqrt 2) = 0.7602."""
    random = np.random.default_rng(11)
    positive = np.arange(80) % 2 == 0
    names = [str(number) for number in range(80)]
    held = 0
    for _ in range(100):
        low, high = auc_interval(random.normal(positive.astype(float), 1), positive, names, rounds=100)
        held += low <= 0.7602 <= high
    assert 88 <= held <= 100


def test_an_interval_is_widened_to_hold_a_figure_that_no_draw_reaches() -> None:
    """As good a calibration as can be: every draw of it is a little worse."""
    log10_lr = np.log10(np.repeat([3, 1 / 3], 20))
    positive = np.array([True] * 15 + [False] * 5 + [True] * 5 + [False] * 15)
    assert calibration_error(log10_lr, positive) == pytest.approx(0, abs=1e-12)
    low, high = interval(calibration_error, log10_lr, positive, [str(number) for number in range(40)])
    assert low == pytest.approx(0, abs=1e-12)
    assert 0.05 < high < 0.3


@pytest.mark.parametrize("negatives", [20, 60, 100, 140])
def test_a_rate_that_is_exactly_the_limit_passes(negatives: int) -> None:
    """Five of a hundred are 0.05, whatever the last bit of the division says."""
    scores = np.arange(negatives + 1, dtype=np.float64)
    scores[-1] = negatives - negatives // 20 - 0.5
    positive = np.arange(negatives + 1) == negatives
    assert hits_at(scores, positive, 0.05) == 1
    assert hits_at(scores, positive, 0.05 - 1e-9) == 0


def test_no_draw_with_both_classes_is_the_widest_interval() -> None:
    scores, positive = sample([], [1, 2])
    assert interval(auc, scores, positive, ["a", "b"]) == (0, 1)


def test_the_fit_finds_the_ratios_that_made_the_sample() -> None:
    random = np.random.default_rng(5)
    positive = np.arange(40_000) % 4 == 0  # unequal counts must not move the fit
    x = random.normal(np.where(positive, 1, -1), 1)
    a, b = fit_platt(x, positive, np.ones(len(x)), ridge=0)
    assert a == pytest.approx(2 / math.log(10), rel=0.05)
    assert b == pytest.approx(0, abs=0.03)
