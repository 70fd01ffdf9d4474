"""Perceptual hashes: what the picture survives, and what tells two pictures apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.pdq import BYTES, FLAT, distance, picture_hash


def scene(seed: int, width: int = 320, height: int = 240) -> NDArray[np.uint8]:
    """A picture of soft shapes, another one for each seed."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), random.integers(60, 190, 3), np.uint8)
    for _ in range(14):
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        place = (int(random.integers(0, width)), int(random.integers(0, height)))
        cv2.circle(picture, place, int(random.integers(12, 70)), colour, -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)


def jpeg(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def test_half_of_the_bits_are_set_as_the_median_makes_it() -> None:
    made = picture_hash(scene(1))
    assert len(made.bits) == len(made.mirrored) == BYTES
    assert int.from_bytes(made.bits).bit_count() == 128
    assert made.quality >= FLAT


def test_a_worn_picture_stays_near_and_another_one_is_far() -> None:
    for seed in range(8):
        picture = scene(seed)
        own = picture_hash(picture).bits
        half = np.asarray(cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA), np.uint8)
        assert distance(own, picture_hash(half).bits) <= 10
        assert distance(own, picture_hash(jpeg(picture, 25)).bits) <= 16
        assert distance(own, picture_hash(scene(seed + 100)).bits) > 60


def test_the_mirrored_hash_is_that_of_the_mirror_image() -> None:
    picture = scene(3)
    mirror = picture_hash(np.ascontiguousarray(picture[:, ::-1]))
    assert distance(picture_hash(picture).mirrored, mirror.bits) <= 2
    assert distance(picture_hash(picture).bits, mirror.bits) > 60


def test_a_flat_picture_says_so() -> None:
    assert picture_hash(np.full((80, 90, 3), 128, np.uint8)).quality == 0


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="height, width, 3"):
        picture_hash(np.zeros((4, 4), np.uint8))
    with pytest.raises(ValueError, match="height, width, 3"):
        picture_hash(np.zeros((0, 4, 3), np.uint8))


def test_distance_counts_bits() -> None:
    assert distance(bytes(32), bytes(31) + b"\x07") == 3
    assert distance(b"\xff" * 32, bytes(32)) == 256
