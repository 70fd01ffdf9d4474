"""Where a run of the identity model may start: the file of an earlier one, and views of the inner maps found anew.

The views are linear and only of use in training, so they are not in the file; the best ones are computed, not learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from training.identity_batches import Question
from training.identity_stages import Student
from training.loop import device
from training.unfolded import SETTLING, take_up

RIDGE = 1e-3
"""Share of the features' mean power that is added to the normal equations, so that they can always be solved."""


def student_of(path: Path, batches: Iterator[Question]) -> Student:
    """The network of an ONNX file that this training wrote, mirrored or not; it and its views go on from there.

    Args:
        path: of the file.
        batches: of what will be trained on; a few are taken, also to find the views.

    Raises:
        SystemExit: there is no such file, or it holds another network.
    """
    student = Student()
    shown = list(islice(batches, SETTLING))
    take_up(path, student.net, (pixels.float() for pixels, _, _ in shown))
    _see(student, shown)
    return student


@torch.no_grad()  # type: ignore[untyped-decorator]
def _see(student: Student, shown: list[Question]) -> None:
    """Solve for the views under which the stages' features are nearest to the teacher's maps (least squares)."""
    views = [view for view in student.views if isinstance(view, nn.Conv2d)]
    squares = [torch.zeros(view.in_channels + 1, view.in_channels + 1, dtype=torch.float64) for view in views]
    products = [torch.zeros(view.in_channels + 1, view.out_channels, dtype=torch.float64) for view in views]
    student.net.eval()
    for pixels, _, maps in shown:
        stages = student.net.trunk.stages(pixels.to(device()).float())[1:]
        for square, product, stage, wanted in zip(squares, products, stages, maps, strict=False):
            features = nn.functional.pad(_rows(stage), (0, 1), value=1.0)
            square.add_(features.T @ features)
            product.add_(features.T @ _rows(wanted))
    student.net.train()
    for view, square, product in zip(views, squares, products, strict=True):
        eased = square + RIDGE * square.diagonal().mean() * torch.eye(len(square), dtype=torch.float64)
        solved = torch.linalg.solve(eased, product)
        assert view.bias is not None
        view.weight.copy_(solved[:-1].T[:, :, None, None])
        view.bias.copy_(solved[-1])


def _rows(values: torch.Tensor) -> torch.Tensor:
    """Maps [b, channels, side, side] as float64 [b * side * side, channels]."""
    return values.cpu().double().movedim(1, -1).flatten(0, 2)
