"""The mean of a teacher's answers, mirror images, and pairs of boxes."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.geometry import overlap, overlaps
from training.data import Image
from training.faces_labels import consensus, mirror, pairs
from training.teachers import YuNet


class OffByALook:
    """A teacher that answers for a red square, a pixel to the right of it, whatever the size of the picture.

    In the mirror the pixel is to the other side, so the mean over a picture and its mirror image is exact.
    """

    def __init__(self, scores: list[float]) -> None:
        self._scores = list(scores)

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        score = self._scores.pop(0)
        red = (rgb[..., 0] > 128) & (rgb[..., 1] < 128)
        if not red.any() or score == 0:
            return np.zeros((0, 15), np.float32)
        rows, columns = np.nonzero(red)
        x, y, right, bottom = columns.min() + 1, rows.min(), columns.max() + 2, rows.max() + 1
        points = [[x, y], [right, y], [(x + right) / 2, (y + bottom) / 2], [x, bottom], [right, bottom]]
        return np.asarray([[x, y, right - x, bottom - y, *np.ravel(points), score]], np.float32)


def square() -> Image:
    """A red square at 40, 30 of side 80 on gray, seen at its own size, at that again, and at 1.6 times it."""
    picture = np.full((256, 320, 3), 60, np.uint8)
    picture[30:110, 40:120] = (220, 20, 20)
    return picture


def test_the_mean_over_sizes_and_mirror_images_is_calmer_than_any_look() -> None:
    (face,) = consensus(cast(YuNet, OffByALook([0.9] * 6)), square())
    assert face[:4] == pytest.approx([40, 30, 80, 80], abs=0.7)
    assert face[4:14].reshape(5, 2)[0] == pytest.approx([40, 30], abs=0.7)
    assert face[4:14].reshape(5, 2)[1] == pytest.approx([120, 30], abs=0.7)
    assert face[14:] == pytest.approx([0.9, 0.9])


def test_a_look_that_misses_the_face_lowers_its_mean_score_and_leaves_its_highest() -> None:
    (face,) = consensus(cast(YuNet, OffByALook([0.9, 0, 0.9, 0, 0.6, 0])), square())
    assert face[14:] == pytest.approx([2.4 / 6, 0.9])
    assert len(consensus(cast(YuNet, OffByALook([0] * 6)), square())) == 0


def test_a_mirror_image_changes_the_sides_of_eyes_and_mouth_and_is_undone_by_another() -> None:
    face = np.asarray([[10, 20, 30, 40, 15, 30, 35, 30, 25, 40, 17, 50, 33, 50, 0.8, 0.9]], np.float32)
    turned = mirror(face, 100)
    assert turned[0, :4].tolist() == [60, 20, 30, 40]
    assert turned[0, 4:8].tolist() == [65, 30, 85, 30]
    assert turned[0, 14:].tolist() == face[0, 14:].tolist()
    assert np.array_equal(mirror(turned, 100), face)


def test_pairs_are_made_closest_first_and_each_once() -> None:
    known = np.asarray([[0, 0, 10, 10], [2, 0, 10, 10], [50, 50, 10, 10]], np.float32)
    seen = np.asarray([[2, 0, 10, 10], [100, 0, 10, 10]], np.float32)
    assert pairs(known, seen, 0.4).tolist() == [-1, 0, -1]
    assert overlaps(known[:1], seen)[0].tolist() == pytest.approx([80 / 120, 0])
    assert overlaps(known[:1], seen)[0, 0] == pytest.approx(overlap((0, 0, 10, 10), (2, 0, 10, 10)))
    assert pairs(known, seen[:0], 0.4).tolist() == [-1, -1, -1]
