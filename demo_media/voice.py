"""Speech by the espeak-ng program: no recording of anybody."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

RATE = 44_100
"""Samples a second of all sound."""

Sound = NDArray[np.float32]
"""Mono samples, -1 to 1, at :data:`RATE`."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of espeak-ng: its language with variant, pitch (0 to 99) and words a minute."""

    name: str
    pitch: int
    speed: int


def speak(text: str, voice: Voice) -> Sound:
    """Let the text be spoken."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise SystemExit("espeak-ng is missing; install it (apt-get install espeak-ng) and run again")
    wave = subprocess.run(
        [program, "-v", voice.name, "-p", str(voice.pitch), "-s", str(voice.speed), "--stdout", text],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    # a stream cannot know its length, so espeak-ng writes a wrong one; the samples start after 44 bytes
    rate = int.from_bytes(wave[24:28], "little")
    samples = np.frombuffer(wave[44 : len(wave) - (len(wave) - 44) % 2], "<i2")
    return _resampled(samples, rate)


def _resampled(samples: NDArray[np.int16], rate: int) -> Sound:
    """Samples at :data:`RATE`, with a peak of 0.7."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    pieces = [piece.to_ndarray()[0] for piece in [*resampler.resample(frame), *resampler.resample(None)]]
    sound = np.concatenate(pieces).astype(np.float32)
    return np.asarray(sound * (0.7 / max(float(np.abs(sound).max()), 1e-6)), np.float32)


def in_a_room(speech: Sound, seconds: float, start: float, seed: int, hush: float = 0.004) -> Sound:
    """The speech from `start` on in a clip of so many seconds, with a short echo and a room's soft noise."""
    random = np.random.default_rng(seed)
    total = np.zeros(int(seconds * RATE), np.float32)
    first = int(start * RATE)
    room = total[first:]
    room[: min(len(speech), len(room))] = speech[: len(room)]
    for delay, share in ((0.011, 0.22), (0.023, 0.14), (0.041, 0.08)):
        late = int(delay * RATE)
        total[late:] += share * total[:-late].copy()
    white = random.standard_normal(len(total)).astype(np.float32)
    grey = np.convolve(white, np.ones(24, np.float32) / 24, mode="same")
    return np.asarray(np.clip(total * 0.75 + hush * grey / grey.std(), -1, 1), np.float32)
