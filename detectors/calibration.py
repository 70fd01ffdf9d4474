"""From a raw score to what it is worth: a log10 likelihood ratio, bounded by what the sample supports."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LARGEST_LR = 0.7
"""Bound of a forgery model's log10 likelihood ratio, five to one, however large the sample.

Below what a sample supports: on collections of a new method the same score is worth less (a third of a celebrity set
was caught at 5 % false alarms in trial runs), and one signal must not carry an alert. Twenty clips a class without an
error already support it: their rate of errors is below 3/20 (the rule of three, 95 %), which is seven to one.
"""


@dataclass(frozen=True, slots=True)
class QualityTerms:
    """How a calibration changes with the quality of the pictures; :func:`detectors.detail.detail` says what it is.

    Attributes:
        slope, offset: what one unit of quality above `middle` adds to the calibration's a and b.
        low, middle, high: the quality is taken for no lower or higher than the fit has seen.
    """

    slope: float
    offset: float
    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        numbers = (self.slope, self.offset, self.low, self.middle, self.high)
        if not all(math.isfinite(number) for number in numbers) or not self.low <= self.middle <= self.high:
            raise ValueError(f"quality terms need finite numbers with low <= middle <= high, not {numbers}")

    def above(self, quality: float) -> float:
        """How far a quality is above the middle, within what the fit has seen; NaN counts as the middle."""
        return 0.0 if math.isnan(quality) else min(self.high, max(self.low, quality)) - self.middle


@dataclass(frozen=True, slots=True)
class Platt:
    """A logistic calibration (Platt 1999) fitted at equal priors, so that its log odds are a log likelihood ratio.

    Attributes:
        a, b: log10 likelihood ratio = a * score + b.
        max_abs_log10_lr: the bound; an extreme score cannot claim more than the sample behind the fit supports.
        samples: clips that the fit saw.
        quality: how a and b change with the quality of the pictures; None where they do not.
    """

    a: float
    b: float
    max_abs_log10_lr: float
    samples: int = 0
    quality: QualityTerms | None = None

    def __post_init__(self) -> None:
        numbers = (self.a, self.b, self.max_abs_log10_lr)
        if not all(math.isfinite(number) for number in numbers) or self.max_abs_log10_lr < 0:
            raise ValueError(f"a calibration needs finite a and b and a bound of at least 0, not {numbers}")

    def log10_lr(self, score: float, quality: float = math.nan) -> float:
        """What this score is worth; positive supports the detector's proposition. NaN is worth nothing.

        Args:
            score: the raw score.
            quality: of the pictures behind it; NaN where it is not known, which counts as middling.
        """
        if math.isnan(score):
            return 0.0
        return min(self.max_abs_log10_lr, max(-self.max_abs_log10_lr, self.unbounded(score, quality)))

    def unbounded(self, score: float, quality: float = math.nan) -> float:
        """The fitted line without its bound: for ranking, where two extreme scores must not become one; no evidence."""
        a, b = self.a, self.b
        if self.quality is not None:
            above = self.quality.above(quality)
            a += self.quality.slope * above
            b += self.quality.offset * above
        return a * score + b


def fit_platt(
    scores: NDArray[np.float64], positive: NDArray[np.bool_], weight: NDArray[np.float64], ridge: float = 1e-3
) -> tuple[float, float]:
    """Fit log10 likelihood ratio = a * score + b by weighted logistic regression (Platt 1999), Newton's method.

    Args:
        scores: float64 [n].
        positive: bool [n].
        weight: float64 [n]; both classes are brought to the same sum, so that log odds are a log likelihood ratio.
        ridge: pull of the slope towards 0, against separable samples.

    Returns:
        a and b in units of log10.
    """
    slope, offset = fit_logistic(np.stack([scores, np.ones_like(scores)], 1), positive, weight, np.array([ridge, 0.0]))
    return float(slope), float(offset)


def fit_platt_by_quality(
    scores: NDArray[np.float64],
    quality: NDArray[np.float64],
    positive: NDArray[np.bool_],
    weight: NDArray[np.float64],
    ridge: float = 1e-3,
) -> tuple[float, float, QualityTerms]:
    """Fit slope and offset that change linearly with quality; otherwise as :func:`fit_platt`.

    Args:
        scores, quality: float64 [n].
        positive: bool [n].
        weight: float64 [n].
        ridge: pull of the slope and of both changes with quality towards 0.

    Returns:
        a, b and the quality terms, in units of log10; their range is the 2nd to the 98th percentile of what was seen.
    """
    low, middle, high = (float(value) for value in np.quantile(quality, (0.02, 0.5, 0.98)))
    above = np.clip(quality, low, high) - middle
    design = np.stack([scores, np.ones_like(scores), above * scores, above], 1)
    a, b, slope, offset = fit_logistic(design, positive, weight, np.array([ridge, 0.0, ridge, ridge]))
    return float(a), float(b), QualityTerms(float(slope), float(offset), low, middle, high)


def fit_logistic(
    design: NDArray[np.float64], positive: NDArray[np.bool_], weight: NDArray[np.float64], ridge: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted logistic regression at equal priors by Newton's method.

    Args:
        design: float64 [n, columns].
        positive: bool [n].
        weight: float64 [n]; both classes are brought to the same sum, so that log odds are a log likelihood ratio.
        ridge: float64 [columns], pull of each coefficient towards 0.

    Returns:
        The coefficients in units of log10, float64 [columns].
    """
    balanced = weight.astype(np.float64).copy()
    for label in (True, False):
        balanced[positive == label] *= 0.5 / max(balanced[positive == label].sum(), 1e-12)
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -50, 50)))
        gradient = design.T @ (balanced * (probability - positive)) + ridge * beta
        curve = balanced * probability * (1 - probability)
        hessian = design.T @ (design * curve[:, None]) + np.diag(np.maximum(ridge, 1e-9))
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(beta / np.log(10), np.float64)
