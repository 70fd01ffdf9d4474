"""The `harm` detector: what the words of account, post and clip ask their readers to do.

Giveaways, investments, a chat elsewhere, sexual content, elections, crises, violence and hate are what fakes of famous
people are used for. The finding says nothing of who made a clip or how: it carries no likelihood ratio and only tells
which case should be looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.disclosure_words import DENIALS
from detectors.harm_links import DISGUISED, PAYMENT, cues
from detectors.harm_words import (
    CATEGORIES,
    CONTACT,
    GIVEAWAY,
    HINT,
    HINTS_TOGETHER,
    INVESTMENT,
    PLAIN,
    Category,
    listed,
)
from detectors.phrases import READ, Hit, Phrasebook, Word, read, sentence_of
from detectors.specimen import Person, Specimen
from detectors.spelling import shown

HARM = "harm: "
"""Begins the label of an exhibit that is a cue; the category follows."""

HINT_OF_HARM = "hint of harm: "
NO_HARM = "no harm: "
"""Begins the label of words that would be a cue, were they not said as a warning."""

CUE_FROM = 0.5
"""Grade from which words are a cue and not only a hint."""

_REPORTED = 0.5  # share that counts where a crime is reported or words are quoted
_TOGETHER = 0.15  # added where money and a way out of the platform are met together
_SHOWN = 12  # exhibits

_MONEY = frozenset({GIVEAWAY.name, INVESTMENT.name, PAYMENT})
_AWAY = frozenset({CONTACT.name, DISGUISED, "shortened link"})

_CALLED = {"display_name": "display name", "on screen": "writing on the screen"}


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a field that are a cue.

    `grade` is 0 to 1, 0 where `because` says why it is none; `told` says what a link shows.
    """

    category: str
    field: str
    quote: str
    grade: float
    around: str
    told: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    """One field, read: its words, where warnings and promises stand, and whether it reports or quotes."""

    field: str
    text: str
    words: tuple[Word, ...]
    warnings: tuple[int, ...]
    promises: tuple[int, ...]
    reports: bool
    quotes: bool


_PLAIN = {category: Phrasebook((phrase, category) for phrase in category.plain()) for category in CATEGORIES}
_HINTS = {category: Phrasebook((phrase, category) for phrase in category.hints()) for category in CATEGORIES}
_WARNINGS = Phrasebook((phrase, None) for phrase in listed("WARNINGS"))
_PROMISES = Phrasebook((phrase, None) for phrase in listed("NEVER"))
_REPORTS = Phrasebook((phrase, None) for phrase in listed("REPORTING"))
_QUOTES = Phrasebook((phrase, None) for phrase in listed("QUOTING"))


class Harm:
    """Looks for cues of harm in bio, caption, subtitles and writing on the screen, and at what links show."""

    name = "harm"
    version = "1"
    question: ClassVar[Question] = Question.SPREAD
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Look for cues; not applicable where no field could be seen."""
        fields = dict(_fields(specimen))
        if not fields:
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "Neither caption, subtitles nor writing on the screen could be seen.", Reason.NO_PROFILE,
            )  # fmt: skip
        found = _ranked(cue for field, text in fields.items() for cue in cues_in(field, text, specimen.person))
        score, together = _score(found)
        return Finding(
            self.name, self.version, self.question, Status.OK, _statement(found, fields, together=together),
            score=round(score, 2), unit="grade from 0 to 1", log10_lr=0.0,
            exhibits=tuple(
                Exhibit(ExhibitKind.TEXT, _label(cue), field=cue.field, text=shown(cue.around, 200))
                for cue in found[:_SHOWN]
            ),
        )  # fmt: skip


def cues_in(field: str, text: str, person: Person | None = None) -> list[Cue]:
    """Every cue of harm in one field; those that are warnings have grade 0."""
    whole = _read(field, text)
    found = [cue for category in CATEGORIES for cue in _of_words(whole, category)]
    for link in cues(text, person):
        start = max(0, link.start)
        around = text[max(0, start - 80) : start + len(link.text) + 80]
        found.append(Cue(link.category, field, link.text, link.grade, around, told=link.told))
    return found


def _fields(specimen: Specimen) -> Iterator[tuple[str, str]]:
    profile = specimen.profile
    for field, text in (
        ("caption", profile.caption if profile is not None else None),
        ("subtitles", specimen.subtitles),
        ("on screen", specimen.screen_text),
        ("bio", profile.bio if profile is not None else None),
        ("display_name", profile.display_name if profile is not None else None),
    ):
        if text is not None:
            yield field, text[:READ]


def _read(field: str, text: str) -> _Text:
    words = tuple(read(text))

    def places(book: Phrasebook[None]) -> tuple[int, ...]:
        # "this is no scam" warns of nothing
        hits = [hit for hit in book.find(words) if DENIALS.of(text, words, hit.first, set()) is None]
        return tuple(words[hit.first].start for hit in hits)

    return _Text(
        field, text, words,
        warnings=places(_WARNINGS), promises=places(_PROMISES),
        reports=bool(places(_REPORTS)), quotes=bool(places(_QUOTES)),
    )  # fmt: skip


def _of_words(whole: _Text, category: Category) -> Iterator[Cue]:
    taken: set[int] = set()
    plain = _PLAIN[category].find(whole.words, taken)
    hints = _HINTS[category].find(whole.words, taken)
    different = {whole.words[hit.first].text for hit in hints}
    hint = category.hint or HINT
    together = max(hint, HINTS_TOGETHER) if len(different) > 1 else hint
    for hit, grade in [*((hit, PLAIN) for hit in plain), *((hit, together) for hit in hints)]:
        yield _graded(whole, category, hit, grade)


def _graded(whole: _Text, category: Category, hit: Hit[Category], grade: float) -> Cue:
    words, text = whole.words, whole.text
    start, end = words[hit.first].start, words[hit.last].end
    sentence = sentence_of(text, words[hit.first])
    cue = Cue(category.name, whole.field, text[start:end], grade, text[max(0, start - 80) : end + 80])
    if DENIALS.of(text, words, hit.first, set()) is not None:
        return replace(cue, grade=0.0, because="denied")
    if category.warned and _within(whole.warnings, sentence):
        return replace(cue, grade=0.0, because="warned against")
    if category.never and _within(whole.promises, sentence):
        return replace(cue, grade=0.0, because="warned against")
    in_quotes = _in_quotation(text, start, end)
    told_of = whole.reports or (in_quotes and bool(whole.warnings)) or (category.quoted and (whole.quotes or in_quotes))
    return replace(cue, grade=grade * _REPORTED, because="reported or quoted") if told_of else cue


def _within(places: Sequence[int], span: tuple[int, int]) -> bool:
    return any(span[0] <= place < span[1] for place in places)


def _in_quotation(text: str, start: int, end: int) -> bool:
    return any(
        match.start() < start and end <= match.end()
        for match in re.finditer(r"[\"“„«][^\"“”„«»\n]{1,300}[\"”“»]", text)
    )


def _ranked(cues_found: Iterator[Cue]) -> list[Cue]:
    """The strongest first, each quotation once."""
    once: dict[tuple[str, str, str], Cue] = {}
    for cue in sorted(cues_found, key=lambda cue: -cue.grade):
        once.setdefault((cue.category, cue.field, cue.quote.casefold()), cue)
    return list(once.values())


def _score(found: Sequence[Cue]) -> tuple[float, bool]:
    strong = {cue.category for cue in found if cue.grade >= CUE_FROM}
    away = {cue.category for cue in found if cue.grade >= HINT}
    together = bool(strong & _MONEY) and bool(away & _AWAY)
    highest = max((cue.grade for cue in found), default=0.0)
    return min(1.0, highest + _TOGETHER) if together else highest, together


def _label(cue: Cue) -> str:
    if cue.grade >= CUE_FROM:
        return HARM + cue.category
    if cue.grade > 0:
        return f"{HINT_OF_HARM}{cue.category}{', ' + cue.because if cue.because else ''}"
    return f"{NO_HARM}{cue.category}, {cue.because}"


def _statement(found: Sequence[Cue], fields: dict[str, str], *, together: bool) -> str:
    counted = [cue for cue in found if cue.grade > 0]
    none = [cue for cue in found if cue.grade == 0]
    parts = []
    if any(cue.grade >= CUE_FROM for cue in counted):
        strong = _one_a_category(cue for cue in counted if cue.grade >= CUE_FROM)
        parts.append(f"Cues of harm: {'; '.join(map(_told, strong[:4]))}.")
        if together:
            parts.append("Money and a way out of the platform together are the pattern of a scam.")
        parts.append("They only raise the priority.")
    elif counted:
        weak = _one_a_category(iter(counted))
        parts.append(f"Only hints of harm, which have other uses too: {'; '.join(map(_told, weak[:3]))}.")
    else:
        parts.append(f"No cue of harm in {_listed(fields)}.")
    if none:
        parts.append(f"{_told(none[0])[0].upper()}{_told(none[0])[1:]} is {none[0].because}, and no cue.")
    return " ".join(parts)


def _one_a_category(found: Iterator[Cue]) -> list[Cue]:
    first: dict[str, Cue] = {}
    for cue in found:
        first.setdefault(cue.category, cue)
    return list(first.values())


def _told(cue: Cue) -> str:
    what = f": {shown(cue.told, 100)}" if cue.told else ""
    because = f", {cue.because}" if cue.because and cue.grade > 0 else ""
    return f'{cue.category} ("{shown(cue.quote)}" in the {_CALLED.get(cue.field, cue.field)}{what}{because})'


def _listed(fields: dict[str, str]) -> str:
    names = [_CALLED.get(field, field) for field in fields]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
