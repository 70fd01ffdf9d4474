"""The `disclosure` detector: does the account or the post say that this is not the person's own footage?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.disclosure_history import Gone, gone
from detectors.disclosure_mentions import Mention, mentions
from detectors.disclosure_words import HINT_WORTH, KINDS, PLATFORM_RULES, PlatformRule
from detectors.specimen import ProfileText, Specimen
from detectors.spelling import shown

BOUND = 2.0
"""Largest absolute log10 likelihood ratio."""

GONE = "no longer declared: "
"""Beginning of the label of an exhibit that quotes what stood in a profile earlier; it declares nothing now."""

_LABEL_WORTH = 1.3  # the platform's own AI label: it tells of the making, not of parody
_SILENCE_ALL = -0.5  # every field was seen and says nothing
_SILENCE_SOME = -0.2
_DENIED = -0.6  # it says the opposite
_TAKEN_AWAY = -0.8  # it was declared once and is not any more
_PLAIN = 0.8  # from here on a declaration is not called weak
_SECOND = 0.2  # two phrases of one hand are not two witnesses

_POST_AND_PROFILE = ("handle", "display_name", "bio", "caption")
"""Fields whose silence says something; subtitles and writing on the screen are mostly about other things."""

_OF_THE_ACCOUNT = frozenset(kind.name for kind in KINDS if kind.of_the_account)
_CALLED = {
    "display_name": "display name",
    "ai_label": "platform's label",
    "on screen": "writing on the screen",
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read: the fields by name, what they mention, and what the profile no longer says."""

    profile: ProfileText
    fields: Mapping[str, str]
    said: tuple[Mention, ...]
    denied: tuple[Mention, ...]
    gone: tuple[Gone, ...]


class Disclosure:
    """Reads every field of words and the platform's label, quotes what it found, and what is no longer there."""

    name = "disclosure"
    version = "2"
    question: ClassVar[Question] = Question.DISCLOSURE
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Look for declarations; not applicable where no field could be seen."""
        profile = specimen.profile or ProfileText()
        fields = dict(_fields(profile, specimen))
        if not fields and profile.ai_label is None:
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "No words of the account or the post could be seen.", Reason.NO_PROFILE,
            )  # fmt: skip
        found = [mention for field, text in fields.items() for mention in mentions(field, text)]
        if profile.ai_label:
            found.append(Mention("ai_label", "platform's AI label", "AI-generated", _LABEL_WORTH))
        seen = _Seen(
            profile,
            fields,
            said=tuple(sorted((one for one in found if not one.denied), key=lambda one: -one.log10_lr)),
            denied=tuple(one for one in found if one.denied),
            gone=gone(profile, specimen.earlier_profiles),
        )
        weight = _weight(seen)
        return Finding(
            self.name, self.version, self.question, Status.OK, " ".join(_sentences(seen, weight)),
            score=weight, unit="log10 likelihood ratio by words", log10_lr=weight,
            exhibits=(*(_quoted(one, fields) for one in found), *(_quoted_gone(one) for one in seen.gone)),
        )  # fmt: skip


def _fields(profile: ProfileText, specimen: Specimen) -> Iterator[tuple[str, str]]:
    for field in _POST_AND_PROFILE:
        text = getattr(profile, field)
        if text is not None:
            yield field, text
    if specimen.subtitles is not None:
        yield "subtitles", specimen.subtitles
    if specimen.screen_text is not None:
        yield "on screen", specimen.screen_text


def _weight(seen: _Seen) -> float:
    if seen.said:
        return min(BOUND, seen.said[0].log10_lr + _SECOND * sum(one.log10_lr for one in seen.said[1:]))
    if seen.gone:
        return _TAKEN_AWAY
    if seen.denied:
        return _DENIED
    return _SILENCE_SOME if _unseen(seen) else _SILENCE_ALL


def _sentences(seen: _Seen, weight: float) -> Iterator[str]:
    if seen.said:
        yield _declared(seen, weight)
    elif seen.denied:
        first = seen.denied[0]
        yield f'It is denied: "{shown(first.quote)}" in the {_called(first.field)}.'
    elif not seen.gone:
        yield _silence(seen)
    rule = PLATFORM_RULES.get(seen.profile.platform.casefold())
    if rule is not None and any(one.kind in _OF_THE_ACCOUNT for one in seen.said):
        yield _by_the_rule(rule, seen)
    for one in seen.gone[:2]:
        yield _no_longer(one)
    if seen.gone and not seen.said:
        yield "Nothing is declared now."


def _declared(seen: _Seen, weight: float) -> str:
    first = seen.said[0]
    if weight <= HINT_WORTH + 1e-9:
        return f'Nothing declares an imitation; "{shown(first.quote)}" in the {_called(first.field)} is a hint at most.'
    distinct = list({(one.field, one.quote.casefold()): one for one in seen.said}.values())
    quotes = "; ".join(f'{one.kind}: "{shown(one.quote)}" in the {_called(one.field)}' for one in distinct[:4])
    more = ""
    if seen.denied:
        more = f' It also denies "{shown(seen.denied[0].quote)}" in the {_called(seen.denied[0].field)}.'
    verb = "It is declared" if weight >= _PLAIN else "It is weakly declared"
    return f"{verb} ({quotes}).{more}"


def _silence(seen: _Seen) -> str:
    if unseen := _unseen(seen):
        return f"Nothing is declared in what could be seen (not seen: {', '.join(map(_called, unseen))})."
    read = [_called(field) for field in seen.fields]
    label = ", and the platform shows no AI label" if seen.profile.ai_label is False else ""
    return f"Nothing is declared in {', '.join(read[:-1])} or {read[-1]}{label}."


def _unseen(seen: _Seen) -> list[str]:
    return [field for field in _POST_AND_PROFILE if field not in seen.fields]


def _by_the_rule(rule: PlatformRule, seen: _Seen) -> str:
    """Which of the fields where the platform wants it carry it, and which do not."""
    carry = [field for field in rule.fields if any(one.field == field and _counts(one) for one in seen.said)]
    lack = [field for field in rule.fields if field not in carry and field in seen.fields]
    unseen = [field for field in rule.fields if field not in carry and field not in seen.fields]
    wanted = _listed(rule.fields, "or" if rule.one_is_enough else "and")
    start = f"{rule.name} asks parody and fan accounts to say so in {wanted}"
    if (rule.one_is_enough and carry) or not (lack or unseen):
        return f"{start}, which this account does."
    parts = []
    if carry:
        parts.append(f"{_listed(carry)} {'does' if len(carry) == 1 else 'do'}")
    if lack:
        parts.append(f"{_listed(lack)} {'does' if len(lack) == 1 else 'do'} not")
    if unseen:
        parts.append(f"{_listed(unseen)} could not be seen")
    return f"{start}: {', '.join(parts)}."


def _counts(mention: Mention) -> bool:
    return mention.kind in _OF_THE_ACCOUNT


def _no_longer(one: Gone) -> str:
    until = f" until {_day(one.last_seen_at)}" if one.last_seen_at is not None else " earlier"
    since = f"since {_day(one.since)} at the latest" if one.since is not None else "now"
    return (
        f'The {_called(one.mention.field)} said "{shown(one.mention.quote)}"{until} ({one.mention.kind}); '
        f'{since} it does not: it was "{shown(one.stood)}".'
    )


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _listed(fields: Sequence[str], last: str = "and") -> str:
    names = [_called(field) for field in fields]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def _called(field: str) -> str:
    return _CALLED.get(field, field)


def _quoted(mention: Mention, fields: Mapping[str, str]) -> Exhibit:
    """The field's text around the quote, so that a reader can judge it."""
    text = fields.get(mention.field, mention.quote)
    at = max(0, text.find(mention.quote))
    around = text[max(0, at - 80) : at + len(mention.quote) + 80]
    label = f"{mention.kind}, denied" if mention.denied else mention.kind
    return Exhibit(ExhibitKind.TEXT, label, field=mention.field, text=shown(around, 200))


def _quoted_gone(one: Gone) -> Exhibit:
    return Exhibit(ExhibitKind.TEXT, GONE + one.mention.kind, field=one.mention.field, text=shown(one.stood, 200))
