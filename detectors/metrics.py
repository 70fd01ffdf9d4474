"""Figures of a two-class score against known labels: ranking, error rates, the worth of its calibration.

Everywhere `scores` and `log10_lr` are float64 [n], `positive` is bool [n] (here: the clip is synthetic), higher
scores lean to positive, and NaN is the figure of a sample in which one class is missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]
Metric = Callable[[Scores, Labels], float]

ROUNDS = 400
"""Draws of a bootstrap: the ends of a 95 % interval then rest on ten draws each."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram.

    Attributes:
        stated: mean posterior probability that was stated, 0 to 1.
        observed: share of positives among these, 0 to 1, both classes weighing the same over all bins.
        weight: share of the whole sample's weight that lies here; the bins add up to 1.
        count: samples in the bin.
    """

    stated: float
    observed: float
    weight: float
    count: int


def auc(scores: Scores, positive: Labels) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative, ties counted half.

    This is the Mann-Whitney statistic over the product of both counts (Hanley and McNeil 1982).
    """
    ups, downs = _classes(scores, positive)
    if not len(ups) or not len(downs):
        return float("nan")
    below = np.searchsorted(downs, ups, side="left")
    upto = np.searchsorted(downs, ups, side="right")
    return float((below + upto).mean() / (2 * len(downs)))


def chance_spread(positives: int, negatives: int) -> float:
    """Standard deviation of the AUC of a score that knows nothing (the null of Mann and Whitney 1947)."""
    return math.sqrt((positives + negatives + 1) / (12 * positives * negatives))


def roc(scores: Scores, positive: Labels) -> tuple[Scores, Scores]:
    """The ROC curve (Fawcett 2006, algorithm 1): false and true positive rate at every threshold, both rising.

    Returns:
        Two arrays of the same length, from (0, 0) to (1, 1); equal scores are one step. Empty where a class is missing.
    """
    ups, downs = _classes(scores, positive)
    if not len(ups) or not len(downs):
        return np.zeros(0), np.zeros(0)
    thresholds = np.unique(scores)[::-1]
    hits = (len(ups) - np.searchsorted(ups, thresholds, side="left")) / len(ups)
    alarms = (len(downs) - np.searchsorted(downs, thresholds, side="left")) / len(downs)
    return np.append(0.0, alarms), np.append(0.0, hits)


def equal_error_rate(scores: Scores, positive: Labels) -> float:
    """Where misses and false alarms are equally frequent (ISO/IEC 19795-1), 0 to 1.

    A small sample has no such threshold; taken is the mean of both rates where they are nearest to each other.
    """
    alarms, hits = roc(scores, positive)
    if not len(alarms):
        return float("nan")
    misses = 1 - hits
    nearest = int(np.argmin(np.abs(misses - alarms)))
    return float((misses[nearest] + alarms[nearest]) / 2)


def hits_at(scores: Scores, positive: Labels, most_alarms: float) -> float:
    """The largest true positive rate at a false positive rate of at most `most_alarms` (read off the ROC curve).

    Not interpolated: a threshold must exist that does it on this sample. With fewer than 1 / `most_alarms` negatives
    that means no false positive at all.
    """
    alarms, hits = roc(scores, positive)
    return float(hits[alarms <= most_alarms].max()) if len(hits) else float("nan")


def cllr(log10_lr: Scores, positive: Labels) -> float:
    """Log-likelihood-ratio cost in bits (Bruemmer and du Preez 2006): 0 is perfect, 1 says nothing.

    Half the sum over both classes of the mean of log2(1 + 1 / LR) for positives and log2(1 + LR) for negatives.
    """
    if not positive.any() or positive.all():
        return float("nan")
    natural = log10_lr * np.log(10)
    ups = np.logaddexp(0, -natural[positive]).mean()
    downs = np.logaddexp(0, natural[~positive]).mean()
    return float((ups + downs) / (2 * np.log(2)))


def reliability(log10_lr: Scores, positive: Labels, bins: int = 8) -> tuple[Bin, ...]:
    """A reliability diagram (DeGroot and Fienberg 1983) at equal priors, over bins of equal width of the posterior.

    The posterior is LR / (1 + LR); each class has half of the weight, whatever its count. Empty bins are left out, and
    all of them where a class is missing.
    """
    if not positive.any() or positive.all():
        return ()
    posterior = 1 / (1 + 10.0**-log10_lr)
    weight = np.where(positive, 0.5 / positive.sum(), 0.5 / (~positive).sum())
    place = np.minimum((posterior * bins).astype(int), bins - 1)
    drawn = []
    for number in range(bins):
        here = place == number
        mass = float(weight[here].sum())
        if mass > 0:
            stated = float((weight[here] * posterior[here]).sum()) / mass
            observed = float((weight[here] * positive[here]).sum()) / mass
            drawn.append(Bin(stated, observed, mass, int(here.sum())))
    return tuple(drawn)


def calibration_error(log10_lr: Scores, positive: Labels, bins: int = 8) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015) at equal priors, 0 to 1.

    The mean over the bins of :func:`reliability`, by their weight, of how far stated and observed lie apart.
    """
    drawn = reliability(log10_lr, positive, bins)
    return sum(one.weight * abs(one.stated - one.observed) for one in drawn) if drawn else float("nan")


def interval(
    metric: Metric, values: Scores, positive: Labels, group: Sequence[str], *, seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """95 % percentile bootstrap interval (Efron 1979) of a figure, drawing whole groups with replacement.

    Clips of one person or one original are not independent, so they are drawn together (cluster bootstrap, Field and
    Welsh 2007). Draws without both classes are left out. The interval is widened where it must be to hold the figure of
    the sample itself, which percentiles of a biased figure, such as the calibration error, may leave out.

    Returns:
        Lower and upper end; (0, 1) where no draw had both classes, the widest that a rate can have.
    """
    random = np.random.default_rng(seed)
    names, index = np.unique(np.array(group), return_inverse=True)
    rows = [np.flatnonzero(index == number) for number in range(len(names))]
    drawn_values = []
    for _ in range(rounds):
        drawn = np.concatenate([rows[number] for number in random.integers(0, len(names), len(names))])
        value = metric(values[drawn], positive[drawn])
        if not np.isnan(value):
            drawn_values.append(value)
    if not drawn_values:
        return (0.0, 1.0)
    low, high = np.percentile(drawn_values, [2.5, 97.5])
    point = metric(values, positive)
    return (float(min(low, point)), float(max(high, point)))


def auc_interval(
    scores: Scores, positive: Labels, group: Sequence[str], *, seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """The :func:`interval` of :func:`auc`."""
    return interval(auc, scores, positive, group, seed=seed, rounds=rounds)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % Wilson interval of a share (Wilson 1927); (0, 1) where nothing was tried."""
    if trials == 0:
        return (0.0, 1.0)
    z = 1.959964
    share = hits / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return ((middle - spread) / (1 + z * z / trials), (middle + spread) / (1 + z * z / trials))


def _classes(scores: Scores, positive: Labels) -> tuple[Scores, Scores]:
    """The scores of positives and of negatives, each in rising order."""
    return np.sort(scores[positive]), np.sort(scores[~positive])
