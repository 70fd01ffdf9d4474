"""What the face detector learns from: pictures and clip frames with the teacher's calm answers, read once and kept."""

from __future__ import annotations

import pickle
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from training.data import Image, decode_picture, frames_of, held_out, read_clips
from training.faces_labels import Faces, consensus
from training.faces_split import TUNED
from training.settings import Settings
from training.teachers import YuNet

LEAST_SCORE = 0.2
"""Of a look of the teacher that counts."""

FRAME_SIDE = 480


@dataclass(frozen=True, slots=True)
class Labelled:
    """An encoded picture, and the teacher's faces in it."""

    data: bytes
    faces: Faces

    def picture(self) -> Image:
        """Decode it."""
        return decode_picture(self.data)


def gather(settings: Settings) -> tuple[list[Labelled], list[Labelled]]:
    """Pictures and clip frames of the people and clip groups to train on; kept in the work folder."""
    kept = settings.work / "material.pickle"
    if kept.is_file():
        loaded: tuple[list[Labelled], list[Labelled]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written below
        return loaded
    people = []
    for name in ("lfw", "utkface"):
        with zipfile.ZipFile(settings.data / "faces" / f"{name}.zip") as archive:
            people += [
                archive.read(file)
                for file in archive.namelist()
                if file.endswith(".webp") and not held_out(file.split("/")[0], TUNED, "faces")
            ]
    frames = []
    for clip in read_clips(settings.data / "clips"):
        if held_out(clip.group, TUNED, "clips"):
            continue
        for rgb in frames_of(settings.data / "clips" / clip.file, every=15, most=24):
            scale = FRAME_SIDE / max(rgb.shape[:2])
            small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
            frames.append(cv2.imencode(".png", cv2.cvtColor(np.asarray(small), cv2.COLOR_RGB2BGR))[1].tobytes())
    print(f"faces: {len(people)} pictures and {len(frames)} clip frames to train on", file=sys.stderr, flush=True)
    teacher = YuNet(settings.teachers, threshold=LEAST_SCORE)
    told = _label(people, teacher), _label(frames, teacher)
    kept.write_bytes(pickle.dumps(told))
    return told


def _label(pictures: Iterable[bytes], teacher: YuNet) -> list[Labelled]:
    labelled = []
    for data in pictures:
        labelled.append(Labelled(data, consensus(teacher, decode_picture(data))))
        if len(labelled) % 1000 == 0:
            print(f"faces: the teacher has seen {len(labelled)} pictures", file=sys.stderr, flush=True)
    return labelled
