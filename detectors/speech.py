"""Where somebody may be speaking, and how far the sound stands above what lies under it: by energy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.log_mel import BINS, Spectra

FRAMES_PER_S = 100

_BAND = slice(3, 101)  # 120 to 4000 Hz, where a voice has its energy
_SILENCE = 1e-6
"""Mean power per frequency of a frame at about -80 dB below full scale: digital silence and the codec's rest."""

_BELOW_LOUDEST_DB = 30.0
"""How far below the loudest twentieth of the frames speech may lie; its weak consonants do."""

_ABOVE_REST = 0.25
"""Share of the way, in dB, from the quietest to the loudest twentieth that a frame must have risen."""

MOST_DB = 40.0


@dataclass(frozen=True, slots=True)
class Speech:
    """What a sound's energy says.

    Attributes:
        active: bool [frames], 10 ms each: energy as of speech. Music is not told from speech.
        snr_db: how far the active frames' mean power stands above the quietest twentieth of all frames, 0 to 40 dB; a
            blind estimate that is low where nobody pauses.
    """

    active: NDArray[np.bool_]
    snr_db: float

    @property
    def seconds(self) -> float:
        """Seconds of active frames."""
        return float(self.active.sum()) / FRAMES_PER_S


def find_speech(spectra: Spectra) -> Speech:
    """Judge power spectra float32 [frames, 201] of :func:`detectors.log_mel.power_spectra`.

    Raises:
        ValueError: they have another number of frequencies.
    """
    if spectra.ndim != 2 or spectra.shape[1] != BINS:
        raise ValueError(f"power spectra have {BINS} frequencies, not the shape {spectra.shape}")
    power = spectra[:, _BAND].mean(axis=1) if len(spectra) else np.zeros(0, np.float32)
    if not len(power) or power.max() <= _SILENCE:
        return Speech(np.zeros(len(power), np.bool_), 0.0)
    level = 10 * np.log10(_smoothed(power) + _SILENCE / 10)
    rest, loudest = np.percentile(level, [5, 95])
    threshold = max(loudest - _BELOW_LOUDEST_DB, rest + _ABOVE_REST * (loudest - rest))
    active = (level >= threshold) & (power > _SILENCE)
    above = 10 ** ((10 * np.log10(power[active].mean() + 1e-12) - rest) / 10) if active.any() else 1.0
    snr = 10 * np.log10(max(above - 1.0, 1.0))
    return Speech(np.asarray(active, np.bool_), float(min(snr, MOST_DB)))


def _smoothed(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over five frames, so that the gaps inside words are not silences."""
    if len(power) < 5:
        return power
    padded = np.pad(power, 2, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 5).mean(axis=1), np.float32)
