"""Scenes as the optimisation takes them: an endless, seeded stream of pixels and targets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from training.data import Image
from training.faces_degrade import degrade
from training.faces_labels import mirror
from training.faces_material import LEAST_SCORE, Labelled
from training.faces_scenes import SIDE, Studio, portrait
from training.faces_targets import Targets, targets
from training.faces_teacher import SceneTeacher


class Scenes(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """An endless stream of (scene [3, SIDE, SIDE] uint8, targets [cells, 15]); seeded per worker.

    Each scene is given twice, the second time mirrored and otherwise worn: composing it and asking the teacher costs
    more than that.
    """

    def __init__(self, people: list[Labelled], frames: list[Labelled], teachers: Path, seed: tuple[int, ...]) -> None:
        super().__init__()
        self._people = [portrait(one) for one in people]
        self._frames = [portrait(one) for one in frames]
        self._teachers, self._seed = teachers, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        random = np.random.default_rng((*self._seed, 0 if info is None else info.id))
        studio = Studio(self._people, self._frames, random)
        teacher = SceneTeacher(self._teachers, LEAST_SCORE)
        while True:
            scene = studio.scene()
            faces, sure = scene.judged(teacher)
            yield _pair(degrade(scene.pixels, random), targets(faces, sure, SIDE))
            mirrored = degrade(np.ascontiguousarray(scene.pixels[:, ::-1]), random)
            yield _pair(mirrored, targets(mirror(faces, SIDE), sure, SIDE))


def _pair(pixels: Image, told: Targets) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))), torch.from_numpy(told)
