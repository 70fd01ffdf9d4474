"""The teacher: the speaker encoder of the package `resemblyzer`, whose answers are learned, not its weights.

Only its network and its weights are used (the package's own module needs librosa and webrtcvad); its input, 40 mel
energies without logarithm, is computed as it computes it: power spectra of 400 samples every 160, Slaney's filters of
equal area from 0 to 8 kHz (librosa's defaults). Its trimming of silences is left out.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from detectors.log_mel import BANDS, mel_filters, power_spectra
from training.loop import device, precision

PARTIAL = 160
"""Frames that it hears at a time, 1.6 s; an utterance is the mean over such partials."""

STEP = 77
"""Frames from partial to partial: 1.3 a second, as it does by default."""

VALUES = 256
QUIETEST_DB = -30.0
"""It raises recordings to this level, and leaves louder ones alone."""


def weights() -> Path:
    """The pretrained file of the installed package.

    Raises:
        SystemExit: the package is missing.
    """
    found = importlib.util.find_spec("resemblyzer")
    if found is None or found.origin is None:
        raise SystemExit("the voice teacher is missing: pip install --no-deps resemblyzer==0.1.4")
    return Path(found.origin).with_name("pretrained.pt")


class Teacher(nn.Module):
    """Three LSTM layers and a rectified projection, as in Wan et al. (2018)."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(BANDS, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, VALUES)
        state = torch.load(weights(), map_location="cpu", weights_only=True)["model_state"]
        self.load_state_dict({name: state[name] for name in self.state_dict()})
        self.eval().requires_grad_(False).to(device())

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def forward(self, mels: torch.Tensor) -> torch.Tensor:
        """Mel energies float32 [b, frames, 40] to unit embeddings float32 [b, 256], none below 0."""
        with precision():
            hidden = self.lstm(mels.to(device()))[1][0][-1]
        return nn.functional.normalize(torch.relu(self.linear(hidden.float())), dim=1)

    def exact(self, mels: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same without reduced precision, for measuring."""
        with torch.no_grad():
            hidden = self.lstm(torch.from_numpy(mels).to(device()))[1][0][-1]
            out = nn.functional.normalize(torch.relu(self.linear(hidden)), dim=1)
        return np.asarray(out.cpu().numpy(), np.float32)

    def utterance(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit embedding float32 [256] of an utterance at 16 kHz, the mean over its partials."""
        rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-9
        raised = sound * max(1.0, 10 ** (QUIETEST_DB / 20) / rms)
        centred = np.pad(np.asarray(raised, np.float32), 200)
        mels = power_spectra(centred) @ mel_filters(0.0, 8000.0).T
        mean = self.exact(partials(mels)).mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)


def partials(mels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut frames float32 [n, 40] into float32 [k, 160, 40]; the last one is kept if three quarters of it are there."""
    starts = list(range(0, max(1, len(mels) - PARTIAL + STEP + 1), STEP))
    if len(starts) > 1 and len(mels) - starts[-1] < 0.75 * PARTIAL:
        starts.pop()
    padded = np.pad(mels, ((0, max(0, starts[-1] + PARTIAL - len(mels))), (0, 0)))
    return np.stack([padded[start : start + PARTIAL] for start in starts])
