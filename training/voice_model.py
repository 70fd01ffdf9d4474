"""The voice network: dense convolutions along time, attentive statistics, 256 values of length one."""

from __future__ import annotations

import torch
from torch import nn

from detectors.log_mel import BANDS

WIDTH = 224
"""Channels; multiples of 32 train three times faster in reduced precision on a CPU."""

BLOCKS = 4
JOINED = 512
VALUES = 256
RANGE = 16.0
"""Natural logarithms below the loudest band that still count, 70 dB: what lies lower is the codec's silence."""


class VoiceNet(nn.Module):
    """Logarithmic mel energies float32 [b, frames, 40] to unit embeddings float32 [b, 256].

    A small relative of ECAPA-TDNN (Desplanques, Thienpondt and Demuynck 2020) with dense convolutions in place of its
    grouped ones. Loudness is taken out first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _Convolution(BANDS, WIDTH, 5, stride=2)
        self.blocks = nn.ModuleList([_Block(WIDTH, dilation=1 + number) for number in range(BLOCKS)])
        self.join = nn.Conv2d(WIDTH * BLOCKS, JOINED, 1)
        self.attend_in = nn.Conv2d(JOINED, 64, 1)
        self.attend_out = nn.Conv2d(64, JOINED, 1)
        self.norm = nn.BatchNorm1d(2 * JOINED)
        self.out = nn.Linear(2 * JOINED, VALUES)

    def forward(self, log_mels: torch.Tensor) -> torch.Tensor:
        """See the class."""
        loud = log_mels.amax(dim=(1, 2), keepdim=True)
        above = torch.maximum(log_mels, loud - RANGE)
        levelled = (above - above.mean(dim=(1, 2), keepdim=True)) / 4
        hidden = self.stem(levelled.transpose(1, 2).unsqueeze(2).contiguous(memory_format=torch.channels_last))
        kept = []
        for block in self.blocks:
            hidden = block(hidden)
            kept.append(hidden)
        joined = torch.relu(self.join(torch.cat(kept, 1)))
        weight = torch.softmax(self.attend_out(torch.tanh(self.attend_in(joined))).float(), dim=3)
        joined = joined.float()
        mean = (weight * joined).sum(3)
        spread = ((weight * joined * joined).sum(3) - mean * mean).clamp_min(1e-4).sqrt()
        statistics = torch.cat([mean, spread], 1).flatten(1)
        return nn.functional.normalize(self.out(self.norm(statistics)).float(), dim=1)


class _Convolution(nn.Module):
    """Convolution along the last axis, batch normalisation, rectifier."""

    def __init__(self, taken: int, given: int, width: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(
            taken, given, (1, width), (1, stride), (0, dilation * (width // 2)), (1, dilation), bias=False
        )
        self.norm = nn.BatchNorm2d(given)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.convolution(values)))


class _Block(nn.Module):
    """Two convolutions and squeeze-and-excitation (Hu, Shen and Sun 2018) around a shortcut."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.first = _Convolution(width, width, 3, dilation=dilation)
        self.second = _Convolution(width, width, 3)
        self.squeeze = nn.Linear(width, 32)
        self.excite = nn.Linear(32, width)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        inner = self.second(self.first(values))
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(inner.mean(dim=(2, 3))))))
        return values + inner * gate[:, :, None, None]
