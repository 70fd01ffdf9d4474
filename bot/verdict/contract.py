"""What the judge takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from detectors.contract import Finding, Question
from detectors.specimen import Person


class Label(StrEnum):
    """What a post is taken for until a person has looked; never an accusation."""

    OFFICIAL = "official"  # posted by one of the person's own accounts
    OFFICIAL_COPY = "official_copy"  # a copy of a clip of theirs, posted by somebody else
    DECLARED_IMITATION = "declared_imitation"  # looks like the person and says that it is not
    # presents itself as the person, or shows them, and synthesis is supported
    IMPERSONATION_SYNTHETIC = "impersonation_synthetic"
    # presents itself as the person; nothing supports synthesis, be it that the footage looks genuine or could not
    # be examined: the summary says which
    IMPERSONATION_AUTHENTIC = "impersonation_authentic"
    UNRELATED = "unrelated"  # somebody else: a namesake, another name
    UNDETERMINED = "undetermined"  # not enough to tell, or nobody to compare with


class Priority(StrEnum):
    """In which order people should look, most pressing first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
    NONE = "none"  # no alert; listed all the same


class Decision(StrEnum):
    """What a person may decide on a post."""

    CONFIRM = "confirm"  # it is what the alert says
    DISMISS = "dismiss"  # it is no case: somebody else, or nothing of interest
    IMITATION = "imitation"  # an imitation that may stay: parody, a fan
    OFFICIAL = "official"  # the person's own, or posted with their leave


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision; `note` is in their own words, and `at` None where the time is of no interest."""

    decision: Decision
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One post with all that is known of it.

    Attributes:
        findings: what the detectors said, in any order.
        person: whom the account is watched for, or None.
        platform, handle: the account, as the platform names it; empty where they are not known.
        views, likes: of the post, None where the platform does not show them.
        followers: of the account, likewise.
        decided: the latest decision of a person, or None.
    """

    findings: tuple[Finding, ...]
    person: Person | None = None
    platform: str = ""
    handle: str = ""
    views: int | None = None
    likes: int | None = None
    followers: int | None = None
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """The answer to one question: `log10_lr` is None where no detector could say anything, and for spread.

    `support` is the same in words (:mod:`bot.verdict.scale`); for spread it tells the reach.
    """

    log10_lr: float | None
    support: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the findings amount to.

    Attributes:
        label, priority: for sorting and for scripts.
        rule: the name of the row of :data:`bot.verdict.rules.RULES` that fired.
        summary: one sentence of graded support that names the person.
        counter: the strongest counter-evidence in one sentence; empty where there is none.
        questions: all four questions of :class:`detectors.contract.Question`.
    """

    label: Label
    priority: Priority
    rule: str
    summary: str
    counter: str
    questions: Mapping[Question, Weight]
