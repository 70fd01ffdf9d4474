"""Rhythms of conversion are found and undone, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.conversion import RHYTHMS, rhythm_of, without_repeats
from detectors.frame_changes import frame_changes
from detectors.glitch_times import GlitchKind, timing
from tests.detectors.moving import Luma, clip, head


def converted(frames: list[Luma], new: int, shown: int, offset: int = 0) -> tuple[list[Luma], NDArray[np.bool_]]:
    """The frames with repeats as a converter makes them, and which changes are repeats."""
    source = [(index + offset) * new // shown for index in range(len(frames) * shown // new)]
    source = [index - source[0] for index in source if index - source[0] < len(frames)]
    return [frames[index] for index in source], np.diff(source) == 0


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_rhythm_is_found_at_any_offset_and_undone(rhythm: tuple[int, int]) -> None:
    frames = head(150)
    shown, repeats = converted(frames, *rhythm, offset=1)
    made = clip(shown, 30.0)
    found = rhythm_of(frame_changes(made))
    assert found is not None
    assert found.tolist() == repeats.tolist()
    undone = without_repeats(made, found)
    assert np.array_equal(undone.luma, np.stack(frames[: len(undone.luma)]))
    assert set(undone.times_s) <= set(made.times_s)


def test_smooth_motion_and_motion_with_noise_have_none() -> None:
    assert rhythm_of(frame_changes(clip(head(240)))) is None
    rng = np.random.default_rng(3)
    noisy = [np.clip(frame + rng.normal(0, 2, frame.shape), 0, 255).astype(np.uint8) for frame in head(240)]
    assert rhythm_of(frame_changes(clip(noisy))) is None


def test_frames_that_are_finer_and_coarser_in_turn_are_no_rhythm() -> None:
    """As an encoder makes them; every frame still moves."""
    frames = [frame.astype(np.float32) for frame in head(240)]
    lagging = [frames[0]]
    for index, frame in enumerate(frames[1:], 1):
        share = 0.9 if index % 2 else 1.0
        lagging.append(share * frame + (1 - share) * frames[index - 1])
    assert rhythm_of(frame_changes(clip([np.rint(frame).astype(np.uint8) for frame in lagging]))) is None


def test_a_picture_that_stands_has_none() -> None:
    assert rhythm_of(frame_changes(clip([head(1)[0]] * 100))) is None


@pytest.mark.parametrize("gone", [4, 9])
def test_a_run_that_was_dropped_from_a_converted_clip_is_found(gone: int) -> None:
    """The repeats are out of step afterwards, and the jumps between them are none."""
    shown, _ = converted(head(200), 5, 6)
    del shown[101 : 101 + gone]
    (found,) = timing(clip(shown)).glitches
    assert found.kind is GlitchKind.DROP
    assert found.start_s == pytest.approx(100 / 30, abs=0.08)


def test_a_short_clip_is_asked_without_harm() -> None:
    for count in (2, 5, 25, 41):
        assert timing(clip(head(count))).glitches == ()
