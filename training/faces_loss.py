"""How wrong the detector is: on scores, boxes and landmarks."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.faces_model import decode
from training.faces_targets import FACE, IGNORED

BOX, LANDMARKS = 2.0, 4.0
"""Weights beside the score's."""

FLAT = 0.02
"""Landmark errors below this share of the eye distance count by their square: the teacher is no surer than that."""


def detection_loss(maps: list[torch.Tensor], target: torch.Tensor) -> torch.Tensor:
    """Quality focal loss on scores, generalised IoU on boxes, smooth L1 on landmarks as shares of the eye distance.

    The score learns how well the box of its own cell lies (Li et al. 2020, Generalized Focal Loss), so that of many
    boxes of one face the best has the highest score.

    Args:
        maps: raw maps of the network.
        target: float32 [b, cells, 15], see `training.faces_targets`.
    """
    logits = torch.cat([raw[:, 0].flatten(1) for raw in maps], 1).float()
    _, boxes, points = decode(maps)
    chosen = target[..., 0] == FACE
    quality = torch.zeros_like(logits)
    own, truth = boxes[chosen], target[chosen]
    located = points[chosen]
    closeness = generalised_iou(own, truth[:, 1:5])
    quality[chosen] = closeness.detach().clamp(0.0, 1.0)
    away = (quality - torch.sigmoid(logits)).abs().square()
    cross = functional.binary_cross_entropy_with_logits(logits, quality, reduction="none")
    total = (2.0 * away * cross * (target[..., 0] != IGNORED)).sum()
    total = total + BOX * (1 - closeness).sum()
    wanted = truth[:, 5:15].reshape(-1, 5, 2)
    eyes = (wanted[:, 0] - wanted[:, 1]).norm(dim=1)
    # of a face from the side, a third of its width, as where it is measured
    scale = torch.maximum(eyes, (truth[:, 3] - truth[:, 1]) / 3).clamp(min=1.0)
    apart = (located - wanted) / scale[:, None, None]
    error = functional.smooth_l1_loss(apart, torch.zeros_like(apart), beta=FLAT, reduction="none")
    total = total + LANDMARKS * error.sum(2).mean(1).sum()
    return total / max(int(chosen.sum()), 1)


def generalised_iou(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Generalised IoU of box pairs [n, 4] as corners (Rezatofighi et al. 2019)."""
    overlap = (torch.min(first[:, 2:], second[:, 2:]) - torch.max(first[:, :2], second[:, :2])).clamp(min=0).prod(1)
    areas = (first[:, 2:] - first[:, :2]).prod(1) + (second[:, 2:] - second[:, :2]).prod(1)
    union = areas - overlap
    hull = (torch.max(first[:, 2:], second[:, 2:]) - torch.min(first[:, :2], second[:, :2])).prod(1)
    return overlap / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
