"""Cases for the judge: the real word detectors on real words, and findings with a chosen weight."""

from __future__ import annotations

from detectors.context import consider
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.specimen import OfficialAccount, Person, ProfileText, Specimen

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


def face(log10_lr: float) -> Finding:
    """A finding that the face is the person's, or is not, of this weight."""
    return Finding("identity", "1", Question.IDENTITY, Status.OK, "The face was compared.", log10_lr=log10_lr)


def glitches(log10_lr: float) -> Finding:
    """A finding on the timing of this weight, which is another family than the looks of a face."""
    return Finding("glitches", "1", Question.SYNTHESIS, Status.OK, "The timing was looked at.", log10_lr=log10_lr)


def harm(kind: str = "giveaway") -> Finding:
    """A plain cue of harm in the caption."""
    exhibit = Exhibit(ExhibitKind.TEXT, f"harm: {kind}", field="caption", text="Send me your coins")
    return Finding("harm", "1", Question.SPREAD, Status.OK, "It asks for money.", score=0.8, exhibits=(exhibit,))


def growth(how: str = "9 times the account's usual views") -> Finding:
    """A post that spreads out of the usual."""
    exhibit = Exhibit(ExhibitKind.TEXT, f"growth: {how}", text="")
    return Finding("spread", "1", Question.SPREAD, Status.OK, "It spreads fast.", exhibits=(exhibit,))


def official_copy() -> Finding:
    """The same pictures stand on an official account."""
    exhibit = Exhibit(ExhibitKind.TEXT, "copy of an official clip", text="@aureliovantor")
    return Finding("copies", "1", Question.SPREAD, Status.OK, "Its pictures are known.", exhibits=(exhibit,))


def disclosure(log10_lr: float, kind: str = "parody or satire", field: str = "bio", text: str = "Parody") -> Finding:
    """A disclosure finding of this weight, resting on one quotation."""
    exhibit = Exhibit(ExhibitKind.TEXT, kind, field=field, text=text)
    return Finding(
        "disclosure", "1", Question.DISCLOSURE, Status.OK, "Words were read.", log10_lr=log10_lr, exhibits=(exhibit,)
    )
