"""Small autoencoders of our own, and what they make of genuine faces.

Face swapping tools and talking heads show the output of a decoder. A decoder that had to bring a genuine face through
a narrow place leaves such a texture on a picture that is otherwise the same, so that nothing else tells the two apart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from detectors.geometry import SQUARE
from training.forgery_data import Collection
from training.loop import Plan, device, optimise, precision, steps_of
from training.settings import Settings

MINUTES = 2.0
"""Budget of one autoencoder; long enough for a likeness, short enough for visible faults."""

SHARE = 1 / 15
"""At most this part of the forgery model's own budget for each of them, where that is short."""

BATCH = 16


@dataclass(frozen=True, slots=True)
class Kind:
    """How narrow the place is (halvings and channels) and how the decoder widens again."""

    halvings: int
    channels: int
    widening: str


KINDS = (Kind(3, 12, "shuffle"), Kind(4, 48, "nearest"), Kind(4, 24, "transposed"), Kind(5, 96, "bilinear"))


class Autoencoder(nn.Module):
    """RGB -1 to 1 [b, 3, 160, 160] through a narrow place and back."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        widths = [32, 64, 96, 128, 160][: kind.halvings]
        down: list[nn.Module] = []
        inside = 3
        for width in widths:
            down += [nn.Conv2d(inside, width, 3, 2, 1), nn.ReLU(inplace=True)]
            inside = width
        up: list[nn.Module] = [nn.Conv2d(kind.channels, inside, 3, 1, 1), nn.ReLU(inplace=True)]
        for width in [*widths[-2::-1], 32]:
            up += [*_wider(inside, width, kind.widening), nn.ReLU(inplace=True)]
            inside = width
        self.layers = nn.Sequential(*down, nn.Conv2d(widths[-1], kind.channels, 1), *up, nn.Conv2d(inside, 3, 3, 1, 1))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """What is left of the pictures."""
        out: torch.Tensor = self.layers(values)
        return out


def _wider(inside: int, outside: int, widening: str) -> list[nn.Module]:
    if widening == "shuffle":
        return [nn.Conv2d(inside, 4 * outside, 3, 1, 1), nn.PixelShuffle(2)]
    if widening == "transposed":
        return [nn.ConvTranspose2d(inside, outside, 4, 2, 1)]
    return [nn.Upsample(scale_factor=2, mode=widening), nn.Conv2d(inside, outside, 3, 1, 1)]


def _scaled(pixels: NDArray[np.uint8]) -> torch.Tensor:
    values = torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))).to(device())
    return (values.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def _loss(model: nn.Module, values: torch.Tensor) -> torch.Tensor:
    """Absolute error of values and of their differences to the neighbours, so that edges count."""
    with precision():
        out = model(values)
    gone = out.float() - values
    loss: torch.Tensor = gone.abs().mean() + gone.diff(dim=2).abs().mean() + gone.diff(dim=3).abs().mean()
    return loss


def rendered(
    pools: Sequence[Collection], rows: Sequence[NDArray[np.intp]], settings: Settings
) -> list[NDArray[np.uint8]]:
    """For each pool what an autoencoder, drawn anew for each row, makes of these rows: uint8 [n, 160, 160, 3], kept."""
    files = [settings.work / f"{pool.name}-rendered.npy" for pool in pools]
    if not all(file.is_file() for file in files):
        layout = torch.channels_last
        nets = []
        for number, kind in enumerate(KINDS):
            checkpoint = settings.work / f"autoencoder{number}.ckpt"
            done = steps_of(checkpoint) if settings.resume else 0
            net = optimise(
                Autoencoder(kind).to(device(), memory_format=layout),
                _batches(pools, rows, np.random.default_rng((settings.seed, number, done))),
                _loss,
                Plan(minutes=min(MINUTES, settings.minutes * SHARE), rate=2e-3, average=0.99),
                checkpoint,
                settings.resume,
            )
            nets.append(net.eval())
        random = np.random.default_rng(settings.seed)
        for pool, chosen, file in zip(pools, rows, files, strict=True):
            out = np.empty((len(chosen), SQUARE, SQUARE, 3), np.uint8)
            which = random.integers(0, len(nets), len(chosen))
            for number, net in enumerate(nets):
                places = np.flatnonzero(which == number)
                for start in range(0, len(places), 64):
                    part = places[start : start + 64]
                    out[part] = _render(net, np.stack([pool.pixels[row] for row in chosen[part]]))
            np.save(file.with_suffix(".part.npy"), out)
            file.with_suffix(".part.npy").replace(file)
            print(f"forgery: rendered {len(chosen)} faces of {pool.name}", file=sys.stderr, flush=True)
    return [np.load(file, mmap_mode="r") for file in files]


@torch.no_grad()  # type: ignore[untyped-decorator]
def _render(net: nn.Module, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    with precision():
        out = net(_scaled(pixels))
    bytes_ = ((out.float() + 1) * 127.5).round().clamp(0, 255).byte()
    return np.ascontiguousarray(bytes_.permute(0, 2, 3, 1).cpu().numpy())


def _batches(
    pools: Sequence[Collection], rows: Sequence[NDArray[np.intp]], random: np.random.Generator
) -> Iterator[torch.Tensor]:
    sizes = np.array([len(one) for one in rows], float)
    while True:
        picks = random.choice(len(pools), BATCH, p=sizes / sizes.sum())
        yield _scaled(np.stack([pools[pick].pixels[random.choice(rows[pick])] for pick in picks]))
