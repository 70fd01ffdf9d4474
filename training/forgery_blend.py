"""Synthetic faces made from genuine ones: a face pasted into a picture under a soft mask.

What is pasted is the same face slightly changed (self-blended images, Shiohara and Yamasaki 2022), another person's, or
what a small autoencoder makes of the face. What is left to see is what tools leave: a border, two statistics that
do not quite agree, and the texture of a decoder.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.data import Image

Floats = NDArray[np.float32]


def self_blend(square: Image, points: Floats, random: Generator) -> Image:
    """The same face, changed in colour, sharpness and place, on itself."""
    side = square.shape[0]
    changed = restyle(square.astype(np.float32), random)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), random.normal(0, 1.2), random.uniform(0.96, 1.04))
    matrix = np.asarray(turn, np.float64) + np.array([[0, 0, random.normal(0, 2.0)], [0, 0, random.normal(0, 2.0)]])
    moved = np.asarray(cv2.warpAffine(changed, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE), np.float32)
    target = square.astype(np.float32)
    if random.random() < 0.5:
        target = restyle(target, random)
    return _blend(moved, target, face_mask(side, points, random))


def exchange(square: Image, points: Floats, other: Image, other_points: Floats, random: Generator) -> Image:
    """Another person's face, warped by its five points and brought to the colours of this one."""
    side = square.shape[0]
    matrix, _ = cv2.estimateAffine2D(other_points * side, points * side, method=cv2.LMEDS)
    if matrix is None:
        return self_blend(square, points, random)
    warped = cv2.warpAffine(other, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    mask = face_mask(side, points, random)
    target = square.astype(np.float32)
    weight = mask.sum() + 1e-6
    for channel in range(3):
        here, there = target[..., channel], warped[..., channel]
        mean_here, mean_there = float((here * mask).sum() / weight), float((there * mask).sum() / weight)
        spread_here = float(np.sqrt(((here - mean_here) ** 2 * mask).sum() / weight))
        spread_there = float(np.sqrt(((there - mean_there) ** 2 * mask).sum() / weight)) + 1.0
        warped[..., channel] = (there - mean_there) * min(spread_here / spread_there, 2.0) + mean_here
    if random.random() < 0.5:
        warped = restyle(warped, random)
    return _blend(warped, target, mask)


def re_render(square: Image, points: Floats, rendered: Image, random: Generator) -> Image:
    """What an autoencoder made of the face: of all of it, of the inner face as a swap has it, or of the mouth alone."""
    side = square.shape[0]
    new, target = rendered.astype(np.float32), square.astype(np.float32)
    if random.random() < 0.35:  # tools sharpen what their decoder has blurred, and add grain
        new = new + random.uniform(0.3, 1.2) * (new - cv2.GaussianBlur(new, (0, 0), random.uniform(0.8, 2.0)))
    if random.random() < 0.2:
        new = new + random.normal(0, random.uniform(1, 5), (side, side, 1)).astype(np.float32)
    pick = random.random()
    if pick < 0.4:
        return np.clip(new, 0, 255).astype(np.uint8)
    if pick < 0.8:
        if random.random() < 0.5:
            new = new * random.uniform(0.93, 1.07, 3).astype(np.float32)
        return _blend(np.asarray(new, np.float32), target, face_mask(side, points, random))
    return _blend(np.asarray(new, np.float32), target, mouth_mask(side, points, random))


def face_mask(side: int, points: Floats, random: Generator) -> Floats:
    """A soft, uneven ellipse over the inner face, 0 to 1."""
    eyes, mouth = points[:2].mean(0) * side, points[3:].mean(0) * side
    centre = (eyes + mouth) / 2 + random.normal(0, 2, 2)
    half_width = max(1.15 * float(np.linalg.norm(points[1] - points[0])) * side * random.uniform(0.75, 1.2), 12.0)
    half_height = max(1.25 * float(np.linalg.norm(mouth - eyes)) * random.uniform(0.7, 1.25), 12.0)
    return _ellipse(side, centre, half_width, half_height, _angle(points), random)


def mouth_mask(side: int, points: Floats, random: Generator) -> Floats:
    """A soft ellipse over mouth and chin, as lip synchronisation changes them."""
    nose, mouth = points[2] * side, points[3:].mean(0) * side
    centre = mouth + (mouth - nose) * random.uniform(0.0, 0.4)
    half_width = max(float(np.linalg.norm(points[4] - points[3])) * side * random.uniform(0.7, 1.3), 10.0)
    half_height = max(float(np.linalg.norm(mouth - nose)) * random.uniform(0.7, 1.3), 8.0)
    return _ellipse(side, centre, half_width, half_height, _angle(points), random)


def _angle(points: Floats) -> float:
    return float(np.degrees(np.arctan2(*(points[1] - points[0])[::-1])))


def _ellipse(side: int, centre: Floats, wide: float, high: float, angle: float, random: Generator) -> Floats:
    around = cv2.ellipse2Poly((int(centre[0]), int(centre[1])), (int(wide), int(high)), int(angle), 0, 360, 20)
    outline = np.asarray(around, np.float32)
    outline += random.normal(0, 2.5, outline.shape).astype(np.float32)
    mask = np.zeros((side, side), np.float32)
    cv2.fillPoly(mask, [outline.astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(mask, (0, 0), float(random.uniform(1.5, 8.0)))
    return np.asarray(soft * float(random.choice([0.5, 0.75, 1.0, 1.0, 1.0])), np.float32)


def _blend(new: Floats, target: Floats, mask: Floats) -> Image:
    blended = mask[..., None] * new + (1 - mask[..., None]) * target
    return np.clip(blended, 0, 255).astype(np.uint8)


def restyle(values: Floats, random: Generator) -> Floats:
    """Change colour, contrast and sharpness a little."""
    out = values * random.uniform(0.9, 1.1, 3).astype(np.float32) + random.uniform(-12, 12, 3).astype(np.float32)
    out = (out - out.mean()) * float(random.uniform(0.88, 1.12)) + out.mean()
    pick = random.random()
    if pick < 0.35:
        small = cv2.resize(out, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        out = np.asarray(cv2.resize(small, out.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    elif pick < 0.6:
        out = out + 0.6 * (out - cv2.GaussianBlur(out, (0, 0), 1.5))
    elif pick < 0.75:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), random.uniform(0.5, 1.4)), np.float32)
    return np.asarray(out, np.float32)
