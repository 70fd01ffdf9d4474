"""Faces for the identity model: all that the data folder has, aligned, and mixtures of them, with a teacher's answers.

A teacher answers on any picture, so mixtures of two faces are as good a question as a photograph (function matching,
Beyer et al. 2022): they make unlimited people out of a few thousand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from detectors.face_embedding import ARCFACE_TEMPLATE, similarity
from training.data import Image, read_pictures
from training.forgery_data import COLLECTIONS, load
from training.identity_split import kept_out
from training.settings import Settings
from training.teachers import Embedder, YuNet

CANVAS = 128
"""Side of the stored faces: the 112 px template with a margin for shifts."""

MARGIN = (CANVAS - 112) // 2

MIXTURES = 40_000

ASPECT = 0.94
"""Width to height of what the 160 px squares of the forgery collections showed before they were squeezed."""

SHARES = {"lfw": 0.3, "utkface": 0.1, "crops": 0.25, "mixtures": 0.35}
"""How often each kind is drawn: LFW shows whole heads and has names, the crops are many but tight."""

TOWARD_PERSON = 0.3
"""How far a photograph's target is moved from the teacher's answer to the mean of the answers for that person."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Aligned faces uint8 [n, 128, 128, 3], their kind, and what the teacher says of them."""

    pixels: NDArray[np.uint8]
    kind: NDArray[np.str_]
    targets: NDArray[np.float32]
    """float32 [n, 128]: unit embeddings, wanted of the face and of its mirror image alike."""


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


def mixture(first: Image, second: Image, random: Generator) -> Image:
    """A face between two: by shares everywhere, or with a soft border between the parts of one and of the other."""
    one, two = (_stretched(face, random).astype(np.float32) for face in (first, second))
    if random.random() < 0.5:
        share: NDArray[np.float32] | float = float(random.uniform(0.25, 0.75))
    else:
        y, x = np.mgrid[0:CANVAS, 0:CANVAS].astype(np.float32) / CANVAS - 0.5
        angle, place = random.uniform(0, 2 * np.pi), random.uniform(-0.15, 0.15)
        along = x * np.cos(angle) + y * np.sin(angle) - place
        share = (1 / (1 + np.exp(-along / random.uniform(0.03, 0.15))))[..., None].astype(np.float32)
    return np.asarray(np.clip(share * one + (1 - share) * two, 0, 255), np.uint8)


def _stretched(face: Image, random: Generator) -> Image:
    """Make the face a little wider or narrower, darker or lighter, mirrored or not: another person."""
    if random.random() < 0.5:
        face = face[:, ::-1]
    middle = CANVAS / 2
    wide, high = random.uniform(0.88, 1.12, 2)
    matrix = np.array([[wide, 0, middle * (1 - wide)], [0, high, middle * (1 - high)]], np.float64)
    out = cv2.warpAffine(np.ascontiguousarray(face), matrix, (CANVAS, CANVAS), borderMode=cv2.BORDER_REPLICATE)
    values = out * random.uniform(0.9, 1.1, 3) + random.uniform(-15, 15)
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _embed(teacher: Embedder, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The teacher's answers, float32 [n, 128]."""
    parts = []
    for start in range(0, len(pixels), 128):
        faces = pixels[start : start + 128, MARGIN:-MARGIN, MARGIN:-MARGIN]
        parts.append(teacher(faces))
        if start % 12_800 == 0:
            print(f"identity: the teacher embedded {start} of {len(pixels)} faces", file=sys.stderr, flush=True)
    return np.concatenate(parts)


def _toward_person(targets: NDArray[np.float32], person: NDArray[np.str_]) -> NDArray[np.float32]:
    """Use the names: pull the targets of one person's photographs together."""
    out = targets.copy()
    for name in np.unique(person[person != ""]):
        rows = np.flatnonzero(person == name)
        if len(rows) > 1:
            out[rows] = (1 - TOWARD_PERSON) * targets[rows] + TOWARD_PERSON * targets[rows].mean(0)
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


def prepare(settings: Settings) -> Faces:
    """Align, mix and let the teacher answer; kept in the work folder."""
    kept = settings.work / "faces"
    if not (kept / "targets.npy").is_file():
        kept.mkdir(parents=True, exist_ok=True)
        finder = YuNet(settings.teachers, threshold=0.6)
        # one growing block: many small arrays among the finder's large buffers would pin every freed one
        block, kinds, people = bytearray(), [], []
        for face, kind, person in chain(_photographs(settings, finder), _crops(settings, finder)):
            block += face.tobytes()
            kinds.append(kind)
            people.append(person)
        found = np.frombuffer(block, np.uint8).reshape(-1, CANVAS, CANVAS, 3)
        print(f"identity: aligned {len(found)} faces", file=sys.stderr, flush=True)
        random = np.random.default_rng(settings.seed)
        pixels = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
            kept / "pixels.npy", "w+", np.uint8, (len(found) + MIXTURES, CANVAS, CANVAS, 3)
        )
        pixels[: len(found)] = found
        for number in range(len(found), len(pixels)):
            first, second = random.integers(0, len(found), 2)
            pixels[number] = mixture(found[first], found[second], random)
        pixels.flush()
        np.save(kept / "kind.npy", np.array(kinds + ["mixtures"] * MIXTURES))
        answers = _embed(Embedder(settings.teachers, settings.threads), pixels)
        targets = _toward_person(answers, np.array(people + [""] * MIXTURES))
        np.save(kept / "targets.part.npy", targets)
        (kept / "targets.part.npy").replace(kept / "targets.npy")
    return Faces(
        pixels=np.load(kept / "pixels.npy", mmap_mode="r"),
        kind=np.load(kept / "kind.npy"),
        targets=np.load(kept / "targets.npy"),
    )


def degrade(face: Image, random: Generator) -> Image:
    """A canvas to what a video would leave of it: misplaced, small, blurred, compressed, dim, half hidden."""
    turn = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), random.normal(0, 3), random.uniform(0.95, 1.05))
    move = np.array([[0, 0, random.normal(0, 1.5) - MARGIN], [0, 0, random.normal(0, 1.5) - MARGIN]])
    matrix = np.asarray(turn, np.float64) + move
    out = cv2.warpAffine(face, matrix, (112, 112), borderMode=cv2.BORDER_REPLICATE)
    if random.random() < 0.3:
        out = np.clip(out * random.uniform(0.7, 1.25, 3) + random.uniform(-25, 25), 0, 255).astype(np.uint8)
    if random.random() < 0.1:
        out = np.repeat(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    small = random.random() < 0.4
    if small:
        scale = random.uniform(0.22, 0.8)
        out = cv2.resize(out, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    pick = random.random()
    if pick < 0.15:
        out = cv2.GaussianBlur(out, (0, 0), random.uniform(0.4, 1.6) * out.shape[0] / 112)
    elif pick < 0.22:
        length = int(random.integers(2, 7))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, (0, int(random.integers(0, length))), (length - 1, int(random.integers(0, length))), 1.0)
        out = cv2.filter2D(out, -1, kernel / kernel.sum())
    elif pick < 0.3:
        noise = random.normal(0, random.uniform(2, 10), out.shape)
        out = np.clip(out + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        _, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 90))])
        out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    if small:
        out = cv2.resize(out, (112, 112), interpolation=cv2.INTER_LINEAR)
    if random.random() < 0.08:
        x, y = random.integers(0, 90, 2)
        width, height = random.integers(12, 40, 2)
        out = np.ascontiguousarray(out)
        out[y : y + height, x : x + width] = random.integers(0, 256, 3)
    return np.asarray(out, np.uint8)


class Batches(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """An endless stream of (faces uint8 [b, 3, 112, 112], targets float32 [b, 128]); seeded per worker."""

    def __init__(self, faces: Faces, batch: int, seed: int) -> None:
        super().__init__()
        self._faces, self._batch, self._seed = faces, batch, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        info = get_worker_info()
        random = np.random.default_rng((self._seed, 1 + (0 if info is None else info.id)))
        rows = [np.flatnonzero(self._faces.kind == kind) for kind in SHARES]
        shares = np.array([share if len(found) else 0.0 for share, found in zip(SHARES.values(), rows, strict=True)])
        while True:
            pixels = np.empty((self._batch, 112, 112, 3), np.uint8)
            targets = np.empty((self._batch, 128), np.float32)
            for number, kind in enumerate(random.choice(len(rows), self._batch, p=shares / shares.sum())):
                row = int(random.choice(rows[kind]))
                face = np.array(self._faces.pixels[row])
                if random.random() < 0.5:
                    face = np.ascontiguousarray(face[:, ::-1])
                pixels[number] = degrade(face, random)
                targets[number] = self._faces.targets[row]
            yield torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))), torch.from_numpy(targets)
