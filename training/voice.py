"""The voice model: learns to say of degraded sound what the teacher says of the clean one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from detectors.log_mel import BANDS
from training.card import gone_on_from
from training.export import export, halve
from training.loop import Plan, device, optimise, precision, steps_of
from training.settings import Settings
from training.unfolded import take_up
from training.voice_data import prepare
from training.voice_model import VoiceNet
from training.voice_teacher import PARTIAL, Teacher
from training.voice_windows import BATCH, Batch, Windows

RATE, RATE_STARTED = 2e-3, 5e-4
"""Of learning, from nothing and from a finished model."""


class Loss:
    """How far the student is from the teacher, voice by voice and between the voices of a batch."""

    def __init__(self, teacher: Teacher, centre: torch.Tensor) -> None:
        self._teacher, self._centre = teacher, centre.to(device())

    def __call__(self, model: nn.Module, batch: Batch) -> torch.Tensor:
        """Mean (1 - cosine) + 4 x the mean squared difference of both similarity matrices."""
        student, mels, voices, share = (part.to(device()) for part in batch)
        wanted = self._wanted(mels, voices, share)
        with precision():
            got = model(student)
        got = got.float()
        apart = (1 - (got * wanted).sum(1)).mean()
        return apart + 4 * (got @ got.T - wanted @ wanted.T).pow(2).mean()  # type: ignore[no-any-return]

    def _wanted(self, mels: torch.Tensor, voices: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
        """The teacher's answers to the window and to the whole recording, centred, at length one."""
        heard = self._teacher(mels[:, :PARTIAL])
        if mels.shape[1] > PARTIAL:
            heard = (heard + self._teacher(mels[:, -PARTIAL:])) / 2
        window = nn.functional.normalize(heard - self._centre, dim=1)
        whole = nn.functional.normalize(voices - self._centre, dim=1)
        return nn.functional.normalize((1 - share[:, None]) * window + share[:, None] * whole, dim=1)


def train(settings: Settings) -> None:
    """Train, export, measure on voices that were kept out, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("voice")
    history = gone_on_from("voice", settings.start)  # before the file that it tells of may be overwritten
    pool = prepare(settings)
    checkpoint = settings.work / "voice.ckpt"
    done = steps_of(checkpoint) if settings.resume else 0
    loader: Iterator[Any] = iter(
        DataLoader(
            Windows(pool, (settings.seed, done)),
            batch_size=None,
            num_workers=settings.loaders,
            prefetch_factor=8 if settings.loaders else None,
        )
    )
    start = VoiceNet()
    if settings.start is not None and not done:
        take_up(settings.start, start, (batch[0] for batch in loader))
    net = optimise(
        start.to(device(), memory_format=torch.channels_last),
        loader,
        Loss(Teacher(), torch.from_numpy(pool.centre)),
        Plan(minutes=settings.minutes, rate=RATE if settings.start is None else RATE_STARTED),
        checkpoint,
        settings.resume,
    )
    path = settings.out / "voice.onnx"
    export(
        net.to(memory_format=torch.contiguous_format),
        torch.randn(2, 298, BANDS) * 4 - 6,
        path,
        ["log_mels"],
        ["embedding"],
        {"log_mels": {0: "windows", 1: "frames"}, "embedding": {0: "windows"}},
    )
    halve(path)
    from training.voice_measure import measure_and_write

    seen = steps_of(checkpoint) * BATCH
    measure_and_write(settings, path, seen, len(pool.recordings), history)
