"""By which rule one name resembles another: a table, each row with a name for the statement and what it is worth.

The values are log10 likelihood ratios set by judgement until a table of real handles calibrates them; they are
ordered by how seldom a rule is met by accident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detectors.spelling import digits_as_letters, joined, skeleton, without_accents, words


def _words_of(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


CLAIMS = _words_of(
    "real official officiel officielle oficial ufficiale offiziell the its im iam thisis only true verified vip",
    "original hq tv live backup private priv team contact page account me mr mrs ms dr",
)
"""Words that are added to claim to be the person, or that say nothing."""

HINTS = _words_of("deep deepfake fake faux ai ia ki synth clone")
"""Words that hint at how it was made."""

FANS = _words_of(
    "fan fans fanclub fanclips fanpage fanclip clips clip edits edit lover lovers club daily news updates archive",
    "world parody parodia parodie spoof imitator impersonator lookalike tribute memes quotes not",
)
"""Words that tell readers that somebody else is speaking."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How a name resembles a protected one: the rule in words, what it matched, and what it is worth."""

    rule: str
    target: str
    log10_lr: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to look alike. `match(seen, target)` gets joined letters and says what to add to the rule's name."""

    name: str
    log10_lr: float
    match: Callable[[str, str], str | None]


def _exact(seen: str, target: str) -> str | None:
    return "" if seen == target else None


def _doubled(seen: str, target: str) -> str | None:
    """One letter more or fewer, beside an equal one or not."""
    longer, shorter = (seen, target) if len(seen) > len(target) else (target, seen)
    if len(longer) - len(shorter) != 1:
        return None
    for place in range(len(longer)):
        if longer[:place] + longer[place + 1 :] == shorter:
            letter = longer[place]
            neighbours = longer[max(0, place - 1) : place] + longer[place + 1 : place + 2]
            if longer is seen:
                return f' ("{letter}" doubled)' if letter in neighbours else f' ("{letter}" added)'
            return f' ("{letter}" missing)'
    return None


def _transposed(seen: str, target: str) -> str | None:
    if len(seen) != len(target):
        return None
    differing = [place for place, (one, other) in enumerate(zip(seen, target, strict=True)) if one != other]
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        first, second = differing
        if seen[first] == target[second] and seen[second] == target[first]:
            return f' ("{target[first]}{target[second]}" as "{seen[first]}{seen[second]}")'
    return None


def _replaced(seen: str, target: str) -> str | None:
    if len(seen) != len(target):
        return None
    differing = [place for place, (one, other) in enumerate(zip(seen, target, strict=True)) if one != other]
    if len(differing) != 1 or not seen[differing[0]].isalpha():
        return None  # a digit for a letter is another rule
    return f' ("{target[differing[0]]}" as "{seen[differing[0]]}")'


def _with_word(known: frozenset[str], seen: str, target: str) -> str | None:
    before, found, after = seen.partition(target)
    if not found or not (before or after):
        return None
    rest = [part.strip("0123456789") for part in (before, after)]
    added = [part for part in rest if part]
    if all(_made_of(part, known) for part in added) and added:
        return f' ("{" ... ".join(added)}")'
    return None


def _made_of(text: str, known: frozenset[str]) -> bool:
    """Whether a text is one or more of these words without a break."""
    return not text or any(text.startswith(word) and _made_of(text[len(word) :], known) for word in known)


def _with_digits(seen: str, target: str) -> str | None:
    before, found, after = seen.partition(target)
    rest = before + after
    return f' ("{rest}")' if found and rest.isdigit() else None


def _contained(seen: str, target: str) -> str | None:
    return "" if target in seen and seen != target and len(target) >= 8 else None


# The order is the order of trial: the first that matches names the resemblance.
RULES: tuple[Rule, ...] = (
    Rule("the same letters", 1.6, _exact),
    Rule("added word that claims to be the person", 1.6, lambda seen, target: _with_word(CLAIMS, seen, target)),
    Rule("added word that hints at a synthetic copy", 1.5, lambda seen, target: _with_word(HINTS, seen, target)),
    Rule("added word that tells of somebody else", 0.8, lambda seen, target: _with_word(FANS, seen, target)),
    Rule("added words", 1.3, lambda seen, target: _with_word(CLAIMS | HINTS | FANS, seen, target)),
    Rule("added digits", 1.4, _with_digits),
    Rule("doubled, added or missing letter", 1.4, _doubled),
    Rule("two letters exchanged", 1.5, _transposed),
    Rule("one letter replaced", 1.1, _replaced),
    Rule("the whole name within a longer one", 1.0, _contained),
)

_MIN_FOR_TYPOS = 8  # shorter names are one letter away from too many others


def _forms(text: str) -> tuple[tuple[str, str, Callable[[str], str]], ...]:
    """Ways to read a name, plainest first: (what had to be undone, the letters, how to read the target alike)."""
    plain = joined(without_accents(text))
    looks = joined(skeleton(text))
    leet = joined(digits_as_letters(skeleton(text)))
    pairs = leet.replace("rn", "m").replace("vv", "w")
    return (
        ("", plain, lambda target: target),
        ("look-alike letters of another script", looks, lambda target: target),
        ("digits in place of letters", leet, digits_as_letters),
        ("pairs of letters that look like one", pairs, lambda target: digits_as_letters(target).replace("rn", "m")),
    )


def resemblance(seen: str, target: str) -> Resemblance | None:
    """How a handle or display name resembles one protected name or handle; the strongest reading, or None.

    Args:
        seen: as the platform shows it.
        target: name, alias or official handle.
    """
    wanted = joined(without_accents(target))
    if not wanted:
        return None
    swapped = "".join(reversed(words(without_accents(target))))
    best: Resemblance | None = None
    for undone, letters, alike in _forms(seen):
        for goal, order in ((wanted, ""), (swapped, "the names in another order")):
            if order and goal == wanted:
                continue
            for rule in RULES:
                typo = rule.match in (_doubled, _transposed, _replaced)
                if typo and len(goal) < _MIN_FOR_TYPOS:
                    continue
                detail = rule.match(letters, alike(goal))
                if detail is None:
                    continue
                parts = [part for part in (undone, order, rule.name + detail) if part]
                if rule.match is _exact and len(parts) > 1:
                    parts.pop()
                value = rule.log10_lr - (0.2 if order else 0.0)
                # Nobody writes another script's letters by accident.
                value = min(1.9, value + 0.3) if undone.startswith("look-alike") else value
                value *= rarity(goal)
                if best is None or value > best.log10_lr + 1e-9:
                    if rule.match is _exact and not undone and not order and _separators(seen) - _separators(target):
                        parts = ["separators added"]
                    best = Resemblance(" and ".join(parts), target, value)
                break
        if best is not None:
            return best  # a plainer reading explains it; what else could be undone adds nothing
    return None


def _separators(text: str) -> set[str]:
    """Marks that split a handle; a space is none, because a handle cannot have one."""
    return {letter for letter in text if not letter.isalnum() and not letter.isspace()}


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
