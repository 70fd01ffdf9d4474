"""Scenes for the face detector: pictures laid out at many sizes and angles, with the teacher's faces moved along.

The teacher answers twice. Its calm answers on each picture (`training.faces_labels`) are moved with the picture, so a
point stays exact however small or turned the face becomes. And it looks at the finished scene: what it finds there is
a face, and a face that is turned or half hidden and that it no longer finds is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.data import Image
from training.faces_degrade import background, cover, shuffled
from training.faces_labels import MIRRORED, Faces, pairs
from training.faces_material import Labelled

SIDE = 256
"""Side of a training scene in pixels; the network is fully convolutional, so it also serves 320 and more."""

SURE, UNSURE = 0.55, 0.2
"""Teacher's mean scores from which a face is a face, and below which there is none."""

SEEN, SEEN_UNSURE = 0.6, 0.3
"""Teacher's scores in the finished scene from which a face is there, whatever was known of it, or may be there."""

VISIBLE = 0.75
"""Share of the box that must show for a face to be asked for though the teacher misses it in the scene."""

SMALLEST, SMALLEST_MISSED = 11.0, 16.0
"""Shorter side in scene pixels of a face that is asked for: seen by the teacher in the scene, or missed there."""

LEAST_VISIBLE = 0.25
"""Share of the box below which a known face is as good as hidden."""

LEAST_OVERLAP = 0.4
"""Of a moved face and one that the teacher sees in the scene, to be the same."""

Teacher = Callable[[Image], NDArray[np.float32]]
"""Maps a picture to faces float32 [n, 15]: x, y, width, height, five points, score."""

Point = tuple[float, float]

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in scene pixels."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A decoded picture at full, half and quarter size, and the faces in it."""

    sizes: tuple[Image, ...]
    faces: Faces


def portrait(labelled: Labelled) -> Portrait:
    """Decode a picture and shrink it, since a warp has no area filter."""
    sizes = [labelled.picture()]
    for _ in range(2):
        sizes.append(np.asarray(cv2.resize(sizes[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8))
    return Portrait(tuple(sizes), labelled.faces)


@dataclass(slots=True)
class Scene:
    """A scene under work: its pixels, the faces moved into it, and how much of each shows."""

    pixels: Image
    faces: list[NDArray[np.float32]] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)

    def lay(self, one: Portrait, matrix: NDArray[np.float64], rect: Rect, faceless: bool = False) -> None:
        """Warp a picture into a rectangle by a similarity (2 x 3, pixels of the picture to pixels of the scene)."""
        left, top, right, bottom = rect
        scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        level = 0 if scale > 0.6 else 1 if scale > 0.3 else 2
        pixels = one.sizes[level]
        if faceless:
            pixels = shuffled(pixels, one.faces[:, :4] / 2**level)
        factor = 2.0**level
        # the middle of the first pixel of a shrunk picture is not that of the whole one
        shift = matrix[:, :2] @ np.full(2, (factor - 1) / 2) + matrix[:, 2] - (left, top)
        own = np.ascontiguousarray(self.pixels[top:bottom, left:right])
        cv2.warpAffine(
            pixels,
            np.c_[matrix[:, :2] * factor, shift],
            (right - left, bottom - top),
            dst=own,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        self.pixels[top:bottom, left:right] = own
        if faceless:
            return
        for face in moved(one.faces, matrix):
            self.faces.append(face)
            self.visible.append(_share(face[:4], rect))

    def hide(self, rect: Rect) -> None:
        """Tell the faces that a rectangle now covers part of them."""
        self.visible = [shown - _share(face[:4], rect) for face, shown in zip(self.faces, self.visible, strict=True)]

    def judged(self, teacher: Teacher) -> tuple[Faces, NDArray[np.bool_]]:
        """Faces [n, 16] of the finished scene, and which of them must be found; others may be found or not."""
        seen = teacher(self.pixels)
        known = np.asarray(self.faces, np.float32).reshape(-1, 16)
        partner = pairs(known, seen, LEAST_OVERLAP)
        told, sure = [], []
        for face, shown, other in zip(known, self.visible, partner, strict=True):
            score = float(seen[other, 14]) if other >= 0 else 0.0
            if score >= SEEN:
                face[:4] = (face[:4] + seen[other, :4]) / 2
            shorter = float(min(face[2], face[3]))
            found = score >= SEEN and shorter >= SMALLEST
            missed = face[14] >= SURE and shown >= VISIBLE and shorter >= SMALLEST_MISSED
            if found or missed or score >= SEEN_UNSURE or (face[14] >= UNSURE and shown > LEAST_VISIBLE):
                told.append(face)
                sure.append(found or missed)
        for number in np.setdiff1d(np.arange(len(seen)), partner):
            if seen[number, 14] >= SEEN_UNSURE:  # nobody knew of it
                told.append(np.r_[seen[number], seen[number, 14]])
                sure.append(False)
        return np.asarray(told, np.float32).reshape(-1, 16), np.asarray(sure, np.bool_)


def moved(faces: Faces, matrix: NDArray[np.float64]) -> Faces:
    """Faces under a similarity, mirrored or not.

    A box becomes that of its turned ellipse, as a face fills an ellipse and not the corners.
    """
    linear, shift = matrix[:, :2], matrix[:, 2]
    told = faces.copy()
    middle = (faces[:, :2] + faces[:, 2:4] / 2) @ linear.T + shift
    half = np.sqrt((faces[:, 2:4] / 2) ** 2 @ (linear**2).T)
    told[:, :2], told[:, 2:4] = middle - half, 2 * half
    points = faces[:, 4:14].reshape(-1, 5, 2) @ linear.T + shift
    if np.linalg.det(linear) < 0:
        points = points[:, MIRRORED]
    told[:, 4:14] = points.reshape(-1, 10)
    return told


def _share(box: NDArray[np.float32], rect: Rect) -> float:
    """Share of a box that lies in a rectangle."""
    wide = min(box[0] + box[2], rect[2]) - max(box[0], rect[0])
    high = min(box[1] + box[3], rect[3]) - max(box[1], rect[1])
    return float(max(0.0, wide) * max(0.0, high) / max(box[2] * box[3], 1e-6))


def similarity(scale: float, degrees: float, mirrored: bool, fixed: Point, to: Point) -> NDArray[np.float64]:
    """The 2 x 3 matrix that turns and scales and brings one point to another."""
    angle = np.deg2rad(degrees)
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if mirrored:
        linear[:, 0] *= -1
    return np.asarray(np.c_[linear, np.asarray(to) - linear @ np.asarray(fixed)], np.float64)


class Studio:
    """Composes scenes from portraits and frames."""

    def __init__(self, people: list[Portrait], frames: list[Portrait], random: Generator) -> None:
        self._people, self._frames, self._random = people, frames, random
        # the faces that a finder missed were nearly all of bystanders: behind a shoulder, out of focus, half cut off
        self._crowds = [one for one in people if (one.faces[:, 14] >= UNSURE).sum() > 1] or people

    def scene(self) -> Scene:
        """One scene: a whole picture, often one with bystanders, a close-up, a mosaic, or nobody at all."""
        kind = self._random.random()
        scene = Scene(background(self._person().sizes[0], SIDE, self._random))
        if kind < 0.27:
            self._whole(scene, self._frame() if self._random.random() < 0.3 else self._person())
        elif kind < 0.45:
            self._whole(scene, self._any(self._crowds))
        elif kind < 0.55:
            self._close(scene)
        elif kind < 0.88:
            self._mosaic(scene, int(self._random.choice([2, 2, 3, 3, 4, 5])), 0.12)
        elif kind < 0.95:
            self._mosaic(scene, int(self._random.choice([1, 2, 3])), 1.0)  # pictures whose faces are taken out
        if self._random.random() < 0.2:
            scene.hide(cover(scene.pixels, self._target(scene), self._random))
        return scene

    def _any(self, of: list[Portrait]) -> Portrait:
        return of[int(self._random.integers(len(of)))]

    def _person(self) -> Portrait:
        return self._any(self._people)

    def _frame(self) -> Portrait:
        return self._any(self._frames or self._people)

    def _angle(self) -> float:
        return float(np.clip(self._random.normal(0, 22), -75, 75)) if self._random.random() < 0.5 else 0.0

    def _whole(self, scene: Scene, one: Portrait) -> None:
        """Nearly the whole picture, as the product sees it."""
        height, width = one.sizes[0].shape[:2]
        scale = SIDE / max(height, width) * float(np.exp(self._random.normal(0.05, 0.2)))
        to = SIDE * (0.5 + self._random.normal(0, 0.06, 2))
        matrix = similarity(scale, self._angle() / 2, self._random.random() < 0.5, (width / 2, height / 2), tuple(to))
        scene.lay(one, matrix, (0, 0, SIDE, SIDE))

    def _close(self, scene: Scene) -> None:
        """One face that fills a third of the scene or more, and may reach out of it."""
        one = self._person()
        face = self._of(one)
        scale = SIDE * float(np.exp(self._random.uniform(np.log(0.3), np.log(0.95)))) / max(face[2], face[3])
        to = SIDE * self._random.uniform(0.2, 0.8, 2)
        scene.lay(one, self._onto(face, scale, to), (0, 0, SIDE, SIDE))

    def _mosaic(self, scene: Scene, across: int, faceless: float) -> None:
        """A grid of pictures at mixed sizes; lines between cells cut faces as doors and shoulders do."""
        lines = np.linspace(0, SIDE, across + 1) + np.r_[0, self._random.normal(0, 0.08 * SIDE / across, across - 1), 0]
        edges = lines.astype(int).tolist()
        for top, bottom in pairwise(edges):
            for left, right in pairwise(edges):
                if self._random.random() < 0.15:
                    continue
                one = self._frame() if self._random.random() < 0.15 else self._person()
                face = self._of(one)
                share = float(np.exp(self._random.uniform(np.log(0.28), np.log(0.85))))
                scale = (right - left) * share / max(face[2], face[3])
                to = np.array([left, top]) + self._random.uniform(0.25, 0.75, 2) * (right - left, bottom - top)
                gone = bool(self._random.random() < faceless)
                scene.lay(one, self._onto(face, scale, to), (left, top, right, bottom), gone)

    def _of(self, one: Portrait) -> NDArray[np.float32]:
        """A face of the picture, mostly the surest; the whole picture where there is none."""
        height, width = one.sizes[0].shape[:2]
        sure = one.faces[one.faces[:, 14] >= UNSURE]
        if not len(sure):
            return np.array([width * 0.25, height * 0.25, width * 0.5, height * 0.5], np.float32)
        first = self._random.random() < 0.6
        return np.asarray(sure[0 if first else int(self._random.integers(len(sure)))], np.float32)

    def _onto(self, face: NDArray[np.float32], scale: float, to: NDArray[np.float64]) -> NDArray[np.float64]:
        middle = (float(face[0] + face[2] / 2), float(face[1] + face[3] / 2))
        return similarity(scale, self._angle(), bool(self._random.random() < 0.5), middle, (to[0], to[1]))

    def _target(self, scene: Scene) -> Rect:
        """Where something is laid over the scene: on a face, if there is one."""
        if not scene.faces:
            return (0, 0, SIDE, SIDE)
        x, y, width, height = scene.faces[int(self._random.integers(len(scene.faces)))][:4].tolist()
        return (int(x), int(y), int(x + width), int(y + height))
