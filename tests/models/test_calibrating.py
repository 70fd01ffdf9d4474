"""The fit to a user's own clips: what it needs, what it claims, and what it leaves alone in the card."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BotError
from bot.evaluation.examining import Outcome
from bot.evaluation.material import Sample, Side
from bot.models.calibrating import FEWEST, Fit, fit, recalibrated
from detectors.calibration import Platt
from detectors.contract import Vote


def clips(genuine: list[float], made: list[float]) -> list[Outcome]:
    """Outcomes of two models that voted: the second has each score the other way round."""
    return [
        Outcome(
            Sample(Path(f"{number}.mp4"), f"{side}/{number}.mp4", side, str(side), f"{side}/{number}"),
            score,
            votes=(Vote("one 1", score), Vote("two 1", -score)),
        )
        for side, scores in ((Side.REAL, genuine), (Side.FAKE, made))
        for number, score in enumerate(scores)
    ]


def drawn(middle: float, count: int, seed: int) -> list[float]:
    return [float(one) for one in np.random.default_rng(seed).normal(middle, 1.0, count)]


def test_two_bells_give_the_slope_that_theory_says() -> None:
    """Normal scores at -0.5 and 0.5 with variance 1: the natural log likelihood ratio is the score itself."""
    found = fit(clips(drawn(-0.5, 4000, 1), drawn(0.5, 4000, 2)))
    assert found.platt.a * np.log(10) == pytest.approx(1.0, abs=0.06)
    assert found.platt.b * np.log(10) == pytest.approx(0.0, abs=0.06)
    assert found.auc == pytest.approx(0.760, abs=0.02)
    assert (found.genuine, found.made, found.platt.samples) == (4000, 4000, 8000)


def test_equal_priors_whatever_the_counts() -> None:
    even = fit(clips(drawn(-0.5, 3000, 1), drawn(0.5, 3000, 2))).platt
    odd = fit(clips(drawn(-0.5, 3000, 1), drawn(0.5, 300, 2))).platt
    assert odd.b == pytest.approx(even.b, abs=0.08)


@pytest.mark.parametrize("count", [FEWEST, 10_000])
def test_the_bound_is_five_to_one_however_many_clips(count: int) -> None:
    found = fit(clips([-9.0, -8.0] * (count // 2), [9.0, 8.0] * (count // 2)))
    assert found.platt.log10_lr(1000.0) == pytest.approx(np.log10(5), abs=0.005)
    assert 10**found.platt.max_abs_log10_lr < FEWEST / 3


def test_too_few_clips_are_refused_with_both_counts() -> None:
    scored = clips(drawn(-1, FEWEST + 5, 1), drawn(1, FEWEST, 2))
    lost = [*scored[:-1], Outcome(scored[-1].sample, why="no face")]
    with pytest.raises(BotError, match=r"at least 20 clips a class .* here are 25 in real/ and 19 in fake/"):
        fit(lost)
    assert fit(scored).made == FEWEST


def test_a_score_that_falls_with_forgery_is_refused() -> None:
    with pytest.raises(BotError, match=r"does not rise with forgery \(AUC 0\.0\d on 30 genuine and 30 made clips\)"):
        fit(clips(drawn(2, 30, 1), drawn(-2, 30, 2)))


def test_each_of_several_models_is_fitted_to_its_own_scores() -> None:
    falling = clips(drawn(0.5, 400, 1), drawn(-0.5, 400, 2))
    assert fit(falling, 1).platt.a > 0
    with pytest.raises(BotError, match="does not rise"):
        fit(falling, 0)


CARD = """# kept
name = "forgery"
version = "1.0"
sha256 = "ab"

[calibration]
method = "platt"
a = 9.0
b = 9.0
max_abs_log10_lr = 0.1

[limits]
known_failures = "a [bracket] in words"
"""
FOUND = Fit(Platt(0.5, -0.1, 0.7, 50), 24, 26, 0.8)


@pytest.mark.parametrize("card", [CARD, CARD.partition("[calibration]")[0]])
def test_only_calibration_and_version_change(card: str) -> None:
    text = recalibrated(card, FOUND)
    after, before = tomllib.loads(text), tomllib.loads(card)
    assert text.startswith("# kept\n")
    assert after["version"] == "1.0-calibrated-26+24"
    assert {key: after["calibration"][key] for key in ("method", "a", "b", "samples", "genuine", "made")} == {
        "method": "platt", "a": 0.5, "b": -0.1, "samples": 50, "genuine": 24, "made": 26,
    }  # fmt: skip
    assert {key: value for key, value in after.items() if key not in ("calibration", "version")} == {
        key: value for key, value in before.items() if key not in ("calibration", "version")
    }
    assert tomllib.loads(recalibrated(text, FOUND))["version"] == "1.0-calibrated-26+24"


@pytest.mark.parametrize(
    "card",
    [
        'name = "a"\nversion = "1"\ncalibration = { method = "platt" }\n',
        'name = "a"\ntext = """\nversion = "2"\n"""\nversion = "1"\n',
    ],
)
def test_a_card_that_cannot_be_edited_safely_is_left_alone(card: str) -> None:
    with pytest.raises(BotError, match="the card cannot be edited"):
        recalibrated(card, FOUND)
