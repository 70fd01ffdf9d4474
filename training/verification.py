"""How well embeddings tell people apart: all pairs of a set of pictures, their error rates, and how sure these are.

FMR is the share of pairs of different people that are taken for one person, FNMR the share of pairs of one person
that are not (ISO/IEC 19795-1). A pair is accepted where its cosine lies above the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
"""float64 [rounds, people]: how often a draw of people with replacement holds each of them."""

_KEPT = 20.0
"""Of the pairs of different people those with the highest cosines are kept, 20 times as many as may be accepted."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Embeddings of pictures: unit vectors float32 [n, d], the person and the picture each is of, int [n]."""

    embeddings: NDArray[np.float32]
    person: NDArray[np.int64]
    picture: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> Looks:
        """Some of them."""
        return Looks(self.embeddings[chosen], self.person[chosen], self.picture[chosen])


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of two sets of looks, or of one with itself.

    Attributes:
        genuine: cosines of pairs of one person, float32 [g].
        owner: the person of each, int [g].
        highest: the highest cosines of pairs of different people, float32 [k], falling.
        between: the two people of each, int [k, 2].
        impostors: how many pairs of different people there are.
        rows, columns: looks of each person in the first and in the second set, float64 [people].
        fmr: the false match rate that `highest` suffices for.
    """

    genuine: NDArray[np.float32]
    owner: NDArray[np.int64]
    highest: NDArray[np.float32]
    between: NDArray[np.int64]
    impostors: int
    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    fmr: float

    @property
    def people(self) -> int:
        """People with at least one genuine pair."""
        return len(np.unique(self.owner))


def pairs(first: Looks, second: Looks | None, people: int, fmr: float) -> Pairs:
    """Compare each look of one set with each of another, or with each other one of its own set.

    Two looks at one picture are no pair.

    Args:
        first, second: the sets; None to compare the first with itself, each pair once.
        people: how many people there are; persons are numbered from 0.
        fmr: the false match rate to be asked for.

    Raises:
        ValueError: there is no pair of one person, or too few of different people for such a rate.
    """
    other = first if second is None else second
    cosines = first.embeddings @ other.embeddings.T
    same = first.person[:, None] == other.person[None]
    wanted = first.picture[:, None] != other.picture[None]
    if second is None:
        wanted &= np.triu(np.ones(wanted.shape, np.bool_), 1)
    row, column = np.nonzero(same & wanted)
    across = np.flatnonzero((~same & wanted).ravel())
    if not len(row) or len(across) * fmr < 1:
        raise ValueError(
            f"{len(row)} pairs of one person and {len(across)} of different people are too few for an FMR of {fmr:g}"
        )
    flat = cosines.ravel()
    count = min(len(across), int(np.ceil(_KEPT * fmr * len(across))) + 1)
    top = across[np.argpartition(-flat[across], count - 1)[:count]]
    top = top[np.argsort(-flat[top], kind="stable")]
    return Pairs(
        genuine=cosines[row, column],
        owner=first.person[row],
        highest=flat[top],
        between=np.stack([first.person[top // len(other.person)], other.person[top % len(other.person)]], 1),
        impostors=len(across),
        rows=np.bincount(first.person, minlength=people).astype(np.float64),
        columns=np.bincount(other.person, minlength=people).astype(np.float64),
        fmr=fmr,
    )


def draws(people: int, rounds: int, seed: int = 0) -> Weights:
    """Draw people with replacement: pairs of one person are not independent (cluster bootstrap, Field and Welsh 2007).

    The first row is the sample itself, each person once.
    """
    random = np.random.default_rng(seed)
    drawn = random.multinomial(people, np.full(people, 1 / people), size=rounds).astype(np.float64)
    return np.concatenate([np.ones((1, people)), drawn])


def thresholds(found: Pairs, weights: Weights) -> NDArray[np.float64]:
    """For each draw the lowest threshold at which no more than the asked share of impostor pairs is accepted.

    A pair of two people counts as often as both were drawn together; a person who was drawn twice is no impostor.
    """
    every = weights @ found.rows * (weights @ found.columns) - weights**2 @ (found.rows * found.columns)
    # a set with itself has each pair once: half of the products
    every *= found.impostors / every[0]
    out = np.empty(len(weights))
    for number, weight in enumerate(weights):
        mass = np.cumsum(weight[found.between[:, 0]] * weight[found.between[:, 1]])
        # the first pair that is too many, or the last one that is known, is where acceptance ends
        place = int(np.searchsorted(mass, found.fmr * every[number] * (1 + 1e-9), side="right"))
        out[number] = found.highest[min(place, len(found.highest) - 1)]
    return out


def misses(found: Pairs, weights: Weights, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """FNMR of each draw at its threshold, 0 to 1; NaN where the draw has no pair of one person."""
    order = np.argsort(found.genuine, kind="stable")
    cosines, owner = found.genuine[order], found.owner[order]
    out = np.empty(len(weights))
    for number, weight in enumerate(weights):
        mass = np.concatenate([[0.0], np.cumsum(weight[owner])])
        below = mass[np.searchsorted(cosines, at[number], side="right")]
        out[number] = below / mass[-1] if mass[-1] > 0 else np.nan
    return out


def spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """95 % percentile interval of what the draws after the first gave, widened to hold the first."""
    drawn = values[1:][~np.isnan(values[1:])]
    if not len(drawn):
        return (float(values[0]), float(values[0]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return (float(min(low, values[0])), float(max(high, values[0])))


def false_matches(looks: Looks, at: float, groups: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Pairs of different people within each group that are taken for one person.

    Args:
        looks: one picture a person.
        at: the threshold.
        groups: the group of each look.

    Returns:
        Group to (pictures, pairs, pairs above the threshold), by name.
    """
    out = {}
    names = np.array(groups)
    for group in sorted(set(groups)):
        chosen = looks.embeddings[names == group]
        row, column = np.triu_indices(len(chosen), 1)
        above = int(((chosen @ chosen.T)[row, column] > at).sum())
        out[group] = (len(chosen), len(row), above)
    return out


__all__ = ["Looks", "Pairs", "Weights", "draws", "false_matches", "misses", "pairs", "spread", "thresholds"]
