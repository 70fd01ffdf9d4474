"""The `disclosure` detector: does the account or the post say that this is not the person's own footage?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, ProfileText, Question, Reason, Specimen, Status
from detectors.disclosure_words import (
    FIELD_WORTH,
    HANDLE_HINTS,
    HINT_WORTH,
    KINDS,
    NEGATIONS,
    UPPERCASE,
    UPPERCASE_WORTH,
)
from detectors.spelling import shown, without_accents

BOUND = 2.0
"""Largest absolute log10 likelihood ratio."""

_LABEL_WORTH = 1.3  # the platform's own AI label: it tells of the making, not of parody
_SILENCE_ALL = -0.5  # every field was seen and says nothing
_SILENCE_SOME = -0.2
_DENIED = -0.6  # it says the opposite
_READ = 20_000  # characters of a field that are read; no platform shows a longer one to anybody
_REACH = 3  # words before a phrase in which a negation turns it round


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in a field: which kind of declaration, the words themselves, and whether they are denied."""

    field: str
    kind: str
    quote: str
    log10_lr: float
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


class Disclosure:
    """Reads handle, display name, bio, caption and the platform's label, and quotes what it found."""

    name = "disclosure"
    version = "1"
    question: ClassVar[Question] = Question.DISCLOSURE
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Look for declarations; not applicable where no field could be seen."""
        profile = specimen.profile
        fields = {} if profile is None else _fields(profile)
        if profile is None or (not fields and profile.ai_label is None):
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "No words of the account or the post could be seen.", Reason.NO_PROFILE,
            )  # fmt: skip
        found = [mention for field, text in fields.items() for mention in mentions(field, text)]
        if profile.ai_label:
            found.append(Mention("ai_label", "platform's AI label", "AI-generated", _LABEL_WORTH))
        weight, statement = _weighed(found, fields, profile)
        return Finding(
            self.name, self.version, self.question, Status.OK, statement,
            score=weight, unit="log10 likelihood ratio by words", log10_lr=weight,
            exhibits=tuple(
                Exhibit(
                    ExhibitKind.TEXT, f"{mention.kind}, denied" if mention.denied else mention.kind,
                    field=mention.field, text=shown(_context(fields, mention), 200),
                )
                for mention in found
            ),
        )  # fmt: skip


def _fields(profile: ProfileText) -> dict[str, str]:
    seen = {
        "handle": profile.handle,
        "display_name": profile.display_name,
        "bio": profile.bio,
        "caption": profile.caption,
    }
    return {field: text for field, text in seen.items() if text is not None}


def _weighed(found: list[Mention], fields: dict[str, str], profile: ProfileText) -> tuple[float, str]:
    said = sorted((one for one in found if not one.denied), key=lambda one: one.log10_lr, reverse=True)
    denied = [one for one in found if one.denied]
    if said:
        # Two phrases of one hand are not two witnesses.
        weight = min(BOUND, said[0].log10_lr + 0.2 * sum(one.log10_lr for one in said[1:]))
        first = said[0]
        if weight <= HINT_WORTH + 1e-9:
            return weight, (
                f'Nothing declares an imitation; "{shown(first.quote)}" in the {_called(first.field)} '
                "is a hint at most."
            )
        quotes = "; ".join(
            f'{one.kind}: "{shown(one.quote)}" in the {_called(one.field)}' for one in _distinct(said)[:4]
        )
        more = f' It also denies "{shown(denied[0].quote)}" in the {_called(denied[0].field)}.' if denied else ""
        verb = "It is declared" if weight >= 0.8 else "It is weakly declared"
        return weight, f"{verb} ({quotes}).{more}"
    if denied:
        first = denied[0]
        return _DENIED, f'It is denied: "{shown(first.quote)}" in the {_called(first.field)}.'
    unseen = [_called(field) for field in FIELD_WORTH if field not in fields]
    if unseen:
        return _SILENCE_SOME, f"Nothing is declared in what could be seen (not seen: {', '.join(unseen)})."
    label = ", and the platform shows no AI label" if profile.ai_label is False else ""
    return _SILENCE_ALL, f"Nothing is declared in handle, display name, bio or caption{label}."


def _distinct(said: list[Mention]) -> list[Mention]:
    return list({(one.field, one.quote.casefold()): one for one in said}.values())


def _called(field: str) -> str:
    return {"display_name": "display name", "ai_label": "platform's label"}.get(field, field)


def _context(fields: dict[str, str], mention: Mention) -> str:
    """The field's text around the quote, so that a reader can judge it."""
    text = fields.get(mention.field, mention.quote)
    at = max(0, text.find(mention.quote))
    return text[max(0, at - 80) : at + len(mention.quote) + 80]


def mentions(field: str, text: str) -> list[Mention]:
    """Declarations and denials in one field, in the order of the table; overlapping finds count once."""
    text = text[:_READ]
    words = list(_words(text, split_inside=field == "handle"))
    places_of: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places_of.setdefault(word.text, []).append(place)
    taken: set[int] = set()
    found: list[Mention] = []
    share = FIELD_WORTH[field]
    # Longer phrases first: "not the real" must be read before a bare "not" could turn something round.
    table = sorted(
        ((phrase.replace("-", " ").split(), kind) for kind in KINDS for phrase in kind.phrases),
        key=lambda row: len(row[0]), reverse=True,
    )  # fmt: skip
    for phrase, kind in table:
        for at in _starts(phrase[0], places_of):
            places = set(range(at, at + len(phrase)))
            if at + len(phrase) > len(words) or places & taken:
                continue
            if not all(_same(words[at + i].text, part) for i, part in enumerate(phrase)):
                continue
            taken |= places
            denial = _denial(text, words, at, taken)
            start = words[at if denial is None else denial].start
            quote = text[start : words[at + len(phrase) - 1].end]
            found.append(Mention(field, kind.name, quote, kind.log10_lr * share, denial is not None))
    found += _capitals(field, text, words, taken)
    if field == "handle" and not found:
        found += _hints(text)
    return found


def _starts(first: str, places_of: dict[str, list[int]]) -> list[int]:
    """Where a phrase that begins with this part may begin, in order."""
    if not first.endswith("*"):
        return places_of.get(first, [])
    return sorted(place for word, places in places_of.items() if _same(word, first) for place in places)


def _same(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _words(text: str, *, split_inside: bool) -> Iterator[_Word]:
    """Words with their places; a hashtag or a handle is also looked into for the long words that it is made of."""
    for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", text):
        whole = match[0]
        hashtag = match.start() > 0 and text[match.start() - 1] == "#"
        plain = re.sub(r"['’]", " ", without_accents(whole)) if not _negated_short(whole) else "not"
        pieces = plain.split()
        if len(pieces) > 1:  # l'ia, d'ia
            for piece in (piece for piece in pieces if len(piece) > 1):  # "fatto con l'IA" is read as "fatto con IA"
                yield _Word(piece, match.start(), match.end())
            continue
        inner = _inside(plain) if hashtag or split_inside else None
        for piece in inner or (plain,):
            yield _Word(piece, match.start(), match.end())


def _negated_short(word: str) -> bool:
    """English short forms: isn't, don't, ain't."""
    return bool(re.fullmatch(r"[a-z]+n['’]t", word.casefold()))


_LONG = sorted(
    {phrase for kind in KINDS for phrase in kind.phrases if phrase.isalpha() and len(phrase) >= 6}
    | {phrase.replace(" ", "") for kind in KINDS for phrase in kind.phrases if len(phrase.replace(" ", "")) >= 7},
    key=len, reverse=True,
)  # fmt: skip
_SPACED = {phrase.replace(" ", ""): phrase for kind in KINDS for phrase in kind.phrases if " " in phrase}


def _inside(word: str) -> tuple[str, ...] | None:
    """The declaring words within a compound such as #vantorparody or vantorfanpage, with what surrounds them."""
    for known in _LONG:
        before, here, after = word.partition(known)
        if here:
            return tuple(part for part in (before, *_SPACED.get(known, known).split(), after) if part)
    return None


def _denial(text: str, words: list[_Word], at: int, taken: set[int]) -> int | None:
    """Place of a negation in the three words before, unless it is part of another phrase or sentence."""
    for place in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if re.search(r"[.,;:!?()|\n]", text[words[place].end : words[place + 1].start]):
            return None
        if words[place].text in NEGATIONS and place not in taken:
            return place
    return None


def _capitals(field: str, text: str, words: list[_Word], taken: set[int]) -> list[Mention]:
    for match in re.finditer(r"(?<!\w)(?<![jJ]['’])(?:#)?((?:A\.?I|I\.?A|KI)\.?)(?!\w)", text):
        if match[1] not in UPPERCASE:
            continue
        # Capitals mean nothing where everything is written in capitals.
        letters = [letter for letter in text if letter.isalpha()]
        if len(letters) > 12 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
            continue
        at = next((place for place, word in enumerate(words) if word.end > match.start(1)), None)
        if at is None or at in taken:
            continue
        denial = _denial(text, words, at, taken)
        start = match.start() if denial is None else words[denial].start
        worth = UPPERCASE_WORTH * FIELD_WORTH[field] * (2 if match[0].startswith("#") else 1)
        return [Mention(field, "made with AI", text[start : match.end()], worth, denial is not None)]
    return []


def _hints(handle: str) -> list[Mention]:
    plain = without_accents(handle)
    for hint in HANDLE_HINTS:
        if plain.startswith(hint) or plain.endswith(hint) or re.search(rf"[._-]{hint}|{hint}[._-]", plain):
            at = plain.find(hint)
            return [Mention("handle", "a hint in the handle", handle[at : at + len(hint)], HINT_WORTH)]
    return []
