"""What the face detector really finds, on people and clips that it never saw, beside its teacher; and its card."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detectors.contract import FaceSighting
from detectors.faces import FaceFinder
from detectors.geometry import overlap
from detectors.model_files import load_model
from training.card import wilson, write_card
from training.data import Image, frames_of, held_out, read_clips, read_pictures
from training.settings import Settings
from training.teachers import YuNet

SMALLEST = 32.0
"""Faces with a shorter side than this, in pixels of the picture, are not asked for."""

SURE = 0.7
"""Teacher's score from which a face must be found; below it a find is counted neither way."""

UNSURE = 0.3
MOST_PICTURES = 1500


@dataclass(slots=True)
class Tally:
    """Counts over one set of pictures."""

    pictures: int = 0
    faces: int = 0
    found: int = 0
    false_boxes: int = 0
    landmark_error: float = 0.0
    """Sum over found faces of the mean distance of the five points, as a share of the eye distance."""

    def add(self, ours: list[FaceSighting], teacher: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        """Compare the finds in one picture with the teacher's."""
        self.pictures += 1
        free = list(ours)
        for face in teacher:
            box = (float(face[0]), float(face[1]), float(face[2]), float(face[3]))
            best = max(free, key=lambda one: overlap(one.box, box), default=None)
            met = best is not None and overlap(best.box, box) >= 0.5
            if met:
                assert best is not None
                free.remove(best)
            if face[14] < SURE or min(box[2:]) < SMALLEST:
                continue
            self.faces += 1
            if met:
                assert best is not None
                self.found += 1
                points = face[4:14].reshape(5, 2)
                apart = np.linalg.norm(best.landmarks - points, axis=1).mean()
                # a face from the side has its eyes on one line of sight: a third of the width is the least
                eyes = max(float(np.linalg.norm(points[0] - points[1])), box[2] / 3)
                self.landmark_error += float(apart) / eyes
        self.false_boxes += len(free)

    def figures(self) -> Mapping[str, Any]:
        """The figures of this set, with the 95 % interval of the share that was found."""
        low, high = wilson(self.found, self.faces)
        return {
            "pictures": self.pictures,
            "faces": self.faces,
            "found_share": self.found / max(self.faces, 1),
            "found_interval": [low, high],
            "false_boxes_per_picture": self.false_boxes / max(self.pictures, 1),
            "landmark_error_of_eye_distance": self.landmark_error / max(self.found, 1),
        }


def _held_out_pictures(settings: Settings, share: float) -> list[Image]:
    return [
        rgb
        for name in ("lfw", "utkface")
        for file, rgb in read_pictures(settings.data / "faces" / f"{name}.zip")
        if held_out(file.split("/")[0], share, "faces")
    ][:MOST_PICTURES]


def _held_out_frames(settings: Settings, share: float) -> list[Image]:
    folder = settings.data / "clips"
    return [
        rgb
        for clip in read_clips(folder)
        if held_out(clip.group, share, "clips")
        for rgb in frames_of(folder / clip.file, every=15, most=20)
    ]


def _measure(finder: FaceFinder, teacher: YuNet, pictures: list[Image]) -> Mapping[str, Any]:
    tally = Tally()
    for rgb in pictures:
        tally.add(finder.find(rgb), teacher(rgb))
    return tally.figures()


def _milliseconds(finder: FaceFinder, pictures: list[Image]) -> float:
    """Median time of a whole search at 320 px on one thread, scaling and sorting included."""
    times = []
    for rgb in pictures[:100]:
        start = time.perf_counter()
        finder.find(rgb)
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times))


def measure_and_write(settings: Settings, path: Path, pictures: int, frames: int, seen: int, share: float) -> None:
    """Measure the exported file as the product uses it and write its card.

    Args:
        settings: the run.
        path: the exported model; a preliminary card is written first, because only files with a card load.
        pictures, frames: how many pictures and clip frames the scenes were made of.
        seen: how many scenes the optimisation saw.
        share: the share of people and clip groups that was held out.
    """
    write_card(path, {"name": "faces", "version": "unmeasured"})
    finder = FaceFinder(*load_model("faces", path))
    teacher = YuNet(settings.teachers, threshold=UNSURE)
    portraits, clip_frames = _held_out_pictures(settings, share), _held_out_frames(settings, share)
    on_pictures = _measure(finder, teacher, portraits)
    on_clips = _measure(finder, teacher, clip_frames)
    print(f"faces: pictures {dict(on_pictures)}\nfaces: clip frames {dict(on_clips)}", file=sys.stderr)
    write_card(
        path,
        {
            "name": "faces",
            "version": f"1.{settings.seed}",
            "role": "finds faces with five landmarks in one picture",
            "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
            "input": {
                "name": "image",
                "layout": "float32 [1, 3, H, W], RGB, 0 to 255, sides multiples of 32, long side 320, black padding",
                "preprocessing": "detectors.faces.letterbox",
            },
            "output": {
                "scores": "float32 [n], 0 to 1, higher is a face",
                "boxes": "float32 [n, 4], left, top, right, bottom in input pixels",
                "landmarks": "float32 [n, 5, 2], right eye, left eye, nose, right and left corner of the mouth",
                "score_threshold": 0.6,
            },
            "training": {
                "command": f"python -m training faces --minutes {settings.minutes:g} --seed {settings.seed}",
                "sets": f"LFW and a UTKFace subset ({pictures} pictures), {frames} frames of example clips "
                "(FaceForensics++ c23, LivePortrait and SadTalker examples)",
                "terms": "LFW is a public research benchmark, UTKFace and FaceForensics++ are for non-commercial "
                "research; to be free of them, name another folder of pictures with --data",
                "teacher": "boxes and points by YuNet (MIT); its answers were learned, its weights were not used",
                "scenes_seen": seen,
                "held_out": f"{share:.0%} of the people and of the clip groups",
            },
            "quality": {
                "how": f"against YuNet's faces of score {SURE} and at least {SMALLEST:.0f} px, at IoU 0.5, on held-out "
                "people and clips",
                "pictures": on_pictures,
                "clip_frames": on_clips,
                "ms_one_thread_320": _milliseconds(finder, clip_frames),
            },
            "limits": {
                "known_failures": "faces below a tenth of the picture's long side, heads turned by more than about "
                "60 degrees, faces more than half covered"
            },
        },
    )
