"""The forgery model's network: the identity model's trunk, which knows faces, and one logit on top."""

from __future__ import annotations

import torch
from torch import nn

from training.residual import Trunk


class ForgeryNet(nn.Module):
    """RGB 0-255 float [b, 3, 112, 112] to logits [b]; positive means synthetic."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(Trunk.width, 1))

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Logits, from features averaged over the face: a fault may be anywhere in it."""
        out: torch.Tensor = self.head(self.trunk(crop).mean((2, 3)))
        return out[:, 0]
