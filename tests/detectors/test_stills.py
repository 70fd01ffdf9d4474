"""Freezes in scenes so quiet that gray levels do not show them: an encoder leaves a repeated frame untouched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from detectors.frame_changes import frame_changes
from detectors.specimen import Clip, Steps
from detectors.stills import LEAST_REPEATS, Still, stills
from tests.detectors.moving import clip, head

COUNT = 240
AT = 90


def touched(*runs: tuple[int, int], usual: float = 0.4) -> list[float]:
    """The share of each frame that is new: the usual one, but for runs (frame that stands, repeats)."""
    shares = [1.0] + [usual] * (COUNT - 1)
    for frame, repeats in runs:
        shares[frame + 1 : frame + 1 + repeats] = [0.02] * repeats
    return shares


def found(shares: Sequence[float], seen: Clip | None = None) -> list[Still]:
    steps = Steps(np.array(shares, np.float32), np.full(COUNT, 0.1, np.float32))
    return stills(frame_changes(replace(seen or clip(head(COUNT)), steps=steps)))


@pytest.mark.parametrize("repeats", [LEAST_REPEATS, 8, 15])
def test_a_run_of_untouched_frames_is_a_still(repeats: int) -> None:
    assert found(touched((AT, repeats))) == [Still(AT, repeats)]


def test_one_or_two_repeats_are_what_another_rate_leaves() -> None:
    assert found(touched((AT, LEAST_REPEATS - 1))) == []


def test_where_repeats_are_the_nature_of_the_file_a_longer_one_is_none() -> None:
    assert found(touched((AT, 8), (30, 1), (150, 1))) == [Still(AT, 8)]
    assert found(touched((AT, 8), (30, 1), (150, 1), (200, 1))) == []
    assert found(touched((AT, 8), (150, 5))) == []


def test_a_person_who_pauses_leaves_little_to_write_before_and_after() -> None:
    shares = touched((AT, 8))
    shares[AT - 2 : AT + 1] = [0.1, 0.09, 0.08]
    assert found(shares) == []


def test_what_stands_for_long_was_meant_to() -> None:
    assert found(touched((AT, 30))) == []


def test_a_picture_that_stands_beside_a_cut_is_no_freeze() -> None:
    frames = head(AT + 9) + head(COUNT - AT - 9, seed=2)
    assert found(touched((AT, 8)), clip(frames)) == []


@pytest.mark.parametrize("at", [0, COUNT - 9])
def test_nothing_is_said_of_the_ends(at: int) -> None:
    assert found(touched((at, 8))) == []
