"""Cases for the judge: the real word detectors on real words, and findings with a chosen weight."""

from __future__ import annotations

from detectors.context import consider
from detectors.contract import (
    Exhibit,
    ExhibitKind,
    Finding,
    OfficialAccount,
    Person,
    ProfileText,
    Question,
    Reason,
    Specimen,
    Status,
)

VANTOR = Person("Aurelio Vantor", ("A. Vantor",), (OfficialAccount("tiktok", "aureliovantor"),))

WORD_DETECTORS = ("handle", "disclosure")


def words_of(profile: ProfileText, person: Person | None = VANTOR) -> tuple[Finding, ...]:
    """What the detectors of the context say; those that need more than words have nothing to look at and say so."""
    return consider(Specimen(profile=profile, person=person))


def forgery(log10_lr: float | None) -> Finding:
    """A forgery finding of this weight, or one that is not applicable."""
    if log10_lr is None:
        return Finding("forgery", "1", Question.SYNTHESIS, Status.NOT_APPLICABLE, "No face was found.", Reason.NO_FACE)
    return Finding("forgery", "1", Question.SYNTHESIS, Status.OK, f"It weighs {log10_lr:+.2f}.", log10_lr=log10_lr)


def identity(log10_lr: float, detector: str = "handle") -> Finding:
    """An identity finding of this weight, resting on the handle."""
    exhibit = Exhibit(ExhibitKind.TEXT, "the same letters", field="handle", text="somebody")
    return Finding(
        detector, "1", Question.IDENTITY, Status.OK, "The handle was compared.", log10_lr=log10_lr, exhibits=(exhibit,)
    )


def disclosure(log10_lr: float, kind: str = "parody or satire", field: str = "bio", text: str = "Parody") -> Finding:
    """A disclosure finding of this weight, resting on one quotation."""
    exhibit = Exhibit(ExhibitKind.TEXT, kind, field=field, text=text)
    return Finding(
        "disclosure", "1", Question.DISCLOSURE, Status.OK, "Words were read.", log10_lr=log10_lr, exhibits=(exhibit,)
    )
