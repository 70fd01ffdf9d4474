"""Error rates of pairs against counting by hand, and intervals against what a draw of people must do."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.verification import Looks, draws, false_matches, misses, pairs, spread, thresholds

FMR = 0.05


def looks(people: int, each: int, noise: float, seed: int = 0) -> Looks:
    """Noisy unit vectors around a direction for each person."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), each)
    vectors = random.normal(size=(people, 16))[person] + noise * random.normal(size=(people * each, 16))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Looks(unit.astype(np.float32), person, np.arange(len(person)))


def by_hand(first: Looks, second: Looks, weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Cosines and weights of genuine and of impostor pairs; a look of the same picture is no pair."""
    kinds: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for i in range(len(first.person)):
        for j in range(len(second.person)):
            if first.picture[i] == second.picture[j] or (first is second and i >= j):
                continue
            same = bool(first.person[i] == second.person[j])
            cosine = float(first.embeddings[i] @ second.embeddings[j])
            count = weight[first.person[i]] * (1 if same else weight[second.person[j]])
            kinds[same].append((cosine, float(count)))
    genuine, impostor = np.array(kinds[True]), np.array(kinds[False])
    return genuine[:, 0], genuine[:, 1], impostor[:, 0], impostor[:, 1]


@pytest.mark.parametrize("two_sets", [False, True])
def test_rates_are_those_of_counting_every_pair(two_sets: bool) -> None:
    first = looks(20, 3, 0.9)
    second = looks(20, 3, 1.4) if two_sets else None  # the same pictures, worse
    found = pairs(first, second, 20, FMR)
    weights = draws(20, 6, seed=3)
    at = thresholds(found, weights)
    missed = misses(found, weights, at)
    for number, weight in enumerate(weights):
        genuine, counts, impostor, masses = by_hand(first, first if second is None else second, weight)
        accepted = masses[impostor > at[number] + 1e-7].sum() / masses.sum()
        assert accepted <= FMR + 1e-9
        lower = np.sort(impostor[(impostor < at[number] - 1e-7) & (masses > 0)])[-1]
        assert masses[impostor > lower + 1e-7].sum() / masses.sum() > FMR, "a lower threshold accepts too many"
        assert missed[number] == pytest.approx(counts[genuine <= at[number]].sum() / counts.sum(), abs=1e-6)
    genuine, _, impostor, _ = by_hand(first, first if second is None else second, weights[0])
    assert (len(found.genuine), found.impostors, found.people) == (len(genuine), len(impostor), 20)


def test_perfect_embeddings_miss_nobody_and_blind_ones_nearly_everybody() -> None:
    people = 12
    weights = draws(people, 20)
    perfect = pairs(looks(people, 4, 0.0), None, people, FMR)
    assert misses(perfect, weights, thresholds(perfect, weights)).max() == 0
    random = np.random.default_rng(5)
    vectors = random.normal(size=(48, 64))
    blind = Looks(
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        np.repeat(np.arange(people), 4),
        np.arange(48),
    )
    found = pairs(blind, None, people, FMR)
    low, high = spread(misses(found, weights, thresholds(found, weights)))
    assert low <= 1 - FMR <= high


def test_equal_cosines_are_not_accepted_beyond_the_rate() -> None:
    """All impostors alike: a threshold below their cosine would accept all of them."""
    people = 10
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (20, 1))
    found = pairs(Looks(vectors, np.repeat(np.arange(people), 2), np.arange(20)), None, people, FMR)
    weights = draws(people, 3)
    at = thresholds(found, weights)
    assert at == pytest.approx(1.0)
    assert misses(found, weights, at) == pytest.approx(1.0)


def test_draws_hold_as_many_people_as_there_are_and_the_sample_first() -> None:
    weights = draws(7, 50)
    assert weights.shape == (51, 7)
    assert (weights[0] == 1).all()
    assert (weights.sum(axis=1) == 7).all()
    assert len(np.unique(weights, axis=0)) > 40
    assert (draws(7, 50) == weights).all(), "the same seed draws the same people"


def test_more_people_make_a_narrower_interval() -> None:
    widths = []
    for people in (15, 120):
        weights = draws(people, 200)
        found = pairs(looks(people, 3, 1.0, seed=people), None, people, FMR)
        low, high = spread(misses(found, weights, thresholds(found, weights)))
        widths.append(high - low)
    assert widths[1] < 0.6 * widths[0]


def test_an_interval_holds_its_figure_and_leaves_out_what_is_no_number() -> None:
    low, high = spread(np.array([0.9, 0.1, np.nan, 0.2]))
    assert low == pytest.approx(0.1025)
    assert high == 0.9
    assert spread(np.array([0.3, np.nan])) == (0.3, 0.3)


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match=r"too few for an FMR of 0\.001"):
        pairs(looks(4, 2, 1.0), None, 4, 1e-3)
    with pytest.raises(ValueError, match="0 pairs of one person"):
        pairs(looks(40, 1, 1.0), None, 40, FMR)


def test_false_matches_are_counted_within_each_group() -> None:
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0, 1], [0, 1]], np.float32)
    number = np.arange(5, dtype=np.int64)
    told = false_matches(Looks(vectors, number, number), 0.7, ["a", "a", "a", "b", "c"])
    assert told == {"a": (3, 3, 3), "b": (1, 0, 0), "c": (1, 0, 0)}
    assert false_matches(Looks(vectors, number, number), 0.9, ["x"] * 5) == {"x": (5, 10, 2)}
