"""A head on its canvas: the composite's face, a forehead, ears and hair, with a depth for every landmark."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.composite import CENTRE, HEIGHT, WIDTH, Composite
from demo_media.hair import HairStyle, draw_hair, filled, noise
from demo_media.landmarks import CONTOUR
from demo_media.warp import Picture, Points, blur, over

_HALF_WIDTH, _HALF_HEIGHT, _DEPTH = 128.0, 215.0, 105.0  # the ellipsoid on which the landmarks lie, canvas pixels
_NOSE = {51: 12.0, 52: 20.0, 53: 30.0, 54: 38.0, 55: 12.0, 56: 20.0, 57: 26.0, 58: 20.0, 59: 12.0}


@dataclass(frozen=True, slots=True)
class Head:
    """Picture, landmarks and rig of one head.

    Attributes:
        picture: RGBA on the canvas; its lower edge is the jaw.
        landmarks: the 98 points of the face, canvas pixels.
        rig: all points that carry the picture: the landmarks first, then skull, ears and hair.
        depth: how far each point of the rig lies in front of the ears' plane, canvas pixels.
        skin: RGB of the cheeks, for the neck.
    """

    picture: Picture
    landmarks: Points
    rig: Points
    depth: NDArray[np.float64]
    skin: tuple[float, float, float]


def _depth(points: Points) -> NDArray[np.float64]:
    """Depth of points on the ellipsoid."""
    x, y = (points[:, 0] - CENTRE[0]) / _HALF_WIDTH, (points[:, 1] - CENTRE[1]) / _HALF_HEIGHT
    return np.asarray(_DEPTH * np.sqrt(np.clip(1 - x**2 - 0.6 * y**2, 0, 1)))


def _skull(volume: float) -> Points:
    """Points around the head, from which the warp of hair and ears hangs."""
    angles = np.radians(np.linspace(180, 360, 13))
    ring = np.stack([np.cos(angles) * (132 + volume * 0.6), np.sin(angles) * (205 + volume)], -1) + CENTRE
    inner = np.stack([np.cos(angles[1:-1]) * 88, np.sin(angles[1:-1]) * 130], -1) + CENTRE
    ears = np.array([[-140.0, 20.0], [-138.0, 75.0], [140.0, 20.0], [138.0, 75.0]]) + CENTRE
    return np.concatenate([ring, inner, ears])


def _cheek(composite: Composite) -> tuple[float, float, float]:
    """The skin's colour beside the nose."""
    patches = []
    for one, other in ((55, 3), (59, 29)):
        x, y = ((composite.landmarks[one] + composite.landmarks[other]) / 2).astype(int)
        patches.append(composite.picture[y - 8 : y + 9, x - 8 : x + 9].reshape(-1, 3))
    red, green, blue = np.median(np.concatenate(patches), axis=0)
    return float(red), float(green), float(blue)


def _forehead(composite: Composite) -> Picture:
    """The face with its forehead, smooth where few members show one."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    brows = float(composite.landmarks[33:51, 1].min())
    strip = composite.picture[int(brows) - 26 : int(brows) - 12, 206:306].reshape(-1, 3)
    skin = np.median(strip, axis=0)
    x, y = (columns - CENTRE[0]) / 120, (rows - CENTRE[1] + 60) / 110
    light = 1.03 - 0.20 * x**2 - 0.10 * np.clip(-y, 0, 2) ** 2
    smooth = skin * light[..., None] * (1 + 0.0035 * noise((HEIGHT, WIDTH), 1.2, np.random.default_rng(7))[..., None])
    # the picture wins from the brows down, and at the temples never: hair of fourteen people hangs there
    share = np.clip((rows - (brows - 34)) / 26, 0, 1)
    share = np.maximum(share, 0) * np.clip((118 - np.abs(columns - CENTRE[0])) / 10 + (rows > brows + 30), 0, 1)
    share = blur(share.astype(np.float32), 4)[..., None]
    return np.asarray(composite.picture * share + np.clip(smooth, 0, 1) * (1 - share), np.float32)


def _ears(skin: tuple[float, float, float]) -> Picture:
    """Two plain ears, mostly behind the face."""
    picture = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    for sign in (-1, 1):
        x, y = CENTRE[0] + sign * 121, CENTRE[1] + 34
        shape = filled([
            (x - sign * 10, y - 34), (x + sign * 9, y - 38), (x + sign * 18, y - 22), (x + sign * 15, y + 6),
            (x + sign * 7, y + 30), (x - sign * 4, y + 38), (x - sign * 12, y + 20),
        ])  # fmt: skip
        inner = np.exp(-(((columns - x - sign * 4) / 5) ** 2) - ((rows - y + 6) / 17) ** 2)
        light = 0.86 - 0.30 * inner - 0.0022 * (rows - y)
        colour = np.array(skin, np.float32) * (1.0, 0.95, 0.93) * light[..., None]
        layer = np.concatenate([np.clip(colour, 0, 1), blur(shape, 1.2)[..., None]], -1).astype(np.float32)
        picture = over(picture, layer)
    return picture


def make_head(composite: Composite, style: HairStyle) -> Head:
    """Put a head together."""
    contour = composite.landmarks[CONTOUR]
    forehead = [
        (CENTRE[0] + x, CENTRE[1] + y) for x, y in ((112, -70), (84, -150), (0, -180), (-84, -150), (-112, -70))
    ]
    outline = [(float(x), float(y)) for x, y in contour] + forehead
    inset = cv2.erode(filled(outline), np.ones((3, 3), np.uint8), iterations=3)
    mask = blur(np.asarray(inset, np.float32), 2.6)
    face = np.concatenate([_forehead(composite), mask[..., None]], -1).astype(np.float32)
    skin = _cheek(composite)
    hair = draw_hair(style)
    shadow = np.zeros_like(hair)
    shadow[..., 3] = np.roll(blur(hair[..., 3], 9), 7, axis=0) * 0.32 * (mask > 0.5)
    # soft enough to be shrunk to a frame without glitter
    picture = blur(over(over(over(_ears(skin), face), shadow), hair), 0.6)
    rig = np.concatenate([composite.landmarks, _skull(style.volume)])
    depth = _depth(rig)
    for index, forward in _NOSE.items():
        depth[index] += forward
    return Head(picture, composite.landmarks, rig, depth, skin)
