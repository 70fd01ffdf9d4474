"""From a raw score to what it is worth: a log10 likelihood ratio, bounded by what the sample supports."""

from __future__ import annotations

import math
from dataclasses import dataclass


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
