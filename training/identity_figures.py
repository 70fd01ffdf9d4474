"""What one embedding scores on the faces of `training.identity_looks`, condition by condition.

The degraded conditions are asked twice: a photograph against a degraded face, as references are compared with a clip,
and two degraded faces. Each is measured at the threshold of the clean photographs, because a watch has one threshold,
and at the one that its own impostors would set.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.identity_looks import Crops
from training.verification import Looks, Pairs, Weights, misses, pairs, spread, thresholds

FMR = 1e-3
"""The false match rate at which misses are told."""

BATCH = 32

Embed = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Unit embeddings float32 [n, d] of aligned faces uint8 [n, 112, 112, 3]."""


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: its pairs, and thresholds and FNMR of each draw (the first is the sample itself).

    Attributes:
        pairs: what was compared.
        at_clean: FNMR at the threshold of the clean photographs, float64 [rounds].
        at_own: FNMR at the condition's own threshold.
        clean_threshold, own_threshold: of the sample.
        fmr_at_clean: false match rate at the threshold of the clean photographs.
    """

    pairs: Pairs
    at_clean: NDArray[np.float64]
    at_own: NDArray[np.float64]
    clean_threshold: float
    own_threshold: float
    fmr_at_clean: float

    def figures(self) -> dict[str, Any]:
        """Rounded for a report."""
        return {
            "fnmr": _rounded(self.at_clean[0]),
            "interval": [_rounded(end) for end in spread(self.at_clean)],
            "fnmr_own_threshold": _rounded(self.at_own[0]),
            "interval_own_threshold": [_rounded(end) for end in spread(self.at_own)],
            "threshold": _rounded(self.clean_threshold),
            "own_threshold": _rounded(self.own_threshold),
            "fmr_at_threshold": float(f"{self.fmr_at_clean:.3g}"),
        }


def embedded(crops: Crops, embed: Embed) -> Looks:
    """The faces as looks."""
    parts = [embed(crops.faces[start : start + BATCH]) for start in range(0, len(crops.faces), BATCH)]
    return Looks(np.concatenate(parts), crops.person, crops.picture)


def lines(looks: Mapping[str, Looks], weights: Weights, fmr: float = FMR) -> dict[str, Line]:
    """Compare clean photographs, and each other condition with them and with itself.

    Args:
        looks: condition to looks; "clean" must be among them.
        weights: draws of the people (:func:`training.verification.draws`).
        fmr: the false match rate.

    Returns:
        "clean", and for each other condition its name (against clean photographs) and its name with "_both".

    Raises:
        ValueError: too few pairs.
    """
    people = weights.shape[1]
    clean = pairs(looks["clean"], None, people, fmr)
    at = thresholds(clean, weights)
    out = {"clean": _line(clean, weights, at)}
    for condition, degraded in looks.items():
        if condition != "clean":
            out[condition] = _line(pairs(looks["clean"], degraded, people, fmr), weights, at)
            out[f"{condition}_both"] = _line(pairs(degraded, None, people, fmr), weights, at)
    return out


def _line(found: Pairs, weights: Weights, at: NDArray[np.float64]) -> Line:
    own = thresholds(found, weights)
    return Line(
        pairs=found,
        at_clean=misses(found, weights, at),
        at_own=misses(found, weights, own),
        clean_threshold=float(at[0]),
        own_threshold=float(own[0]),
        fmr_at_clean=float((found.highest > at[0]).sum() / found.impostors),
    )


def milliseconds(embed: Embed, looks: int = 60) -> float:
    """Median time of one face, one at a time, in milliseconds."""
    random = np.random.default_rng(0)
    faces = random.integers(0, 256, (looks, 1, 112, 112, 3)).astype(np.uint8)
    times = []
    for face in faces:
        start = time.perf_counter()
        embed(face)
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times))


def _rounded(value: float) -> float:
    return round(float(value), 4)


__all__ = ["FMR", "Embed", "Line", "embedded", "lines", "milliseconds"]
