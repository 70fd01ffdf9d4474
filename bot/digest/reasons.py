"""Why a post stands where it stands: the findings' own sentences, for and against, strongest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.digest.foreign import foreign
from bot.digest.model import Reasons
from bot.verdict import Label
from bot.verdict.cues import CUES
from storage import StoredFinding, StoredVerdict

MOST = 3
"""Sentences of each kind: what a tired reader takes in."""

MOST_CUES = 2
"""Cues before the reasons, which are not counted among them: how soon to look is no answer to why."""

NEGLIGIBLE = 0.1
"""Below a ratio of 1.25 (log10) a finding says next to nothing; the forgery detector words it by the same number."""

_LENGTH = 400

_USUAL: Mapping[str, int] = {"identity": 1, "synthesis": 1, "disclosure": -1}

_TOWARDS: Mapping[str, Mapping[str, int]] = {
    Label.DECLARED_IMITATION: {"identity": 1, "synthesis": 1, "disclosure": 1},
    Label.IMPERSONATION_SYNTHETIC: {"identity": 1, "synthesis": 1, "disclosure": -1},
    Label.IMPERSONATION_AUTHENTIC: {"identity": 1, "synthesis": -1, "disclosure": -1},
    Label.OFFICIAL: {"identity": -1, "synthesis": -1, "disclosure": -1},  # the handle finding is exempt by its minus
    Label.OFFICIAL_COPY: {"identity": 1, "synthesis": -1, "disclosure": 1},
    Label.UNRELATED: {"identity": -1, "synthesis": 1, "disclosure": 1},
}
"""Which sign of each question supports a label; for the others an impersonation that was made is weighed."""


def reasons(verdict: StoredVerdict, findings: Sequence[StoredFinding]) -> Reasons:
    """Sort the findings of a post by what they do to its label; at most three sentences of each kind.

    Among those for it the strongest of each question stand first: a label that says *signs of synthesis* is not
    explained by three sentences about the likeness.

    The verdict's counter-evidence is its own sentence for the strongest finding against it, and takes its place.
    """
    signs = _TOWARDS.get(verdict.label, _USUAL)
    ok = [finding for finding in findings if finding.status == "ok"]
    ok.sort(key=lambda finding: -abs(finding.log10_lr))
    weighed = [(finding.log10_lr * signs.get(finding.question, 1), finding) for finding in ok if not _tells(finding)]
    # a cue has no ratio and decides how soon somebody should look, so it stands before what has one
    cues = [finding.statement for finding in ok if _tells(finding)][:MOST_CUES]
    towards = _each_question_first([finding for value, finding in weighed if value >= NEGLIGIBLE])
    against = [finding.statement for value, finding in weighed if value <= -NEGLIGIBLE]
    neither = [finding.statement for value, finding in weighed if abs(value) < NEGLIGIBLE]
    unseen = [finding.statement for finding in findings if finding.status != "ok"]
    if verdict.counter:
        against = [verdict.counter, *against[1:]]
    why = (*_sentences(cues), *_sentences([finding.statement for finding in towards]))
    return Reasons(tuple(dict.fromkeys(why)), _sentences(against), _sentences(neither), _sentences(unseen))


def _each_question_first(strongest_first: Sequence[StoredFinding]) -> list[StoredFinding]:
    """The first of each question, then the others, both in the order that was given."""
    first: dict[str, StoredFinding] = {}
    for finding in strongest_first:
        first.setdefault(finding.question, finding)
    others = [finding for finding in strongest_first if finding is not first[finding.question]]
    return [*first.values(), *others]


def _tells(finding: StoredFinding) -> bool:
    """Whether it is a cue: of harm, of unusual growth, of a copy of an official clip."""
    return any(str(exhibit.get("label", "")).startswith(CUES) for exhibit in finding.exhibits)


def _sentences(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(foreign(text, _LENGTH) for text in texts[:MOST]))


def without(some: Reasons, said: Reasons) -> Reasons:
    """The reasons that were not said before."""
    return Reasons(
        towards=tuple(text for text in some.towards if text not in said.towards),
        against=tuple(text for text in some.against if text not in said.against),
        neither=tuple(text for text in some.neither if text not in said.neither),
        unseen=tuple(text for text in some.unseen if text not in said.unseen),
    )
