"""The forgery model's network: a small trunk that first learns faces, then what is wrong with them.

Plain ReLU: the backward pass of PReLU alone took 38 % of a step on a CPU.
"""

from __future__ import annotations

import torch
from torch import nn


class _Inverted(nn.Module):
    """Inverted residual (Sandler et al. 2018): widen, look around, narrow, and add where shapes allow."""

    def __init__(self, inside: int, outside: int, stride: int, widen: int) -> None:
        super().__init__()
        middle = inside * widen
        self.add = stride == 1 and inside == outside
        self.body = nn.Sequential(
            nn.Conv2d(inside, middle, 1, bias=False),
            nn.BatchNorm2d(middle),
            nn.ReLU(inplace=True),
            nn.Conv2d(middle, middle, 3, stride, 1, groups=middle, bias=False),
            nn.BatchNorm2d(middle),
            nn.ReLU(inplace=True),
            nn.Conv2d(middle, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
        )

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """One block."""
        out: torch.Tensor = self.body(values)
        return values + out if self.add else out


class Trunk(nn.Module):
    """RGB 0-255 float [b, 3, 112, 112] to pooled features [b, 384]."""

    width = 384

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(3, 48, 3, 2, 1, bias=False),
            nn.BatchNorm2d(48),
            nn.ReLU(inplace=True),
            nn.Conv2d(48, 48, 3, 1, 1, groups=48, bias=False),
            nn.BatchNorm2d(48),
            nn.ReLU(inplace=True),
        ]
        inside = 48
        for outside, repeats, stride, widen in (
            (56, 4, 2, 2),
            (96, 1, 2, 4),
            (96, 5, 1, 2),
            (112, 1, 2, 4),
            (112, 2, 1, 2),
        ):
            for number in range(repeats):
                layers.append(_Inverted(inside, outside, stride if number == 0 else 1, widen))
                inside = outside
        layers += [nn.Conv2d(inside, self.width, 1, bias=False), nn.BatchNorm2d(self.width), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers)

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Features, averaged over the picture."""
        out: torch.Tensor = self.layers((crop - 127.5) / 128.0)
        return out.mean((2, 3))


class Embedding(nn.Module):
    """Trunk with the head that imitates the teacher's embedding; used in the first phase only."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = nn.Linear(Trunk.width, 128)

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Unit embeddings [b, 128]."""
        return nn.functional.normalize(self.head(self.trunk(crop)), dim=1)


class ForgeryNet(nn.Module):
    """Trunk with one logit; positive means synthetic."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(Trunk.width, 1))

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Logits [b]."""
        out: torch.Tensor = self.head(self.trunk(crop))
        return out[:, 0]
