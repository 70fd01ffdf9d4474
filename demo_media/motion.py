"""What a head does over a clip: slow turns, nods with the speech, blinks, and a mouth that follows the loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.voice import RATE

FPS = 25
"""Frames a second of every clip."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A head in one frame.

    Attributes:
        yaw, pitch, roll: degrees; positive turns to the viewer's right, nods down, tilts clockwise.
        x, y: where the point between the eyes is, pixels of the frame.
        scale: pixels of the frame for one of the canvas.
        mouth: 0 closed to 1 wide open.
        blink: 0 open to 1 closed.
        smile: 0 to 1.
        brows: -1 lowered to 1 raised.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 180.0
    y: float = 262.0
    scale: float = 0.7
    mouth: float = 0.0
    blink: float = 0.0
    smile: float = 0.0
    brows: float = 0.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody moves: the deviations of the slow movements, and how much they smile.

    `jolts` are (second, pixels down, degrees): the stumbles of a clip.
    """

    turn: float = 4.0
    sway: float = 5.0
    smile: float = 0.15
    liveliness: float = 1.0
    jolts: tuple[tuple[float, float, float], ...] = ()


def _slow(count: int, seconds: float, random: np.random.Generator) -> NDArray[np.float64]:
    """A smooth random walk around 0 with deviation 1 that changes over about so many seconds."""
    margin = int(seconds * FPS * 3)
    raw = random.standard_normal(count + 2 * margin).astype(np.float32)
    smooth = cv2.GaussianBlur(raw[None], (0, 0), seconds * FPS / 2.5, borderType=cv2.BORDER_REFLECT)[0]
    return np.asarray((smooth / smooth.std())[margin : margin + count], np.float64)


def loudness(speech: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    """How loud the speech is at each frame, 0 to 1, quick to rise and slower to fall."""
    window = RATE // FPS
    padded = np.zeros(count * window, np.float32)
    padded[: min(len(speech), len(padded))] = speech[: len(padded)]
    power = np.sqrt((padded.reshape(count, window) ** 2).mean(1))
    level = np.clip(power / max(float(np.percentile(power, 93)), 1e-4), 0, 1) ** 0.8
    smooth = np.zeros(count)
    now = 0.0
    for index, value in enumerate(level):
        now += (float(value) - now) * (0.75 if value > now else 0.5)
        smooth[index] = now
    return smooth


def _blinks(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """A blink every 2 to 4 seconds, six frames long."""
    shape = np.array([0.35, 0.9, 1.0, 0.85, 0.45, 0.15])
    values = np.zeros(count + len(shape))
    at = int(random.uniform(0.5, 2.0) * FPS)
    while at < count:
        values[at : at + len(shape)] = shape
        at += int(random.uniform(2.0, 4.0) * FPS)
    return values[:count]


def act(speech: NDArray[np.float32], count: int, manner: Manner, start: Pose, seed: int) -> list[Pose]:
    """Play a clip of `count` frames to the speech, around the pose `start`."""
    random = np.random.default_rng(seed)
    loud = loudness(speech, count)
    flow = [_slow(count, seconds, random) for seconds in (1.6, 1.2, 1.8, 2.0, 1.7, 2.4, 1.5)]
    stress = cv2.GaussianBlur(loud[None].astype(np.float32), (0, 0), 4)[0]
    syllables = loud * (0.75 + 0.25 * _slow(count, 0.15, random)).clip(0.4, 1.2)
    blinks = _blinks(count, random)
    poses = []
    for index in range(count):
        lively = manner.liveliness
        poses.append(
            replace(
                start,
                yaw=start.yaw + manner.turn * float(flow[0][index]),
                pitch=start.pitch + 1.8 * float(flow[1][index]) + lively * 3.0 * float(stress[index] - 0.4),
                roll=start.roll + 1.6 * float(flow[2][index]),
                x=start.x + manner.sway * float(flow[3][index]),
                y=start.y + manner.sway * 0.5 * float(flow[4][index]) + lively * 2.0 * float(stress[index]),
                scale=start.scale * (1 + 0.012 * float(flow[5][index])),
                mouth=float(np.clip(0.85 * syllables[index], 0, 1)),
                blink=float(blinks[index]),
                smile=float(np.clip(manner.smile + 0.12 * flow[6][index], 0, 1)),
                brows=float(np.clip(0.4 * flow[1][index] + 0.5 * stress[index] - 0.2, -1, 1)),
            )
        )
    return _stumble(poses, manner.jolts)


def _stumble(poses: list[Pose], jolts: Sequence[tuple[float, float, float]]) -> list[Pose]:
    """Drop and tilt the head at each jolt; it swings back within a second."""
    moved = list(poses)
    for second, down, tilt in jolts:
        for index, pose in enumerate(moved):
            since = index / FPS - second
            if since < 0:
                continue
            swing = float(np.exp(-2.6 * since) * np.sin(min(since * 9.0, 40.0)))
            moved[index] = replace(
                pose, y=pose.y + down * swing, x=pose.x + 0.4 * down * swing, roll=pose.roll + tilt * swing
            )
    return moved
