"""Scores of held-out clips as values, and what they are worth when calibrated on other groups than their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.calibration import LARGEST_LR, Platt, fit_platt, fit_platt_by_quality
from detectors.metrics import Labels, Scores
from training.data import held_out

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip, or what a collection has of one: mean logit, detail, label, source, method, group it must not leave."""

    score: float
    quality: float
    fake: bool
    source: str
    method: str
    group: str


def columns(samples: Sequence[Sample]) -> tuple[Scores, Scores, Labels]:
    """Scores, qualities and labels."""
    return (
        np.array([one.score for one in samples]),
        np.array([one.quality for one in samples]),
        np.array([one.fake for one in samples]),
    )


def say_of_sources(samples: Sequence[Sample]) -> Scores:
    """Weights with which the say of a source grows with the root of its size.

    If each sample had the same say, DFDC would speak for all that people are shown. If each source had it, a few whole
    clips would: in version 2 eleven of them, all genuine and sharper than the crops, decided what detail counts for,
    and compression moved the false alarms by 17 points.
    """
    count = Counter(one.source for one in samples)
    return np.array([count[one.source] ** -0.5 for one in samples])


def cross_fitted(samples: Sequence[Sample], *, by_quality: bool = True) -> Scores:
    """Calibrated values of samples whose group was not in the fit; what a new clip may expect."""
    fold = np.array([int(_place(one.group) * FOLDS) for one in samples])
    values = np.zeros(len(samples))
    for number in range(FOLDS):
        fitted = [one for one, place in zip(samples, fold, strict=True) if place != number]
        scores, quality, fake = columns(fitted)
        if by_quality:
            a, b, terms = fit_platt_by_quality(scores, quality, fake, say_of_sources(fitted))
            platt = Platt(a, b, LARGEST_LR, quality=terms)
        else:
            platt = Platt(*fit_platt(scores, fake, say_of_sources(fitted)), LARGEST_LR)
        for row in np.flatnonzero(fold == number).tolist():
            values[row] = platt.log10_lr(samples[row].score, samples[row].quality)
    return values


def _place(group: str) -> float:
    """A number from 0 to 1 that depends on the group alone."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if held_out(group, middle, "fold") else (middle, high)
    return low
