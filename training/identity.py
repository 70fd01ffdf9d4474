"""The identity model: a small network that answers as a face recognition teacher does, also on bad pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from training.export import export, halve
from training.identity_data import Batches, prepare
from training.loop import Plan, device, optimise
from training.residual import IdentityNet
from training.settings import Settings

BATCH = 64

RATE = 2e-3

CHECKPOINT = "identity.ckpt"


def pixels_of(crops: torch.Tensor) -> torch.Tensor:
    """Bytes to floats, in the layout that is fast on a CPU."""
    return crops.to(device()).float().contiguous(memory_format=torch.channels_last)


def embedding_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """How far the answers are from the teacher's: each by itself, and how alike each two of the batch are."""
    crops, wanted = batch
    with torch.autocast(device().type, torch.bfloat16):
        got = model(pixels_of(crops))
    got, wanted = got.float(), wanted.to(device())
    loss: torch.Tensor = (1 - (got * wanted).sum(1)).mean() + 4 * (got @ got.T - wanted @ wanted.T).pow(2).mean()
    return loss


def train_network(settings: Settings) -> IdentityNet:
    """Train and return the moving average; the forgery model starts from its trunk."""
    faces = prepare(settings)
    loader: Iterator[Any] = iter(
        DataLoader(Batches(faces, BATCH, settings.seed), batch_size=None, num_workers=settings.loaders)
    )
    net = optimise(
        IdentityNet().to(device(), memory_format=torch.channels_last),
        loader,
        embedding_loss,
        Plan(minutes=settings.minutes, rate=RATE),
        settings.work / CHECKPOINT,
        settings.resume,
    )
    assert isinstance(net, IdentityNet)
    return net


def train(settings: Settings) -> None:
    """Train, export, measure on people never seen, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record()
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
    from training.identity_measure import measure_and_write

    steps = int(torch.load(settings.work / CHECKPOINT, weights_only=True)["steps"])
    measure_and_write(settings, path, steps * BATCH)
