"""Sum the log10 likelihood ratios of the findings, family by family and question by question."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.verdict.families import FAMILIES, MAX_SUM, Family, family_of
from detectors.contract import Finding, Question, Status

DESCRIBE_ONLY = frozenset({"faces"})
"""Detectors that tell what is there and compare nothing: they answer no question, so that they are no 0 in a sum."""

_DECIMALS = 6
"""Sums are rounded to this, so that sums of thresholds stay on them."""


@dataclass(frozen=True, slots=True)
class FamilySum:
    """What the findings of one family amount to.

    Attributes:
        family: with its bounds.
        findings: those that speak, in a fixed order.
        raw: the sum of their log10 likelihood ratios, each within the family's bounds by itself (:func:`bounded`).
        counted: the sum within the same bounds.
    """

    family: Family
    findings: tuple[Finding, ...]
    raw: float
    counted: float

    @property
    def capped(self) -> bool:
        """Whether the bound bit the sum."""
        return self.counted != self.raw


@dataclass(frozen=True, slots=True)
class QuestionSum:
    """What the findings on one question amount to.

    Attributes:
        question: which.
        families: those in which a finding speaks, in the order of the table.
        raw: the sum over the families.
        log10_lr: the same within :data:`bot.verdict.families.MAX_SUM`; None where no finding speaks.
    """

    question: Question
    families: tuple[FamilySum, ...]
    raw: float
    log10_lr: float | None

    @property
    def capped(self) -> bool:
        """Whether the bound of the sum bit."""
        return self.log10_lr is not None and self.log10_lr != self.raw

    def of(self, *names: str) -> float | None:
        """What these families count together; None where none of them speaks."""
        values = [one.counted for one in self.families if one.family.name in names]
        return _total(values) if values else None


def speaks(finding: Finding) -> bool:
    """Tell whether the finding has a number that counts; *not applicable*, *failed* and mere description have none."""
    return finding.status is Status.OK and math.isfinite(finding.log10_lr) and finding.detector not in DESCRIBE_ONLY


def bounded(finding: Finding) -> float:
    """What a finding that speaks could count by itself, within the bounds of its family."""
    family = family_of(finding.detector, finding.question)
    return min(family.most, max(family.least, finding.log10_lr)) + 0.0


def weigh(findings: Iterable[Finding], question: Question) -> QuestionSum:
    """The bounded sums of one question; the order of the findings does not matter."""
    by_family: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.question is question and speaks(finding):
            by_family.setdefault(family_of(finding.detector, question).name, []).append(finding)
    order = [family.name for family in FAMILIES if family.question is question]
    names = sorted(by_family, key=lambda name: (name not in order, order.index(name) if name in order else 0, name))
    sums = tuple(_family_sum(by_family[name], question) for name in names)
    raw = _total([one.counted for one in sums])
    return QuestionSum(question, sums, raw, min(MAX_SUM, max(-MAX_SUM, raw)) + 0.0 if sums else None)


def _family_sum(findings: list[Finding], question: Question) -> FamilySum:
    ordered = sorted(findings, key=lambda one: (one.detector, one.log10_lr, one.version, one.statement))
    family = family_of(ordered[0].detector, question)
    raw = _total([bounded(one) for one in ordered])
    return FamilySum(family, tuple(ordered), raw, min(family.most, max(family.least, raw)) + 0.0)


def _total(values: Iterable[float]) -> float:
    """The sum, the same in any order because fsum is exact, and without a minus before nothing."""
    return round(math.fsum(values), _DECIMALS) + 0.0
