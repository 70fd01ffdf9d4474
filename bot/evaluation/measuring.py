"""From outcomes to figures with intervals: over everything, and for each sub-folder against the whole other side."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bot.evaluation.examining import Outcome, mistakes
from bot.evaluation.material import Material, Side
from detectors.metrics import (
    Bin,
    Labels,
    Metric,
    Scores,
    auc,
    calibration_error,
    cllr,
    equal_error_rate,
    hits_at,
    interval,
    reliability,
    roc,
)

OF_SCORE: Mapping[str, Metric] = {
    "auc": auc,
    "eer": equal_error_rate,
    "tpr_at_fpr_1": partial(hits_at, most_alarms=0.01),
    "tpr_at_fpr_5": partial(hits_at, most_alarms=0.05),
}
"""Figures of the raw score: how well it ranks."""

OF_WEIGHT: Mapping[str, Metric] = {"cllr": cllr, "ece": calibration_error}
"""Figures of the calibrated finding: what its likelihood ratio is worth."""

FEWEST_GROUPS = 2
"""Fewest groups on each side for an interval: drawing from one always gives the same."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % interval; None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one comparison: a sub-folder against the whole other side, or everything.

    Attributes:
        folder: "fake/faceswap"; "all" for everything.
        genuine, synthetic: files with a score on each side.
        left_out: files of the folder without a score.
        figures: by name, as in :data:`OF_SCORE` and :data:`OF_WEIGHT`.
    """

    folder: str
    genuine: int
    synthetic: int
    left_out: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that is told of one folder of labelled files.

    Attributes:
        rows: one a sub-folder; genuine ones only where there are several, as one alone is the whole other side.
        total: everything.
        curve: the ROC curve as (false, true positive rate).
        bins: the reliability diagram of the calibrated finding.
        not_scored: files without a score, in order.
        reasons: how many of them by code.
        mistakes: the worst, with their exhibits.
        models: versions of detector and model that gave scores.
        by_model: everything once for each of several models that vote, by its own score and calibration; a name stands
            in the place of the folder. Empty where there is one model.
        passed_over: files that are neither clip nor picture.
        groups: sets of files that the bootstrap drew.
    """

    rows: tuple[Row, ...]
    total: Row
    curve: tuple[tuple[float, float], ...]
    bins: tuple[Bin, ...]
    not_scored: tuple[Outcome, ...]
    reasons: Mapping[str, int]
    mistakes: tuple[Outcome, ...]
    models: tuple[str, ...]
    by_model: tuple[Row, ...]
    passed_over: int
    groups: int

    @property
    def failed(self) -> int:
        """Files that could not be examined."""
        return sum(outcome.failed for outcome in self.not_scored)

    @property
    def is_whole(self) -> bool:
        """Every file could be examined, and both sides have a score to compare."""
        return not self.failed and self.total.genuine > 0 and self.total.synthetic > 0


def measure(material: Material, outcomes: Sequence[Outcome], advance: Callable[[], None]) -> Evaluation:
    """Make all figures; `advance` is called after each of the :func:`steps`."""
    scored = [outcome for outcome in outcomes if outcome.score is not None]
    rows = []
    for folder in _folders(material):
        own = [outcome for outcome in outcomes if outcome.sample.folder == folder]
        side = own[0].sample.side
        against = [outcome for outcome in scored if outcome.sample.side is not side]
        rows.append(_row(folder, own, against))
        advance()
    total = _row("all", outcomes, ())
    advance()
    by_model = tuple(_row(name, own, ()) for name, own in _alone(outcomes))
    scores, weights, positive = _columns(scored)
    alarms, hits = roc(scores, positive)
    not_scored = tuple(outcome for outcome in outcomes if outcome.score is None)
    return Evaluation(
        rows=tuple(rows),
        total=total,
        curve=tuple(zip(alarms.tolist(), hits.tolist(), strict=True)),
        bins=reliability(weights, positive),
        not_scored=not_scored,
        reasons=dict(Counter(outcome.code for outcome in not_scored).most_common()),
        mistakes=mistakes(outcomes),
        models=tuple(sorted({outcome.version for outcome in scored})),
        by_model=by_model,
        passed_over=material.passed_over,
        groups=len({outcome.sample.group for outcome in scored}),
    )


def steps(material: Material) -> int:
    """How often :func:`measure` will call `advance`."""
    return len(_folders(material)) + 1


def _folders(material: Material) -> list[str]:
    """The sub-folders that get a row, synthetic ones first."""
    found = {side: sorted({one.folder for one in material.samples if one.side is side}) for side in Side}
    return found[Side.FAKE] + (found[Side.REAL] if len(found[Side.REAL]) > 1 else [])


def _alone(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """For each of several models that voted, what the outcomes would be if it were the only one."""
    voted = next((one.votes for one in outcomes if one.votes), ())
    for number, vote in enumerate(voted if len(voted) > 1 else ()):
        yield vote.model, [_as_if_alone(one, number) for one in outcomes]


def _as_if_alone(outcome: Outcome, number: int) -> Outcome:
    if outcome.score is None:
        return outcome
    vote = outcome.votes[number]
    return replace(outcome, score=vote.score, log10_lr=vote.log10_lr or 0.0)


def _row(folder: str, own: Sequence[Outcome], against: Sequence[Outcome]) -> Row:
    scored = [outcome for outcome in (*own, *against) if outcome.score is not None]
    scores, weights, positive = _columns(scored)
    groups = [outcome.sample.group for outcome in scored]
    figures = {name: _figure(metric, scores, positive, groups) for name, metric in OF_SCORE.items()}
    figures |= {name: _figure(metric, weights, positive, groups) for name, metric in OF_WEIGHT.items()}
    return Row(
        folder=folder,
        genuine=int((~positive).sum()),
        synthetic=int(positive.sum()),
        left_out=sum(outcome.score is None for outcome in own),
        figures=figures,
    )


def _figure(metric: Metric, values: Scores, positive: Labels, groups: Sequence[str]) -> Figure:
    point = metric(values, positive)
    if math.isnan(point):
        return Figure(None)
    sides = [{group for group, label in zip(groups, positive, strict=True) if label == side} for side in (False, True)]
    if min(map(len, sides)) < FEWEST_GROUPS:
        return Figure(point)
    return Figure(point, *interval(metric, values, positive, groups))


def _columns(scored: Sequence[Outcome]) -> tuple[Scores, Scores, Labels]:
    """Scores, calibrated weights, and which are synthetic."""
    return (
        np.array([outcome.score for outcome in scored], np.float64),
        np.array([outcome.log10_lr for outcome in scored], np.float64),
        np.array([outcome.sample.side is Side.FAKE for outcome in scored], np.bool_),
    )
