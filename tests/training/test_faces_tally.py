"""What counts as found, as a false box, and as an error of the points."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.specimen import FaceSighting
from training.faces_tally import Tally, landmark_error

Row = NDArray[np.float32]


def row(x: float, y: float, side: float, score: float, points: float = 0.0) -> Row:
    """A face of the teacher; its points are shifted to the right."""
    places = [[x, y], [x + side / 2, y], [x, y], [x, y + side], [x + side, y + side]]
    shifted = np.asarray(places) + np.asarray([points, 0])
    return np.asarray([x, y, side, side, *shifted.ravel(), score], np.float32)


def find(x: float, y: float, side: float, score: float = 0.9, points: float = 0.0) -> FaceSighting:
    told = row(x, y, side, score, points)
    return FaceSighting(0, 0.0, (x, y, side, side), told[4:14].reshape(5, 2), score)


def table(*rows: Row) -> Row:
    return np.asarray(rows, np.float32).reshape(len(rows), -1)


def calm(*rows: Row) -> Row:
    """The teacher's mean answers: its highest score stands beside the mean."""
    return table(*[np.r_[one, one[14]] for one in rows]) if rows else np.zeros((0, 16), np.float32)


NONE = np.zeros((0, 15), np.float32)


def test_sure_and_large_faces_are_asked_for_and_others_count_neither_way() -> None:
    tally = Tally()
    faces = [row(0, 0, 60, 0.9), row(100, 0, 60, 0.8), row(200, 0, 20, 0.9), row(300, 0, 60, 0.5)]
    tally.add([find(2, 0, 60), find(200, 0, 20), find(300, 0, 60)], table(*faces), calm(*faces))
    figures = tally.figures()
    assert (figures["faces"], figures["found"], figures["false_boxes"]) == (2, 1, 0)
    low, high = figures["found_interval"]
    assert low < 0.5 < high


def test_a_box_that_is_of_no_face_is_told_by_its_cause() -> None:
    known = row(0, 0, 60, 0.9)
    elsewhere, weak = row(100, 100, 60, 0.6), row(200, 200, 60, 0.1)
    finds = [
        find(0, 0, 60),
        find(3, 3, 60, 0.8),  # a second box of the same face
        find(100, 100, 60),
        find(200, 200, 60),
        find(35, 0, 60),  # beside a face
        find(400, 400, 60),
    ]
    tally = Tally()
    tally.add(finds, table(known), calm(known, elsewhere, weak))
    assert tally.figures()["false_box_causes"] == {"another_size": 1, "weak": 1, "shifted": 2, "nothing": 1}
    assert tally.figures()["false_boxes_per_picture"] == 5


def test_the_closest_box_is_the_one_of_the_face() -> None:
    known = row(0, 0, 60, 0.9)
    tally = Tally()
    tally.add([find(10, 0, 60, 0.95, points=30), find(0, 0, 60, 0.7)], table(known), calm(known))
    assert tally.errors == [0]


def test_points_are_measured_in_eye_distances_of_the_answer_and_of_the_mean() -> None:
    known, mean = row(0, 0, 60, 0.9), row(0, 0, 60, 0.9, points=3)
    tally = Tally()
    tally.add([find(0, 0, 60, points=6)], table(known), calm(mean))
    assert tally.figures()["landmark_error"] == pytest.approx(6 / 30)
    assert tally.figures()["landmark_error_of_mean"] == pytest.approx(3 / 30)


def test_a_face_from_the_side_has_a_third_of_its_width_for_eye_distance() -> None:
    side = row(0, 0, 60, 0.9)
    side[6:8] = side[4:6]  # both eyes in one place
    moved = side.copy()
    moved[4:14:2] += 5
    assert landmark_error(moved, side) == pytest.approx(5 / 20)


def test_pictures_without_faces_have_no_landmark_error_and_still_false_boxes() -> None:
    tally = Tally()
    tally.add([find(0, 0, 60)], NONE, calm())
    tally.add([], NONE, calm())
    figures = tally.figures()
    assert (figures["pictures"], figures["faces"], figures["false_boxes_per_picture"]) == (2, 0, 0.5)
    assert figures["landmark_error"] is None
