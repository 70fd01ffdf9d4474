"""What is kept of the sound while a clip streams by: 16 kHz mono, aligned with the pictures."""

from __future__ import annotations

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second, enough for speech (up to 8 kHz)."""

_GAP = RATE // 10  # shorter gaps are rounding of the container's time stamps


class SoundKeeper:
    """Resamples sound to 16 kHz mono and keeps at most `limit_s` seconds of it.

    Sample 0 is time 0 of the pictures: sound that starts later is preceded by silence, sound
    that starts earlier loses its beginning, and gaps are filled, so that a time in one is the same time in the other.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit = round(limit_s * RATE)
        self._resampler = AudioResampler("s16", "mono", RATE)
        self._parts: list[NDArray[np.int16]] = []
        self._length = 0
        self.damaged = 0
        """Frames that could not be resampled."""

    @property
    def full(self) -> bool:
        """Whether nothing more will be kept."""
        return self._length >= self._limit

    def take(self, frame: AudioFrame, time_s: float | None) -> None:
        """Keep one decoded frame; `time_s` counts from the first picture, None where the container has none."""
        if self.full:
            return
        try:
            parts = [np.asarray(part.to_ndarray(), np.int16).reshape(-1) for part in self._resampler.resample(frame)]
        except (av.FFmpegError, ValueError):
            # The layout or rate changed in the middle; the next frames may fit again.
            self._resampler = AudioResampler("s16", "mono", RATE)
            self.damaged += 1
            return
        samples = np.concatenate(parts) if parts else np.empty(0, np.int16)
        if time_s is not None:
            samples = self._placed(samples, round(time_s * RATE))
        self._append(samples)

    def _placed(self, samples: NDArray[np.int16], start: int) -> NDArray[np.int16]:
        """Fill a gap before these samples, or cut what lies before time 0."""
        if start - self._length > _GAP:
            silence = min(start, self._limit) - self._length
            self._append(np.zeros(silence, np.int16))
        elif not self._length and start < 0:
            return samples[-start:]
        return samples

    def _append(self, samples: NDArray[np.int16]) -> None:
        samples = samples[: self._limit - self._length]
        if samples.size:
            self._parts.append(samples.astype(np.int16, copy=False))
            self._length += samples.size

    def samples(self) -> NDArray[np.int16] | None:
        """Everything that was kept, int16 [m], or None where there was no sound."""
        return np.concatenate(self._parts) if self._parts else None
