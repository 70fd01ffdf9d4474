"""The `copies` detector: where else are the same pictures?"""

from __future__ import annotations

from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.specimen import KnownCopy, KnownPicture, Specimen
from detectors.spelling import shown

OTHER_FACE = 40
"""Distance of the faces from which the pictures around them agree while the face does not.

Chosen on the 34 clips of the data folder (`python -m benchmarks copies` counts on the same): of 34 true copies at half
the size none is taken for an edited one, of 22 pairs of the same film with different faces 8 are. So agreement proves
no face genuine.
"""

_MOST_NAMED = 5


_RULES = {
    "official": "picture of an official account",
    "photo": "reference photo",
    "account": "same picture on another account",
}
"""The rules by which a profile's picture is told, strongest first."""


class Copies:
    """Tells what the lookups of the clip's fingerprint and of the profile's picture found.

    It weighs nothing by itself: a copy can be either's.
    """

    name = "copies"
    version = "2"
    question: ClassVar[Question] = Question.SPREAD
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Say where the same pictures are; not applicable where nothing could be looked up."""
        pictures = sorted(
            specimen.pictures or (), key=lambda one: (list(_RULES).index(one.kind), one.distance, one.name)
        )
        posts = self._posts(specimen.copies)
        if not pictures:
            return posts
        told = "; ".join(_told_picture(one) for one in pictures[:_MOST_NAMED])
        more = f"; and {len(pictures) - _MOST_NAMED} more" if len(pictures) > _MOST_NAMED else ""
        return self._finding(
            f"{posts.statement} The profile's picture is {told}{more}.",
            posts.score or 0.0,
            (*posts.exhibits, *(_exhibit_picture(one) for one in pictures[:_MOST_NAMED])),
        )

    def _posts(self, found: tuple[KnownCopy, ...] | None) -> Finding:
        if found is None:
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "The pictures were not looked up: they are not kept, or too flat to tell them by.", Reason.NO_LOOKUP,
            )  # fmt: skip
        if not found:
            return self._finding("No other post that is kept here shows the same pictures.", 0.0, ())
        ranked = sorted(found, key=lambda copy: (not copy.official, -copy.matched, copy.distance, copy.url))
        accounts = len({(copy.platform, copy.handle) for copy in found})
        told = "; ".join(_told(copy) for copy in ranked[:_MOST_NAMED])
        more = f"; and {len(ranked) - _MOST_NAMED} more" if len(ranked) > _MOST_NAMED else ""
        count = "One other post shows" if len(ranked) == 1 else f"{len(ranked)} other posts show"
        where = "" if len(ranked) == 1 else f" on {accounts} accounts" if accounts > 1 else " on one account"
        return self._finding(
            f"{count} the same pictures{where}: {told}{more}.",
            max(copy.matched for copy in ranked),
            tuple(_exhibit(copy) for copy in ranked[:_MOST_NAMED]),
        )

    def _finding(self, statement: str, score: float, exhibits: tuple[Exhibit, ...]) -> Finding:
        return Finding(
            self.name, self.version, self.question, Status.OK, statement,
            score=score, unit="share of key frames", exhibits=exhibits,
        )  # fmt: skip


def edited(copy: KnownCopy) -> bool:
    """The pictures agree, the face in them does not."""
    return copy.face_distance is not None and copy.face_distance >= OTHER_FACE


def _told(copy: KnownCopy) -> str:
    """One copy in words; what the platform gave is hostile."""
    who = f"@{shown(copy.handle)} on {shown(copy.platform)}"
    day = f" of {copy.published_at:%Y-%m-%d}" if copy.published_at is not None else ""
    parts = [f"{copy.matched:.0%} of the key frames"]
    if copy.mirrored:
        parts.append("mirrored")
    if edited(copy):
        parts.append("but the face differs, so one of the two was edited")
    kind = "the official account " if copy.official else ""
    return f"{kind}{who}{day} ({', '.join(parts)})"


def _exhibit(copy: KnownCopy) -> Exhibit:
    """The address of a copy; the label is what the verdict reads (:mod:`bot.verdict.cues`)."""
    if edited(copy):
        label = "edited copy of an official clip" if copy.official else "same pictures, another face"
    else:
        label = "copy of an official clip" if copy.official else "same pictures elsewhere"
    return Exhibit(ExhibitKind.TEXT, label, field="address", text=shown(copy.url, 200))


def _told_picture(one: KnownPicture) -> str:
    """Whose picture it is, in words, with the rule and how near it comes."""
    person = shown(one.person or "")
    who = {
        "official": f"that of {person}'s official account @{shown(one.handle)} on {shown(one.platform)}",
        "photo": f"the reference photo {shown(one.name)} of {person}",
        "account": f"that of @{shown(one.handle)} on {shown(one.platform)}, too",
    }[one.kind]
    mirrored = ", mirrored" if one.mirrored else ""
    return f"{who} (rule: {_RULES[one.kind]}; {one.distance} of 256 bits differ{mirrored})"


def _exhibit_picture(one: KnownPicture) -> Exhibit:
    """Whose picture a profile shows; no address of a post, and so no copy of the clip."""
    return Exhibit(ExhibitKind.TEXT, _RULES[one.kind], field="profile picture", text=shown(one.name, 200))
