"""Likelihood ratios in words: the verbal scale of forensic science.

The limits are those of the ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), which follows the
Association of Forensic Science Providers (Science & Justice 49, 2009, 161-164): a ratio of 2 to 10 is weak support,
10 to 100 moderate, 100 to 1,000 moderately strong, 1,000 to 10,000 strong, beyond that very strong. The words grade
what the findings say *for one proposition against its opposite*; how probable the proposition is, they do not say.
"""

from __future__ import annotations

NEUTRAL = 0.3
"""Below a ratio of 2 (log10 0.30) in either direction there is no support."""

WEAK = 1.0
MODERATE = 2.0
"""Upper limits, in log10, of weak and of moderate support."""

_WORDS = ((WEAK, "weak"), (MODERATE, "moderate"), (3.0, "moderately strong"), (4.0, "strong"))

NO_SUPPORT = "no support either way"
NOT_EXAMINED = "not examined"


def support(log10_lr: float | None) -> str:
    """The words for a log10 likelihood ratio; negative supports the opposite, None was not examined.

    A value on a limit gets the weaker word.
    """
    if log10_lr is None:
        return NOT_EXAMINED
    size = abs(log10_lr)
    if size < NEUTRAL:
        return NO_SUPPORT
    word = next((word for limit, word in _WORDS if size <= limit), "very strong")
    return f"{word} support" if log10_lr > 0 else f"{word} support against"
