"""Sum the log10 likelihood ratios of the findings, question by question, so that no signal shouts alone."""

from __future__ import annotations

import math
from collections.abc import Iterable

from detectors.contract import Finding, Question, Status

MAX_SIGNAL = 2.0
"""Most that one detector counts, either way: a ratio of 100, so that alone it gives moderate support at most."""

MAX_SUM = 4.0
"""Most that a question's sum counts, either way: a ratio of 10,000.

A larger claim would need more than ten thousand labelled cases behind it, and the sum takes the
detectors as independent, which signals of one clip never quite are.
"""


def speaks(finding: Finding) -> bool:
    """Tell whether the finding has a number that counts; *not applicable* and *failed* have none."""
    return finding.status is Status.OK and math.isfinite(finding.log10_lr)


def bounded(finding: Finding) -> float:
    """What a finding that speaks counts."""
    return min(MAX_SIGNAL, max(-MAX_SIGNAL, finding.log10_lr))


def weigh(findings: Iterable[Finding], question: Question) -> float | None:
    """The bounded sum of one question, or None where no finding speaks; the order does not matter."""
    values = [bounded(finding) for finding in findings if finding.question is question and speaks(finding)]
    if not values:
        return None
    # fsum is exact, so that the sum is the same in any order; rounding keeps sums of thresholds on them
    return min(MAX_SUM, max(-MAX_SUM, round(math.fsum(values), 6))) + 0.0
