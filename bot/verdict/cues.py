"""What findings say besides a likelihood ratio: cues of harm, unusual growth, a copy of an official clip.

Detectors say these in exhibits whose labels begin with words that are agreed on here, because a finding on spread has
no likelihood ratio.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detectors.contract import Exhibit, Finding, Status

HARM = "harm: "
"""Begins the label of words that ask for money, for contact elsewhere, that hate ...; the kind of harm follows."""

GROWTH = "growth: "
"""Begins the label of what spreads out of the usual; how, follows."""

OFFICIAL_COPY = "copy of an official clip"
"""Begins the label of an exhibit that names the official post with the same pictures."""


CUES = (HARM, GROWTH, OFFICIAL_COPY)
"""Beginnings of the labels that raise a priority or choose a rule without a ratio."""


def harms(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The kinds of harm that words give a plain cue of, each once, in alphabetical order; mere hints are not told."""
    labels = (exhibit.label for exhibit in _exhibits("harm", findings))
    return tuple(sorted({label.removeprefix(HARM) for label in labels if label.startswith(HARM)}))


def growth(findings: Iterable[Finding]) -> str:
    """How the post spreads out of the usual, in the detector's words; empty where it does not."""
    labels = (exhibit.label for exhibit in _exhibits("spread", findings))
    return "; ".join(sorted({label.removeprefix(GROWTH) for label in labels if label.startswith(GROWTH)}))


def official_copy(findings: Iterable[Finding]) -> bool:
    """Whether the clip shows the same pictures as one of the person's official posts."""
    return any(exhibit.label.startswith(OFFICIAL_COPY) for exhibit in _exhibits("copies", findings))


def _exhibits(detector: str, findings: Iterable[Finding]) -> Iterator[Exhibit]:
    for finding in findings:
        if finding.detector == detector and finding.status is Status.OK:
            yield from finding.exhibits
