"""Does the way in which a face moves tell synthetic faces from genuine ones, by methods that were not trained on?

In the manner of LRNet (Sun et al. 2021): a tiny network over points of neighbouring frames, geometry and no texture.
Head movement, the shape of the face and its size are taken out first, for they are the person's and not the method's.
What `python -m training motion` writes is a table and no model: every line is of clips of people, and of a method,
that the network which judged them had not seen. A model is worth shipping, and a detector of points with it, once such
a table says that it adds to the forgery model.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from detectors.metrics import auc, auc_interval
from training.data import held_out, read_clips
from training.left_out_table import IN_FACEFORENSICS
from training.loop import device
from training.motion_points import BOTH, MADE, Motion, motions
from training.settings import Settings

BLOCK = 32
"""Frames that are judged together; a clip's score is the mean logit of its blocks."""

FOLDS = 5
STEPS = 150
BATCH = 64
FILE = "motion.json"


class MotionNet(nn.Module):
    """Features of :func:`features`, float [b, 392, BLOCK], to logits [b]; positive means synthetic."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout1d(0.2),
            nn.Conv1d(4 * 98, 48, 5, padding=2),
            nn.ReLU(),
            nn.Conv1d(48, 48, 5, padding=2),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(48, 1),
        )

    def forward(self, moved: torch.Tensor) -> torch.Tensor:
        """Logits."""
        out: torch.Tensor = self.layers(moved)
        return out[:, 0]


def features(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """How the points of a block stray from their mean and from one frame to the next, float32 [392, BLOCK].

    Each frame is laid onto the block's first by a least-squares similarity, so that shifts, turns in the picture and
    size are gone; then the mean shape is taken away. Percent of the face's size, steps weighed three times.

    Args:
        points: float32 [BLOCK, 98, 2], in any unit.
    """
    centred = points - points.mean(1, keepdims=True)
    shape = centred[0] / np.sqrt((centred[0] ** 2).mean())
    as_complex = centred[..., 0] + 1j * centred[..., 1]
    wanted = shape[:, 0] + 1j * shape[:, 1]
    factor = (as_complex.conj() * wanted).sum(1) / (np.abs(as_complex) ** 2).sum(1)
    laid = as_complex * factor[:, None]
    strayed = 100 * (laid - laid.mean(0))
    step = 3 * np.diff(strayed, axis=0, prepend=strayed[:1])
    rows = np.concatenate([strayed.real, strayed.imag, step.real, step.imag], 1)
    return np.asarray(rows.T / 10, np.float32)


def blocks_of(motion: Motion) -> NDArray[np.float32]:
    """Features of all blocks of a clip, half overlapping; float32 [n, 392, BLOCK], n = 0 for a short clip."""
    starts = range(0, len(motion.points) - BLOCK + 1, BLOCK // 2)
    told = [features(motion.points[start : start + BLOCK]) for start in starts]
    return np.stack(told) if told else np.zeros((0, 4 * 98, BLOCK), np.float32)


def fitted(blocks: Sequence[NDArray[np.float32]], fake: Sequence[bool], seed: int) -> MotionNet:
    """A network trained on some clips; each clip of a label has the same say, and both labels have."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    sides = [[one for one, label in zip(blocks, fake, strict=True) if label == side] for side in (False, True)]
    net = MotionNet()
    net.to(device()).train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=5e-2)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = 2e-3 * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        labels = random.integers(0, 2, BATCH)
        picked = []
        for label in labels:
            clip = sides[label][random.integers(len(sides[label]))]
            picked.append(clip[random.integers(len(clip))])
        given = torch.from_numpy(np.stack(picked)).to(device())
        given = given * torch.empty(BATCH, 1, 1, device=given.device).uniform_(0.7, 1.4)
        wanted = torch.from_numpy(labels.astype(np.float32)).to(device())
        loss = nn.functional.binary_cross_entropy_with_logits(net(given), wanted * 0.9 + 0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    net.eval()
    return net


@torch.no_grad()  # type: ignore[untyped-decorator]
def score(net: MotionNet, blocks: NDArray[np.float32]) -> float:
    """Mean logit of a clip."""
    return float(net(torch.from_numpy(blocks).to(device())).mean())


def fold_of(group: str) -> int:
    """Which of FOLDS a person or pair belongs to."""
    return next(fold for fold in range(FOLDS) if held_out(group, (fold + 1) / FOLDS, "motion"))


def judged(told: Sequence[Motion], left_out: str, seed: int, *, made: bool = True) -> dict[str, float]:
    """Score of each clip that is not made here, by a network that saw neither its people nor the method.

    Args:
        told: all clips.
        left_out: the method; only its fakes are scored, and all genuine clips.
        seed: of the training.
        made: whether fakes that were made here are learned from.
    """
    blocks = [blocks_of(one) for one in told]
    scores: dict[str, float] = {}
    for fold in range(FOLDS):
        inside = [all(fold_of(group) != fold for group in one.group.split(BOTH)) for one in told]
        wanted = [made or not one.method.startswith(MADE) for one in told]
        learned = [
            number
            for number, one in enumerate(told)
            if inside[number] and wanted[number] and one.method != left_out and len(blocks[number])
        ]
        net = fitted([blocks[number] for number in learned], [told[number].fake for number in learned], seed)
        for number, one in enumerate(told):
            asked = not one.fake or one.method == left_out
            if asked and fold_of(one.group.split(BOTH)[0]) == fold and len(blocks[number]):
                scores[one.name] = score(net, blocks[number])
    return scores


def lines(told: Sequence[Motion], seed: int, *, made: bool = True) -> dict[str, Any]:
    """For each method of FaceForensics++, left out: AUC against the genuine clips of that set, and against all.

    `pooled` holds the fakes of all methods, each judged by a network that had not seen its own. The networks' scores
    are brought together by the mean and the spread of what each says of the genuine clips.
    """
    table: dict[str, Any] = {}
    pooled: dict[str, list[float]] = {}
    for method in IN_FACEFORENSICS:
        scores = judged(told, method, seed, made=made)
        table[method] = _areas(told, scores)
        print(f"motion: {method} left out: {table[method]}", file=sys.stderr, flush=True)
        genuine = np.array([scores[one.name] for one in told if not one.fake and one.name in scores])
        for name, value in scores.items():
            pooled.setdefault(name, []).append((value - float(genuine.mean())) / float(genuine.std()))
    table["pooled"] = _areas(told, {name: float(np.mean(values)) for name, values in pooled.items()})
    return table


def _areas(told: Sequence[Motion], scores: Mapping[str, float]) -> dict[str, Any]:
    scored = [one for one in told if one.name in scores]
    own = [one for one in scored if one.fake or one.group.startswith("ffpp")]
    return {"own_genuine": _area(own, scores), "all_genuine": _area(scored, scores)}


def _area(clips: Sequence[Motion], scores: Mapping[str, float]) -> dict[str, Any]:
    values, fake = np.array([scores[one.name] for one in clips]), np.array([one.fake for one in clips])
    return {
        "genuine": int((~fake).sum()),
        "synthetic": int(fake.sum()),
        "auc": round(auc(values, fake), 4),
        "interval": [round(end, 4) for end in auc_interval(values, fake, [one.group for one in clips])],
    }


def train(settings: Settings) -> None:
    """Follow the points of all clips, make fakes of the genuine ones, and write the table."""
    torch.set_num_threads(settings.threads)
    settings.record("motion")
    folder = settings.data / "clips"
    told = motions(read_clips(folder), folder, settings.teachers, settings.work / "motion.npz")
    table = {
        "how": "AUC of clips by networks that saw neither their people nor the method; 95 % intervals drawn by group",
        "with_made": lines(told, settings.seed),
        "with_made_again": lines(told, settings.seed + 1),
        "without_made": lines(told, settings.seed, made=False),
    }
    (settings.work / FILE).write_text(json.dumps(table, indent=1) + "\n")
    print(json.dumps(table))
