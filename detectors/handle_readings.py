"""Rules of writing: how the letters of a name can be hidden from a machine and still be read by a person.

Each :class:`Reading` undoes some disguises and says which. The way back, from a name to handles that are disguised so,
is in :mod:`detectors.handle_candidates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detectors.spelling import digits_as_letters, foreign_letters, joined, skeleton, visible, without_accents, words

Spell = Callable[[str], str]

PAIRS = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"))
"""Pairs that look like one letter in many fonts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name.

    Attributes:
        keys, undone: the disguises that were undone, for tables and for the statement.
        letters: the whole name without separators.
        pieces: its words.
        alike: how letters of a protected name or of a vocabulary are spelled to be compared with these.
        bonus: what the disguises add to a match (log10): nobody writes another script's letters by accident.
    """

    keys: tuple[str, ...]
    undone: tuple[str, ...]
    letters: str
    pieces: tuple[str, ...]
    alike: Spell
    bonus: float


def readings(text: str, target: str) -> Iterator[Reading]:
    """Ways to read a name, plainest first.

    Args:
        text: as the platform shows it.
        target: the protected name; accents of its own are no disguise.
    """
    keys: list[str] = []
    undone: list[str] = []
    bonus = 0.0
    seen = visible(text)
    if seen != text:
        keys.append("invisible")
        undone.append("characters that nobody sees")
        bonus = 0.3
    foreign = foreign_letters(seen)
    if foreign:
        keys.append("script_mixing")
        undone.append(f"look-alike letters of another script ({_scripts(foreign)})")
        bonus = 0.3
        base: Spell = skeleton
    else:
        base = without_accents
        if _accents(seen) - _accents(target):
            keys.append("accents")
            undone.append("accents added")
    plain = base(seen)
    yield Reading(tuple(keys), tuple(undone), joined(plain), tuple(words(plain)), _same, bonus)
    digits = any(letter.isdigit() or letter in "$@!|" for letter in plain)
    keys.append("digit_swap")
    undone.append("digits in place of letters" if digits else "letters that are drawn alike, as a capital i and an l")
    ends_kept = _inner_digits_as_letters(plain)
    whole = digits_as_letters(plain)
    # Digits at the ends may be a number that was added, or letters: both are read.
    for spelled in dict.fromkeys((ends_kept, whole)):
        yield Reading(tuple(keys), tuple(undone), joined(spelled), tuple(words(spelled)), digits_as_letters, bonus)
    if (paired := _paired(joined(whole))) != joined(whole):
        yield Reading(
            (*keys[:-1], "letter_pairs"), (*undone[:-1], "pairs of letters that look like one"),
            paired, tuple(words(_paired(whole))), _as_pairs, bonus,
        )  # fmt: skip


def _same(text: str) -> str:
    return text


def _as_pairs(text: str) -> str:
    return _paired(digits_as_letters(text))


def _paired(text: str) -> str:
    for pair, letter in PAIRS:
        text = text.replace(pair, letter)
    return text


def _inner_digits_as_letters(text: str) -> str:
    inner = text.strip("0123456789")
    start = text.find(inner) if inner else 0
    return text[:start] + digits_as_letters(inner) + text[start + len(inner) :]


def _accents(text: str) -> set[str]:
    """Letters of a text that are not plain, in lower case."""
    return {letter for letter in text.casefold() if letter.isalpha() and without_accents(letter) != letter}


def _scripts(foreign: dict[str, str]) -> str:
    """What was mixed in, as 'Cyrillic "а", "е"'."""
    by_script: dict[str, list[str]] = {}
    for letter, script in foreign.items():
        by_script.setdefault(script.capitalize(), []).append(letter)
    return "; ".join(
        f"{script} {', '.join(f'{chr(34)}{letter}{chr(34)}' for letter in letters[:4])}"
        for script, letters in list(by_script.items())[:3]
    )
