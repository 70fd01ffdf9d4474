"""Find phrases of a vocabulary in text from outside: how texts are read, how phrases are written, what a denial is.

A vocabulary is a text with one phrase a line, in lower case without accents, so that it can be read and added to by
anybody who knows the language. In a phrase

* `*` at the end of a word stands for any ending ("satir*" finds "satire" and "satirical"),
* `..` stands for up to three words in between ("send .. bitcoin"),
* `#` stands for a number ("# % a day"); of signs only `%` is read.

An apostrophe is written as people write it ("l'ia", "don't").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from detectors.spelling import foreign_letters, skeleton, visible, without_accents

READ = 20_000
"""Characters of a field that are read; no platform shows a longer one to anybody."""

_GAP = 3
_BETWEEN = 4  # small words between a negation and what it denies
_CLAUSE_END = re.compile(r"[.,;:!?()|\n—]")
_SENTENCE_END = re.compile(r"[.!?\n•|]")

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)?|%")

Split = Callable[[str], Sequence[str] | None]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as phrases spell it, and the characters where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit(Generic[Value]):
    """A phrase that was found: what it stands for, and the places of its first and last word."""

    value: Value
    first: int
    last: int


def lines(*vocabularies: str) -> tuple[str, ...]:
    """The phrases of vocabularies, in order, each once; a line that begins with `--` is a remark."""
    phrases = (line.strip() for text in vocabularies for line in text.splitlines())
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase and not phrase.startswith("--")))


def read(text: str, *, split: Split | None = None, split_all: bool = False) -> list[Word]:
    """The words of a text as phrases spell them; look-alike letters within a word are read as they look.

    Args:
        text: as received; only the first :data:`READ` characters are read.
        split: takes a compound such as "vantorparody" apart, or says None; asked for hashtags.
        split_all: asked for every word, as in a handle.
    """
    return list(_words(text[:READ], split, split_all))


def _words(text: str, split: Split | None, split_all: bool) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        whole = match[0]
        hashtag = match.start() > 0 and text[match.start() - 1] == "#"
        pieces = _at_apostrophe(_plain(whole))
        if (
            len(pieces) == 1
            and hashtag
            and len(humps := re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+", whole)) > 1
        ):
            pieces = [_plain(hump) for hump in humps]  # "#NotTheRealOne"
        elif len(pieces) == 1 and split is not None and (hashtag or split_all):
            pieces = list(split(pieces[0]) or pieces)
        for piece in pieces:
            yield Word(piece, match.start(), match.end())


def _at_apostrophe(word: str) -> list[str]:
    """ "don't" is read as "not", "l'ia" as "ia", "j'ai" as "ai"."""
    if re.fullmatch(r"[a-z]+n['’]t", word):
        return ["not"]
    pieces = re.split(r"['’]", word)
    return [piece for piece in pieces if len(piece) > 1] if len(pieces) > 1 else pieces


def _plain(word: str) -> str:
    mixed = bool(foreign_letters(word)) and any(letter.isascii() for letter in word)
    return skeleton(word) if mixed else without_accents(visible(word))


class Phrasebook(Generic[Value]):
    """A vocabulary made ready to be looked for.

    Args:
        phrases: what each phrase stands for. Where two phrases could be found at one place the longer one is.
    """

    def __init__(self, phrases: Mapping[str, Value] | Iterable[tuple[str, Value]]) -> None:
        pairs = phrases.items() if isinstance(phrases, Mapping) else phrases
        table = [(_parts(phrase), value) for phrase, value in pairs]
        table.sort(key=lambda row: len(row[0]), reverse=True)
        self._table = table

    def find(self, words: Sequence[Word], taken: set[int] | None = None) -> list[Hit[Value]]:
        """Every phrase that is there, longest first; no word belongs to two of them.

        Args:
            words: of one text.
            taken: places of words that are spoken for; what is found is added to it.
        """
        taken = set() if taken is None else taken
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word.text, []).append(place)
        found = []
        for parts, value in self._table:
            for first in _starts(parts[0], places):
                last = _end(parts, words, first)
                if last is None or taken & set(range(first, last + 1)):
                    continue
                taken |= set(range(first, last + 1))
                found.append(Hit(value, first, last))
        return found


def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(piece for word in phrase.replace("-", " ").split() for piece in _at_apostrophe(word))


def _starts(first: str, places: Mapping[str, list[int]]) -> list[int]:
    """Where a phrase that begins with this part may begin, in order."""
    if first.endswith("*") or first == "#":
        return sorted(place for word, there in places.items() if _same(word, first) for place in there)
    return places.get(first, [])


def _end(parts: Sequence[str], words: Sequence[Word], first: int) -> int | None:
    """Place of the last word of a phrase that begins here, or None."""
    at = first
    gap = 0
    for part in parts:
        if part == "..":
            gap = _GAP
            continue
        while at < len(words) and gap and not _same(words[at].text, part):
            at, gap = at + 1, gap - 1
        if at >= len(words) or not _same(words[at].text, part):
            return None
        at, gap = at + 1, 0
    return at - 1


def _same(word: str, part: str) -> bool:
    if part == "#":
        return word[:1].isdigit()
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


@dataclass(frozen=True, slots=True)
class Denials:
    """How a language family denies: `negations`, the small words that may follow one, and what undoes it.

    "not just a parody" denies nothing: `only` holds the words that undo a negation right before them.
    """

    negations: frozenset[str]
    between: frozenset[str]
    only: frozenset[str]

    def of(self, text: str, words: Sequence[Word], first: int, taken: set[int]) -> int | None:
        """Place of the negation that denies the phrase at `first`, or None; one that is taken denies nothing."""
        for place in range(first - 1, max(-1, first - 2 - _BETWEEN), -1):
            if place in taken or _CLAUSE_END.search(text[words[place].end : words[place + 1].start]):
                return None
            word = words[place].text
            if word in self.only:
                return None
            if word in self.negations:
                return place
            if word not in self.between:
                return None
        return None


def sentence_of(text: str, word: Word) -> tuple[int, int]:
    """Start and end of the sentence in which a word stands, in characters."""
    before = [match.end() for match in _SENTENCE_END.finditer(text, 0, word.start)]
    after = _SENTENCE_END.search(text, word.end)
    return (before[-1] if before else 0), (after.start() if after else len(text))
