"""Composite faces: many people's pictures warped to their mean shape and averaged, so that nobody of them is left."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.landmarks import MIRROR, Finder
from demo_media.warp import Picture, Points, Spline, blur, sample

WIDTH, HEIGHT = 512, 640
"""The canvas of a head, in pixels."""

CENTRE = np.array([256.0, 330.0])
"""Where the point between the eyes lies on the canvas."""

FACE_WIDTH = 240.0
"""From the left end of the face's contour to its right end, in pixels of the canvas."""

_MARGIN = 60  # a crop of UTKFace is all face; detectors want some room around it
_ALIKE = 0.6  # cosine of two pictures above which they may show one person; the same person: 0.70 at the least
_SHAPE, _COLOUR = 0.55, 0.3  # how far a composite is pushed away from the mean of all composites


@dataclass(frozen=True, slots=True)
class Member:
    """One picture with its landmarks and embedding."""

    picture: Picture
    landmarks: Points
    embedding: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Composite:
    """A face that nobody has: RGB on the canvas, its 98 landmarks, and the share of members that show each pixel."""

    picture: Picture
    landmarks: Points
    known: NDArray[np.float32]


def read_members(archive: Path, names: Sequence[str], finder: Finder) -> list[Member]:
    """Read the pictures, find their landmarks, and make sure that no two show the same person."""
    members = []
    with zipfile.ZipFile(archive) as files:
        for name in names:
            data = np.frombuffer(files.read(f"{name}.jpg.chip.webp"), np.uint8)
            decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
            if decoded is None:
                raise SystemExit(f"{archive}: {name} cannot be decoded")
            picture = np.asarray(decoded[..., ::-1], np.float32) / np.float32(255)
            roomy = np.pad(picture, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), mode="edge")
            members.append(Member(picture, finder.landmarks(roomy) - _MARGIN, finder.embedding(roomy)))
    together = np.stack([member.embedding for member in members])
    alike = together @ together.T - 2 * np.eye(len(members))
    if alike.max() > _ALIKE:
        one, other = (int(index) for index in np.unravel_index(int(alike.argmax()), alike.shape))
        raise SystemExit(f"{names[one]} and {names[other]} may be one person (cosine {alike.max():.2f}); take one out")
    return members


def _onto(points: Points, mean: Points) -> Points:
    """Rotate, scale and shift points onto others (Procrustes)."""
    here, there = points - points.mean(0), mean - mean.mean(0)
    left, singular, right = np.linalg.svd(here.T @ there)
    turn = np.array([1.0, np.sign(np.linalg.det(left @ right))])
    scale = float((singular * turn).sum() / (here**2).sum())
    return np.asarray(here @ (left * turn) @ right * scale + mean.mean(0))


def mean_shape(members: Sequence[Member]) -> Points:
    """The symmetric mean of all shapes, in pixels of the canvas."""
    shapes = [member.landmarks for member in members]
    shapes += [(shape * (-1, 1))[MIRROR] for shape in shapes]
    mean = shapes[0]
    for _ in range(6):
        mean = np.asarray(np.mean([_onto(shape, mean) for shape in shapes], axis=0))
    mean = (mean + (mean * (-1, 1))[MIRROR]) / 2
    return np.asarray((mean - mean[51]) * (FACE_WIDTH / (mean[32, 0] - mean[0, 0])) + CENTRE)


def _warped(member: Member, shape: Points, mirrored: bool) -> tuple[Picture, NDArray[np.float32]]:
    """The member in another shape, in Lab, and where its picture reaches."""
    picture, landmarks = member.picture, member.landmarks
    if mirrored:
        picture = np.ascontiguousarray(picture[:, ::-1])
        landmarks = (landmarks * (-1, 1) + (picture.shape[1] - 1, 0))[MIRROR]
    places = Spline.fit(shape, landmarks).grid(0, 0, WIDTH, HEIGHT)
    height, width = picture.shape[:2]
    inside = np.all((places > 2) & (places < (width - 3, height - 3)), axis=-1).astype(np.float32)
    return np.asarray(cv2.cvtColor(sample(picture, places, outside="edge"), cv2.COLOR_RGB2LAB)), inside


def average(members: Sequence[Member], shape: Points) -> Composite:
    """Average the members in one shape, each with the median colour and contrast of all, every second one mirrored."""
    face = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(shape.astype(np.float32)).astype(np.int32), 1)
    warped = [_warped(member, shape, bool(number % 2)) for number, member in enumerate(members)]
    means = np.stack([lab[face > 0].mean(0) for lab, _ in warped])
    spreads = np.stack([lab[face > 0].std(0) for lab, _ in warped])
    total, weight = np.zeros((HEIGHT, WIDTH, 3), np.float32), np.zeros((HEIGHT, WIDTH, 1), np.float32)
    for (lab, inside), mean, spread in zip(warped, means, spreads, strict=True):
        # feathered, so that no picture's edge shows; where nobody is seen, the edges' colours are averaged
        share = (np.minimum(blur(inside, 9), inside) * blur(inside, 9) + 0.01)[..., None]
        total += ((lab - mean) / spread * np.median(spreads, 0) + np.median(means, 0)).astype(np.float32) * share
        weight += share
    known = blur(np.mean([inside for _, inside in warped], axis=0).astype(np.float32), 6)
    return Composite(np.asarray(total / weight, np.float32), shape, known)


def make_composites(groups: Sequence[Sequence[Member]]) -> list[Composite]:
    """Make one composite of each group, and push them a little apart, since means of many resemble one another.

    What sets a group apart from all groups, in shape and in colour, is exaggerated, as in a caricature, but mildly.
    """
    shapes = [mean_shape(group) for group in groups]
    middle = np.mean(shapes, axis=0)
    made = []
    for group, shape in zip(groups, shapes, strict=True):
        pushed = shape + _SHAPE * (shape - middle)
        made.append(average(group, pushed))
    base = [average(group, middle).picture for group in groups]
    grand = np.mean(base, axis=0).astype(np.float32)
    finished = []
    for one, own in zip(made, base, strict=True):
        away = sample(np.asarray(own - grand, np.float32), Spline.fit(one.landmarks, middle).grid(0, 0, WIDTH, HEIGHT))
        lab = one.picture + _COLOUR * away * np.minimum(one.known * 2, 1)[..., None]
        sharp = lab + 0.5 * (lab - blur(lab, 2.0))  # an average is soft
        rgb = np.clip(cv2.cvtColor(np.asarray(sharp, np.float32), cv2.COLOR_LAB2RGB), 0, 1)
        finished.append(Composite(np.asarray(rgb, np.float32), one.landmarks, one.known))
    return finished


def check_nobody(composite: Composite, members: Sequence[Member], finder: Finder) -> float:
    """The highest cosine between the composite and one of its members; refuses one that may be taken for a member."""
    embedding = finder.embedding(composite.picture[100:, 56:-56])
    highest = max(float(embedding @ member.embedding) for member in members)
    if highest > _ALIKE:
        raise SystemExit(f"a composite resembles one of its members (cosine {highest:.2f}); add people")
    return highest
