"""How a face moves: 98 points of it in neighbouring frames, found by a teacher, in clips and in fakes made of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import onnxruntime
from numpy.random import default_rng
from numpy.typing import NDArray

from detectors.geometry import SQUARE, Box, cut
from training.data import ClipRow, Image
from training.forgery_blend import exchange
from training.teachers import YuNet

PFLD = "PFLD_GhostOne_112_1_opt_sim.onnx"
"""The teacher's file; its 98 points are in the order of the WFLW set."""

FRAMES = 160
"""First frames of a clip that are followed: five seconds or more."""

FIND_EVERY = 8
"""Frames between two searches; the boxes in between are interpolated, so that no jump of a box moves the points."""

MARGIN = 1.2
"""Side of the square that the points are found in, as a multiple of the longer side of the face box."""

FIVE = (96, 97, 54, 76, 82)
"""Eyes, nose and corners of the mouth among the 98."""


BOTH = "&"

MADE = "made:"
MADE_SWAP = f"{MADE}swap"
"""How the method of a fake is named that was made here."""


@dataclass(frozen=True, slots=True)
class Motion:
    """One clip, or what was made of it.

    Attributes:
        points: float32 [frames, 98, 2], as shares of the square.
        fake: its label.
        method: of a fake; "made:..." where it was made here.
        group: whom it shows, two of them joined by BOTH where it was made of two: no part may stand on both sides of a
            split.
        name: its file, and for a made one the kind.
    """

    points: NDArray[np.float32]
    fake: bool
    method: str
    group: str
    name: str


class Points:
    """The teacher of points."""

    def __init__(self, teachers: Path) -> None:
        path = teachers / PFLD
        if not path.is_file():
            raise SystemExit(f"{path}: the teacher is missing; name its folder with --teachers")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, squares: Sequence[Image]) -> NDArray[np.float32]:
        """Points of faces in squares of `MARGIN`, float32 [n, 98, 2] as shares of the square."""
        found = []
        for square in squares:
            small = cv2.resize(square, (112, 112), interpolation=cv2.INTER_AREA)[..., ::-1]
            batch = np.ascontiguousarray(small.transpose(2, 0, 1)[None], np.float32) / 255
            found.append(np.asarray(self._session.run(None, {"input": batch})[0], np.float32).reshape(98, 2))
        return np.stack(found)


def squares_of(path: Path, finder: YuNet) -> list[Image]:
    """The largest face of each of the first frames, in a square that moves smoothly; empty where none is found."""
    with av.open(str(path)) as container:
        frames = [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in islice(container.decode(video=0), FRAMES)
        ]
    known: dict[int, NDArray[np.float64]] = {}
    for number in sorted({*range(0, len(frames), FIND_EVERY), len(frames) - 1}):
        faces = finder(frames[number])
        if len(faces):
            known[number] = faces[np.argmax(faces[:, 2] * faces[:, 3])][:4].astype(np.float64)
    if not known:
        return []
    at = sorted(known)
    boxes = np.stack(
        [np.interp(np.arange(len(frames)), at, [known[number][side] for number in at]) for side in range(4)], 1
    )
    return [cut(frame, _square(box), (SQUARE, SQUARE)) for frame, box in zip(frames, boxes, strict=True)]


def _square(box: NDArray[np.float64]) -> Box:
    x, y, width, height = (float(value) for value in box)
    side = MARGIN * max(width, height)
    return (x + width / 2 - side / 2, y + height / 2 - side / 2, side, side)


def swapped(
    squares: Sequence[Image], points: NDArray[np.float32], other: Sequence[Image], other_points: NDArray[np.float32]
) -> list[Image]:
    """Another clip's face on this one, frame by frame, aligned by five points that tremble as they are found."""
    made = []
    for number, (square, there) in enumerate(zip(squares, other, strict=False)):
        # the same mask and colours in all frames: only what the points do may change from one to the next
        random = default_rng(0)
        made.append(exchange(square, points[number, list(FIVE)], there, other_points[number, list(FIVE)], random))
    return made


def motions(rows: Sequence[ClipRow], folder: Path, teachers: Path, kept: Path) -> list[Motion]:
    """Points of all clips, and of each genuine one with the face of the next genuine one; kept for the next time."""
    if not kept.is_file():
        finder, find = YuNet(teachers, threshold=0.6), Points(teachers)
        told: list[Motion] = []
        genuine: list[tuple[ClipRow, list[Image], NDArray[np.float32]]] = []
        for row in rows:
            squares = squares_of(folder / row.file, finder)
            if not squares:
                print(f"motion: no face in {row.file}", file=sys.stderr)
                continue
            points = find(squares)
            told.append(Motion(points, row.fake, row.method.split(" ")[0], row.group, row.file))
            if not row.fake:
                genuine.append((row, squares, points))
            print(f"motion: followed {row.file}, {len(points)} frames", file=sys.stderr, flush=True)
        for (row, squares, points), (shown, other, there) in zip(genuine, [*genuine[1:], *genuine[:1]], strict=True):
            made = find(swapped(squares, points, other, there))
            told.append(Motion(made, True, MADE_SWAP, f"{row.group}{BOTH}{shown.group}", f"{row.file}:swap"))
        _write(kept, told)
    return _read(kept)


def _write(path: Path, told: Sequence[Motion]) -> None:
    np.savez(
        path,
        points=np.concatenate([one.points for one in told]),
        length=[len(one.points) for one in told],
        fake=[one.fake for one in told],
        words=[[one.method, one.group, one.name] for one in told],
    )


def _read(path: Path) -> list[Motion]:
    kept = np.load(path)
    parts = np.split(kept["points"], np.cumsum(kept["length"])[:-1])
    return [
        Motion(points, bool(fake), *(str(word) for word in words))
        for points, fake, words in zip(parts, kept["fake"], kept["words"], strict=True)
    ]
