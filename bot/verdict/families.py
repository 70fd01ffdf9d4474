"""Which signals lean on the same thing, and how much they may say together.

Likelihood ratios multiply only where the signals are independent given the proposition. Signals that look at the same
face, listen to the same voice or read words of the same hand are not, so each belongs to a *family*: within it they are
added and then bounded, and only families are added to each other. A bound is never wider than what the cases behind the
numbers support: where `n` cases of the opposite went without an error, the rate of errors is below 3 / n with 95 %
confidence (the rule of three; Hanley and Lippman-Hand, JAMA 249, 1983), so that more than n / 3 to one is not shown.

docs/verdict.md shows the same table; a test holds it to this one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from detectors.contract import Question

MAX_SUM = 4.0
"""Most that a question's sum counts, either way: a ratio of 10,000, the end of "strong support".

A larger claim would need thirty thousand labelled cases behind it, and families of one clip are never quite
independent.
"""


def rule_of_three(cases: int) -> float:
    """The log10 likelihood ratio that so many cases without an error support, at 95 % confidence; 0 below four."""
    return max(0.0, math.log10(cases / 3)) if cases > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Family:
    """Signals that are not independent, and how much they count together.

    Attributes:
        name: as people read it; unique within its question.
        question: what its findings answer.
        detectors: whose findings they are.
        most, least: bounds of the family's sum in log10, `least` negative or 0.
        why: the reason of the numbers, in one or two sentences.
    """

    name: str
    question: Question
    detectors: frozenset[str]
    most: float
    least: float
    why: str


NAME, FACE, VOICE, PICTURES, OTHER = "name", "face", "voice", "pictures", "other"
"""Names of identity's families, on which rules rest."""

HANDLES = 120
"""Accounts in the table of handles that imitate nobody: namesakes, fans, strangers (tests/detectors/handles.csv)."""

FAMILIES: tuple[Family, ...] = (
    Family(
        NAME,
        Question.IDENTITY,
        frozenset({"handle"}),
        most=round(rule_of_three(HANDLES), 1),
        least=-1.0,
        why=f"Handle and display name are chosen by one hand. About {HANDLES} labelled accounts that imitate nobody "
        "support 40 to one at most. Against: impersonators do use other names, about one in ten by our guess.",
    ),
    Family(
        FACE,
        Question.IDENTITY,
        frozenset({"identity"}),
        most=2.0,
        least=-0.7,
        why="The card bounds it by its own sample; a hundred to one is left for look-alikes, who are commoner among "
        "imitators than among the strangers of a benchmark. Against: a poor swap keeps the actor's face, and others "
        "may be in the picture, so at most five to one.",
    ),
    Family(
        VOICE,
        Question.IDENTITY,
        frozenset({"voice"}),
        most=1.0,
        least=-0.3,
        why="The voice model was measured on read speech of a few dozen speakers, and impressionists are not among "
        "them: ten to one. Against: dubs, music and an imitator's own voice are common, so no support.",
    ),
    Family(
        PICTURES,
        Question.IDENTITY,
        frozenset({"copies", "picture"}),
        most=1.0,
        least=0.0,
        why="The person's own profile picture or clip on another account; fans use them, too: ten to one. That nothing "
        "was found says nothing.",
    ),
    Family(
        "face",
        Question.SYNTHESIS,
        frozenset({"forgery", "drift"}),
        most=1.0,
        least=-0.7,
        why="Both look at the pixels of the same face. Forgery scores of unknown methods are close to chance, so that "
        "their card stops at five to one, and a model of the user's own at ten to one. A face that slips is shown, and "
        "counts for nothing: how often swaps slip is not known.",
    ),
    Family(
        "sound",
        Question.SYNTHESIS,
        frozenset({"voice_mismatch"}),
        most=0.5,
        least=-0.3,
        why="Another voice than the face's owner may be a dub as well as a swap, and a good clone matches: three to "
        "one. Against: a voice that matches is what a clone does, so no support.",
    ),
    Family(
        "timing",
        Question.SYNTHESIS,
        frozenset({"glitches"}),
        most=0.7,
        least=-0.2,
        why="Freezes and stutter happen in edited and re-encoded genuine clips, too: five to one at most. A smooth "
        "clip is what most synthetic clips are, so that absence says next to nothing.",
    ),
    Family(
        "provenance",
        Question.SYNTHESIS,
        frozenset({"provenance", "platform_label"}),
        most=2.0,
        least=-1.0,
        why="A valid manifest that names a generator is nearly a confession, yet anybody may sign one: a hundred to "
        "one. A valid manifest of a camera speaks against, ten to one, since a screen can be filmed. The platform's AI "
        "label often comes from the manifest, so that both share the bound.",
    ),
    Family(
        PICTURES,
        Question.SYNTHESIS,
        frozenset({"copies"}),
        most=0.0,
        least=-1.0,
        why="The same pictures on an official account speak for genuine footage, ten to one: lip movements can be "
        "changed without changing the rest.",
    ),
    Family(
        "words",
        Question.DISCLOSURE,
        frozenset({"disclosure"}),
        most=2.0,
        least=-0.8,
        why="Words of one hand, quoted. A plain declaration is what it says, a hundred to one. Against: a declaration "
        "that was taken away says most; silence is what most honest accounts keep, too, and a denial is no proof.",
    ),
    Family(
        "provenance",
        Question.DISCLOSURE,
        frozenset({"provenance"}),
        most=1.3,
        least=0.0,
        why="A label in the file declares like the platform's own AI label, which the words count at twenty to one. "
        "Files without one are the rule.",
    ),
)
"""All families but the one of what is not named here."""

_BY_DETECTOR: Mapping[tuple[Question, str], Family] = {
    (family.question, detector): family for family in FAMILIES for detector in family.detectors
}

OTHER_MOST = 1.0
"""Bound, either way, of all signals of a question together that stand in no family: moderate support begins beyond."""


def family_of(detector: str, question: Question) -> Family:
    """The family that counts a detector's finding; what is not in the table shares one family."""
    found = _BY_DETECTOR.get((question, detector))
    if found is not None:
        return found
    return Family(
        OTHER, question, frozenset(), OTHER_MOST, -OTHER_MOST, "Signals that the table does not name, together."
    )
