"""Two figures of a two-class score that examinations of models need: ROC AUC, and the fit of a calibration."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


def auc(scores: Scores, positive: Labels) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative, ties counted half.

    NaN where one class is missing.
    """
    ups, downs = scores[positive], np.sort(scores[~positive])
    if not len(ups) or not len(downs):
        return float("nan")
    below = np.searchsorted(downs, ups, side="left")
    upto = np.searchsorted(downs, ups, side="right")
    return float((below + upto).mean() / (2 * len(downs)))


def chance_spread(positives: int, negatives: int) -> float:
    """Standard deviation of the AUC of a score that knows nothing (the null of Mann and Whitney 1947)."""
    return math.sqrt((positives + negatives + 1) / (12 * positives * negatives))


def platt(scores: Scores, positive: Labels, weight: Scores, ridge: float = 1e-3) -> tuple[float, float]:
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


__all__ = ["Labels", "Scores", "auc", "chance_spread", "platt"]
