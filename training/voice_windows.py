"""Windows for the voice model: what the student hears beside what the teacher hears, changed anew each time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from detectors.log_mel import BINS, log_bands
from training.voice_data import WARPS, Pool, squared, warped_filters

BATCH = 64
FRAMES = (160, 200, 250, 298)
"""Lengths of a batch's windows; the product's are 298 frames, shorter ones come from short clips."""

JITTERS = (0.97, 0.985, 1.0, 1.015, 1.03)
"""The student also hears a voice a little higher or lower than the teacher: pitch is not the person."""

SOURCES = {"librispeech": 3.0, "picowake": 1.6, "mimic3": 0.8, "opentts": 0.5, "vitsvctk": 1.2, "sherpa": 0.6}
"""How often a collection is drawn beside the square root of a recording's length: people before machines."""

Values = NDArray[np.float32]
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Student's log mels and teacher's mels [b, frames, 40], whole recording's answer [b, 256], and its share [b]."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """One voice: bands for student and teacher [frames, 40], its whole recording's answer, and whether that holds."""

    student: Values
    teacher: Values
    voice: Values
    holds: bool


class Windows(IterableDataset[Batch]):
    """An endless stream of batches, seeded per worker; `seed` is the run's and the step that it starts at."""

    def __init__(self, pool: Pool, seed: tuple[int, int]) -> None:
        super().__init__()
        self._pool, self._seed = pool, seed
        lengths = np.diff(pool.starts).astype(float)
        wanted = np.array([SOURCES.get(one.source, 0.5) for one in pool.recordings]) * np.sqrt(lengths)
        self._chance = np.cumsum(wanted / wanted.sum())

    def __iter__(self) -> Iterator[Batch]:
        info = get_worker_info()
        if info is not None:
            os.nice(15)  # the optimisation goes first; it waits if it must
        random = np.random.default_rng((*self._seed, 0 if info is None else 1 + info.id))
        while True:
            frames = int(random.choice(FRAMES))
            heard = [self._window(frames, random) for _ in range(BATCH)]
            yield (
                torch.from_numpy(np.stack([log_bands(one.student) for one in heard])),
                torch.from_numpy(np.stack([one.teacher for one in heard])),
                torch.from_numpy(np.stack([one.voice for one in heard])),
                torch.tensor([0.6 if one.holds else 0.0 for one in heard]),
            )

    def _window(self, frames: int, random: Generator) -> _Heard:
        one = self._heard(frames, random)
        if random.random() < 0.12:
            # two voices at once are a third one, to the teacher as to the student
            other = self._heard(frames, random)
            ratio = 10 ** (random.uniform(-4, 4) / 10) * float(one.teacher.sum() / (other.teacher.sum() + 1e-9))
            one = _Heard(
                one.student + np.float32(ratio) * other.student,
                one.teacher + np.float32(ratio) * other.teacher,
                one.voice,
                holds=False,
            )
        if random.random() < 0.15:
            one = _Heard(_echoed(one.student, random), one.teacher, one.voice, one.holds)
        return one

    def _heard(self, frames: int, random: Generator) -> _Heard:
        """One voice at a random pitch and speed; the student's way is disturbed."""
        pool = self._pool
        stretch = random.uniform(0.85, 1.18)
        needed = int(frames * stretch) + 2
        row = int(np.searchsorted(self._chance, random.random()))
        first, end = int(pool.starts[row]), int(pool.starts[row + 1])
        for _ in range(3):
            start = int(random.integers(0, max(1, end - first - needed)))
            rows = first + (start + np.arange(needed)) % (end - first)
            clean = squared(_taken(pool.versions[0], rows))
            if clean.mean() > _LOUD_ENOUGH:
                break
        shown = clean
        if random.random() < 0.6:
            shown = squared(_taken(pool.versions[int(random.integers(1, len(pool.versions)))], rows))
            shown *= np.float32(clean.mean() / (shown.mean() + 1e-9))
        place = len(WARPS) // 2 if random.random() < 0.3 else int(random.integers(len(WARPS)))
        holds = True
        if random.random() < 0.12:
            gain = _equaliser(random, 8.0)
            clean, shown, holds = clean * gain, shown * gain, False
        teacher = clean @ warped_filters(float(WARPS[place]), teacher=True).T
        if random.random() < 0.15:
            shown = repitched(shown, random)
        shown = self._disturbed(shown, random)
        factor = float(WARPS[place]) * JITTERS[int(random.integers(len(JITTERS)))]
        student = shown @ warped_filters(factor, teacher=False).T
        at = np.arange(frames, dtype=np.float64) * stretch
        return _Heard(_between(student, at), _between(teacher, at), pool.voices[row, place], holds)

    def _disturbed(self, shown: Values, random: Generator) -> Values:
        if random.random() < 0.4:
            shown = shown * _equaliser(random, 6.0)
        if random.random() < 0.15:
            shown = shown * _band(random)
        if random.random() < 0.45:
            sound = self._pool.under[int(random.integers(len(self._pool.under)))]
            start = int(random.integers(0, max(1, len(sound) - len(shown))))
            under = squared(_taken(sound, (start + np.arange(len(shown))) % len(sound)))
            ratio = 10 ** (-random.uniform(3, 25) / 10) * float(shown.mean() / (under.mean() + 1e-9))
            shown = shown + under * np.float32(ratio)
        return shown * np.float32(10 ** random.uniform(-1.5, 1))


_LOUD_ENOUGH = 0.05
"""Mean power of a window that holds speech; at -27 dB a whole recording has about 0.3 (150 x its mean square)."""


def _taken(values: NDArray[np.float16], rows: NDArray[np.int64]) -> NDArray[np.float16]:
    """Rows of a stored table; as one slice where they are neighbours."""
    if rows[-1] - rows[0] == len(rows) - 1:
        return np.asarray(values[rows[0] : rows[-1] + 1])
    return np.asarray(values[rows])


def _between(bands: Values, at: NDArray[np.float64]) -> Values:
    """Bands at times between frames."""
    low = at.astype(int)
    share = (at - low).astype(np.float32)[:, None]
    return np.asarray(bands[low] * (1 - share) + bands[low + 1] * share, np.float32)


def _equaliser(random: Generator, most_db: float) -> Values:
    """A smooth gain over the frequencies, float32 [201], of power."""
    knots = random.uniform(-most_db, most_db, 6)
    curve = np.interp(np.linspace(0, 1, BINS) ** 0.6, np.linspace(0, 1, 6), knots)
    return (10 ** (curve / 10)).astype(np.float32)


def _band(random: Generator) -> Values:
    """Gain of a narrow band, float32 [201], of power: 40 dB down outside."""
    hz = np.arange(BINS) * 40.0
    inside = (hz >= random.uniform(0, 350)) & (hz <= random.uniform(3200, 7500))
    return np.where(inside, 1.0, 1e-4).astype(np.float32)


def _echoed(bands: Values, random: Generator) -> Values:
    """Late reverberation in the power domain: decays by 60 dB within 0.2 to 0.8 s."""
    length = int(random.uniform(12, 40))
    decay = 10 ** (-6.0 / random.uniform(20, 80))
    loud = 10 ** (random.uniform(-14, -4) / 10)
    out = bands.copy()
    for delay in range(2, length):
        out[delay:] += np.float32(loud * decay**delay) * bands[:-delay]
    return out


def repitched(power: Values, random: Generator) -> Values:
    """Move the pitch along a smooth curve, by up to 20 %, and leave the formants: an excited voice's melody.

    The envelope is the mean logarithm over 11 frequencies (440 Hz); what is left over it is stretched.
    """
    log = np.log(power + 1e-9)
    padded = np.pad(log, ((0, 0), (6, 5)), mode="edge").cumsum(axis=1)
    envelope = (padded[:, 11:] - padded[:, :-11]) / 11
    knots = random.uniform(-0.2, 0.2, max(3, len(power) // 40)) * 0.6 + random.uniform(-0.08, 0.08)
    factor = 1 + np.interp(np.linspace(0, len(knots) - 1, len(power)), np.arange(len(knots)), knots)
    at = np.minimum(np.arange(BINS)[None] / factor[:, None], BINS - 1.001)
    low = at.astype(int)
    share = (at - low).astype(np.float32)
    fine = log - envelope
    moved = np.take_along_axis(fine, low, 1) * (1 - share) + np.take_along_axis(fine, low + 1, 1) * share
    return np.asarray(np.exp(envelope + moved), np.float32)
