"""What a held-out clip may expect is fitted without its group."""

from __future__ import annotations

import numpy as np
import pytest

from training.forgery_samples import Sample, columns, cross_fitted, say_of_sources
from training.forgery_split import genuine_kept_out


def _samples(count: int, source: str, seed: int) -> list[Sample]:
    random = np.random.default_rng(seed)
    return [
        Sample(float(random.normal(2.0 * (n % 2), 1)), float(random.uniform(-3, -1)), n % 2 == 1, source, "", f"{n}")
        for n in range(count)
    ]


def test_a_source_of_four_times_the_samples_has_twice_the_say() -> None:
    samples = _samples(40, "many", 0) + _samples(10, "few", 1)
    weights = say_of_sources(samples)
    assert weights[:40].sum() == pytest.approx(2 * weights[40:].sum())


@pytest.mark.parametrize("by_quality", [True, False])
def test_a_clip_with_a_wrong_label_does_not_move_its_own_value(by_quality: bool) -> None:
    samples = _samples(200, "one", 0)
    turned = [*samples[:-1], Sample(samples[-1].score, samples[-1].quality, not samples[-1].fake, "one", "", "199")]
    before, after = (cross_fitted(one, by_quality=by_quality) for one in (samples, turned))
    assert before[-1] == after[-1]
    assert not np.array_equal(before, after)


def test_calibrated_values_point_to_the_label() -> None:
    samples = _samples(400, "one", 2)
    values, (_, _, fake) = cross_fitted(samples), columns(samples)
    assert values[fake].mean() > 0.2
    assert values[~fake].mean() < -0.2


def test_more_pictures_are_kept_out_where_they_measure_groups_of_people() -> None:
    for kind, low, high in (("utkface", 0.35, 0.45), ("lfw", 0.07, 0.13)):
        share = np.mean([genuine_kept_out(f"{kind}:{number}") for number in range(2000)])
        assert low < share < high
