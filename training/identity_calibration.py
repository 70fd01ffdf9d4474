"""What a cosine of two faces is worth: fitted on some people, judged on others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.calibration import Platt, fit_platt
from detectors.metrics import Labels, Scores, calibration_error, cllr
from training.verification import Looks

MISLEADING = 1.0
"""A log10 likelihood ratio of ten to one: beyond it on the wrong side a pair counts as misled."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of a photograph with a look: cosine, whether of one person, condition, and a weight within each class."""

    cosine: Scores
    same: Labels
    condition: NDArray[np.str_]
    weight: Scores


def compared(looks: Mapping[str, Looks], wanted_pictures: NDArray[np.bool_]) -> Compared:
    """All pairs of a clean photograph with another look, of some of the pictures.

    Each condition has the same say, and within it each person among the pairs of one person.

    Args:
        looks: condition to looks; "clean" must be among them.
        wanted_pictures: bool, by the number of the picture.
    """
    clean = looks["clean"].of(wanted_pictures[looks["clean"].picture])
    cosine, same, condition, weight = [], [], [], []
    for name, every in looks.items():
        others = every.of(wanted_pictures[every.picture])
        alike = clean.person[:, None] == others.person[None]
        wanted = clean.picture[:, None] != others.picture[None]
        if name == "clean":
            wanted &= np.triu(np.ones(wanted.shape, np.bool_), 1)
        row, column = np.nonzero(wanted)
        genuine = alike[row, column]
        count = np.bincount(clean.person[row[genuine]], minlength=1 + int(clean.person.max()))
        owned = np.where(genuine, 1.0 / np.maximum(count[clean.person[row]], 1), 1.0)
        for label in (True, False):
            owned[genuine == label] /= owned[genuine == label].sum()
        cosine.append((clean.embeddings @ others.embeddings.T)[row, column].astype(np.float64))
        same.append(genuine)
        condition.append(np.full(len(row), name))
        weight.append(owned)
    return Compared(np.concatenate(cosine), np.concatenate(same), np.concatenate(condition), np.concatenate(weight))


def calibrated(pairs: Compared, people: int) -> Platt:
    """Fit the worth of a cosine, bounded by what so many people can support.

    Of n people without an error the rate of errors is below 3 / n (the rule of three, 95 %), so that no likelihood
    ratio beyond n / 3 can be claimed, however many pairs the people make.
    """
    # cosines are small numbers, so their slope is steep: the usual pull towards 0 would flatten it
    a, b = fit_platt(pairs.cosine, pairs.same, pairs.weight, ridge=1e-6)
    return Platt(a, b, max(0.0, math.log10(people / 3)), len(pairs.cosine))


def judged(platt: Platt, pairs: Compared) -> dict[str, Any]:
    """Cost and error of a calibration on pairs that it was not fitted on, over all and by condition."""
    value = np.clip(platt.a * pairs.cosine + platt.b, -platt.max_abs_log10_lr, platt.max_abs_log10_lr)
    told: dict[str, Any] = {}
    for name in ("all", *dict.fromkeys(pairs.condition.tolist())):
        chosen = np.ones(len(value), np.bool_) if name == "all" else pairs.condition == name
        given, same = value[chosen], pairs.same[chosen]
        genuine, impostor = given[same], given[~same]
        told[name] = {
            "genuine": len(genuine),
            "impostor": len(impostor),
            "cllr": cllr(given, same),
            "ece": calibration_error(given, same),
            "genuine_misled": _share(genuine < -MISLEADING),
            "impostors_misled": _share(impostor > MISLEADING),
        }
    return told


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean())
