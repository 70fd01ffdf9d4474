"""The `handle` detector: does the handle or the display name look like the protected person's?"""

from __future__ import annotations

from typing import ClassVar

from detectors.contract import (
    Exhibit,
    ExhibitKind,
    Finding,
    Person,
    ProfileText,
    Question,
    Reason,
    Specimen,
    Status,
)
from detectors.handle_rules import Resemblance, resemblance, shared_part
from detectors.spelling import shown, without_accents, words

BOUND = 2.0
"""Largest absolute log10 likelihood ratio: words alone never carry an alert."""

_NEITHER = -1.0  # handle and display name were seen and neither resembles
_ONE_UNSEEN = -0.4
_ONE_NAME = 0.1  # a single word of the name and nothing else: many people carry it
_OTHER_SURNAME = -0.3  # the same, with a display name that gives another full name


class Handle:
    """Compares handle and display name with the person's name, aliases and official handles, and names the rule.

    The official account itself is exempt: it *is* the person, it does not look like it.
    """

    name = "handle"
    version = "1"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without a person or without any words of a profile."""
        person, profile = specimen.person, specimen.profile
        if person is None:
            return self._nothing(Reason.NO_PERSON, "No protected person is named, so no name can be compared.")
        if profile is None or (not profile.handle and not profile.display_name):
            return self._nothing(Reason.NO_PROFILE, "Neither handle nor display name of the account is known.")
        if _is_official(profile, person):
            handle = shown(profile.handle or "")
            return self._finding(
                -BOUND,
                f"@{handle} is the official account of {shown(person.name)} on {shown(profile.platform)}; "
                "nothing is imitated.",
                (_text("official account", "handle", profile.handle or ""),),
            )
        by_handle = _best(profile.handle, person, handles=True)
        by_name = _best(profile.display_name, person, handles=False)
        found = [(field, seen, like) for field, seen, like in (
            ("handle", profile.handle or "", by_handle),
            ("display name", profile.display_name or "", by_name),
        ) if like is not None]  # fmt: skip
        if found:
            return self._resembles(found)
        return self._differs(profile, person)

    def _resembles(self, found: list[tuple[str, str, Resemblance]]) -> Finding:
        ranked = sorted((like.log10_lr for _, _, like in found), reverse=True)
        # The two fields are chosen by one hand: the second adds little.
        weight = min(BOUND, ranked[0] + 0.25 * sum(ranked[1:]))
        parts = [
            f'the {field} "{shown(seen)}" resembles "{shown(like.target)}" ({like.rule})' for field, seen, like in found
        ]
        caution = "; so short a name is carried by many" if weight < 0.6 else ""
        text = "; ".join(parts)
        return self._finding(
            weight,
            f"{text[0].upper()}{text[1:]}{caution}.",
            tuple(_text(like.rule, field.replace(" ", "_"), seen) for field, seen, like in found),
        )

    def _differs(self, profile: ProfileText, person: Person) -> Finding:
        for field, seen in (("display name", profile.display_name), ("handle", profile.handle)):
            part = shared_part(seen or "", person.name)
            if part is None:
                continue
            other = _other_full_name(profile.display_name, person, part)
            more = f', and the display name gives another name, "{shown(other)}"' if other is not None else ""
            return self._finding(
                _OTHER_SURNAME if other is not None else _ONE_NAME,
                f'The {field} "{shown(seen or "")}" shares only "{part}" with {shown(person.name)}{more}; '
                "one name alone is carried by many people.",
                (_text("one name shared", field.replace(" ", "_"), seen or ""),),
            )
        both = bool(profile.handle) and bool(profile.display_name)
        names = " and ".join(
            text for text in (
                f'handle "{shown(profile.handle)}"' if profile.handle else "",
                f'display name "{shown(profile.display_name)}"' if profile.display_name else "",
            ) if text
        )  # fmt: skip
        verb = "do" if both else "does"
        return self._finding(
            _NEITHER if both else _ONE_UNSEEN,
            f"{names[0].upper()}{names[1:]} {verb} not resemble {shown(person.name)} by any rule.",
            (),
        )

    def _finding(self, weight: float, statement: str, exhibits: tuple[Exhibit, ...]) -> Finding:
        bounded = min(BOUND, max(-BOUND, weight))
        return Finding(
            self.name, self.version, self.question, Status.OK, statement,
            score=bounded, unit="log10 likelihood ratio by rule", log10_lr=bounded, exhibits=exhibits,
        )  # fmt: skip

    def _nothing(self, reason: Reason, statement: str) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, statement, reason)


def _is_official(profile: ProfileText, person: Person) -> bool:
    handle = (profile.handle or "").casefold().lstrip("@")
    return any(
        one.platform == profile.platform and one.handle.casefold().lstrip("@") == handle for one in person.official
    )


def _best(seen: str | None, person: Person, *, handles: bool) -> Resemblance | None:
    """The strongest resemblance to any protected name; official handles are compared with handles only."""
    if not seen:
        return None
    targets = [person.name, *person.aliases]
    if handles:
        targets += [one.handle for one in person.official]
    unique = list(dict.fromkeys(target for target in targets if target.strip()))
    likes = [like for target in unique if (like := resemblance(seen, target)) is not None]
    return max(likes, key=lambda like: like.log10_lr, default=None)


def _other_full_name(display_name: str | None, person: Person, part: str) -> str | None:
    """The display name, if it is a name of several words that shares only this one."""
    if not display_name:
        return None
    theirs = words(without_accents(display_name))
    known = {word for name in (person.name, *person.aliases) for word in words(without_accents(name))}
    strangers = [word for word in theirs if word not in known and len(word) >= 3 and word.isalpha()]
    return display_name if part in theirs and strangers else None


def _text(label: str, field: str, text: str) -> Exhibit:
    return Exhibit(ExhibitKind.TEXT, label, field=field, text=shown(text, 200))
