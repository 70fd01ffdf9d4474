"""Linking faces over sampled frames, and where shots end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.cuts import cut_times
from detectors.specimen import Clip, FaceSighting, Frame
from detectors.tracks import track

Box = tuple[float, float, float, float]


class Script:
    """A finder that says what stands in a script: frame -> boxes."""

    def __init__(self, script: Mapping[int, Sequence[Box]]) -> None:
        self._script = script

    def find(self, rgb: NDArray[np.uint8], *, frame: int = 0, time_s: float = 0.0) -> list[FaceSighting]:
        points = np.zeros((5, 2), np.float32)
        return [FaceSighting(frame, time_s, box, points, 0.9) for box in self._script.get(frame, ())]


def frames(count: int, step_s: float = 0.2) -> list[Frame]:
    return [Frame(i * step_s, np.zeros((2, 2, 3), np.uint8)) for i in range(count)]


def test_two_faces_that_pass_each_other_stay_two() -> None:
    script = {i: [(10.0 + 12 * i, 50.0, 60.0, 60.0), (250.0 - 12 * i, 150.0, 60.0, 60.0)] for i in range(20)}
    tracks = track(frames(20), Script(script))
    assert [len(one.sightings) for one in tracks] == [20, 20]
    for one in tracks:
        assert len({sighting.box[1] for sighting in one.sightings}) == 1


def test_a_face_that_leaps_less_than_its_width_is_followed() -> None:
    """Frames of a long clip lie seconds apart; a head has left its box by then."""
    script = {i: [(100.0 + (50 if i % 2 else 0), 50.0, 60.0, 60.0)] for i in range(8)}
    assert [len(one.sightings) for one in track(frames(8, 3.0), Script(script))] == [8]


def test_a_face_elsewhere_is_another_track() -> None:
    script = {i: [(10.0 if i < 5 else 220.0, 50.0, 60.0, 60.0)] for i in range(10)}
    assert [len(one.sightings) for one in track(frames(10), Script(script))] == [5, 5]


def test_a_face_hidden_for_a_moment_is_the_same_track_and_for_long_another() -> None:
    box = (50.0, 50.0, 60.0, 60.0)
    short = {i: [box] for i in range(20) if not 8 <= i < 12}
    long = {i: [box] for i in range(20) if not 5 <= i < 15}
    assert [len(one.sightings) for one in track(frames(20), Script(short))] == [16]
    assert [len(one.sightings) for one in track(frames(20), Script(long))] == [5, 5]


def test_no_track_goes_over_a_cut() -> None:
    script = {i: [(50.0, 50.0, 60.0, 60.0)] for i in range(10)}
    tracks = track(frames(10), Script(script), cuts=[0.9])
    assert sorted((one.start_s, len(one.sightings)) for one in tracks) == [(0.0, 5), (1.0, 5)]


def test_false_finds_that_do_not_come_back_are_dropped() -> None:
    script = {i: [(50.0, 50.0, 60.0, 60.0)] for i in range(10)}
    script[4] = [*script[4], (200.0, 10.0, 30.0, 30.0)]
    assert len(track(frames(10), Script(script))) == 1


def test_a_single_picture_keeps_its_face() -> None:
    assert len(track(frames(1), Script({0: [(50.0, 50.0, 60.0, 60.0)]}))) == 1


def test_the_most_prominent_face_comes_first() -> None:
    script = {i: [(10.0, 10.0, 30.0, 30.0), (100.0, 50.0, 90.0, 90.0)] for i in range(5)}
    assert [one.sightings[0].box[2] for one in track(frames(5), Script(script))] == [90, 30]


def clip_of(luma: NDArray[np.uint8]) -> Clip:
    times = np.arange(len(luma)) / 25
    return Clip(len(luma) / 25, None, False, 64, 36, times, luma, (), None)


def test_a_cut_is_found_and_movement_is_none() -> None:
    rng = np.random.default_rng(1)
    wide = rng.integers(0, 256, (36, 400), np.uint8)
    panning = np.stack([wide[:, 3 * i : 3 * i + 64] for i in range(50)])  # every frame changes a lot
    other = np.full((50, 36, 64), 60, np.uint8)
    assert cut_times(clip_of(panning)) == ()
    assert cut_times(clip_of(np.concatenate([other, other + 60]))) == (2.0,)
    assert cut_times(clip_of(other[:1])) == ()
