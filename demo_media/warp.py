"""Thin-plate splines: smooth warps of the plane that take some points exactly where they should go."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""x and y of n points, float64 [n, 2]."""

Picture = NDArray[np.float32]
"""Height by width by channels, RGB or RGBA, 0 to 1."""

_STEP = 4  # pixels between two points at which the spline is really computed; between them it is linear


def _kernel(squared: NDArray[np.float64]) -> NDArray[np.float64]:
    """r² log r, the bending energy's kernel in the plane (Bookstein 1989)."""
    return np.asarray(0.5 * squared * np.log(squared + 1e-9))


@dataclass(frozen=True, slots=True)
class Spline:
    """A warp that takes `centres` to the points it was fitted to."""

    centres: Points
    weights: NDArray[np.float64]

    @classmethod
    def fit(cls, here: Points, there: Points, stiffness: float = 0.05) -> Spline:
        """Fit the warp from `here` to `there`; a higher `stiffness` forgives noise in the points."""
        n = len(here)
        system = np.zeros((n + 3, n + 3))
        system[:n, :n] = _kernel(((here[:, None] - here[None]) ** 2).sum(-1)) + stiffness * np.eye(n)
        system[:n, n] = system[n, :n] = 1.0
        system[:n, n + 1 :] = here
        system[n + 1 :, :n] = here.T
        weights = np.linalg.solve(system, np.vstack([there, np.zeros((3, 2))]))
        return cls(here, np.asarray(weights, np.float64))

    def __call__(self, points: Points) -> Points:
        """Where these points go."""
        n = len(self.centres)
        bent = _kernel(((points[:, None] - self.centres[None]) ** 2).sum(-1)) @ self.weights[:n]
        return np.asarray(bent + self.weights[n] + points @ self.weights[n + 1 :])

    def grid(self, left: int, top: int, width: int, height: int) -> NDArray[np.float32]:
        """Where every pixel of a rectangle goes, float32 [height, width, 2], ready for cv2.remap."""
        xs = left + np.arange(0, width + _STEP, _STEP, dtype=np.float64)
        ys = top + np.arange(0, height + _STEP, _STEP, dtype=np.float64)
        coarse = self(np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)).reshape(len(ys), len(xs), 2)
        column, row = np.meshgrid(
            np.arange(width, dtype=np.float32) / _STEP, np.arange(height, dtype=np.float32) / _STEP
        )
        return np.asarray(cv2.remap(coarse.astype(np.float32), column, row, cv2.INTER_LINEAR))


def sample(picture: Picture, places: NDArray[np.float32], *, outside: str = "empty") -> Picture:
    """Read a picture at these places: outside of it, zeros (`empty`) or its nearest edge (`edge`)."""
    border = cv2.BORDER_CONSTANT if outside == "empty" else cv2.BORDER_REPLICATE
    return np.asarray(
        cv2.remap(picture, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=border), np.float32
    )


def over(below: Picture, above: Picture) -> Picture:
    """Lay an RGBA picture (not premultiplied) over an RGB or RGBA one."""
    alpha = above[..., 3:]
    colour = below[..., :3] * (1 - alpha) + above[..., :3] * alpha
    if below.shape[2] == 3:
        return np.asarray(colour, np.float32)
    under = below[..., 3:]
    total = alpha + under * (1 - alpha)
    mixed = (above[..., :3] * alpha + below[..., :3] * under * (1 - alpha)) / np.maximum(total, 1e-6)
    return np.asarray(np.concatenate([mixed, total], -1), np.float32)


def blur(picture: Picture, sigma: float) -> Picture:
    """Gaussian blur by `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)
