"""The handle rules run backwards: which handles somebody would take who wants to be taken for a person.

Each maker below goes the way back of one rule of :mod:`detectors.handle_rules`, :mod:`detectors.handle_edits` or
:mod:`detectors.handle_readings`. What it makes is then read by those rules like any handle that was seen, so that a
candidate is named and weighed as the account will be, and what no rule would report is not asked for at all.

Left out on purpose: words that tell of somebody else (fans are no impostors), and letters of other scripts, which the
platforms that can be asked by handle do not allow in one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detectors.handle_readings import PAIRS
from detectors.handle_rules import Resemblance, resemblance
from detectors.handle_words import CLAIMS, HINTS
from detectors.specimen import Person
from detectors.spelling import without_accents, words

WORTH_ASKING = 0.25
"""log10 likelihood ratio below which a candidate says too little to be worth a request."""

FIRST_WORDS = (
    "real", "official", "the", "its", "iam", "thereal", "deep", "deepfake", "ai", "fake", "team", "private", "backup",
    "original", "vip", "me", "page", "oficial", "ufficiale", "officiel", "offiziell", "true", "verified", "live",
)  # fmt: skip
"""Words that are tried before the others, by judgement of what is taken most: a limit then costs the rarer ones."""

SHORTEST_WORD = 2
_DIGITS = ("1", "2", "0", "01", "7", "00", "11", "123", "3", "5", "9", "99", "007", "2026", "4", "8", "6")
_AS_DIGIT = {"o": "0", "i": "1", "l": "1", "e": "3", "a": "4", "s": "5", "t": "7", "b": "8", "g": "9"}
_TABLE = {ord(letter): digit for letter, digit in _AS_DIGIT.items()}
_ALIKE = {
    "a": "eo", "c": "ks", "d": "t", "e": "ai", "f": "v", "g": "q", "i": "ylj", "k": "c", "l": "i", "m": "n", "n": "m",
    "o": "ua", "q": "g", "s": "zc", "t": "d", "u": "ov", "v": "uw", "w": "v", "x": "k", "y": "i", "z": "s",
}  # fmt: skip
"""Letters that sound or look alike; one of any other pair is seldom overlooked."""

_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What handles of a platform may be made of.

    Attributes:
        separators: marks that may stand between letters, the usual one first; empty where there are none.
        shortest, longest: characters of a handle.
        at_ends: marks that may stand at either end, too.
    """

    separators: str = "_"
    shortest: int = 3
    longest: int = 24
    at_ends: str = ""

    def allows(self, handle: str) -> bool:
        """Whether the platform would give this handle to anybody."""
        if not self.shortest <= len(handle) <= self.longest or not handle.isascii():
            return False
        inner = handle.strip(self.at_ends) if self.at_ends else handle
        marks = set(self.separators)
        return (
            bool(inner)
            and all(letter.isalnum() or letter in marks for letter in handle)
            and inner[0].isalnum()
            and inner[-1].isalnum()
            and not any(one in marks and other in marks for one, other in itertools.pairwise(inner))
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A handle that may be somebody's who wants to be taken for the person.

    Attributes:
        handle: in lower case, without `@`.
        rule: the rules that it would be reported by, in words.
        keys: the same for tables and scripts.
        log10_lr: what the handle alone would be worth.
    """

    handle: str
    rule: str
    keys: tuple[str, ...]
    log10_lr: float


def candidates(person: Person, grammar: Grammar, most: int) -> tuple[Candidate, ...]:
    """The handles worth asking for, the likeliest kinds taking turns, so that a limit leaves something of each.

    The person's own handles are among them: who has one on a platform may be anybody on another.

    Args:
        person: name, aliases and official handles.
        grammar: what the platform allows.
        most: how many at most.
    """
    targets = [(name, False) for name in (person.name, *person.aliases)]
    targets += [(handle, True) for handle in dict.fromkeys(one.handle for one in person.official)]
    found: dict[str, Candidate] = {}
    streams = [maker(parts, grammar) for maker in MAKERS for parts in _spellings(targets)]
    for handle in _in_turn(streams):
        if len(found) >= most:
            break
        if handle in found or not grammar.allows(handle):
            continue
        best = _strongest(handle, targets)
        if best is not None and best.log10_lr >= WORTH_ASKING and not best.tells_other:
            found[handle] = Candidate(handle, best.rule, best.keys, best.log10_lr)
    return tuple(found.values())


def _spellings(targets: list[tuple[str, bool]]) -> list[tuple[str, ...]]:
    """The words of each name and handle in plain letters, each spelling once."""
    spelled = (tuple(words(_plain(target))) for target, _ in targets)
    by_letters: dict[str, tuple[str, ...]] = {}
    for parts in spelled:
        if parts:
            by_letters.setdefault("".join(parts), parts)
    return list(by_letters.values())


def _plain(text: str) -> str:
    """Small ASCII letters and digits with their separators; other scripts cannot stand in a handle."""
    return "".join(letter for letter in without_accents(text) if letter.isascii())


def _strongest(handle: str, targets: list[tuple[str, bool]]) -> Resemblance | None:
    likes = (resemblance(handle, target, is_handle=is_handle) for target, is_handle in targets)
    return max((like for like in likes if like is not None), key=lambda like: like.log10_lr, default=None)


def _in_turn(streams: list[Iterator[str]]) -> Iterator[str]:
    """One of each stream after the other until all are empty."""
    while streams:
        left = []
        for stream in streams:
            handle = next(stream, None)
            if handle is not None:
                left.append(stream)
                yield handle
        streams = left


def written(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """The name as it is, its words apart, and with marks at its ends."""
    name = "".join(parts)
    yield name
    if len(parts) > 1:
        yield from (mark.join(parts) for mark in grammar.separators)
    for mark in grammar.at_ends:
        yield from (name + mark, mark + name, mark + name + mark, name + 2 * mark)
        if len(parts) > 1:
            yield from (inner.join(parts) + mark for inner in grammar.separators)


def turned(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """The words of the name in another order, and shortened to an initial."""
    if not 2 <= len(parts) <= 3:
        return
    for order in itertools.permutations(parts):
        if order != parts:
            yield "".join(order)
            yield from (mark.join(order) for mark in grammar.separators)
    for short in ((parts[0][0], *parts[1:]), (*parts[:-1], parts[-1][0])):
        yield "".join(short)
        yield from (mark.join(short) for mark in grammar.separators)


def with_words(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """Words that claim to be the person or hint at a copy, before and after the name."""
    name = "".join(parts)
    known = CLAIMS | HINTS
    rest = sorted((word for word in known if len(word) >= SHORTEST_WORD and word not in FIRST_WORDS), key=_by_length)
    for word in (*FIRST_WORDS, *rest):
        yield word + name
        yield name + word
        for mark in grammar.separators:
            yield f"{word}{mark}{name}"
            yield f"{name}{mark}{word}"
            if len(parts) > 1:
                yield f"{word}{mark}{mark.join(parts)}"
                yield f"{mark.join(parts)}{mark}{word}"


def _by_length(word: str) -> tuple[int, str]:
    """Longer words first: short ones are more often a part of something else."""
    return -len(word), word


def with_digits(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """Digits behind the name, and before it."""
    name = "".join(parts)
    for digits in _DIGITS:
        yield name + digits
        yield from (name + mark + digits for mark in grammar.separators)
    yield from (digits + name for digits in _DIGITS[:4])


def as_digits(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """Digits in the place of letters: all of one kind, a single one, all that have a digit."""
    name = "".join(parts)
    forms = (name, *(mark.join(parts) for mark in grammar.separators if len(parts) > 1))
    for letter, digit in _AS_DIGIT.items():
        if letter in name:
            yield from (form.replace(letter, digit) for form in forms)
    for place, letter in enumerate(name):
        if letter in _AS_DIGIT:
            yield name[:place] + _AS_DIGIT[letter] + name[place + 1 :]
    # a capital i is drawn as a small l is, and a handle is written in small letters
    yield from (name[:place] + "l" + name[place + 1 :] for place, letter in enumerate(name) if letter == "i")
    yield from (name[:place] + "i" + name[place + 1 :] for place, letter in enumerate(name) if letter == "l")
    yield from (form.translate(_TABLE) for form in forms)


def as_pairs(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """Two letters that are drawn like one."""
    name = "".join(parts)
    for pair, letter in PAIRS:
        if letter in name:
            yield name.replace(letter, pair)
            yield name.replace(letter, pair, 1)


def repeated(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """A letter doubled, the last one drawn out."""
    name = "".join(parts)
    ends = list(itertools.accumulate(len(part) for part in parts))
    places = [*(end - 1 for end in reversed(ends)), *range(len(name))]
    yield from (name[: place + 1] + name[place] + name[place + 1 :] for place in dict.fromkeys(places))
    yield name + 2 * name[-1]


def exchanged(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """Two neighbouring letters in the other order, from the end, where it is noticed least."""
    name = "".join(parts)
    for place in range(len(name) - 2, -1, -1):
        yield name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def missing(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """One letter left out; of a double letter first."""
    name = "".join(parts)
    doubles = [place for place in range(1, len(name)) if name[place] == name[place - 1]]
    for place in dict.fromkeys((*doubles, *range(len(name) - 1, -1, -1))):
        yield name[:place] + name[place + 1 :]


def replaced(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """One letter for another that sounds or looks alike."""
    name = "".join(parts)
    for place, letter in enumerate(name):
        for other in _ALIKE.get(letter, ""):
            yield name[:place] + other + name[place + 1 :]


def added(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """One letter more: those that are added to a name without changing how it sounds."""
    name = "".join(parts)
    for letter in "sexyzaio":
        yield name + letter
    for place, letter in enumerate(name):
        if letter in _VOWELS:
            yield from (name[: place + 1] + other + name[place + 1 :] for other in ("h", "e", "i"))


def without_vowels(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """The first letter and the consonants."""
    name = "".join(parts)
    yield name[0] + "".join(letter for letter in name[1:] if letter not in _VOWELS)


def part_with_claim(parts: tuple[str, ...], grammar: Grammar) -> Iterator[str]:
    """One word of the name with a word that claims to be the person."""
    if len(parts) < 2:
        return
    for word in FIRST_WORDS:
        for part in parts:
            yield word + part
            yield part + word
            yield from (f"{word}{mark}{part}" for mark in grammar.separators[:1])


Maker = Callable[[tuple[str, ...], Grammar], Iterator[str]]

MAKERS: tuple[Maker, ...] = (
    written,
    with_words,
    with_digits,
    as_digits,
    repeated,
    exchanged,
    missing,
    as_pairs,
    replaced,
    turned,
    added,
    without_vowels,
    part_with_claim,
)
"""One for each family of rules, likeliest first."""


__all__ = ["FIRST_WORDS", "MAKERS", "WORTH_ASKING", "Candidate", "Grammar", "candidates"]
