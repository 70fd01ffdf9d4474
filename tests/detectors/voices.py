"""Sounds like voices: a buzz through three resonances, in syllables, with pauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detectors.sound import RATE


def voice(
    pitch_hz: float = 120.0, throat: float = 1.0, seconds: float = 6.0, *, seed: int = 0, noise: float = 1e-4
) -> NDArray[np.float32]:
    """Someone who "speaks" four syllables a second and pauses each third second for half of it.

    Args:
        pitch_hz: mean pitch.
        throat: factor of the resonances 600, 1500 and 2600 Hz.
        seconds: length.
        seed: of melody and vowels.
        noise: root mean square of what lies under it.
    """
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    steps = max(3, int(seconds * 4))
    melody = np.interp(time, np.linspace(0, seconds, steps), random.uniform(0.9, 1.1, steps))
    phase = 2 * np.pi * np.cumsum(pitch_hz * melody) / RATE
    vowel = np.interp(time, np.linspace(0, seconds, steps), random.uniform(0.85, 1.15, steps))
    out = np.zeros(len(time))
    for harmonic in range(1, int(3800 / pitch_hz)):
        hz = pitch_hz * harmonic * melody
        loud = sum(1 / (1 + ((hz - throat * centre * vowel) / 120) ** 2) for centre in (600, 1500, 2600))
        out += loud * np.sin(harmonic * phase)
    out *= np.clip(np.sin(2 * np.pi * 4 * time) + 0.6, 0, 1) * ((time % 3.0) < 2.5)
    out *= 0.08 / (np.sqrt(np.mean(out**2)) + 1e-9)
    return (out + random.normal(0, noise, len(time))).astype(np.float32)
