"""Rules of single letters: by what change one spelling becomes another.

Each rule is a function `(seen, target) -> detail | None` on letters without separators, and a row of
:data:`LETTER_RULES`. The way back from a target is in :mod:`detectors.handle_candidates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_VOWELS = frozenset("aeiouy")
_CONSONANTS = 6
"""Fewest consonants by which a name is still known without its vowels."""


@dataclass(frozen=True, slots=True)
class LetterRule:
    """One change of letters: `key` for tables, `name` for the statement, and what meeting it is worth (log10).

    `shortest` is the length of target from which the rule is tried: shorter names are one letter away from too many
    others. `only_alone` is not tried with words around the name, which it would take letters from.
    """

    key: str
    name: str
    log10_lr: float
    shortest: int
    match: Callable[[str, str], str | None]
    only_alone: bool = False


def repeated(seen: str, target: str) -> str | None:
    """Letters doubled or drawn out ("vanttor", "vantorrr")."""
    if len(seen) <= len(target):
        return None
    runs, wanted = _runs(seen), _runs(target)
    if [letter for letter, _ in runs] != [letter for letter, _ in wanted]:
        return None
    longer = [(letter, count - least) for (letter, count), (_, least) in zip(runs, wanted, strict=True)]
    if any(more < 0 for _, more in longer):
        return None
    grown = [(letter, more) for letter, more in longer if more]
    if len(grown) == 1 and grown[0][1] == 1:
        return f' ("{grown[0][0]}" doubled)'
    return f' ("{"".join(letter for letter, _ in grown)}" repeated)'


def missing(seen: str, target: str) -> str | None:
    """One letter left out."""
    place = _extra(target, seen)
    return None if place is None else f' ("{target[place]}" missing)'


def added(seen: str, target: str) -> str | None:
    """One letter more, at any place."""
    place = _extra(seen, target)
    return None if place is None or not seen[place].isalpha() else f' ("{seen[place]}" added)'


def exchanged(seen: str, target: str) -> str | None:
    """Two neighbouring letters in the other order."""
    places = _differing(seen, target)
    if len(places) == 2 and places[1] == places[0] + 1:
        one, two = places
        if seen[one] == target[two] and seen[two] == target[one]:
            return f' ("{target[one]}{target[two]}" as "{seen[one]}{seen[two]}")'
    return None


def replaced(seen: str, target: str) -> str | None:
    """One letter for another; a digit for a letter is a way of writing, not of spelling."""
    places = _differing(seen, target)
    if len(places) != 1 or not seen[places[0]].isalpha():
        return None
    return f' ("{target[places[0]]}" as "{seen[places[0]]}")'


def without_vowels(seen: str, target: str) -> str | None:
    """Two vowels or more left out and nothing else ("rlvntr")."""
    if len(target) - len(seen) < 2 or len(seen) < _CONSONANTS:
        return None
    left_out = []
    at = 0
    for letter in target:
        if at < len(seen) and seen[at] == letter:
            at += 1
        elif letter in _VOWELS:
            left_out.append(letter)
        else:
            return None
    return f' ("{"".join(left_out)}")' if at == len(seen) else None


LETTER_RULES: tuple[LetterRule, ...] = (
    LetterRule("repeated_letter", "doubled or repeated letter", 1.5, 7, repeated),
    LetterRule("transposition", "two letters exchanged", 1.5, 7, exchanged),
    LetterRule("missing_letter", "missing letter", 1.4, 8, missing),
    LetterRule("added_letter", "added letter", 1.3, 8, added),
    LetterRule("replaced_letter", "one letter replaced", 1.1, 8, replaced),
    LetterRule("vowels_left_out", "vowels left out", 1.1, 9, without_vowels, only_alone=True),
)
"""In order of trial: the first that explains a spelling names it."""


def _runs(text: str) -> list[tuple[str, int]]:
    return [(match[1], len(match[0])) for match in re.finditer(r"(.)\1*", text)]


def _extra(longer: str, shorter: str) -> int | None:
    """Place of the one letter by which the first is longer."""
    if len(longer) - len(shorter) != 1:
        return None
    at = next((place for place, letter in enumerate(shorter) if longer[place] != letter), len(shorter))
    return at if longer[at + 1 :] == shorter[at:] else None


def _differing(one: str, other: str) -> list[int]:
    if len(one) != len(other):
        return []
    return [place for place, (here, there) in enumerate(zip(one, other, strict=True)) if here != there]
