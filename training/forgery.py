"""The forgery model: from a trunk that tells people apart to one that tells synthetic faces from genuine ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from detectors.geometry import SIDE
from training.export import export, halve
from training.forgery_batches import Batches, Pool, usable
from training.forgery_codec import compressed
from training.forgery_data import COLLECTIONS, Collection, load, load_genuine, with_points
from training.forgery_model import ForgeryNet
from training.forgery_render import rendered
from training.identity import pixels_of
from training.identity import train_network as train_identity
from training.identity_stages import net_of
from training.loop import Plan, device, optimise, precision, steps_of
from training.residual import Trunk
from training.settings import Settings

BATCH = 64

RATE = 8e-4
"""Twice that undid what the trunk knew."""

FIRST_PHASE = 0.4
"""Share of the time budget for the identity model, where no checkpoint of one is given to start from."""


def _forgery_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    crops, fake = batch
    with precision():
        logit = model(pixels_of(crops))
    smooth = fake.to(device()).float() * 0.94 + 0.03  # labels are noisy: some fake frames show no fake
    return nn.functional.binary_cross_entropy_with_logits(logit.float(), smooth)


def _trunk(settings: Settings) -> Trunk:
    """The trunk of the identity model: from the checkpoint that was given, else trained here first."""
    if settings.start is not None:
        return net_of(settings.start).trunk
    first = replace(settings, minutes=settings.minutes * FIRST_PHASE)
    return train_identity(first).trunk


def _without(collection: Collection, method: str) -> Collection:
    """Leave one method out of training: its fakes, or all of a collection that has no other."""
    if method == collection.name:
        return replace(collection, kept_out=np.ones_like(collection.kept_out))
    left_out = np.array([name.split("/")[0] == method for name in collection.method])
    return replace(collection, kept_out=collection.kept_out | left_out)


def train(settings: Settings) -> None:
    """Train, export, measure on what was held out, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record()
    every = [
        with_points(load(name, settings.data, settings.work), settings.teachers, settings.work) for name in COLLECTIONS
    ]
    genuine = load_genuine(settings.data, settings.teachers, settings.work)
    sources = [genuine, *every]
    rows = [usable(one) for one in sources]
    pictures = rendered(sources, rows, settings)
    copies = [compressed(one, settings.work, settings.seed) for one in every]
    trunk = _trunk(settings)
    seen_by = [_without(one, settings.leave_out) for one in every] if settings.leave_out else every
    pools = [
        Pool(one, chosen, made)
        for one, chosen, made in zip(sources, rows, pictures, strict=True)
        if one.name != settings.leave_out
    ]
    name = f"forgery-without-{settings.leave_out}" if settings.leave_out else "forgery"
    checkpoint = settings.work / f"{name}.ckpt"
    start = steps_of(checkpoint) if settings.resume else 0
    loader: Iterator[Any] = iter(
        DataLoader(
            Batches(seen_by, copies, pools, BATCH, settings.seed, start),
            batch_size=None,
            num_workers=settings.loaders,
        )
    )
    net = optimise(
        ForgeryNet(trunk).to(device(), memory_format=torch.channels_last).train(),
        loader,
        _forgery_loss,
        Plan(
            minutes=settings.minutes if settings.start is not None else settings.minutes * (1 - FIRST_PHASE),
            rate=RATE,
            weight_decay=3e-2,
        ),
        checkpoint,
        settings.resume,
    )
    path = settings.out / f"{name}.onnx"
    export(
        net.to(memory_format=torch.contiguous_format),
        torch.randint(0, 256, (2, 3, SIDE, SIDE)).float(),
        path,
        ["crop"],
        ["logit"],
        {"crop": {0: "batch"}, "logit": {0: "batch"}},
    )
    print(f"{name}: float16 weights change a logit by at most {halve(path):.2g}", file=sys.stderr)
    from training.forgery_measure import measure_and_write

    measure_and_write(settings, path, every, copies, genuine, steps_of(checkpoint) * BATCH)
