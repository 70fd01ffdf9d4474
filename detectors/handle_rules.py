"""By which rule one name resembles another, and what meeting that rule is worth.

Three families meet here, each a table of its own: how the name is *written* (:mod:`detectors.handle_readings`), which
*letters* were changed (:data:`detectors.handle_edits.LETTER_RULES`), and what was put *around* it (:data:`AROUND`, with
the words of :mod:`detectors.handle_words`). A resemblance names every rule that it took, as dnstwist names its fuzzers.

The values are log10 likelihood ratios set by judgement and ordered by how seldom a rule is met by accident; what they
are worth together is measured by `python -m benchmarks handles`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from detectors.handle_edits import LETTER_RULES
from detectors.handle_names import GIVEN, SURNAMES, carried_by_many
from detectors.handle_readings import Reading, Spell, readings
from detectors.handle_words import CLAIMS, HINTS, JOINERS, OTHERS
from detectors.spelling import joined, without_accents, words


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to look alike: `key` for tables, `name` for the statement, `log10_lr` what meeting it is worth."""

    key: str
    name: str
    log10_lr: float


EXACT = Rule("exact", "the same letters", 1.6)
SEPARATORS = Rule("separators", "separators added", 1.6)
ORDER = Rule("name_order", "the names in another order", -0.2)  # taken off what else was met
CONTAINED = Rule("contained", "the whole name within a longer one", 0.8)
PART = Rule("part_with_claim", "one rare name of them", 1.0)
INITIAL = Rule("initial", "initial and surname", 0.5)
AROUND: dict[str, Rule] = {
    "claim": Rule("claim_word", "added word that claims to be the person", 1.6),
    "hint": Rule("hint_word", "added word that hints at a synthetic copy", 1.5),
    "other": Rule("fan_word", "added word that tells of somebody else", 0.8),
    "digits": Rule("added_digits", "added digits", 1.4),
    "join": Rule("joining_word", "added word that only joins", 0.8),
}
"""What can be put around a name, by what it tells."""

_STRENGTH = ("other", "claim", "hint", "digits", "join")  # the first of these that was added names the rule
_DELIBERATE = frozenset({"claim_word", "hint_word", "digit_swap", "script_mixing", "invisible", "letter_pairs"})
"""Rules that nobody meets who merely carries the name."""

_NAME_ALONE, _NAME_AND_MORE = 0.3, 0.75
"""Share that counts of a resemblance to a name that many carry: without, and with a rule of :data:`_DELIBERATE`."""

_MOST = 1.9
_LONGEST = 64  # letters of a name that are compared; platforms end at 30 to 50
_CONTAINED_FROM = 8  # shorter names are part of too many words
_PART_FROM = 6
_TWICE = 0.1  # taken off where letters were changed and words added: two liberties fit more names


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How a name resembles a protected one.

    Attributes:
        rule: the rules in words.
        target: what it resembles, as the protected person's entry spells it.
        log10_lr: what it is worth.
        keys: the rules for tables and scripts.
        tells_other: the name itself says that somebody else is speaking.
        common: the target is a name that many carry.
    """

    rule: str
    target: str
    log10_lr: float
    keys: tuple[str, ...]
    tells_other: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    value: float
    keys: tuple[str, ...]
    told: tuple[str, ...]


def resemblance(seen: str, target: str, *, is_handle: bool = False) -> Resemblance | None:
    """How a handle or display name resembles one protected name or handle; the strongest of the plainest reading.

    Args:
        seen: as the platform shows it.
        target: name, alias or official handle.
        is_handle: the target is a handle, which is nobody's name; a name of one word is a word.
    """
    parts = words(without_accents(target))
    wanted = "".join(parts)
    if not wanted:
        return None
    common = not is_handle and (carried_by_many(parts) or len(parts) == 1)
    for reading in readings(seen[:_LONGEST], target):
        best: tuple[float, _Match, tuple[str, ...]] | None = None
        for goal, order in _orders(parts):
            for match in _matches(reading, reading.alike(goal), parts if not order else [], other_order=bool(order)):
                value = match.value + reading.bonus + (ORDER.log10_lr if order else 0.0)
                keys = (*reading.keys, *order, *match.keys)
                value = min(_MOST, value) * rarity(goal)
                if common:
                    value *= _NAME_AND_MORE if _DELIBERATE & set(keys) else _NAME_ALONE
                if best is None or value > best[0] + 1e-9:
                    best = value, match, keys
        if best is not None:
            value, match, keys = best
            return Resemblance(
                _in_words(reading, match, keys, seen, target), target, value, _named(keys, seen, target),
                tells_other=AROUND["other"].key in keys, common=common,
            )  # fmt: skip
    return None


def _in_words(reading: Reading, match: _Match, keys: tuple[str, ...], seen: str, target: str) -> str:
    told = [*reading.undone, *((ORDER.name,) if ORDER.key in keys else ()), *match.told]
    if match.keys == (EXACT.key,) and len(told) > 1:
        told.pop()  # that the letters are the same goes without saying
    if keys == (EXACT.key,) and _separators(seen) - _separators(target):
        return SEPARATORS.name
    return " and ".join(told)


def _named(keys: tuple[str, ...], seen: str, target: str) -> tuple[str, ...]:
    if keys == (EXACT.key,) and _separators(seen) - _separators(target):
        return (SEPARATORS.key,)
    return tuple(dict.fromkeys(key for key in keys if key != EXACT.key or len(keys) == 1))


def _orders(parts: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The letters of a name as it is, then with its words in every other order."""
    yield "".join(parts), ()
    if 2 <= len(parts) <= 3:
        as_it_is = tuple(parts)
        for order in dict.fromkeys(itertools.permutations(parts)):
            if order != as_it_is:
                yield "".join(order), (ORDER.key,)


def _matches(reading: Reading, goal: str, parts: list[str], *, other_order: bool) -> Iterator[_Match]:
    """Every rule by which a reading resembles these letters."""
    letters, alike = reading.letters, reading.alike
    if letters == goal:
        yield _Match(EXACT.log10_lr, (EXACT.key,), (EXACT.name,))
        return
    exact, changed = [], []
    for start, end, kinds in _cores(letters, goal, alike):
        core, sides = letters[start:end], (letters[:start], letters[end:])
        if core == goal:
            exact.append(_with_words(sides, kinds))
        elif not other_order and (change := _changed(core, goal, alone=not kinds)) is not None:
            changed.append(change if not kinds else _both(change, _with_words(sides, kinds)))
    found = bool(exact or changed)
    yield from exact or changed  # a change of letters need not be supposed where the name stands there as it is
    between = _between(reading, goal)
    if between is not None:
        found = True
        yield between
    if not found and len(goal) >= _CONTAINED_FROM and goal in letters:
        yield _Match(CONTAINED.log10_lr, (CONTAINED.key,), (CONTAINED.name,))
    if not found and parts:
        yield from _partial(letters, parts, alike)


def _cores(letters: str, goal: str, alike: Spell) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where the name may stand within the letters: all that is beside it are known words and digits."""
    places = range(len(letters) + 1)
    before = {start: kinds for start in places if (kinds := _kinds(letters[:start], alike)) is not None}
    after = {end: kinds for end in places if (kinds := _kinds(letters[end:], alike)) is not None}
    for (start, one), (end, other) in itertools.product(before.items(), after.items()):
        if end <= start or abs(end - start - len(goal)) > 2 * len(goal) // 3:
            continue
        if letters[start] == goal[0] or letters[end - 1] == goal[-1]:  # no rule of letters changes both ends
            yield start, end, one | other


def _changed(core: str, goal: str, *, alone: bool) -> _Match | None:
    """The rule of letters that explains a spelling; some explain too much where there are words around it."""
    for rule in LETTER_RULES:
        if len(goal) < rule.shortest or (rule.only_alone and not alone):
            continue
        if (detail := rule.match(core, goal)) is not None:
            return _Match(rule.log10_lr, (rule.key,), (rule.name + detail,))
    return None


def _both(change: _Match, around: _Match) -> _Match:
    value = min(around.value, change.value) - _TWICE
    return _Match(value, (*change.keys, *around.keys), (*change.told, *around.told))


def _with_words(sides: tuple[str, ...], kinds: frozenset[str]) -> _Match:
    """What was put around the name: the most telling kind names the rule."""
    kind = next(kind for kind in _STRENGTH if kind in kinds)
    rule = AROUND[kind]
    shown = [side if kind == "digits" else side.strip("0123456789") for side in sides]
    detail = " ... ".join(side for side in shown if side)
    return _Match(rule.log10_lr, (rule.key,), (f'{rule.name} ("{detail}")',))


def _between(reading: Reading, goal: str) -> _Match | None:
    """Known words between or beside the parts of the name, told apart by separators ("aurelio.official.vantor")."""
    pieces = reading.pieces
    kinds = [_kinds(piece, reading.alike) for piece in pieces]
    added = [(piece, kind) for piece, kind in zip(pieces, kinds, strict=True) if kind and piece not in goal]
    if not added or joined("".join(piece for piece in pieces if piece not in {one for one, _ in added})) != goal:
        return None
    return _with_words(tuple(piece for piece, _ in added), frozenset().union(*(kind for _, kind in added)))


def _partial(letters: str, parts: list[str], alike: Spell) -> Iterator[_Match]:
    """Less than the whole name: an initial, or one rare part of it with a claim."""
    if len(parts) < 2:
        return
    shortened = (parts[0][0] + "".join(parts[1:]), "".join(parts[:-1]) + parts[-1][0], parts[0][0] + parts[-1])
    if letters in {alike(form) for form in shortened}:
        yield _Match(INITIAL.log10_lr, (INITIAL.key,), (INITIAL.name,))
    for part in parts:
        before, here, after = letters.partition(alike(part))
        if not here or len(part) < _PART_FROM or part in GIVEN or part in SURNAMES:
            continue
        one, other = _kinds(before, alike), _kinds(after, alike)
        if one is None or other is None or "claim" not in (one | other) or "other" in (one | other):
            continue
        around = _with_words((before, after), one | other)
        yield _Match(PART.log10_lr, (PART.key, *around.keys), (f'{PART.name} ("{part}")', *around.told))


@cache
def _vocabulary(alike: Spell) -> dict[str, str]:
    """Every known word as this reading spells it, with what it tells; a word that tells two things tells the first."""
    kinds = {}
    for kind, known in (("join", JOINERS), ("hint", HINTS), ("claim", CLAIMS), ("other", OTHERS)):
        kinds.update({alike(word): kind for word in known})
    return kinds


_SHORT = 2


def _kinds(text: str, alike: Spell) -> frozenset[str] | None:
    """What a text beside a name tells, if it consists of known words and digits; None if it holds anything else.

    Words of two letters are also the ends of other words, so of those there may be one at most.
    """
    if not text:
        return frozenset()
    return _told(text, alike, 1)


@lru_cache(maxsize=8192)
def _told(text: str, alike: Spell, short: int) -> frozenset[str] | None:
    if not text:
        return frozenset()
    if text[0].isdigit():
        rest = _told("".join(itertools.dropwhile(str.isdigit, text)), alike, short)  # of any script
        return None if rest is None else rest | {"digits"}
    known = _vocabulary(alike)
    for length in range(min(len(text), 14), 0, -1):  # the longest word first
        kind = known.get(text[:length])
        if kind is None or (length <= _SHORT and not short):
            continue
        rest = _told(text[length:], alike, short - (length <= _SHORT))
        if rest is not None:
            return rest | {kind}
    return None


def tells_other(text: str) -> bool:
    """Whether a display name holds a word that tells of somebody else ("fans", "parody")."""
    return any(word in OTHERS for word in words(without_accents(text)))


def _separators(text: str) -> set[str]:
    """Marks that split a handle; a space is none, because a handle cannot have one."""
    return {letter for letter in text if not letter.isalnum() and not letter.isspace() and letter != "\u2714"}


def rarity(letters: str) -> float:
    """How much a match counts by the length of what matched, 0.2 to 1: short names are shared by many people."""
    return min(1.0, max(0.2, (len(letters) - 2) / 6))


def shared_part(seen: str, name: str) -> str | None:
    """A single word of a name of several that occurs as a word of its own, or None."""
    parts = [part for part in words(without_accents(name)) if len(part) >= 3]
    if len(parts) < 2:
        return None
    there = set(words(without_accents(seen)))
    return next((part for part in parts if part in there), None) or next(
        (part for part in parts if len(part) >= 5 and part in joined(without_accents(seen))), None
    )
