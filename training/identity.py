"""The identity model: a small network that answers as a face recognition teacher does, also on bad pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from training.card import gone_on_from
from training.export import export, halve
from training.identity_answers import ask
from training.identity_batches import Fresh, Question
from training.identity_faces import prepare
from training.identity_stages import LESSONS, Student, start_student
from training.identity_start import student_of
from training.loop import Plan, device, layout, optimise, precision, steps_of
from training.mirror import mirror
from training.residual import VALUES, IdentityNet
from training.settings import Settings

BATCH = 32

RATE = 1e-3
"""Half of the lessons' rate: the parts know their step already and only have to learn to work together."""

RATE_STARTED = 2e-4
"""Where the run goes on from a finished model: what a run of 80 minutes won with.

It loses ground first (mean cosine to the teacher on kept-out faces .867, after eleven minutes .838) and is ahead only
when the rate has fallen (.866 after 47 minutes, .880 at the end). A run of a few minutes would end below its start.
"""

HINTS = 0.3
"""Weight of each inner map's unexplained variance against the loss of the embedding."""

CHECKPOINT = "identity.ckpt"


def pixels_of(crops: torch.Tensor) -> torch.Tensor:
    """Bytes to floats, in the layout that is fast on this machine."""
    return crops.to(device()).float().contiguous(memory_format=layout())


def embedding_loss(model: nn.Module, batch: Question) -> torch.Tensor:
    """How far the answers are from the teacher's: each by itself, how alike each two of the batch are, and the maps.

    A map's error is the share of the teacher's variance that is not explained, so that the three weigh alike.
    """
    crops, wanted, shown = batch
    with precision():
        got, maps = model(pixels_of(crops))
    got, wanted = got.float(), wanted.to(device())
    loss: torch.Tensor = (1 - (got * wanted).sum(1)).mean() + 4 * (got @ got.T - wanted @ wanted.T).pow(2).mean()
    for mine, theirs in zip(maps, shown, strict=True):
        hint = theirs.to(device()).float()
        loss = loss + HINTS * (mine.float() - hint).pow(2).mean() / hint.var()
    return loss


def train_network(settings: Settings) -> IdentityNet:
    """Train and return the moving average; the forgery model starts from its trunk."""
    faces = prepare(settings)
    done = steps_of(settings.work / CHECKPOINT) if settings.resume else 0
    loader: Iterator[Any] = iter(
        DataLoader(
            Fresh(faces, settings.teachers, BATCH, settings.seed, done),
            batch_size=None,
            num_workers=settings.loaders,
        )
    )
    rate, share = (RATE, 1 - sum(LESSONS.values())) if settings.start is None else (RATE_STARTED, 1.0)
    if done:
        student = Student()
    elif settings.start is not None:
        student = student_of(settings.start, loader)
    else:
        student = start_student(ask(faces, settings), settings)
    student = optimise(
        student.to(device(), memory_format=layout()),
        loader,
        embedding_loss,
        Plan(minutes=settings.minutes * share, rate=rate, average=0.995),
        settings.work / CHECKPOINT,
        settings.resume,
    )
    assert isinstance(student, Student)
    return student.net


def train(settings: Settings) -> None:
    """Train, export, measure on people never seen, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("identity")
    history = gone_on_from("identity", settings.start)  # before the file that it tells of may be overwritten
    net = train_network(settings)
    path = settings.out / "identity.onnx"
    export(
        net.to(memory_format=torch.contiguous_format),
        torch.randint(0, 256, (2, 3, 112, 112)).float(),
        path,
        ["crop"],
        ["embedding"],
        {"crop": {0: "batch"}, "embedding": {0: "batch"}},
    )
    halve(path)
    mirror(path, "embedding", VALUES)
    from training.identity_measure import measure_and_write

    measure_and_write(settings, path, steps_of(settings.work / CHECKPOINT) * BATCH, history)
