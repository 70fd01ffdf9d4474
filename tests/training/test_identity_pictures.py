"""What the identity model is shown: cut as the product cuts, mixed, and worn without moving."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.identity_faces import CANVAS, MARGIN
from training.identity_pictures import mixture, placed, worn


def _face(colour: tuple[int, int, int], x: int = 64, y: int = 64) -> NDArray[np.uint8]:
    """A grey canvas with a soft disc of one colour."""
    canvas = np.full((CANVAS, CANVAS, 3), 110, np.uint8)
    cv2.circle(canvas, (x, y), 22, colour, -1)
    return cv2.GaussianBlur(canvas, (0, 0), 2).astype(np.uint8)


def _middle(picture: NDArray[np.uint8], channel: int = 0) -> NDArray[np.float64]:
    """Centre of what differs from grey in one channel, (x, y)."""
    weight = np.abs(picture[..., channel].astype(np.float64) - 110)
    weight[weight < 40] = 0
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    return np.asarray(np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum(), np.float64)


def test_a_face_is_cut_around_the_template_with_a_small_error() -> None:
    cut = [placed(_face((250, 110, 110)), np.random.default_rng(seed)) for seed in range(60)]
    assert {(one.shape, one.dtype.name) for one in cut} == {((112, 112, 3), "uint8")}
    off = np.array([_middle(one) for one in cut]) - (64 - MARGIN)
    assert np.abs(off.mean(0)).max() < 0.8, "no side is preferred"
    assert 0.5 < off.std() < 2.5, "the product's points err by a pixel or two"


def test_wear_keeps_the_face_where_it_is_so_that_the_answer_still_fits() -> None:
    cut = placed(_face((250, 110, 110)), np.random.default_rng(1))
    moved = []
    for seed in range(80):
        after = worn(cut, np.random.default_rng(seed))
        assert after.shape == cut.shape
        assert after.dtype == np.uint8
        grey = cv2.cvtColor(after, cv2.COLOR_RGB2GRAY).astype(np.float32)
        shift, _ = cv2.phaseCorrelate(cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY).astype(np.float32), grey)
        moved.append(float(np.hypot(shift[0], shift[1])))
    assert np.median(moved) < 0.5


def test_a_third_is_left_alone_and_the_rest_is_not() -> None:
    cut = placed(_face((30, 200, 90)), np.random.default_rng(2))
    alone = sum(np.array_equal(cut, worn(cut, np.random.default_rng(seed))) for seed in range(300))
    assert 0.28 < alone / 300 < 0.55, "a third by rule, and those on which no wear fell"


def test_a_mixture_holds_something_of_both() -> None:
    red, blue = _face((250, 110, 110)), _face((110, 110, 250))
    for seed in range(20):
        mixed = mixture(red, blue, np.random.default_rng(seed)).astype(int)
        assert mixed.shape == red.shape
        inside = mixed[44:84, 44:84]
        assert (inside[..., 0] - inside[..., 1]).max() > 15, "red of the one"
        assert (inside[..., 2] - inside[..., 1]).max() > 15, "blue of the other"


def test_the_same_seed_gives_the_same_picture() -> None:
    face = _face((250, 20, 110))
    first, again, other = (worn(placed(face, random), random) for random in map(np.random.default_rng, (5, 5, 6)))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
