"""What findings say besides a likelihood ratio: cues of harm, unusual growth, a copy of an official clip.

Detectors say these in their score and in exhibits whose labels begin with a word that is agreed on here, because a
finding on spread has no likelihood ratio.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from detectors.contract import Exhibit, Finding, Status

HARM = "harm: "
"""Begins the label of words that ask for money, for contact elsewhere, that hate ...; the kind of harm follows."""

HARM_FROM = 0.5
"""Grade of harm, 0 to 1, from which a priority is raised: a plain phrase or a topic that fakes are made for, and not a
single word that also has harmless uses."""


def harms(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The kinds of harm that words give a cue of, each once, where the cue is plain enough; in alphabetical order."""
    plain = (one for one in _of("harm", findings) if _number(one.score) >= HARM_FROM)
    labels = (exhibit.label for finding in plain for exhibit in finding.exhibits)
    return tuple(sorted({label.removeprefix(HARM) for label in labels if label.startswith(HARM)}))


def _of(detector: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.detector == detector and one.status is Status.OK)


def _exhibits(detector: str, findings: Iterable[Finding]) -> Iterator[Exhibit]:
    return (exhibit for finding in _of(detector, findings) for exhibit in finding.exhibits)


def _number(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else 0.0


GROWTH = "growth: "
"""Begins the label of what spreads out of the usual; how, follows."""

OFFICIAL_COPY = "copy of an official clip"
"""Begins the label of an exhibit that names the official post with the same pictures."""


def growth(findings: Iterable[Finding]) -> str:
    """How the post spreads out of the usual, in the detector's words; empty where it does not."""
    labels = (exhibit.label for exhibit in _exhibits("spread", findings))
    return "; ".join(sorted({label.removeprefix(GROWTH) for label in labels if label.startswith(GROWTH)}))


def official_copy(findings: Iterable[Finding]) -> bool:
    """Whether the clip shows the same pictures as one of the person's official posts."""
    return any(exhibit.label.startswith(OFFICIAL_COPY) for exhibit in _exhibits("copies", findings))
