"""Which cells of a scene answer for which face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.faces_targets import FACE, IGNORED, NOTHING, STRIDES, Targets, targets

SIDE = 256


def face(x: float, y: float, width: float, height: float) -> NDArray[np.float32]:
    """A box with five points in its middle."""
    points = np.tile([x + width / 2, y + height / 2], 5)
    return np.asarray([[x, y, width, height, *points]], np.float32)


def of_stride(told: Targets, stride: int) -> NDArray[np.float32]:
    """The first column as the map of a stride."""
    sizes = [(SIDE // one) ** 2 for one in STRIDES]
    place = STRIDES.index(stride)
    start = sum(sizes[:place])
    return told[start : start + sizes[place], 0].reshape(SIDE // stride, -1)


@pytest.mark.parametrize(("longer", "strides"), [(30, {8}), (50, {8, 16}), (80, {16}), (110, {16, 32}), (200, {32})])
def test_a_face_is_answered_for_by_the_strides_of_its_size(longer: float, strides: set[int]) -> None:
    told = targets(face(128 - longer / 2, 128 - longer / 2, longer, longer), np.array([True]), SIDE)
    assert {stride for stride in STRIDES if (of_stride(told, stride) == FACE).any()} == strides


def test_cells_carry_the_box_and_points_of_their_face_and_lie_in_its_middle() -> None:
    told = targets(face(40, 60, 24, 32), np.array([True]), SIDE)
    rows, columns = np.nonzero(of_stride(told, 8) == FACE)
    assert abs((columns + 0.5) * 8 - 52).max() < 12
    assert abs((rows + 0.5) * 8 - 76).max() < 12
    chosen = told[told[:, 0] == FACE]
    assert np.array_equal(chosen[0, 1:5], [40, 60, 64, 92])
    assert np.array_equal(chosen[:, 5:], np.tile([52, 76], (len(chosen), 5)))


def test_a_small_face_before_a_large_one_keeps_its_cells() -> None:
    small, large = face(100, 100, 40, 40), face(60, 60, 56, 56)
    for order in ([small, large], [large, small]):
        told = targets(np.concatenate(order), np.array([True, True]), SIDE)
        middle = of_stride(told, 8)[15, 15]
        assert middle == FACE
        cell = told[15 * 32 + 15]
        assert np.array_equal(cell[1:5], [100, 100, 140, 140])


def test_no_cell_is_asked_about_a_face_that_is_not_sure_and_all_others_hold_nothing() -> None:
    told = targets(face(64, 64, 64, 64), np.array([False]), SIDE)
    for stride in STRIDES:
        part = of_stride(told, stride)
        inside = slice(64 // stride, 128 // stride)
        assert (part[inside, inside] == IGNORED).all()
        assert (part == IGNORED).sum() == (64 // stride) ** 2
        assert not (part == FACE).any()


def test_the_middle_of_a_face_is_not_asked_about_at_another_stride() -> None:
    told = targets(face(78, 78, 100, 100), np.array([True]), SIDE)
    assert of_stride(told, 8)[16, 16] == IGNORED
    assert of_stride(told, 8)[10, 10] == NOTHING


def test_a_scene_without_faces_holds_nothing() -> None:
    told = targets(np.zeros((0, 16), np.float32), np.zeros(0, np.bool_), SIDE)
    assert told.shape == (sum((SIDE // stride) ** 2 for stride in STRIDES), 15)
    assert not told.any()
