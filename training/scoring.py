"""Figures of a two-class score: ROC AUC, equal error rate, calibration and its cost."""

from __future__ import annotations

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


def auc_interval(
    scores: Scores, positive: Labels, group: list[str], seed: int = 0, rounds: int = 400
) -> tuple[float, float]:
    """95 % bootstrap interval of the AUC, drawing whole groups: clips of one person are not independent."""
    random = np.random.default_rng(seed)
    names, index = np.unique(np.array(group), return_inverse=True)
    rows = [np.flatnonzero(index == number) for number in range(len(names))]
    values = []
    for _ in range(rounds):
        drawn = np.concatenate([rows[number] for number in random.integers(0, len(names), len(names))])
        value = auc(scores[drawn], positive[drawn])
        if not np.isnan(value):
            values.append(value)
    if not values:
        return (0.0, 1.0)
    low, high = np.percentile(values, [2.5, 97.5])
    return (float(low), float(high))


def equal_error_rate(scores: Scores, positive: Labels) -> float:
    """Where misses and false alarms are equally frequent."""
    thresholds = np.unique(scores)
    misses = np.array([(scores[positive] < one).mean() for one in thresholds])
    alarms = np.array([(scores[~positive] >= one).mean() for one in thresholds])
    nearest = int(np.argmin(np.abs(misses - alarms)))
    return float((misses[nearest] + alarms[nearest]) / 2)


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


def cllr(log10_lr: Scores, positive: Labels) -> float:
    """Log-likelihood-ratio cost in bits (Bruemmer and du Preez 2006): 0 is perfect, 1 says nothing."""
    natural = log10_lr * np.log(10)
    ups = np.logaddexp(0, -natural[positive]).mean()
    downs = np.logaddexp(0, natural[~positive]).mean()
    return float((ups + downs) / (2 * np.log(2)))


def calibration_error(log10_lr: Scores, positive: Labels, bins: int = 8) -> float:
    """Expected calibration error at equal priors, over bins of equal width of the posterior probability."""
    posterior = 1 / (1 + 10.0**-log10_lr)
    weight = np.where(positive, 0.5 / positive.sum(), 0.5 / (~positive).sum())
    place = np.minimum((posterior * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        here = place == number
        mass = weight[here].sum()
        if mass > 0:
            total += abs((weight[here] * posterior[here]).sum() - (weight[here] * positive[here]).sum())
    return float(total)
