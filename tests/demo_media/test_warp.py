"""Thin-plate splines and layers: points go exactly where they should, alpha adds up."""

from __future__ import annotations

import numpy as np
import pytest

from demo_media.warp import Spline, over, sample


def test_a_spline_takes_its_points_where_they_should_go() -> None:
    random = np.random.default_rng(1)
    here = random.uniform(0, 200, (30, 2))
    there = here + random.normal(0, 8, (30, 2))
    assert np.abs(Spline.fit(here, there, stiffness=0.0)(here) - there).max() < 1e-6


def test_an_affine_map_is_found_exactly_and_everywhere() -> None:
    here = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 80.0], [100.0, 80.0], [50.0, 30.0]])
    matrix, shift = np.array([[1.2, 0.1], [-0.2, 0.9]]), np.array([5.0, -7.0])
    spline = Spline.fit(here, here @ matrix + shift)
    far = np.array([[300.0, -40.0]])
    assert spline(far) == pytest.approx(far @ matrix + shift, abs=1e-6)


def test_the_grid_is_the_spline_exactly_at_every_fourth_pixel_and_a_straight_line_between() -> None:
    random = np.random.default_rng(2)
    here = random.uniform(0, 60, (12, 2))
    spline = Spline.fit(here, here + random.normal(0, 2, (12, 2)))
    grid = spline.grid(10, 20, 33, 17)
    assert grid.shape == (17, 33, 2)
    rows, columns = np.mgrid[20:37:4, 10:43:4]
    exact = spline(np.stack([columns, rows], -1).reshape(-1, 2).astype(float)).reshape(5, 9, 2)
    assert np.abs(grid[::4, ::4] - exact).max() < 1e-4
    assert grid[0, 2] == pytest.approx((grid[0, 0] + grid[0, 4]) / 2, abs=1e-4)


def test_sampling_beside_a_picture_gives_nothing_or_its_edge() -> None:
    picture = np.full((4, 4, 3), 0.5, np.float32)
    beside = np.full((2, 2, 2), -10, np.float32)
    assert float(sample(picture, beside).max()) == 0
    assert float(sample(picture, beside, outside="edge").min()) == 0.5


def test_layers_add_up() -> None:
    below = np.zeros((1, 1, 4), np.float32)
    red = np.array([[[1, 0, 0, 0.5]]], np.float32)
    once = over(below, red)
    assert once.ravel().tolist() == [1, 0, 0, 0.5]
    assert over(once, red).ravel().tolist() == [1, 0, 0, 0.75]
    assert over(np.ones((1, 1, 3), np.float32), red).ravel().tolist() == [1, 0.5, 0.5]
