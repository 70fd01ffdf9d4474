"""Declarations and denials in one field: which words, of which kind, and whether they say the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.disclosure_words import (
    DENIALS,
    EMOJI,
    FIELD_WORTH,
    FREE_OF,
    HANDLE_HINTS,
    HINT_WORTH,
    I_AM_NOT,
    KINDS,
    UPPERCASE,
    UPPERCASE_WORTH,
    Kind,
)
from detectors.phrases import READ, Hit, Phrasebook, Word, read
from detectors.spelling import without_accents

HINT_IN_HANDLE = "a hint in the handle"
EMOJI_HINT = "an emoji that hints"

_BY_NAME = {kind.name: kind for kind in KINDS}
_MADE = _BY_NAME["made with AI"]
_NOT_THE_PERSON = _BY_NAME["not the person"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in a field: which kind of declaration, the words themselves, and whether they are denied."""

    field: str
    kind: str
    quote: str
    log10_lr: float
    denied: bool = False


_DECLARING = Phrasebook((phrase, kind) for kind in KINDS for phrase in kind.phrases)
_DENYING = Phrasebook((phrase, _MADE) for phrase in FREE_OF)
_BEGINNINGS = Phrasebook((phrase, _NOT_THE_PERSON) for phrase in I_AM_NOT)

_ALL_PHRASES = tuple(phrase for kind in KINDS for phrase in kind.phrases if "*" not in phrase)
_SPACED = {phrase.replace(" ", ""): phrase for phrase in _ALL_PHRASES if " " in phrase}
_COMPOUNDS = {phrase for phrase in _ALL_PHRASES if phrase.isalpha() and len(phrase) >= 6} | {
    key for key in _SPACED if len(key) >= 7
}
_LONG = sorted(_COMPOUNDS, key=len, reverse=True)


def mentions(field: str, text: str) -> list[Mention]:
    """Declarations and denials in one field of :data:`FIELD_WORTH`, longest phrases first; no word counts twice."""
    text = text[:READ]
    words = read(text, split=_inside, split_all=field == "handle")
    share = FIELD_WORTH[field]
    taken: set[int] = set()
    found = [_denied(field, text, words, hit) for hit in _DENYING.find(words, taken)]
    for hit in _DECLARING.find(words, taken):
        denial = DENIALS.of(text, words, hit.first, taken)
        if denial is not None:
            taken.add(denial)
        found.append(_mention(field, text, words, hit, denial))
    # "I am not ..." declares, unless it goes on with a declaration, which it then denied
    found += [_mention(field, text, words, hit, None) for hit in _BEGINNINGS.find(words, taken)]
    found += _capitals(field, text, words, taken)
    found += [Mention(field, EMOJI_HINT, sign, HINT_WORTH * share) for sign in dict.fromkeys(text) if sign in EMOJI]
    if field == "handle" and not found:
        found += _hints(text)
    return found


def _mention(field: str, text: str, words: Sequence[Word], hit: Hit[Kind], denial: int | None) -> Mention:
    start = words[hit.first if denial is None else denial].start
    quote = text[start : words[hit.last].end]
    return Mention(field, hit.value.name, quote, hit.value.log10_lr * FIELD_WORTH[field], denial is not None)


def _denied(field: str, text: str, words: Sequence[Word], hit: Hit[Kind]) -> Mention:
    quote = text[words[hit.first].start : words[hit.last].end]
    return Mention(field, hit.value.name, quote, hit.value.log10_lr * FIELD_WORTH[field], denied=True)


def _inside(word: str) -> tuple[str, ...] | None:
    """The declaring words within a compound such as #vantorparody or vantorfanpage, with what surrounds them."""
    for known in _LONG:
        before, here, after = word.partition(known)
        if here:
            parts = (*_denying(before), *_SPACED.get(known, known).split(), after)
            return tuple(part for part in parts if part)
    return None


def _denying(before: str) -> tuple[str, ...]:
    """What stands before in a compound, with a negation taken apart ("nota" of #notaparody)."""
    for length in range(len(before), 1, -1):
        if before[:length] in DENIALS.negations and (not before[length:] or before[length:] in DENIALS.between):
            return before[:length], before[length:]
    return (before,)


def _capitals(field: str, text: str, words: Sequence[Word], taken: set[int]) -> Iterator[Mention]:
    """A bare AI, IA or KI; capitals mean nothing where everything is written in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) > 12 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        return
    for match in re.finditer(r"(?<!\w)(?<![jJ]['’])(?:#)?((?:A\.?I|I\.?A|KI)\.?)(?!\w)", text):
        at = next((place for place, word in enumerate(words) if word.end > match.start(1)), None)
        if match[1] not in UPPERCASE or at is None or at in taken:
            continue
        denial = DENIALS.of(text, words, at, taken)
        start = match.start() if denial is None else words[denial].start
        worth = UPPERCASE_WORTH * FIELD_WORTH[field] * (2 if match[0].startswith("#") else 1)
        yield Mention(field, _MADE.name, text[start : match.end()], worth, denial is not None)
        return


def _hints(handle: str) -> Iterator[Mention]:
    plain = without_accents(handle)
    for hint in HANDLE_HINTS:
        if plain.startswith(hint) or plain.endswith(hint) or re.search(rf"[._-]{hint}|{hint}[._-]", plain):
            at = plain.find(hint)
            yield Mention("handle", HINT_IN_HANDLE, handle[at : at + len(hint)], HINT_WORTH)
            return
