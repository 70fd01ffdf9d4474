"""Hair, drawn: noise smeared along a field of directions gives strands, a ragged outline gives its edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.composite import CENTRE, HEIGHT, WIDTH
from demo_media.warp import Picture, blur

Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HairStyle:
    """How somebody wears their hair.

    Attributes:
        colour: RGB, 0 to 1.
        volume: how far it stands off the skull, in pixels of the canvas.
        hairline: how high the forehead is: pixels from the point between the eyes.
        parting: where the strands part, in pixels to the right of the middle; negative is left.
        wave: 0 for straight strands, 1 for curly ones.
    """

    colour: tuple[float, float, float]
    volume: float = 24.0
    hairline: float = 122.0
    parting: float = -60.0
    wave: float = 0.25
    seed: int = 1


def closed_curve(points: Sequence[tuple[float, float]]) -> NDArray[np.int32]:
    """A smooth closed curve through points (Catmull-Rom), as a polygon in 1/16 pixels for cv2.fillPoly."""
    knots = np.array(points, float)
    before, after, later = np.roll(knots, 1, 0), np.roll(knots, -1, 0), np.roll(knots, -2, 0)
    t = np.linspace(0, 1, 12, endpoint=False)[None, :, None]
    a, b, c, d = (one[:, None] for one in (before, knots, after, later))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.asarray(np.round(curve.reshape(-1, 2) * 16), np.int32)


def filled(points: Sequence[tuple[float, float]], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Mask:
    """The inside of a smooth closed curve, 0 or 1."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(mask, [closed_curve(points)], 255, cv2.LINE_AA, 4)
    return np.asarray(mask.astype(np.float32) / 255)


def noise(shape: tuple[int, ...], sigma: float, random: np.random.Generator) -> Mask:
    """Smooth noise with mean 0 and deviation 1."""
    field = random.standard_normal(shape).astype(np.float32)
    field = blur(field, sigma) if sigma > 0 else field
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def strands(direction: NDArray[np.float32], grain: Mask, length: int = 26) -> Mask:
    """Smear noise along a field of unit vectors (line integral convolution, Cabral and Leedom 1993)."""
    rows, columns = np.mgrid[0 : grain.shape[0], 0 : grain.shape[1]].astype(np.float32)
    total = grain.copy()
    for sign in (1.0, -1.0):
        x, y = columns.copy(), rows.copy()
        for _ in range(length):
            step = cv2.remap(direction, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            x, y = x + sign * step[..., 0], y + sign * step[..., 1]
            total += cv2.remap(grain, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray((total - total.mean()) / total.std(), np.float32)


def _directions(style: HairStyle, random: np.random.Generator) -> NDArray[np.float32]:
    """Strands run from the parting over the skull and down its sides."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    x, y = columns - (CENTRE[0] + style.parting), rows - (CENTRE[1] - 60)
    side = np.tanh(x / 40)
    along = np.stack([side * -y, side * x], -1) / np.maximum(np.hypot(x, y), 1)[..., None]
    outward = np.stack([x, y], -1) / np.maximum(np.hypot(x, y), 1)[..., None]
    high = np.clip((CENTRE[1] - 70 - rows) / 60, 0, 1)[..., None]
    field = along + outward * (0.25 + 0.55 * high)
    bend = style.wave * noise((HEIGHT, WIDTH), 14, random)
    turned = np.stack(
        [
            field[..., 0] * np.cos(bend) - field[..., 1] * np.sin(bend),
            field[..., 0] * np.sin(bend) + field[..., 1] * np.cos(bend),
        ],
        -1,
    )
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-3), np.float32)


def _outline(style: HairStyle) -> tuple[Mask, Mask]:
    """The hair's whole outline, and the face that it leaves free."""
    middle, eyes = CENTRE
    out = style.volume
    half = 122.0
    outer = filled([
        (middle - half + 6, eyes + 34), (middle - half - out * 0.42, eyes - 20),
        (middle - half - out * 0.55, eyes - 90),
        (middle - half * 0.86 - out * 0.6, eyes - 148), (middle - half * 0.5, eyes - 188 - out * 0.9),
        (middle, eyes - 203 - out), (middle + half * 0.5, eyes - 190 - out * 0.9),
        (middle + half * 0.86 + out * 0.6, eyes - 148), (middle + half + out * 0.55, eyes - 90),
        (middle + half + out * 0.42, eyes - 20), (middle + half - 6, eyes + 34), (middle + half - 16, eyes + 4),
        (middle, eyes + 10), (middle - half + 16, eyes + 4),
    ])  # fmt: skip
    line = style.hairline
    free = filled([
        (middle - half + 13, eyes + 60), (middle - half + 15, eyes - 10), (middle - half + 22, eyes - 52),
        (middle - half + 34, eyes - line * 0.74), (middle - half * 0.42, eyes - line * 1.0),
        (middle + half * 0.05, eyes - line * 1.06), (middle + half * 0.5, eyes - line * 0.97),
        (middle + half - 34, eyes - line * 0.74), (middle + half - 22, eyes - 52), (middle + half - 15, eyes - 10),
        (middle + half - 13, eyes + 60), (middle, eyes + 220),
    ])  # fmt: skip
    return outer, free


def _signed_distance(mask: Mask) -> Mask:
    inside = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((mask <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(inside - outside, np.float32)


def draw_hair(style: HairStyle) -> Picture:
    """The hair as an RGBA picture on the canvas of a head."""
    random = np.random.default_rng(style.seed)
    direction = _directions(style, random)
    fine = strands(direction, noise((HEIGHT, WIDTH), 0.7, random))
    coarse = strands(direction, noise((HEIGHT, WIDTH), 3.0, random))
    outer, free = _outline(style)
    edge = np.minimum(
        _signed_distance(outer) + 3.0 * coarse + 1.5 * fine, 5.0 * coarse + 3.0 * fine - _signed_distance(free) - 2
    )
    alpha = blur(np.clip(edge / 7 + 0.5, 0, 1).astype(np.float32), 0.9)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    depth = np.clip(_signed_distance(outer) / 46, 0, 1)
    shine = np.exp(-(((np.hypot((columns - CENTRE[0] + 40) * 0.9, rows - CENTRE[1] + 30) - 168) / 26) ** 2))
    light = 0.55 + 0.5 * depth + 0.35 * shine + 0.11 * coarse + 0.10 * fine
    light *= 1 - 0.25 * np.clip((rows - CENTRE[1] + 60) / 80, 0, 1)
    colour = np.array(style.colour, np.float32) * np.clip(light, 0.2, 2)[..., None] + 0.05 * shine[..., None]
    return np.asarray(np.concatenate([np.clip(colour, 0, 1), alpha[..., None]], -1), np.float32)
