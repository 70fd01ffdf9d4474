"""The forgery model: first the trunk learns to tell people apart from a teacher, then to tell swaps apart."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader

from detectors.geometry import SIDE
from training.export import export
from training.forgery_data import COLLECTIONS, Collection, Crops, augment, load, load_genuine
from training.forgery_model import Embedding, ForgeryNet, Trunk
from training.loop import Plan, device, optimise
from training.settings import Settings
from training.teachers import Embedder, align

BATCH = 48
FIRST_PHASE = 0.5
"""Share of the time budget that goes into the trunk's first phase.

After a quarter of a short run the trunk knew so little that the second phase hardly moved: faces first.
"""

RATE = 1e-3
"""Of the second phase; twice that undid what the first had learned."""


def _targets(collections: list[Collection], settings: Settings) -> tuple[list[tuple[int, int]], NDArray[np.float32]]:
    """Teacher embeddings of every genuine crop that has five points: rows and their targets."""
    kept = settings.work / "targets.npz"
    if not kept.is_file():
        teacher = Embedder(settings.teachers, settings.threads)
        rows, values = [], []
        for number, collection in enumerate(collections):
            usable = np.flatnonzero(~collection.fake & ~collection.kept_out & ~np.isnan(collection.points).any((1, 2)))
            for start in range(0, len(usable), 64):
                part = usable[start : start + 64]
                faces = [
                    align(np.array(collection.pixels[row]), collection.points[row] * collection.pixels.shape[1])
                    for row in part
                ]
                values.append(teacher(np.stack(faces)))
                rows += [(number, int(row)) for row in part]
        np.savez(kept, rows=np.array(rows), values=np.concatenate(values))
        print(f"forgery: the teacher embedded {len(rows)} faces", file=sys.stderr)
    loaded = np.load(kept)
    return [(int(a), int(b)) for a, b in loaded["rows"]], loaded["values"]


def _embedding_batches(
    collections: list[Collection], settings: Settings
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Endless batches of (crops uint8 [b, 3, 112, 112], teacher embeddings [b, 128])."""
    rows, values = _targets(collections, settings)
    random = np.random.default_rng(settings.seed)
    while True:
        chosen = random.integers(0, len(rows), BATCH)
        crops = [augment(np.array(collections[rows[i][0]].pixels[rows[i][1]]), random) for i in chosen]
        pixels = np.stack(crops).transpose(0, 3, 1, 2)
        yield torch.from_numpy(np.ascontiguousarray(pixels)), torch.from_numpy(values[chosen])


def _pixels(crops: torch.Tensor) -> torch.Tensor:
    return crops.to(device()).float().contiguous(memory_format=torch.channels_last)


def _embedding_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    crops, wanted = batch
    with torch.autocast(device().type, torch.bfloat16):
        got = model(_pixels(crops))
    got, wanted = got.float(), wanted.to(device())
    loss: torch.Tensor = (1 - (got * wanted).sum(1)).mean() + 4 * (got @ got.T - wanted @ wanted.T).pow(2).mean()
    return loss


def _forgery_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    crops, fake = batch
    with torch.autocast(device().type, torch.bfloat16):
        logit = model(_pixels(crops))
    smooth = fake.to(device()).float() * 0.94 + 0.03  # labels are noisy: some fake frames show no fake
    return nn.functional.binary_cross_entropy_with_logits(logit.float(), smooth)


def train(settings: Settings) -> None:
    """Train both phases, export, measure on what was held out, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record()
    collections = [load(name, settings.data, settings.work) for name in COLLECTIONS]
    genuine = load_genuine(settings.data, settings.teachers, settings.work)
    layout = torch.channels_last
    first = optimise(
        Embedding(Trunk()).to(device(), memory_format=layout),
        _embedding_batches([*collections, genuine], settings),
        _embedding_loss,
        Plan(minutes=settings.minutes * FIRST_PHASE, rate=2e-3),
        settings.work / "trunk.ckpt",
        settings.resume,
    )
    assert isinstance(first, Embedding)
    loader: Iterator[Any] = iter(
        DataLoader(Crops(collections, genuine, settings.seed), batch_size=BATCH, num_workers=settings.loaders)
    )
    checkpoint = settings.work / "forgery.ckpt"
    net = optimise(
        ForgeryNet(first.trunk).to(device(), memory_format=layout).train(),
        loader,
        _forgery_loss,
        Plan(minutes=settings.minutes * (1 - FIRST_PHASE), rate=RATE, average=0.995),
        checkpoint,
        settings.resume,
    )
    path = settings.out / "forgery.onnx"
    export(
        net.to(memory_format=torch.contiguous_format),
        torch.randint(0, 256, (2, 3, SIDE, SIDE)).float(),
        path,
        ["crop"],
        ["logit"],
        {"crop": {0: "batch"}, "logit": {0: "batch"}},
    )
    from training.forgery_measure import measure_and_write

    seen = int(torch.load(checkpoint, weights_only=True)["steps"]) * BATCH
    measure_and_write(replace(settings), path, collections, seen)
