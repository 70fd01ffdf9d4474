"""The face detector's network: depthwise separable, anchor-free, three strides, decoded in the graph."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

STRIDES = (8, 16, 32)


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    """One depthwise separable convolution."""
    return nn.Sequential(
        nn.Conv2d(inside, inside, 3, stride, 1, groups=inside, bias=False),
        nn.BatchNorm2d(inside),
        nn.ReLU(inplace=True),
        nn.Conv2d(inside, outside, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class FaceNet(nn.Module):
    """Raw maps: for each stride one score logit, four box offsets and ten landmark offsets a cell.

    Distances are in strides from the cell's centre; box sides pass through exp so that they stay positive.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True), _block(16, 32)
        )
        self.down4 = nn.Sequential(_block(32, 32, 2), _block(32, 48))
        self.down8 = nn.Sequential(_block(48, 64, 2), _block(64, 64), _block(64, 64))
        self.down16 = nn.Sequential(_block(64, 96, 2), _block(96, 96), _block(96, 96))
        self.down32 = nn.Sequential(_block(96, 96, 2), _block(96, 96), _block(96, 96))
        self.across = nn.ModuleList([nn.Conv2d(64, 64, 1), nn.Conv2d(96, 64, 1), nn.Conv2d(96, 64, 1)])
        self.heads = nn.ModuleList(
            [nn.Sequential(_block(64, 64), _block(64, 64), nn.Conv2d(64, 15, 1)) for _ in STRIDES]
        )
        for head in self.heads:
            nn.init.constant_(head[-1].bias[0], -4.6)  # one cell in a hundred holds a face

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        """Map RGB 0-255 float [b, 3, h, w] to three maps [b, 15, h/s, w/s]."""
        at4 = self.down4(self.stem((image - 127.5) / 64.0))
        at8 = self.down8(at4)
        at16 = self.down16(at8)
        at32 = self.down32(at16)
        low = self.across[2](at32)
        middle = self.across[1](at16) + functional.interpolate(low, scale_factor=2.0, mode="nearest")
        high = self.across[0](at8) + functional.interpolate(middle, scale_factor=2.0, mode="nearest")
        return [head(level) for head, level in zip(self.heads, (high, middle, low), strict=True)]


def decode(maps: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Turn raw maps into (scores [b, n], boxes [b, n, 4] as corners, landmarks [b, n, 5, 2]) in input pixels."""
    scores, boxes, points = [], [], []
    for raw, stride in zip(maps, STRIDES, strict=True):
        height, width = raw.shape[2], raw.shape[3]
        rows = (torch.arange(height, device=raw.device, dtype=torch.float32) + 0.5) * stride
        columns = (torch.arange(width, device=raw.device, dtype=torch.float32) + 0.5) * stride
        centre_y = rows[:, None].expand(height, width).reshape(1, -1, 1)
        centre_x = columns[None, :].expand(height, width).reshape(1, -1, 1)
        flat = raw.flatten(2).transpose(1, 2)
        scores.append(torch.sigmoid(flat[..., 0]))
        sides = torch.exp(flat[..., 1:5].clamp(-6.0, 6.0)) * stride
        boxes.append(
            torch.cat(
                [
                    centre_x - sides[..., 0:1],
                    centre_y - sides[..., 1:2],
                    centre_x + sides[..., 2:3],
                    centre_y + sides[..., 3:4],
                ],
                dim=-1,
            )
        )
        spread = flat[..., 5:15].reshape(flat.shape[0], -1, 5, 2) * stride
        points.append(spread + torch.cat([centre_x, centre_y], dim=-1)[:, :, None, :])
    return torch.cat(scores, 1), torch.cat(boxes, 1), torch.cat(points, 1)


class Exported(nn.Module):
    """The network as it is shipped: one picture in, decoded candidates out."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Drop the batch of one."""
        scores, boxes, points = decode(self.net(image))
        return scores[0], boxes[0], points[0]
