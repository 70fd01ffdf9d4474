"""The trunk that identity and forgery share: a small residual network of plain 3x3 convolutions.

Dense convolutions rather than depthwise ones: under bf16 a CPU with matrix units trains three to four times as many
pictures a second through this trunk as through an inverted-residual one with a quarter of its weights, and ONNX
Runtime answers in the same time as a MobileFaceNet.
"""

from __future__ import annotations

import torch
from torch import nn

WIDTHS = (32, 64, 128, 288)
"""Channels of the four stages at 56, 28, 14 and 7 px."""

BLOCKS = (1, 2, 3, 1)

VALUES = 128
"""Of an embedding."""


class _Block(nn.Module):
    """Two convolutions and the way around them (He et al. 2016)."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
            nn.Conv2d(outside, outside, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outside),
        )
        self.around = (
            nn.Identity()
            if stride == 1 and inside == outside
            else nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))
        )

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """One block."""
        return torch.relu(self.body(values) + self.around(values))


class Trunk(nn.Module):
    """RGB 0-255 float [b, 3, 112, 112] to features [b, 288, 7, 7]."""

    width = WIDTHS[-1]

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(3, WIDTHS[0], 3, 2, 1, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(inplace=True),
        ]
        inside = WIDTHS[0]
        for stage, (outside, blocks) in enumerate(zip(WIDTHS, BLOCKS, strict=True)):
            for number in range(blocks):
                layers.append(_Block(inside, outside, 2 if stage and number == 0 else 1))
                inside = outside
        self.layers = nn.Sequential(*layers)

    def stages(self, crop: torch.Tensor) -> list[torch.Tensor]:
        """What each of the four stages puts out, [b, width, side, side]."""
        out = (crop - 127.5) / 128.0
        for layer in self.layers[:3]:
            out = layer(out)
        stages, next_layer = [], 3
        for blocks in BLOCKS:
            for layer in self.layers[next_layer : next_layer + blocks]:
                out = layer(out)
            next_layer += blocks
            stages.append(out)
        return stages

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Features, not yet pooled."""
        out: torch.Tensor = self.layers((crop - 127.5) / 128.0)
        return out


class IdentityNet(nn.Module):
    """Trunk with a head that keeps where in the face a feature lies; unit embeddings [b, 128].

    A face is aligned, so a weight for each place (global depthwise convolution, MobileFaceNets, Chen et al. 2018)
    says more than an average over all places.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk()
        self.head = nn.Sequential(
            nn.Conv2d(Trunk.width, 512, 1, bias=False),
            nn.BatchNorm2d(512),
            nn.ReLU(inplace=True),
            nn.Conv2d(512, 512, 7, groups=512, bias=False),
            nn.BatchNorm2d(512),
            nn.Flatten(),
            nn.Linear(512, VALUES),
        )

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """Unit embeddings."""
        return nn.functional.normalize(self.head(self.trunk(crop)), dim=1)
