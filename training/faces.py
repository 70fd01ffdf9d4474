"""The face detector: trained from scratch on the answers of YuNet over composed scenes."""

from __future__ import annotations

import pickle
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import cv2
import torch
from torch import nn
from torch.utils.data import DataLoader

from training.data import frames_of, held_out, read_clips
from training.export import export
from training.faces_loss import detection_loss
from training.faces_model import Exported, FaceNet
from training.faces_scenes import SIDE, Scenes
from training.loop import Plan, device, optimise
from training.settings import Settings

HELD_OUT = 0.25
"""Share of people and of clip groups that the detector never sees."""

BATCH = 24


def gather(settings: Settings) -> tuple[list[bytes], list[bytes]]:
    """Encoded training pictures and clip frames, without the held-out people and clip groups; kept on disk."""
    kept = settings.work / "material.pickle"
    if kept.is_file():
        loaded: tuple[list[bytes], list[bytes]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written below
        return loaded
    people = []
    for name in ("lfw", "utkface"):
        with zipfile.ZipFile(settings.data / "faces" / f"{name}.zip") as archive:
            people += [
                archive.read(file)
                for file in archive.namelist()
                if file.endswith(".webp") and not held_out(file.split("/")[0], HELD_OUT, "faces")
            ]
    frames = []
    for clip in read_clips(settings.data / "clips"):
        if held_out(clip.group, HELD_OUT, "clips"):
            continue
        for rgb in frames_of(settings.data / "clips" / clip.file, every=25, most=12):
            scale = 480 / max(rgb.shape[:2])
            small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
            frames.append(cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))[1].tobytes())
    print(f"faces: {len(people)} pictures and {len(frames)} clip frames to train on", file=sys.stderr)
    kept.write_bytes(pickle.dumps((people, frames)))
    return people, frames


def _collate(items: list[tuple[torch.Tensor, torch.Tensor]]) -> tuple[torch.Tensor, list[torch.Tensor]]:
    return torch.stack([scene for scene, _ in items]), [faces for _, faces in items]


def _loss(model: nn.Module, batch: tuple[torch.Tensor, list[torch.Tensor]]) -> torch.Tensor:
    scenes, faces = batch
    pixels = scenes.to(device()).float().contiguous(memory_format=torch.channels_last)  # twice as fast on a CPU
    return detection_loss(model(pixels), faces, SIDE)


def train(settings: Settings) -> None:
    """Train, export, measure on what was held out, and write the card."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record()
    people, frames = gather(settings)
    checkpoint = settings.work / "faces.ckpt"
    scenes = Scenes(people, frames, settings.teachers, settings.seed)
    loader: Iterator[Any] = iter(
        DataLoader(scenes, batch_size=BATCH, num_workers=settings.loaders, collate_fn=_collate)
    )
    plan = Plan(minutes=settings.minutes, rate=4e-3)
    net = optimise(
        FaceNet().to(device(), memory_format=torch.channels_last), loader, _loss, plan, checkpoint, settings.resume
    )
    path = settings.out / "faces.onnx"
    export(
        Exported(net),
        torch.randint(0, 256, (1, 3, 256, 320)).float(),
        path,
        ["image"],
        ["scores", "boxes", "landmarks"],
        {"image": {2: "height", 3: "width"}, "scores": {0: "cells"}, "boxes": {0: "cells"}, "landmarks": {0: "cells"}},
    )
    from training.faces_measure import measure_and_write

    steps = int(torch.load(checkpoint, weights_only=True)["steps"])
    measure_and_write(settings, path, len(people), len(frames), steps * BATCH, HELD_OUT)
