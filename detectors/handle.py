"""The `handle` detector: does the handle or the display name look like the protected person's?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.handle_edits import LETTER_RULES
from detectors.handle_rules import PART, Resemblance, resemblance, shared_part, tells_other
from detectors.handle_words import CLAIMS, HINTS
from detectors.specimen import Person, ProfileText, Specimen
from detectors.spelling import joined, shown, without_accents, words

BOUND = 2.0
"""Largest absolute log10 likelihood ratio: words alone never carry an alert."""

_NEITHER = -1.0  # handle and display name were seen and neither resembles
_ONE_UNSEEN = -0.4
_ONE_NAME = 0.1  # a single word of the name and nothing else: many people carry it
_OTHER_SURNAME = -0.3  # the same, with a display name that gives another full name
_SOMEBODY_ELSE = 0.8  # most that counts where handle or display name tells of somebody else
_OWN_NAME = 0.3  # share that counts where handle and display name agree on another spelling, or another name is given
_SECOND = 0.25  # share of the second field: the two are chosen by one hand
_SECOND_FROM = 1.0  # and only a second resemblance that says something by itself

_TYPOS = frozenset(rule.key for rule in LETTER_RULES)


@dataclass(frozen=True, slots=True)
class Like:
    """One field that resembles: `field` is "handle" or "display_name", `seen` its text as received."""

    field: str
    seen: str
    by: Resemblance

    @property
    def place(self) -> str:
        """What people call the field."""
        return self.field.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What handle and display name amount to together.

    Attributes:
        log10_lr: between -:data:`BOUND` and :data:`BOUND`.
        likes: the fields that resemble.
        cautions: why it counts less than the rules alone would, as ends of a sentence.
    """

    log10_lr: float
    likes: tuple[Like, ...]
    cautions: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All rules that were met, each once."""
        return tuple(dict.fromkeys(key for like in self.likes for key in like.by.keys))


class Handle:
    """Compares handle and display name with the person's name, aliases and official handles, and names the rule.

    The official account itself is exempt: it *is* the person, it does not look like it.
    """

    name = "handle"
    version = "2"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without a person or without any words of a profile."""
        person, profile = specimen.person, specimen.profile
        if person is None:
            return self._nothing(Reason.NO_PERSON, "No protected person is named, so no name can be compared.")
        if profile is None or (not profile.handle and not profile.display_name):
            return self._nothing(Reason.NO_PROFILE, "Neither handle nor display name of the account is known.")
        if is_official(profile, person):
            handle = shown(profile.handle or "")
            return self._finding(
                -BOUND,
                f"@{handle} is the official account of {shown(person.name)} on {shown(profile.platform)}; "
                "nothing is imitated.",
                (_text("official account", "handle", profile.handle or ""),),
            )
        found = likeness(profile, person)
        return self._differs(profile, person) if found is None else self._resembles(found)

    def _resembles(self, found: Likeness) -> Finding:
        text = "; ".join(
            f'the {like.place} "{shown(like.seen)}" resembles "{shown(like.by.target)}" ({shown(like.by.rule, 120)})'
            for like in found.likes
        )
        cautions = "".join(f"; {caution}" for caution in found.cautions)
        return self._finding(
            found.log10_lr,
            f"{text[0].upper()}{text[1:]}{cautions}.",
            tuple(_text(like.by.rule, like.field, like.seen) for like in found.likes),
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


def is_official(profile: ProfileText, person: Person) -> bool:
    """Whether the account is one of the person's own, by platform and handle."""
    handle = (profile.handle or "").casefold().lstrip("@")
    return any(
        one.platform == profile.platform and one.handle.casefold().lstrip("@") == handle for one in person.official
    )


def likeness(profile: ProfileText, person: Person) -> Likeness | None:
    """What the two fields amount to together, or None where neither resembles a protected name by any rule.

    Whether the account is official is not looked at.
    """
    likes = tuple(
        Like(field, seen, best)
        for field, seen in (("handle", profile.handle), ("display_name", profile.display_name))
        if seen and (best := _best(seen, person, handles=field == "handle")) is not None
    )
    if not likes:
        return None
    ranked = sorted((like.by.log10_lr for like in likes), reverse=True)
    weight = ranked[0] + _SECOND * sum(value for value in ranked[1:] if value >= _SECOND_FROM)
    cautions = []
    if (why := _another_person(profile, person, likes)) is not None:
        weight *= _OWN_NAME
        cautions.append(why)
    others = next((like.place for like in likes if like.by.tells_other), None)
    if others is None and tells_other(profile.display_name or ""):
        others = "display name"
    if others is not None:
        weight = min(weight, _SOMEBODY_ELSE)
        cautions.append(f"the {others} tells of somebody else")
    if all(like.by.common for like in likes):
        cautions.append("the name is carried by many")
    elif weight < 0.6 and not cautions:
        cautions.append("so short a name is carried by many")
    return Likeness(min(BOUND, weight), likes, tuple(cautions))


def _another_person(profile: ProfileText, person: Person, likes: tuple[Like, ...]) -> str | None:
    """Why the two fields together rather name somebody else, or None."""
    name = profile.display_name
    if not name:
        return None
    by_field = {like.field: like.by for like in likes}
    own = words(without_accents(name))
    spelled = by_field.get("display_name")
    if spelled is not None and len(own) >= 2:
        agreed = joined(without_accents(profile.handle or "")).rstrip("0123456789") == "".join(own)
        if agreed and set(spelled.keys) <= _TYPOS:
            return "handle and display name agree on that other spelling, which may be the account's own name"
    if spelled is None and set(by_field["handle"].keys) & {"alias", "initial", PART.key, *_TYPOS}:
        known = set(words(without_accents(" ".join((person.name, *person.aliases)))))
        if len(own) >= 2 and all(word.isalpha() and word not in CLAIMS | HINTS for word in own) and own[0] not in known:
            return f'the display name gives another name, "{shown(name)}"'
    return None


def _best(seen: str, person: Person, *, handles: bool) -> Resemblance | None:
    """The strongest resemblance to any protected name; official handles are compared with handles only."""
    likes = (like for like in _compared(seen, person, handles=handles) if like is not None)
    return max(likes, key=lambda like: like.log10_lr, default=None)


def _compared(seen: str, person: Person, *, handles: bool) -> Iterator[Resemblance | None]:
    done = set()
    for target in (person.name, *person.aliases):
        done.add(joined(without_accents(target)))
        like = resemblance(seen, target)
        if like is not None and target != person.name:
            like = Resemblance(
                f"{like.rule}, of an alias", like.target, like.log10_lr, ("alias", *like.keys),
                tells_other=like.tells_other, common=like.common,
            )  # fmt: skip
        yield like
    if handles:
        for target in dict.fromkeys(one.handle for one in person.official):
            if joined(without_accents(target)) not in done:  # a handle that is the name is as common as the name
                yield resemblance(seen, target, is_handle=True)


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
