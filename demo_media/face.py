"""From head and pose to pixels: the rig turned in space, the mouth opened, the lids closed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.composite import CENTRE
from demo_media.head import Head
from demo_media.landmarks import LEFT_BROW, LEFT_EYE, LOWER_INNER, RIGHT_BROW, RIGHT_EYE, UPPER_INNER
from demo_media.motion import Pose
from demo_media.warp import Picture, Points, Spline, blur, over, sample

_LOWER_LIP = (83, 84, 85, 86, 87, 93, 94, 95)
_UPPER_LIP = (77, 78, 79, 80, 81, 89, 90, 91)
_NO_RIG = (96, 97)  # the pupils move with the lids' picture, not with the skin
_BROWS = tuple(range(33, 51))
_PIVOT = np.array([256.0, 520.0, -40.0])  # the neck, around which a head turns


def expression(head: Head, pose: Pose) -> Points:
    """The rig on the canvas with mouth, smile and brows as the pose has them, not turned yet."""
    rig = head.rig.copy()
    chin, lips = head.landmarks[16], head.landmarks[90]
    gap = 21.0 * pose.mouth
    weights = np.clip((rig[:33, 1] - lips[1] + 20) / (chin[1] - lips[1]), 0, 1)
    rig[:33, 1] += gap * 0.75 * weights
    rig[:33, 0] += (CENTRE[0] - rig[:33, 0]) * 0.03 * pose.mouth * weights
    for index in _LOWER_LIP:
        across = 1 - min(abs(head.landmarks[index, 0] - lips[0]) / 52, 1) ** 2
        rig[index, 1] += gap * across
    for index in _UPPER_LIP:
        across = 1 - min(abs(head.landmarks[index, 0] - lips[0]) / 52, 1) ** 2
        rig[index, 1] -= gap * 0.12 * across
    for index in (76, 82, 88, 92):  # the corners
        side = np.sign(head.landmarks[index, 0] - lips[0])
        rig[index] += (side * (7 * pose.smile - 4 * pose.mouth), -6 * pose.smile + 2 * pose.mouth)
    rig[list(_BROWS), 1] -= 4.0 * pose.brows
    return np.asarray(rig)


def turned(points: Points, depth: NDArray[np.float64], pose: Pose) -> Points:
    """Points of the canvas, turned in space and laid on the frame with a little perspective."""
    yaw, pitch, roll = (np.radians(value) for value in (pose.yaw, pose.pitch, pose.roll))
    x, y, z = (np.concatenate([points, depth[:, None]], 1) - _PIVOT).T
    x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    y, z = y * np.cos(pitch) + z * np.sin(pitch), z * np.cos(pitch) - y * np.sin(pitch)
    x, y = x * np.cos(roll) - y * np.sin(roll), y * np.cos(roll) + x * np.sin(roll)
    near = 1600.0 / (1600.0 - z)
    flat = np.stack([x * near, y * near], 1)
    return np.asarray((flat + _PIVOT[:2] - CENTRE) * pose.scale + (pose.x, pose.y))


def with_lids(head: Head, blink: float) -> Picture:
    """The head's picture with its lids so far closed: the skin above each eye is drawn down over it."""
    if blink <= 0.02:
        return head.picture
    picture = head.picture.copy()
    for eye in (LEFT_EYE, RIGHT_EYE):
        points = head.landmarks[eye]
        left, right = points[:, 0].min() - 3, points[:, 0].max() + 3
        columns = np.arange(int(left), int(right) + 1)
        upper_points = points[:5][np.argsort(points[:5, 0])]
        lower_points = points[[0, 7, 6, 5, 4]][np.argsort(points[[0, 7, 6, 5, 4], 0])]
        upper = np.interp(columns, upper_points[:, 0], upper_points[:, 1]) - 1
        lower = np.interp(columns, lower_points[:, 0], lower_points[:, 1]) + 1
        brow = head.landmarks[LEFT_BROW if eye is LEFT_EYE else RIGHT_BROW, 1].max()
        fold = upper - float(np.clip(0.5 * (upper.min() - brow), 5, 14))
        edge = upper + blink * (lower - upper)
        rows = np.arange(int(fold.min()), int(lower.max()) + 8)
        stretch = (upper - 3 - fold) / np.maximum(edge - fold, 1)
        source = fold + (rows[:, None] - fold) * stretch
        places = np.stack([np.broadcast_to(columns, source.shape), source], -1).astype(np.float32)
        lid = sample(np.ascontiguousarray(head.picture[..., :3]), places, outside="edge")
        lid = 0.55 * lid + 0.45 * np.array(head.skin, np.float32) * 0.86
        distance = edge - rows[:, None]
        cover = np.clip(distance + 0.5, 0, 1) * (rows[:, None] > fold)
        lashes = 0.55 * np.exp(-((distance / 1.6) ** 2)) * np.clip((lower - upper) / 6, 0, 1)
        area = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, :3]
        area[:] = (area * (1 - cover[..., None]) + lid * cover[..., None]) * (1 - lashes[..., None])
    return picture


def _inside_mouth(points: Points, pose: Pose, size: tuple[int, int]) -> Picture:
    """What an open mouth shows: dark, with the upper teeth's edge. RGBA of the frame's size."""
    width, height = size
    outline = np.concatenate([points[list(UPPER_INNER)], points[list(LOWER_INNER)][1:-1]])
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    alpha = blur(mask.astype(np.float32) / np.float32(255), 0.8)
    middle = points[list(UPPER_INNER)].mean(0)
    across = float(np.linalg.norm(points[92] - points[88]))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    tilt = np.radians(pose.roll)
    u = ((columns - middle[0]) * np.cos(tilt) + (rows - middle[1]) * np.sin(tilt)) / max(across, 1)
    v = ((rows - middle[1]) * np.cos(tilt) - (columns - middle[0]) * np.sin(tilt)) / max(across, 1)
    teeth = np.clip((0.135 - np.abs(v - 0.03)) / 0.05, 0, 1) * np.clip((0.40 - np.abs(u)) / 0.12, 0, 1)
    dark = np.array((0.20, 0.07, 0.07), np.float32)
    bright = np.array((0.72, 0.66, 0.60), np.float32) * (1 - 0.5 * np.abs(u[..., None]))
    colour = dark + (bright - dark) * (teeth * 0.85)[..., None]
    return np.asarray(np.concatenate([colour, alpha[..., None]], -1), np.float32)


def pose_points(head: Head, pose: Pose) -> Points:
    """The whole rig on the frame."""
    return turned(expression(head, pose), head.depth, pose)


def render_head(head: Head, pose: Pose, size: tuple[int, int]) -> tuple[Picture, Points]:
    """The head in this pose as RGBA of a frame's size (width, height), and its 98 landmarks there."""
    width, height = size
    there = pose_points(head, pose)
    keep = [index for index in range(len(there)) if index not in _NO_RIG]
    reach = there[98:]
    left, top = (np.maximum(np.minimum(reach.min(0), there[:98].min(0)) - 24 * pose.scale, 0)).astype(int)
    right, bottom = (np.maximum(reach.max(0), there[:98].max(0)) + 24 * pose.scale).astype(int)
    right, bottom = min(int(right), width), min(int(bottom), height)
    places = Spline.fit(there[keep], head.rig[keep]).grid(int(left), int(top), int(right - left), int(bottom - top))
    picture = np.zeros((height, width, 4), np.float32)
    picture[top:bottom, left:right] = sample(with_lids(head, pose.blink), places)
    if pose.mouth > 0.06:
        cavity = _inside_mouth(there, pose, size)
        cavity[..., 3] *= min((pose.mouth - 0.06) / 0.12, 1)
        picture = over(picture, cavity)
    return picture, np.asarray(there[:98])
