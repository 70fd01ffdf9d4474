"""Where a run of the identity model may start: the file of an earlier one, and views of the inner maps found anew.

The views are linear and only of use in training, so they are not in the file; the best ones are computed, not learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from training.folded import graph_of
from training.identity_batches import Question
from training.identity_stages import Student
from training.unfolded import settle, unfold

SETTLING = 12
"""Batches that norms are settled and views are found on."""

RIDGE = 1e-3
"""Share of the features' mean power that is added to the normal equations, so that they can always be solved."""


def student_of(path: Path, batches: Iterator[Question]) -> Student:
    """The network of an ONNX file that this training wrote, mirrored or not, ready to be gone on with.

    Args:
        path: of the file.
        batches: of what will be trained on; a few are taken.

    Raises:
        SystemExit: there is no such file, or it holds another network.
    """
    student = Student()
    unfold(path, graph_of(path), student.net)
    shown = list(islice(batches, SETTLING))
    settle(student.net, (pixels.float() for pixels, _, _ in shown))
    for number, view in enumerate(student.views):
        assert isinstance(view, nn.Conv2d)
        _see(student, number, view, shown)
    return student


@torch.no_grad()  # type: ignore[untyped-decorator]
def _see(student: Student, number: int, view: nn.Conv2d, shown: list[Question]) -> None:
    """Solve for the view under which a stage's features are nearest to the teacher's map (least squares)."""
    student.eval()
    square, product = 0.0, 0.0
    for pixels, _, maps in shown:
        features = student.net.trunk.stages(pixels.float())[1 + number].movedim(1, -1).flatten(0, 2).double()
        features = torch.cat([features, torch.ones(len(features), 1, dtype=torch.float64)], 1)
        wanted = maps[number].double().movedim(1, -1).flatten(0, 2)
        square, product = square + features.T @ features, product + features.T @ wanted
    assert isinstance(square, torch.Tensor)
    eased = square + RIDGE * square.diagonal().mean() * torch.eye(len(square), dtype=torch.float64)
    solved = torch.linalg.solve(eased, product)
    view.weight.copy_(solved[:-1].T[:, :, None, None])
    assert view.bias is not None
    view.bias.copy_(solved[-1])
    student.train()


__all__ = ["student_of"]
