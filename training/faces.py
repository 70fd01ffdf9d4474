"""The face detector: trained from scratch on the answers of YuNet over composed scenes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from training.card import gone_on_from
from training.export import export, halve
from training.faces_card import measure_and_write
from training.faces_loss import detection_loss
from training.faces_material import gather
from training.faces_model import LIGHT, Exported, FaceNet
from training.faces_stream import Scenes
from training.folded import graph_of
from training.loop import Plan, device, layout, optimise, precision, steps_of
from training.settings import Settings
from training.unfolded import SETTLING, settle, unfold

BATCH = 24

RATE, RATE_STARTED = 4e-3, 1.5e-3
"""Of learning, from nothing and from a finished model."""


def _pixels_of(scenes: torch.Tensor) -> torch.Tensor:
    return (scenes.to(device()).float() / LIGHT).contiguous(memory_format=layout())


def net_of(path: Path, batches: Iterator[tuple[torch.Tensor, torch.Tensor]]) -> FaceNet:
    """The network of an ONNX file that this training wrote, ready to be gone on with.

    Args:
        path: of the file.
        batches: of what will be trained on; a few are taken.

    Raises:
        SystemExit: there is no such file, or it holds another network.
    """
    exported = Exported(FaceNet())
    unfold(path, graph_of(path), exported)
    net = exported.net
    with torch.no_grad():
        net.stem[1].weight.mul_(LIGHT)  # the file takes pixels that nothing divided; the norm makes up for it
    settle(net.to(device()), (_pixels_of(scenes) for scenes, _ in islice(batches, SETTLING)))
    return net


def _loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    scenes, told = batch
    with precision():
        maps = model(_pixels_of(scenes))
    return detection_loss(maps, told.to(device()))


def train(settings: Settings) -> None:
    """Train, export, measure on what was held out, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("faces")
    history = gone_on_from("faces", settings.start)  # before the file that it tells of may be overwritten
    people, frames = gather(settings)
    checkpoint = settings.work / "faces.ckpt"
    done = steps_of(checkpoint) if settings.resume else 0
    scenes = Scenes(people, frames, settings.teachers, (settings.seed, done))  # a resumed run sees others
    loader: Iterator[Any] = iter(DataLoader(scenes, batch_size=BATCH, num_workers=settings.loaders))
    plan = Plan(minutes=settings.minutes, rate=RATE if settings.start is None else RATE_STARTED, weight_decay=5e-3)
    net = FaceNet() if done or settings.start is None else net_of(settings.start, loader)
    net = optimise(net.to(device(), memory_format=layout()), loader, _loss, plan, checkpoint, settings.resume)
    path = settings.out / "faces.onnx"
    assert isinstance(net, FaceNet)
    export(
        Exported(net),
        torch.randint(0, 256, (1, 3, 256, 320)).float(),
        path,
        ["image"],
        ["scores", "boxes", "landmarks"],
        {"image": {2: "height", 3: "width"}, "scores": {0: "cells"}, "boxes": {0: "cells"}, "landmarks": {0: "cells"}},
    )
    halve(path)
    measure_and_write(settings, path, len(people), len(frames), steps_of(checkpoint) * BATCH, history)
