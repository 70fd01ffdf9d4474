"""Scenes: faces move with their pictures, and the teacher's look at the finished scene decides what is asked for."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from training.data import Image
from training.faces_degrade import cover, degrade
from training.faces_material import Labelled
from training.faces_scenes import SIDE, Portrait, Scene, Studio, moved, portrait, similarity

DOTS = ((90, 80), (150, 80), (120, 110), (95, 150), (145, 150))
"""Where the five points of the test's portrait are, as single bright dots."""


def one(score: float = 0.9) -> Portrait:
    """A dark portrait whose points are bright dots of 5 px."""
    pixels = np.full((240, 240, 3), 20, np.uint8)
    for x, y in DOTS:
        cv2.circle(pixels, (x, y), 4, (255, 255, 255), -1)
    face = np.asarray([[70, 50, 100, 130, *np.ravel(DOTS), score, score]], np.float32)
    done, data = cv2.imencode(".png", pixels)
    assert done
    return portrait(Labelled(data.tobytes(), face))


def bright(scene: Image) -> NDArray[np.float64]:
    """Middles of the bright dots, by row and then by column."""
    _, _, stats, middles = cv2.connectedComponentsWithStats((scene[..., 0] > 110).astype(np.uint8))
    assert len(stats) == 6, "five dots and the ground"
    return np.asarray(middles[1:])


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.28])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0.0, 25.0, -40.0])
def test_points_lie_where_their_pixels_have_moved_to(scale: float, mirrored: bool, degrees: float) -> None:
    scene = Scene(np.full((SIDE, SIDE, 3), 20, np.uint8))
    scene.lay(one(), similarity(scale, degrees, mirrored, (120, 115), (130, 120)), (0, 0, SIDE, SIDE))
    (face,) = scene.faces
    points = face[4:14].reshape(5, 2)
    dots = bright(scene.pixels)
    for point in points:
        assert np.linalg.norm(dots - point, axis=1).min() < 0.6
    # of a mirror image, too, the first point is the eye to the left in the picture
    turned = points - points.mean(0)
    angle = np.deg2rad(-degrees)
    upright = turned @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).T
    assert upright[0, 0] < upright[1, 0]
    assert upright[3, 0] < upright[4, 0]
    assert upright[0, 1] < upright[2, 1] < upright[3, 1]


def test_a_turned_box_is_that_of_its_ellipse() -> None:
    face = one().faces
    quarter = moved(face, similarity(1.0, 90.0, False, (120, 115), (120, 115)))
    assert quarter[0, 2:4] == pytest.approx([130, 100], abs=1e-3)
    eighth = moved(face, similarity(1.0, 45.0, False, (120, 115), (120, 115)))
    assert eighth[0, 2] == pytest.approx(2 * np.sqrt((50**2 + 65**2) / 2), abs=1e-3)
    assert eighth[0, :2] + eighth[0, 2:4] / 2 == pytest.approx([120, 115], abs=1e-3)


class Told:
    """A teacher that says of every scene what it was told to."""

    def __init__(self, *faces: tuple[float, float, float, float, float]) -> None:
        rows = [[*face[:4], *np.tile([face[0], face[1]], 5), face[4]] for face in faces]
        self._faces = np.asarray(rows, np.float32).reshape(-1, 15)

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        return self._faces


def laid(scale: float = 1.0, score: float = 0.9, x: float = 120) -> Scene:
    scene = Scene(np.zeros((SIDE, SIDE, 3), np.uint8))
    scene.lay(one(score), similarity(scale, 0.0, False, (120, 115), (x, 120)), (0, 0, SIDE, SIDE))
    return scene


def test_a_known_face_is_asked_for_even_where_the_teacher_misses_it() -> None:
    faces, sure = laid().judged(Told())
    assert (len(faces), sure.tolist()) == (1, [True])


@pytest.mark.parametrize("scene", [laid(scale=0.13), laid(score=0.4), laid(x=20)], ids=["small", "unsure", "cut off"])
def test_a_face_that_the_teacher_misses_and_that_is_small_unsure_or_cut_is_not_asked_for(scene: Scene) -> None:
    faces, sure = scene.judged(Told())
    assert (len(faces), sure.tolist()) == (1, [False])


def test_what_the_teacher_sees_in_the_scene_is_a_face_and_mends_its_box() -> None:
    faces, sure = laid(x=20).judged(Told((-20, 55, 90, 130, 0.8)))
    assert sure.tolist() == [True]
    assert faces[0, :4] == pytest.approx([-25, 55, 95, 130])
    assert faces[0, 4:6] == pytest.approx([-10, 85]), "the points stay those that were moved along"


def test_a_face_that_nobody_knew_of_is_neither_asked_for_nor_wrong() -> None:
    faces, sure = Scene(np.zeros((SIDE, SIDE, 3), np.uint8)).judged(Told((50, 50, 40, 50, 0.9), (150, 50, 40, 50, 0.2)))
    assert faces[:, :4].tolist() == [[50, 50, 40, 50]]
    assert sure.tolist() == [False]


def test_a_picture_whose_face_was_taken_out_holds_none() -> None:
    scene = Scene(np.zeros((SIDE, SIDE, 3), np.uint8))
    scene.lay(one(), similarity(1.0, 0.0, False, (120, 115), (120, 120)), (0, 0, SIDE, SIDE), faceless=True)
    assert scene.judged(Told())[0].shape == (0, 16)
    plain = laid()
    assert (scene.pixels != plain.pixels).any()
    assert (scene.pixels[:40] == plain.pixels[:40]).all(), "what is not face stays"


def test_a_covered_face_shows_less() -> None:
    scene = laid()
    area = cover(scene.pixels, (70, 55, 170, 185), np.random.default_rng(1))
    scene.hide(area)
    covered = (area[2] - area[0]) * (area[3] - area[1]) / (100 * 130)
    assert 0.2 < covered < 0.65
    assert scene.visible[0] == pytest.approx(1 - covered, abs=0.02)


def test_scenes_are_seeded_and_of_all_kinds() -> None:
    people = [one(), one(0.3)]

    def faces_a_scene(seed: int) -> list[int]:
        studio = Studio(people, [], np.random.default_rng(seed))
        return [len(studio.scene().faces) for _ in range(60)]

    counts = faces_a_scene(3)
    assert counts == faces_a_scene(3)
    assert counts != faces_a_scene(4)
    assert min(counts) == 0
    assert {1, 2, 3, 4} & set(counts)
    assert max(counts) > 6


def test_pictures_with_bystanders_are_shown_more_often_than_by_chance() -> None:
    alone = one()
    crowd = Portrait(alone.sizes, np.repeat(one(0.77).faces, 2, 0))

    def share(people: list[Portrait]) -> float:
        studio = Studio(people, [], np.random.default_rng(0))
        scenes = [studio.scene() for _ in range(300)]
        return float(np.mean([any(face[14] == np.float32(0.77) for face in scene.faces) for scene in scenes]))

    assert share([alone] * 999 + [crowd]) == pytest.approx(0.18, abs=0.07)
    assert share([alone] * 999 + [one(0.77)]) < 0.05, "one face is no crowd"


def test_wear_changes_a_copy() -> None:
    scene = np.full((64, 64, 3), 100, np.uint8)
    worn = [degrade(scene, np.random.default_rng(seed)) for seed in range(20)]
    assert (scene == 100).all()
    assert all(one.shape == scene.shape and one.dtype == np.uint8 for one in worn)
    assert sum(bool((one != scene).any()) for one in worn) > 8
