"""The `picture` detector: does the profile show a picture of the protected person's?"""

from __future__ import annotations

from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.specimen import Specimen
from detectors.spelling import shown

OFFICIAL, PHOTO = 1.0, 0.7
"""log10 likelihood ratios of an official account's picture and of a reference photo: ten and five to one.

Fans show them, too, and press photos more than the picture of a profile. How often is our guess, and the family's bound
in the verdict holds both down.
"""


class Picture:
    """Weighs whose picture a profile shows; where else the same one is, the `copies` detector tells."""

    name = "picture"
    version = "1"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Say whether it is the person's; that it is none of theirs says nothing, since impostors have many."""
        if specimen.person is None or specimen.pictures is None:
            none_kept = "none is kept that could be told by, or the account is a person's own"
            why = "no person is named" if specimen.person is None else none_kept
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                f"The profile's picture was compared with nobody's: {why}.", Reason.NO_LOOKUP,
            )  # fmt: skip
        name = shown(specimen.person.name)
        theirs = [one for one in specimen.pictures if one.person == specimen.person.name]
        found = min(theirs, key=lambda one: (one.kind != "official", one.distance), default=None)
        if found is None:
            return self._finding(f"The profile shows no picture of {name} that is kept.", 0.0)
        whose = f"{name}'s official account" if found.kind == "official" else f"a reference photo of {name}"
        return self._finding(
            f"The profile shows the picture of {whose}, as fans do, too.",
            OFFICIAL if found.kind == "official" else PHOTO,
            Exhibit(ExhibitKind.TEXT, f"the picture of {whose}", field="profile picture", text=shown(found.name, 200)),
        )

    def _finding(self, statement: str, log10_lr: float, *exhibits: Exhibit) -> Finding:
        return Finding(
            self.name, self.version, self.question, Status.OK, statement, log10_lr=log10_lr, exhibits=exhibits
        )


__all__ = ["OFFICIAL", "PHOTO", "Picture"]
