"""The words that a declaration rests on, taken from the exhibits of the findings, the plainest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.verdict.weigh import speaks
from detectors.contract import ExhibitKind, Finding, Question
from detectors.disclosure import GONE

_DENIED = ", denied"

_MAKING = frozenset({"deepfake", "made with AI", "platform's AI label", "a hint in the handle"})
"""Kinds of words that tell, or hint, how a clip was made (:mod:`detectors.disclosure_words`)."""

_HINT = "a hint in the handle"

_FIELDS = {
    "bio": "bio",
    "display_name": "display name",
    "handle": "handle",
    "caption": "caption",
    "subtitles": "subtitles",
    "on screen": "writing on the screen",
    "ai_label": "platform's label",
}
"""Where words stand, in the order in which readers meet a declaration, with what people call the place."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in one field: `kind` says what they declare, `text` is as received and therefore hostile."""

    kind: str
    field: str
    text: str
    denied: bool = False

    @property
    def place(self) -> str:
        """What people call the field."""
        return _FIELDS.get(self.field, self.field.replace("_", " "))

    @property
    def tells_making(self) -> bool:
        """Whether it tells or hints how the clip was made."""
        return self.kind in _MAKING and not self.denied

    @property
    def is_hint(self) -> bool:
        """Whether it only hints, to those who know."""
        return self.kind == _HINT


def quotes(findings: Iterable[Finding]) -> tuple[Quote, ...]:
    """All words that disclosure findings rest on: hints last, else by field and kind, words about the making last."""
    found = {
        _quote(exhibit.label, exhibit.field or "", exhibit.text)
        for finding in findings
        if finding.question is Question.DISCLOSURE and speaks(finding)
        for exhibit in finding.exhibits
        if exhibit.kind is ExhibitKind.TEXT
        and exhibit.text
        and not exhibit.label.startswith(GONE)  # what stood there once declares nothing now
    }
    return tuple(sorted(found, key=_rank))


def _quote(label: str, field: str, text: str) -> Quote:
    return Quote(label.removesuffix(_DENIED), field, text, label.endswith(_DENIED))


def _rank(quote: Quote) -> tuple[bool, int, bool, str, str, bool]:
    order = list(_FIELDS)
    place = order.index(quote.field) if quote.field in order else len(order)
    return quote.is_hint, place, quote.tells_making, quote.kind, quote.text, quote.denied
