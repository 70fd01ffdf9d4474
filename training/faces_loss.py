"""What the detector is told: which cells answer for which face, and how wrong they are."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.faces_model import STRIDES, decode

SURE = 0.6
"""Teacher's score from which a face is a face; between 0.3 and this, cells are not asked at all."""

SIZES = ((0.0, 56.0), (40.0, 128.0), (96.0, 1e9))
"""Longer side of the box, in pixels, that each stride answers for; neighbours overlap."""


def assign(faces: torch.Tensor, side: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Give each cell its face.

    Returns (index [n] of the face or -1, ignored [n], centres [n, 3] as x, y, stride): a cell answers for
    a sure face whose centre is within 1.5 strides, the smallest if several.
    """
    owners, ignored, centres = [], [], []
    for stride, (least, most) in zip(STRIDES, SIZES, strict=True):
        axis = (torch.arange(side // stride) + 0.5) * stride
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        x, y = x.reshape(-1), y.reshape(-1)
        owner = torch.full((x.numel(),), -1, dtype=torch.long)
        skip = torch.zeros(x.numel(), dtype=torch.bool)
        for number in torch.argsort(faces[:, 2] * faces[:, 3], descending=True).tolist():
            left, top, width, height = faces[number, :4].tolist()
            longer = max(width, height)
            centre_x, centre_y = left + width / 2, top + height / 2
            inside = (x > left) & (x < left + width) & (y > top) & (y < top + height)
            if faces[number, 14] < SURE or longer < 10:
                skip |= inside
                continue
            if not least <= longer <= most:
                # near the centre of a face of another stride a high score would be right, too
                skip |= inside & (abs(x - centre_x) < longer / 3) & (abs(y - centre_y) < longer / 3)
                continue
            reach = max(1.5 * stride, 0.12 * longer)
            near = (abs(x - centre_x) < reach) & (abs(y - centre_y) < reach) & inside
            owner[near] = number
            skip |= inside & ~near & (abs(x - centre_x) < longer / 4) & (abs(y - centre_y) < longer / 4)
        owners.append(owner)
        ignored.append(skip & (owner < 0))
        centres.append(torch.stack([x, y, torch.full_like(x, float(stride))], 1))
    return torch.cat(owners), torch.cat(ignored), torch.cat(centres)


def detection_loss(maps: list[torch.Tensor], faces: list[torch.Tensor], side: int) -> torch.Tensor:
    """Focal loss on scores, generalised IoU on boxes, smooth L1 on landmarks as shares of the box."""
    logits = torch.cat([raw[:, 0].flatten(1) for raw in maps], 1)
    _, boxes, points = decode(maps)
    total = logits.new_zeros(())
    count = 0
    for item, teacher in enumerate(faces):
        owner, skip, _ = assign(teacher, side)
        owner, skip = owner.to(logits.device), skip.to(logits.device)
        truth = (owner >= 0).float()
        probability = torch.sigmoid(logits[item])
        cross = functional.binary_cross_entropy_with_logits(logits[item], truth, reduction="none")
        hard = torch.where(truth > 0, 0.5 * (1 - probability) ** 2, 0.5 * probability**2)
        total = total + (2.0 * hard * cross * (~skip)).sum()
        chosen = torch.nonzero(owner >= 0)[:, 0]
        if chosen.numel() == 0:
            continue
        count += chosen.numel()
        target = teacher.to(logits.device)[owner[chosen]]
        corners = torch.cat([target[:, :2], target[:, :2] + target[:, 2:4]], 1)
        total = total + 2.0 * (1 - generalised_iou(boxes[item, chosen], corners)).sum()
        scale = target[:, 2:4].mean(1)[:, None, None]
        difference = (points[item, chosen] - target[:, 4:14].reshape(-1, 5, 2)) / scale
        total = (
            total
            + 5.0
            * functional.smooth_l1_loss(difference, torch.zeros_like(difference), beta=0.05, reduction="none")
            .mean((1, 2))
            .sum()
        )
    return total / max(count, 1)


def generalised_iou(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Generalised IoU of box pairs [n, 4] as corners (Rezatofighi et al. 2019)."""
    overlap = (torch.min(first[:, 2:], second[:, 2:]) - torch.max(first[:, :2], second[:, :2])).clamp(min=0).prod(1)
    areas = (first[:, 2:] - first[:, :2]).prod(1) + (second[:, 2:] - second[:, :2]).prod(1)
    union = areas - overlap
    hull = (torch.max(first[:, 2:], second[:, 2:]) - torch.min(first[:, :2], second[:, :2])).prod(1)
    return overlap / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
