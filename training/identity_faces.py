"""Faces for the identity model: all that the data folder has, aligned once and kept in the work folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.face_embedding import ARCFACE_TEMPLATE, similarity
from training.data import Image, read_pictures
from training.forgery_data import COLLECTIONS, load
from training.identity_split import kept_out
from training.settings import Settings
from training.teachers import Embedder, YuNet

CANVAS = 128
"""Side of the stored faces: the 112 px template with a margin for shifts."""

MARGIN = (CANVAS - 112) // 2

ASPECT = 0.94
"""Width to height of what the 160 px squares of the forgery collections showed before they were squeezed."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Aligned faces uint8 [n, 128, 128, 3], their kind, and the mean answer for the person, where there are names.

    `person` is float32 [n, 128]: the unit mean of the teacher's answers for all photographs of the person, zeros where
    no name is known or there is one photograph only.
    """

    pixels: NDArray[np.uint8]
    kind: NDArray[np.str_]
    person: NDArray[np.float32]


def on_canvas(rgb: Image, points: NDArray[np.float32]) -> Image:
    """Align a face by its five points onto the canvas, as the product aligns it onto the template."""
    matrix = similarity(points.reshape(5, 2), ARCFACE_TEMPLATE + MARGIN)
    return np.asarray(cv2.warpAffine(rgb, matrix, (CANVAS, CANVAS), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _photographs(settings: Settings, finder: YuNet) -> Iterator[tuple[Image, str, str]]:
    for kind in ("lfw", "utkface"):
        for file, rgb in read_pictures(settings.data / "faces" / f"{kind}.zip"):
            name = file.split("/")[0] if kind == "lfw" else file
            if kept_out(f"{kind}:{name}"):
                continue
            faces = finder(rgb)
            if len(faces):
                face = faces[np.argmax(faces[:, 2] * faces[:, 3])]
                yield on_canvas(rgb, face[4:14]), kind, f"{kind}:{name}"


def _crops(settings: Settings, finder: YuNet) -> Iterator[tuple[Image, str, str]]:
    """Faces of the forgery collections, swapped ones too: a face that nobody has is still a face to the teacher."""
    for name in COLLECTIONS:
        collection = load(name, settings.data, settings.work)
        for row in np.flatnonzero(~collection.kept_out):
            square = np.array(collection.pixels[row])
            side = square.shape[0]
            width = round(side * ASPECT)
            points = collection.points[row] * np.array([width, side], np.float32)
            rgb = np.asarray(cv2.resize(square, (width, side), interpolation=cv2.INTER_AREA), np.uint8)
            if np.isnan(points).any():
                border = side // 4
                faces = finder(
                    np.asarray(cv2.copyMakeBorder(rgb, border, border, border, border, cv2.BORDER_REPLICATE), np.uint8)
                )
                if len(faces) == 0:
                    continue
                points = faces[np.argmax(faces[:, 14])][4:14].reshape(5, 2) - border
            yield on_canvas(rgb, points), "crops", ""


def _person_means(pixels: NDArray[np.uint8], people: NDArray[np.str_], teacher: Embedder) -> NDArray[np.float32]:
    """For each face the mean answer for its person; see :class:`Faces`."""
    means = np.zeros((len(pixels), 128), np.float32)
    names, count = np.unique(people[people != ""], return_counts=True)
    for name in names[count > 1]:
        rows = np.flatnonzero(people == name)
        mean = teacher(pixels[rows, MARGIN:-MARGIN, MARGIN:-MARGIN]).mean(0)
        means[rows] = mean / np.linalg.norm(mean)
    return means


def prepare(settings: Settings) -> Faces:
    """Find, align and keep every face that may be trained on."""
    kept = settings.work / "faces"
    if not (kept / "person.npy").is_file():
        kept.mkdir(parents=True, exist_ok=True)
        finder = YuNet(settings.teachers, threshold=0.6)
        # one growing block: many small arrays among the finder's large buffers would pin every freed one
        block, kinds, people = bytearray(), [], []
        for face, kind, person in chain(_photographs(settings, finder), _crops(settings, finder)):
            block += face.tobytes()
            kinds.append(kind)
            people.append(person)
            if len(kinds) % 2000 == 0:
                print(f"identity: aligned {len(kinds)} faces", file=sys.stderr, flush=True)
        found = np.frombuffer(block, np.uint8).reshape(-1, CANVAS, CANVAS, 3)
        np.save(kept / "pixels.npy", found)
        np.save(kept / "kind.npy", np.array(kinds))
        means = _person_means(found, np.array(people), Embedder(settings.teachers, settings.threads))
        np.save(kept / "person.part.npy", means)
        (kept / "person.part.npy").replace(kept / "person.npy")
    return Faces(
        pixels=np.load(kept / "pixels.npy", mmap_mode="r"),
        kind=np.load(kept / "kind.npy"),
        person=np.load(kept / "person.npy"),
    )
