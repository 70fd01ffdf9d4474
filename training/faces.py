"""The face detector: trained from scratch on the answers of YuNet over composed scenes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from training.export import export, halve
from training.faces_card import measure_and_write
from training.faces_loss import detection_loss
from training.faces_material import gather
from training.faces_model import LIGHT, Exported, FaceNet
from training.faces_stream import Scenes
from training.loop import Plan, device, optimise, precision, steps_of
from training.settings import Settings

BATCH = 24


def _loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    scenes, told = batch
    pixels = (scenes.to(device()).float() / LIGHT).contiguous(memory_format=torch.channels_last)
    with precision():
        maps = model(pixels)
    return detection_loss(maps, told.to(device()))


def train(settings: Settings) -> None:
    """Train, export, measure on what was held out, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("faces")
    people, frames = gather(settings)
    checkpoint = settings.work / "faces.ckpt"
    done = steps_of(checkpoint) if settings.resume else 0
    scenes = Scenes(people, frames, settings.teachers, (settings.seed, done))  # a resumed run sees others
    loader: Iterator[Any] = iter(DataLoader(scenes, batch_size=BATCH, num_workers=settings.loaders))
    plan = Plan(minutes=settings.minutes, rate=4e-3, weight_decay=5e-3)
    net = optimise(
        FaceNet().to(device(), memory_format=torch.channels_last), loader, _loss, plan, checkpoint, settings.resume
    )
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
    measure_and_write(settings, path, len(people), len(frames), steps_of(checkpoint) * BATCH)
