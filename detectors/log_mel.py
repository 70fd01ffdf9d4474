"""The front end of the voice model: logarithms of mel band energies, in numpy only, the same in training and use."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from detectors.sound import RATE

FRAME = 400
"""Samples in a frame: 25 ms at 16 kHz; also the length of the Fourier transform."""

HOP = 160
"""Samples from frame to frame: 10 ms."""

BINS = FRAME // 2 + 1
"""Frequencies of a power spectrum, 40 Hz apart, from 0 to 8 kHz."""

BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
"""Mel bands and their range: below lies hum, above lies what codecs cut off."""

FLOOR = 1e-10
"""Added to a band's energy before its logarithm; the energy of speech at -30 dBFS is around 1e-2."""

_AT_ONCE = 256
"""Frames transformed at a time: they stay in the cache, which is ten times faster than a minute at once."""

Spectra = NDArray[np.float32]
Sound = NDArray[np.float32]


def frame_count(samples: int) -> int:
    """Frames that lie wholly within so many samples."""
    return max(0, 1 + (samples - FRAME) // HOP)


def power_spectra(sound: Sound) -> Spectra:
    """Power spectra of 25 ms Hann frames every 10 ms.

    Args:
        sound: float32 [n], 16 kHz mono, -1 to 1.

    Returns:
        float32 [frames, 201]: the squared magnitude at each multiple of 40 Hz; [0, 201] for less than one frame.
    """
    if len(sound) < FRAME:
        return np.zeros((0, BINS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(sound, np.float32), FRAME)[::HOP]
    out = np.empty((len(frames), BINS), np.float32)
    for start in range(0, len(frames), _AT_ONCE):
        spectra = np.fft.rfft(frames[start : start + _AT_ONCE] * _hann(), axis=1)
        out[start : start + _AT_ONCE] = spectra.real**2 + spectra.imag**2
    return out


def log_mels(sound: Sound) -> NDArray[np.float32]:
    """Natural logarithms of 40 mel band energies from 60 to 7600 Hz.

    Args:
        sound: float32 [n], 16 kHz mono, -1 to 1.

    Returns:
        float32 [frames, 40], one frame every 10 ms; no frames for less than 25 ms.
    """
    return log_bands(power_spectra(sound) @ mel_filters().T)


def log_bands(bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of band energies with the floor that keeps digital silence finite."""
    return np.asarray(np.log(bands + np.float32(FLOOR)), np.float32)


@functools.cache
def mel_filters(
    lowest_hz: float = LOWEST_HZ, highest_hz: float = HIGHEST_HZ, bands: int = BANDS
) -> NDArray[np.float32]:
    """Triangular filters on Slaney's mel scale, each of the same area (Slaney, Auditory Toolbox, 1998).

    Returns:
        float32 [bands, 201], weights of the frequencies of :func:`power_spectra`.
    """
    return triangles(hz_of_mel(np.linspace(mel_of_hz(lowest_hz), mel_of_hz(highest_hz), bands + 2)))


def triangles(corners_hz: NDArray[np.float64]) -> NDArray[np.float32]:
    """Triangular filters of equal area between successive corners; float32 [corners - 2, 201]."""
    frequencies = np.arange(BINS) * (RATE / FRAME)
    low, middle, high = (corners_hz[start : len(corners_hz) - 2 + start, None] for start in range(3))
    rising = (frequencies - low) / (middle - low)
    falling = (high - frequencies) / (high - middle)
    weights = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (high - low)
    return weights.astype(np.float32)


def mel_of_hz(hz: float) -> float:
    """Slaney's mel scale: linear up to 1 kHz (15 mel), logarithmic above."""
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * float(np.log(hz / 1000) / np.log(6.4))


def hz_of_mel(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of :func:`mel_of_hz`, for many values."""
    return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((mel - 15) / 27))


@functools.cache
def _hann() -> NDArray[np.float32]:
    """A periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
