"""The face detector's network: dense 3 x 3 convolutions, anchor-free, three strides, decoded in the graph.

Dense convolutions are as fast as depthwise ones of a third of the parameters in ONNX Runtime, and five times faster to
train on a processor with matrix instructions; weights of half precision keep the file small.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from training.faces_targets import STRIDES

LIGHT = 64.0
"""Pixels are divided by this before the first convolution; the exported file has it in the weights."""


HEAD_BLOCKS = (1, 2, 2)
"""Of each stride's head: those over few cells cost little."""


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
    )


class _Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _block(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return functional.relu(image + self.second(self.first(image)))


class FaceNet(nn.Module):
    """Raw maps: for each stride one score logit, four box offsets and ten landmark offsets a cell.

    Distances are in strides from the cell's centre; box sides pass through exp so that they stay positive.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _block(3, 16, 2)
        self.down4 = _block(16, 16, 2)
        self.down8 = nn.Sequential(_block(16, 32, 2), _Residual(32))
        self.down16 = nn.Sequential(_block(32, 64, 2), _Residual(64))
        self.down32 = nn.Sequential(_block(64, 64, 2), _Residual(64))
        self.across = nn.ModuleList([nn.Conv2d(32, 32, 1), nn.Conv2d(64, 32, 1), nn.Conv2d(64, 32, 1)])
        self.heads = nn.ModuleList(
            [nn.Sequential(*[_block(32, 32) for _ in range(blocks)], nn.Conv2d(32, 15, 1)) for blocks in HEAD_BLOCKS]
        )
        for head in self.heads:
            nn.init.constant_(head[-1].bias[0], -4.6)  # one cell in a hundred holds a face

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        """Map RGB float [b, 3, h, w], 0 to 255 / LIGHT, to three maps [b, 15, h/s, w/s]."""
        at8 = self.down8(self.down4(self.stem(image)))
        at16 = self.down16(at8)
        at32 = self.down32(at16)
        low = self.across[2](at32)
        middle = self.across[1](at16) + functional.interpolate(low, scale_factor=2.0, mode="nearest")
        high = self.across[0](at8) + functional.interpolate(middle, scale_factor=2.0, mode="nearest")
        return [head(level) for head, level in zip(self.heads, (high, middle, low), strict=True)]


def decode(maps: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Turn raw maps into (scores [b, n], boxes [b, n, 4] as corners, landmarks [b, n, 5, 2]) in input pixels.

    Written for few nodes in the exported graph: there, each costs as much as a row of the picture.
    """
    batch = int(maps[0].shape[0])
    flat = torch.cat([raw.reshape(batch, 15, -1) for raw in maps], 2).float()
    places = torch.cat([_cells(raw, stride) for raw, stride in zip(maps, STRIDES, strict=True)], 2)
    centres, stride = places[:, :2], places[:, 2:]
    sides = torch.exp(flat[:, 1:5].clamp(-6.0, 6.0)) * stride
    boxes = torch.cat([centres - sides[:, :2], centres + sides[:, 2:]], 1)
    points = (flat[:, 5:15] * stride).reshape(batch, 5, 2, -1) + centres[:, None]
    return torch.sigmoid(flat[:, 0]), boxes.transpose(1, 2), points.permute(0, 3, 1, 2)


def _cells(raw: torch.Tensor, stride: int) -> torch.Tensor:
    """Centre and stride of each cell of a map: [1, 3, n]."""
    ones = torch.ones_like(raw[:1, :1], dtype=torch.float32)
    counted = torch.cat([ones.cumsum(3), ones.cumsum(2), ones], 1).reshape(1, 3, -1) * float(stride)
    return counted - stride * torch.tensor([0.5, 0.5, 0.0], device=raw.device)[:, None]


class Exported(nn.Module):
    """The network as it is shipped: one picture of pixels 0 to 255 in, decoded candidates out."""

    def __init__(self, net: FaceNet) -> None:
        super().__init__()
        self.net = net
        with torch.no_grad():
            net.stem[0].weight.div_(LIGHT)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Drop the batch of one."""
        scores, boxes, points = decode(self.net(image))
        return scores[0], boxes[0], points[0]
