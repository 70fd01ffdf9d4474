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
class Platt:
    """A logistic calibration (Platt 1999) fitted at equal priors, so that its log odds are a log likelihood ratio.

    Attributes:
        a, b: log10 likelihood ratio = a * score + b.
        max_abs_log10_lr: the bound; an extreme score cannot claim more than the sample behind the fit supports.
        samples: clips that the fit saw.
    """

    a: float
    b: float
    max_abs_log10_lr: float
    samples: int = 0

    def __post_init__(self) -> None:
        numbers = (self.a, self.b, self.max_abs_log10_lr)
        if not all(math.isfinite(number) for number in numbers) or self.max_abs_log10_lr < 0:
            raise ValueError(f"a calibration needs finite a and b and a bound of at least 0, not {numbers}")

    def log10_lr(self, score: float) -> float:
        """What this score is worth; positive supports the detector's proposition. NaN is worth nothing."""
        if math.isnan(score):
            return 0.0
        bound = self.max_abs_log10_lr
        return min(bound, max(-bound, self.a * score + self.b))


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
    balanced = weight.astype(np.float64).copy()
    for label in (True, False):
        balanced[positive == label] *= 0.5 / max(balanced[positive == label].sum(), 1e-12)
    design = np.stack([scores, np.ones_like(scores)], 1)
    beta = np.zeros(2)
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -50, 50)))
        gradient = design.T @ (balanced * (probability - positive)) + ridge * np.array([beta[0], 0.0])
        curve = balanced * probability * (1 - probability)
        hessian = design.T @ (design * curve[:, None]) + np.diag([ridge, 1e-9])
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0] / np.log(10)), float(beta[1] / np.log(10))
