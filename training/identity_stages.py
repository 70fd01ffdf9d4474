"""Four short lessons before the long one: each part of the identity model learns one step of the teacher's way alone.

A part that is fed with the teacher's own inner map and asked for the next one is a shallow network with thousands of
targets a picture. It learns in minutes what the whole, whose later parts wait for the earlier ones, learns in hours:
after 16 minutes of training all of it at once, even the first map was explained by less than half.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from training.identity_answers import Answers
from training.identity_batches import Batches
from training.inner_teacher import INNER
from training.loop import Plan, device, layout, optimise, precision
from training.residual import BLOCKS, WIDTHS, IdentityNet
from training.settings import Settings

LESSONS = {"early": 0.2, "late": 0.14, "last": 0.1, "head": 0.02}
"""Share of the budget of each, in the order of the network: 44 % of their pictures' cost is in the first."""

BATCH = {"early": 8, "late": 16, "last": 32, "head": 64}
"""Small where a picture has many targets: steps count for more than pictures."""

RATE = 2e-3


class Student(nn.Module):
    """The network in training, with what compares its inner maps with the teacher's; only the network is kept.

    Maps of the trunk pass through a linear layer first, for the two need not name their features alike; the last one,
    before the place weights, is compared as it is, so that the student's head solves the teacher's own last step.
    """

    def __init__(self) -> None:
        super().__init__()
        self.net = IdentityNet()
        (early, _), (late, _), _ = INNER.values()
        self.views = nn.ModuleList([nn.Conv2d(WIDTHS[1], early, 1), nn.Conv2d(WIDTHS[2], late, 1)])

    def forward(self, crop: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Unit embeddings and three maps."""
        stages = self.net.trunk.stages(crop)
        last = self.net.head[:3](stages[3])
        maps = [self.views[0](stages[1]), self.views[1](stages[2]), last]
        return nn.functional.normalize(self.net.head[3:](last), dim=1), maps


class _Early(nn.Module):
    """Pixels to the first map."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.layers = student.net.trunk.layers[: 3 + BLOCKS[0] + BLOCKS[1]]
        self.view = student.views[0]

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.view(self.layers((crop - 127.5) / 128.0))
        return out


def _part(name: str, student: Student) -> nn.Module:
    """The layers that one lesson trains."""
    layers = student.net.trunk.layers
    first, second = 3 + BLOCKS[0] + BLOCKS[1], 3 + BLOCKS[0] + BLOCKS[1] + BLOCKS[2]
    if name == "early":
        return _Early(student)
    if name == "late":
        return nn.Sequential(layers[first:second], student.views[1])
    if name == "last":
        return nn.Sequential(layers[second:], student.net.head[:3])
    return nn.Sequential(student.net.head[3:])


def _stream(name: str, answers: Answers, settings: Settings) -> Iterator[Any]:
    """(input, wanted) of one lesson, without end."""
    if name == "early":
        batches = Batches(answers, BATCH[name], settings.seed, maps=(0,))
        for pixels, _, (early,) in DataLoader(batches, batch_size=None, num_workers=settings.loaders):
            yield pixels, early
    random = np.random.default_rng(settings.seed)
    source = {"late": 0, "last": 1, "head": 2}[name]
    while True:
        rows = np.sort(random.choice(len(answers.targets), BATCH[name], replace=False))
        wanted = answers.targets if name == "head" else answers.maps[source + 1]
        yield torch.from_numpy(answers.maps[source][rows]), torch.from_numpy(wanted[rows])


def _lesson_loss(part: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Share of the teacher's variance that is not explained; for embeddings, one minus the cosine."""
    given, wanted = (one.to(device()).float() for one in batch)
    if given.ndim == 4:
        given = given.contiguous(memory_format=layout())
    with precision():
        got = part(given).float()
    if wanted.ndim == 2:
        return 1 - (nn.functional.normalize(got, dim=1) * wanted).sum(1).mean()
    error: torch.Tensor = (got - wanted).pow(2).mean() / wanted.var()
    return error


def learn(name: str, answers: Answers, settings: Settings) -> dict[str, torch.Tensor]:
    """Take one lesson, or what its checkpoint holds of it; return the weights of its part."""
    part = _part(name, Student()).to(device(), memory_format=layout())
    taught = optimise(
        part,
        _stream(name, answers, settings),
        _lesson_loss,
        Plan(minutes=settings.minutes * LESSONS[name], rate=RATE),
        settings.work / f"identity-{name}.ckpt",
        settings.resume,
    )
    weights: dict[str, torch.Tensor] = taught.state_dict()
    return weights


def start_student(answers: Answers, settings: Settings) -> Student:
    """A student whose parts have had their lessons, joined."""
    student = Student()
    for name in LESSONS:
        _part(name, student).load_state_dict(learn(name, answers, settings))
    with torch.no_grad():
        first = 3 + BLOCKS[0] + BLOCKS[1]
        _join(student.net.trunk.layers[first], student.views[0])
        _join(student.net.trunk.layers[first + BLOCKS[2]], student.views[1])
    return student


def _join(block: nn.Module, view: nn.Module) -> None:
    """Let a block that learned on a map of the teacher read the student's own features, of which the map is a view.

    The view is linear, so it goes into the weights of both ways into the block; its constant moves the running means.
    """
    assert isinstance(view, nn.Conv2d)
    assert view.bias is not None
    matrix, constant = view.weight[:, :, 0, 0], view.bias
    for convolution, norm in ((block.body[0], block.body[1]), (block.around[0], block.around[1])):  # type: ignore[index]
        weight = convolution.weight
        norm.running_mean -= torch.einsum("oihw,i->o", weight, constant)
        convolution.weight.copy_(torch.einsum("oihw,ic->ochw", weight, matrix))


def net_of(checkpoint: Path) -> IdentityNet:
    """The network of a checkpoint that this training wrote.

    Raises:
        SystemExit: it holds another network.
    """
    student = Student()
    try:
        student.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["average"])
    except RuntimeError as error:
        raise SystemExit(f"{checkpoint}: holds no identity model as it is trained now; train one anew") from error
    return student.net
