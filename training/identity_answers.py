"""What the teacher says of faces and of mixtures of faces; for the lessons asked once and kept in the work folder.

A lesson goes through its pictures many times within minutes, and some take the teacher's inner maps as their input. The
long phase asks anew in every batch (:class:`training.identity_batches.Fresh`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.identity_faces import Faces
from training.identity_pictures import mixture, placed
from training.inner_teacher import INNER, InnerEmbedder
from training.settings import Settings

ASKED = 20_000
"""Pictures that the teacher is asked about: 4 GB of answers, most of it inner maps."""

ASKED_A_MINUTE = 2000
"""At most so many for each minute of the budget: a short run would not come to see more."""

SHARES = {"lfw": 0.25, "utkface": 0.05, "crops": 0.25}
"""How often a face of each kind is taken as it is; the rest are mixtures of two of any kind."""

TOWARD_PERSON = 0.3
"""How far a photograph's target is moved from the teacher's answer to the mean of the answers for that person."""

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Answers:
    """Pictures with their answers; arrays are mapped from files.

    Attributes:
        pixels: uint8 [n, 112, 112, 3], faces as the product cuts them.
        targets: float32 [n, 128], unit embeddings.
        maps: float16 [n, channels, side, side] for each of :data:`training.inner_teacher.INNER`.
    """

    pixels: NDArray[np.uint8]
    targets: NDArray[np.float32]
    maps: tuple[NDArray[np.float16], ...]


def ask(faces: Faces, settings: Settings) -> Answers:
    """Ask about a seeded choice of faces and mixtures; where the folder has the answers, read them."""
    folder = settings.work / "answers"
    names = ["pixels", "targets", *(f"map{side}" for _, side in INNER.values())]
    if not (folder / "complete").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        asked = _AT_ONCE * max(4, min(ASKED, int(ASKED_A_MINUTE * settings.minutes)) // _AT_ONCE)
        shapes = [(112, 112, 3), (128,), *((channels, side, side) for channels, side in INNER.values())]
        kinds = [np.uint8, np.float32, *(np.float16 for _ in INNER)]
        files = [
            np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, (asked, *shape))  # type: ignore[no-untyped-call]
            for name, kind, shape in zip(names, kinds, shapes, strict=True)
        ]
        random = np.random.default_rng(settings.seed)
        teacher = InnerEmbedder(settings.teachers, settings.threads)
        for first in range(0, asked, _AT_ONCE):
            for file, part in zip(files, questions(faces, teacher, random, _AT_ONCE), strict=True):
                file[first : first + _AT_ONCE] = part
            if first % 2000 == 0:
                print(f"identity: asked about {first} of {asked} pictures", file=sys.stderr, flush=True)
        for file in files:
            file.flush()
        (folder / "complete").touch()
    kept = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}
    return Answers(kept["pixels"], kept["targets"], tuple(kept[name] for name in names[2:]))


def questions(
    faces: Faces, teacher: InnerEmbedder, random: np.random.Generator, count: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32], *tuple[NDArray[np.float32], ...]]:
    """Choose faces and mixtures, and ask about them.

    Returns:
        Pixels, targets and maps of so many, as :class:`Answers` describes them; the maps not yet narrowed.
    """
    pixels, person = _chosen(faces, random, count)
    embeddings, maps = teacher(pixels)
    named = np.abs(person).sum(1, keepdims=True) > 0
    targets = np.where(named, (1 - TOWARD_PERSON) * embeddings + TOWARD_PERSON * person, embeddings)
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    return pixels, targets, *maps


def _chosen(faces: Faces, random: np.random.Generator, count: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Pictures to ask about, and the mean answer for their person, zeros where there is none."""
    rows = [np.flatnonzero(faces.kind == kind) for kind in SHARES]
    shares = [share if len(found) else 0.0 for share, found in zip(SHARES.values(), rows, strict=True)]
    shares.append(1 - sum(shares))
    crops = faces.kind == "crops"
    # a mixture takes a photograph nearly as often as a crop, although there are many more crops
    weight = np.where(crops, 1.0, max(1.0, 0.7 * float(crops.sum() / max(1, (~crops).sum()))))
    weight /= weight.sum()
    pixels = np.empty((count, 112, 112, 3), np.uint8)
    person = np.zeros((count, 128), np.float32)
    for number, kind in enumerate(random.choice(len(shares), count, p=shares)):
        if kind == len(SHARES):
            first, second = random.choice(len(weight), 2, p=weight)
            face = mixture(faces.pixels[first], faces.pixels[second], random)
        else:
            row = int(random.choice(rows[kind]))
            face = np.array(faces.pixels[row])
            person[number] = faces.person[row]
            if random.random() < 0.5:
                face = np.ascontiguousarray(face[:, ::-1])
        pixels[number] = placed(face, random)
    return pixels, person
