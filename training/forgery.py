"""The forgery model: from a trunk that tells people apart to one that tells synthetic faces from genuine ones.

First it learns on fakes that were made from genuine photographs alone, then on everything. What it knows after the
first phase it knows of no tool, which is where runs that leave a method out can start, too (`training.left_out`). From
an earlier forgery model it goes on with everything at once.
"""

from __future__ import annotations

import copy
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import nn
from torch.utils.data import DataLoader

from detectors.geometry import SIDE
from detectors.model_files import load_model
from training.card import earlier, gone_on_from
from training.export import export, halve
from training.forgery_batches import MADE, Batches
from training.forgery_join import LOGIT, join, parts
from training.forgery_material import Material, gather
from training.forgery_model import ForgeryNet
from training.forgery_start import Start, start_from
from training.identity import pixels_of
from training.identity import train_network as train_identity
from training.loop import Plan, device, optimise, precision, steps_of
from training.mirror import mirror
from training.settings import Settings
from training.unfolded import settle

BATCH = 32
"""As in the trials: a short run needs steps more than calm ones."""

WEIGHT_DECAY = 3e-2

IDENTITY_SHARE = 0.4
"""Share of the time budget for the identity model, where there is none to start from."""

MADE_SHARE = 0.2
"""Share of what is left for fakes made from photographs alone."""

SETTLING = 8
"""Batches that norms are settled on, and spreads compared."""

FIRST = "forgery-made"
"""Name of the first phase's checkpoint."""


def forgery_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Cross entropy against labels that are smoothed, for they are noisy: some fake frames show no fake."""
    crops, fake = batch
    with precision():
        logit = model(pixels_of(crops))
    smooth = fake.to(device()).float() * 0.94 + 0.03
    return nn.functional.binary_cross_entropy_with_logits(logit.float(), smooth)


def stream(
    material: Material, settings: Settings, checkpoint: Path, made: float = MADE
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches without end; a run that goes on from its checkpoint sees others than before."""
    done = steps_of(checkpoint) if settings.resume else 0
    batches = Batches(material.collections, material.copies, material.pools, BATCH, settings.seed, done, made)
    loader: Iterator[Any] = iter(DataLoader(batches, batch_size=None, num_workers=settings.loaders))
    return loader


def _known(settings: Settings) -> tuple[Start, float]:
    """The network that knows faces, and the share of the budget that is left.

    It comes from the file that was given, else from the identity model beside the output, else it is trained first.
    """
    beside = settings.out / "identity.onnx"
    start = settings.start or (beside if beside.is_file() else None)
    if start is None:
        first = replace(settings, minutes=settings.minutes * IDENTITY_SHARE)
        return Start(ForgeryNet(train_identity(first).trunk), knows_fakes=False), 1 - IDENTITY_SHARE
    return start_from(start), 1.0


def begin(material: Material, settings: Settings) -> tuple[Start, float]:
    """The first phase, or what its checkpoint holds of it; a forgery model that is gone on with needs none.

    Returns:
        What the second phase starts from, and the minutes that are left for it.
    """
    start, share = _known(settings)
    net = start.net.to(device(), memory_format=start.layout)
    if start.knows_fakes:
        if start.unsettled:
            settle(net, _crops(material, settings))
        return replace(start, net=net), settings.minutes
    checkpoint = settings.work / f"{FIRST}.ckpt"
    only_made = material.only_made()
    batches = stream(only_made, settings, checkpoint, made=1.0)
    if start.unsettled and not (settings.resume and steps_of(checkpoint)):
        settle(net, (pixels_of(next(batches)[0]) for _ in range(SETTLING)))
    plan = Plan(minutes=settings.minutes * share * MADE_SHARE, rate=start.rate, weight_decay=WEIGHT_DECAY)
    taught = optimise(net, batches, forgery_loss, plan, checkpoint, settings.resume)
    return replace(start, net=taught), settings.minutes * share * (1 - MADE_SHARE)


def _crops(material: Material, settings: Settings) -> Iterator[torch.Tensor]:
    """A few batches of what is trained on, the same in every run of these settings."""
    batches = stream(material, replace(settings, resume=False), settings.work)
    for _ in range(SETTLING):
        yield pixels_of(next(batches)[0])


def learn(start: Start, material: Material, settings: Settings, name: str, minutes: float) -> nn.Module:
    """The second phase, on all of the material; so many steps if the settings say how many, else so many minutes."""
    checkpoint = settings.work / f"{name}.ckpt"
    plan = Plan(minutes=minutes, rate=start.rate, weight_decay=WEIGHT_DECAY, steps=settings.steps)
    net = copy.deepcopy(start.net)
    return optimise(net, stream(material, settings, checkpoint), forgery_loss, plan, checkpoint, settings.resume)


def write(net: nn.Module, path: Path) -> Path:
    """Export a network, its large weights as float16."""
    export(
        net.to(memory_format=torch.contiguous_format),
        torch.randint(0, 256, (2, 3, SIDE, SIDE)).float(),
        path,
        ["crop"],
        ["logit"],
        {"crop": {0: "batch"}, "logit": {0: "batch"}},
    )
    print(f"{path.stem}: float16 weights change a logit by at most {halve(path):.2g}", file=sys.stderr)
    return path


def place(alone: Path, material: Material, settings: Settings) -> tuple[Path, dict[str, Any]]:
    """Put the exported network where the settings say, joined with an earlier one if they name it.

    Returns:
        Where it is, and what its card has to say of the earlier one.
    """
    target = settings.out / alone.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if settings.beside is None:
        shutil.copyfile(alone, target)
        return target, {}
    others, told = beside(settings, settings.beside)
    crops = torch.cat(list(_crops(material, settings))).byte().permute(0, 2, 3, 1).cpu().numpy()
    weights = join([alone, *others], crops, target)
    return target, {
        "mean_of": f"{len(weights)} networks, the logit of each times {' and '.join(f'{one:.3g}' for one in weights)}, "
        "which gives all the same spread; the crops seen, the start and the command are the first one's",
        "second": told,
    }


def beside(settings: Settings, path: Path) -> tuple[list[Path], dict[str, Any]]:
    """The networks that are to be averaged with the new one, each in a file, and what the card says of them.

    Of the joined file that was gone on with, the first network lives on in the new one: only the others are meant.
    """
    told = earlier("forgery", path)  # first, for it says in a sentence what is wrong with a file
    networks = parts(onnx.load(str(path)))
    if len(networks) == 1:
        return [path], told
    if settings.start is not None and path.samefile(settings.start):
        networks = networks[1:]
        told = load_model("forgery", path)[1].raw["training"].get("second", told)
    files = []
    for number, network in enumerate(networks, 1):
        files.append(settings.work / f"beside-{number}.onnx")
        onnx.save(network, str(files[-1]))
    return files, told


def _history(settings: Settings, start: Start) -> dict[str, Any]:
    """Where the run began, for the card."""
    if not start.knows_fakes:
        return {
            "start": "the trunk of the identity model, which imitated a MobileFaceNet; its weights were not used; then "
            "a phase on fakes made from LFW and UTKFace alone"
        }
    file = settings.start if settings.start is not None and settings.start.suffix == ".onnx" else None
    return {
        "start": "an earlier forgery model, gone on with; of one that holds two networks, the first",
        **gone_on_from("forgery", file),
    }


def train(settings: Settings) -> None:
    """Train, export, measure on what was held out, calibrate, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("forgery")
    material = gather(settings)
    name = f"forgery-without-{settings.leave_out}" if settings.leave_out else "forgery"
    seen_by = material.without(settings.leave_out) if settings.leave_out else material
    start, minutes = begin(material, settings)
    net = learn(start, seen_by, settings, name, minutes)
    history = _history(settings, start)  # before the file that it tells of may be overwritten
    path, joined = place(write(net, settings.work / f"{name}.onnx"), seen_by, settings)
    mirror(path, LOGIT)
    joined["looks"] = "the mean of the logits of the crop and of its mirror image"
    phases = (name,) if start.knows_fakes else (FIRST, name)
    seen = BATCH * sum(steps_of(settings.work / f"{one}.ckpt") for one in phases)
    from training.forgery_measure import measure_and_write

    measure_and_write(settings, path, material, seen, history | joined)
