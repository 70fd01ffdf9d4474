"""Batches for the identity model: pictures with an answer, in ever new states of wear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from training.identity_answers import Answers
from training.identity_pictures import worn

Question = tuple[torch.Tensor, torch.Tensor, tuple[torch.Tensor, ...]]
"""Faces uint8 [b, 3, 112, 112], embeddings float32 [b, 128], inner maps float16 [b, channels, side, side]."""


class Batches(IterableDataset[Question]):
    """An endless stream of questions with their answers; seeded per worker and by the step it starts at.

    Args:
        answers: what the teacher said.
        batch: pictures at once.
        seed, start: of the stream.
        maps: which of the inner maps are handed out.
    """

    def __init__(
        self, answers: Answers, batch: int, seed: int, start: int = 0, maps: tuple[int, ...] = (0, 1, 2)
    ) -> None:
        super().__init__()
        self._answers, self._batch, self._maps = answers, batch, maps
        self._seed = (seed, start)

    def __iter__(self) -> Iterator[Question]:
        info = get_worker_info()
        random = np.random.default_rng((*self._seed, 1 + (0 if info is None else info.id)))
        answers = self._answers
        while True:
            rows = np.sort(random.choice(len(answers.pixels), self._batch, replace=False))
            pixels = np.stack([worn(np.array(answers.pixels[row]), random) for row in rows])
            yield (
                torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))),
                torch.from_numpy(answers.targets[rows]),
                tuple(torch.from_numpy(answers.maps[number][rows]) for number in self._maps),
            )
