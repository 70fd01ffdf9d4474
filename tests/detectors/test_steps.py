"""What is new in a frame against the one before: how much of it, and how far it moved."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.specimen import Steps
from detectors.steps import StepReader

Brightness = NDArray[np.uint8]


def texture(height: int, width: int, cell: int = 6) -> Brightness:
    rough = np.random.default_rng(0).uniform(0, 255, (height // cell, width // cell)).astype(np.float32)
    return np.clip(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def read(*frames: Brightness) -> Steps:
    reader = StepReader()
    for frame in frames:
        reader.take(frame)
    return reader.steps()


def test_the_first_frame_is_all_new_and_a_repeated_one_is_not_new_at_all() -> None:
    frame = texture(180, 320)
    steps = read(frame, frame.copy())
    assert steps.touched.tolist() == [1, 0]
    assert steps.moved.tolist() == [0, 0]
    assert steps.touched.dtype == steps.moved.dtype == np.float32


def test_one_pixel_touches_one_block() -> None:
    frame = texture(160, 320)
    other = frame.copy()
    other[70, 33] ^= 1
    assert read(frame, other).touched[1] == pytest.approx(1 / (20 * 40))


@pytest.mark.parametrize("size", [1, 2, 4])
def test_motion_is_told_at_a_long_side_of_320(size: int) -> None:
    whole = texture(180 * size, 340 * size, 6 * size)
    steps = read(*(whole[:, at * size : (320 + at) * size] for at in (0, 3, 6)))
    assert steps.moved[1:] == pytest.approx([3, 3], abs=0.5)
    assert steps.touched[1:].min() > 0.95


def test_a_hundredth_of_the_picture_is_enough() -> None:
    frame = texture(180, 320)
    other = frame.copy()
    other[80:110, 100:140] = frame[80:110, 102:142]  # two hundredths of the picture move by two pixels
    assert read(frame, other).moved[1] > 0.5


def test_a_picture_of_another_size_is_all_new() -> None:
    steps = read(texture(180, 320), texture(96, 96), texture(96, 96))
    assert steps.touched.tolist() == [1, 1, 0]
    assert steps.moved.tolist() == [0, 0, 0]


@pytest.mark.parametrize("shape", [(2, 2), (6, 10), (8, 8), (16, 16), (16, 640), (720, 18)])
def test_the_smallest_and_the_oddest_pictures_can_be_compared(shape: tuple[int, int]) -> None:
    dark, bright = np.full(shape, 10, np.uint8), np.full(shape, 200, np.uint8)
    steps = read(dark, bright, bright)
    assert steps.touched.tolist() == [1, 1, 0]
    assert np.isfinite(steps.moved).all()


def test_what_was_taken_may_be_overwritten() -> None:
    frame = texture(180, 320)
    reader = StepReader()
    reader.take(frame)
    before = frame.copy()
    frame[:] = 0
    reader.take(before)
    assert reader.steps().touched.tolist() == [1, 0]
