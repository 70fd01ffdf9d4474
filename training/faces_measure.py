"""What the face detector really finds, on people and clips that it never saw, beside YuNet at the same input size."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from detectors.errors import ModelError
from detectors.faces import FaceFinder, letterbox
from detectors.model_files import Card, open_session
from detectors.yunet import Yunet
from training.card import wilson
from training.data import Image, decode_picture, frames_of, held_out, read_clips
from training.faces_labels import consensus
from training.faces_split import HELD_OUT, TUNED
from training.faces_tally import Tally
from training.teachers import YUNET, YuNet
from training.utkface import ORDER, groups_of

ANY_SIZE = "yunet_s_dynamic.onnx"
"""YuNet's weights in a file that takes every size; OpenCV's is fixed to 640 and would be slower than it need be."""

LEAST_SCORE = 0.05
"""Of YuNet's answers that tell a half-seen face from nothing."""

LOOKS = 100
"""Pictures over which times are taken."""

Thin = Callable[[list[str]], list[str]]
"""Chooses some of the names of pictures."""


@dataclass(frozen=True, slots=True)
class Peers:
    """YuNet in three forms: as OpenCV runs it at every size, in the finder of the house, and its bare session."""

    teacher: YuNet
    finder: FaceFinder
    session: onnxruntime.InferenceSession
    path: Path

    @classmethod
    def load(cls, teachers: Path) -> Peers:
        """Open them from the folder of teachers.

        Raises:
            ModelError: a file is missing; the message names it.
        """
        for name in (YUNET, ANY_SIZE):
            if not (teachers / name).is_file():
                raise ModelError(f"{teachers / name} is missing: without YuNet there is nothing to compare with")
        path = teachers / ANY_SIZE
        session = open_session(path, path.read_bytes())
        finder = FaceFinder(Yunet(session), Card("yunet", "2023mar", ""))  # type: ignore[arg-type]
        return cls(YuNet(teachers, threshold=LEAST_SCORE), finder, session, teachers / YUNET)


def held_out_pictures(data: Path, thin: Thin = list) -> list[Image]:
    """LFW's pictures of the held-out people."""
    return [rgb for _, rgb in _pictures(data, "lfw", 0.0, HELD_OUT, thin)]


def tuning_pictures(data: Path) -> list[Image]:
    """LFW's pictures of people who are neither trained on nor measured on: the threshold is chosen on them."""
    return [rgb for _, rgb in _pictures(data, "lfw", HELD_OUT, TUNED, list)]


def held_out_utkface(data: Path, thin: Thin = list) -> list[tuple[str, Image]]:
    """UTKFace's held-out pictures with their names."""
    return _pictures(data, "utkface", 0.0, HELD_OUT, thin)


def held_out_frames(data: Path, every: int = 15, most: int = 20) -> list[Image]:
    """Frames of the clips whose groups were held out."""
    return [
        rgb
        for clip in read_clips(data / "clips")
        if held_out(clip.group, HELD_OUT, "clips")
        for rgb in frames_of(data / "clips" / clip.file, every=every, most=most)
    ]


def _pictures(data: Path, name: str, least: float, most: float, thin: Thin) -> list[tuple[str, Image]]:
    """Names and pictures of a collection between two shares of the split."""
    with zipfile.ZipFile(data / "faces" / f"{name}.zip") as archive:
        files = [
            file
            for file in archive.namelist()
            if file.endswith(".webp")
            and held_out(file.split("/")[0], most, "faces")
            and not held_out(file.split("/")[0], least, "faces")
        ]
        return [(file, decode_picture(archive.read(file))) for file in thin(files)]


def compare(
    finders: Mapping[str, FaceFinder], teacher: YuNet, pictures: Iterable[Image]
) -> Mapping[str, Mapping[str, Any]]:
    """Figures of each finder over one set of pictures."""
    tallies = {name: Tally() for name in finders}
    for rgb in pictures:
        known, calm = teacher(rgb), consensus(teacher, rgb)
        for name, finder in finders.items():
            tallies[name].add(finder.find(rgb), known, calm)
    return {name: tally.figures() for name, tally in tallies.items()}


def by_group(
    finders: Mapping[str, FaceFinder], faces: Iterable[tuple[str, Image]]
) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Share of UTKFace's held-out faces found, by age, sex and ethnicity: finder, group, figures.

    Each of its pictures holds one face about the middle, whatever YuNet says: it is found if a box of at least 0.3 of
    the picture's side holds the middle.
    """
    counts: dict[str, dict[str, list[bool]]] = {name: {} for name in finders}
    for file, rgb in faces:
        groups = ("all", *groups_of(file))
        for name, finder in finders.items():
            found = any(_in_the_middle(one.box, rgb) for one in finder.find(rgb))
            for group in groups:
                counts[name].setdefault(group, []).append(found)
    return {
        name: {group: _share(groups[group]) for group in ("all", *ORDER) if group in groups}
        for name, groups in counts.items()
    }


def milliseconds(
    session: onnxruntime.InferenceSession, ours: FaceFinder, peers: Peers, pictures: Sequence[Image]
) -> Mapping[str, Mapping[str, float]]:
    """Median processor time at 320 px on one thread: the network alone, and a search with scaling and sorting.

    `yunet_opencv` is `cv2.FaceDetectorYN` on the same scaled picture, its own sorting included. All are asked in turn
    about each picture, and the time of the thread is taken, not that of the clock, so that a busy machine slows none
    more than another.
    """
    times: dict[str, dict[str, list[float]]] = {}
    name_of = peers.session.get_inputs()[0].name
    for rgb in pictures[:LOOKS]:
        image, _ = letterbox(rgb)
        height, width = image.shape[2:]
        bgr = np.ascontiguousarray(image[0].transpose(1, 2, 0)[..., ::-1]).astype(np.uint8)
        native = cv2.FaceDetectorYN.create(str(peers.path), "", (width, height), 0.6, 0.3, 5000)
        native.detect(bgr)  # the first call prepares it for the size
        asked: list[tuple[str, str, Callable[[], object]]] = [
            ("ours", "network", lambda: session.run(None, {"image": image})),  # noqa: B023 - called before the next
            ("ours", "search", lambda: ours.find(rgb)),  # noqa: B023
            ("yunet", "network", lambda: peers.session.run(None, {name_of: image})),  # noqa: B023
            ("yunet", "search", lambda: peers.finder.find(rgb)),  # noqa: B023
            ("yunet_opencv", "network", lambda: native.detect(bgr)),  # noqa: B023
        ]
        for name, part, call in asked:
            start = time.thread_time()
            call()
            times.setdefault(name, {}).setdefault(part, []).append((time.thread_time() - start) * 1000)
    return {
        name: {part: round(float(np.median(taken)), 3) for part, taken in parts.items()}
        for name, parts in times.items()
    }


def _in_the_middle(box: tuple[float, float, float, float], rgb: Image) -> bool:
    height, width = rgb.shape[:2]
    x, y, wide, high = box
    inside = x < width / 2 < x + wide and y < height / 2 < y + high
    return bool(inside and max(wide, high) >= 0.3 * max(height, width))


def _share(found: Sequence[bool]) -> Mapping[str, Any]:
    low, high = wilson(sum(found), len(found))
    return {
        "faces": len(found),
        "found": sum(found),
        "found_share": round(sum(found) / len(found), 4),
        "found_interval": [round(low, 4), round(high, 4)],
    }
