"""Figures of a two-class score: ROC AUC, equal error rate, calibration and its cost."""

from __future__ import annotations

import numpy as np

from detectors.figures import Labels, Scores, auc, platt


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


__all__ = [
    "Labels",
    "Scores",
    "auc",
    "auc_interval",
    "calibration_error",
    "cllr",
    "equal_error_rate",
    "platt",
]
