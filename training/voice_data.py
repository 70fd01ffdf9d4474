"""The material of the voice model: recordings, their degraded copies, and what the teacher says to each voice.

Everything slow (decoding, rooms, codecs, transforms) is done once; a window is then a few products of power spectra
with mel filters. A spectrum whose frequencies are scaled is another voice, and so is the sum of two voices: the
teacher is asked about those too, and so answers on more voices than the recordings hold.
"""

from __future__ import annotations

import functools
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from detectors.log_mel import BINS, frame_count, mel_filters, power_spectra
from training.settings import Settings
from training.voice_recordings import Recording, read_recordings, read_sounds
from training.voice_sounds import Sound, degraded, disturbances
from training.voice_teacher import Teacher, partials

COPIES = 2
"""Degraded copies of each recording; what else happens to a window is made on the fly."""

WARPS = np.array([0.78, 0.84, 0.90, 0.95, 1.0, 1.05, 1.11, 1.18, 1.26])
"""Factors of all frequencies, pitch and formants alike: from deep to high voices."""

DISTURBANCES = 120

Half = NDArray[np.float16]


@functools.cache
def warped_filters(factor: float, *, teacher: bool) -> NDArray[np.float32]:
    """Mel filters float32 [40, 201] that hear a spectrum as if all its frequencies were multiplied by a factor."""
    filters = mel_filters(0.0, 8000.0) if teacher else mel_filters()
    # what a filter weighs at f, it must weigh at f / factor of the recording
    bins = np.arange(BINS) * factor
    low = np.minimum(bins.astype(int), BINS - 1)
    high = np.minimum(low + 1, BINS - 1)
    share = (bins - low).astype(np.float32)
    moved = filters[:, low] * (1 - share) + filters[:, high] * share
    moved[:, bins > BINS - 1] = 0
    return np.asarray(moved * factor, np.float32)


@dataclass(frozen=True, slots=True)
class Pool:
    """Prepared material of the training part.

    Attributes:
        recordings: whose they are.
        starts: int [n + 1], where each recording's frames begin.
        versions: float16 [frames, 201] magnitudes: the clean ones, then the degraded copies.
        under: float16 [k, frames, 201] magnitudes of sounds that may lie under a voice.
        voices: float32 [n, warps, 256], what the teacher says to each whole recording at each factor.
        centre: float32 [256], the mean of its answers, which is taken out of all targets.
    """

    recordings: list[Recording]
    starts: NDArray[np.int64]
    versions: list[Half]
    under: Half
    voices: NDArray[np.float32]
    centre: NDArray[np.float32]


def prepare(settings: Settings) -> Pool:
    """Make the pool in the work folder, or take the one that is there."""
    folder = settings.work
    done = folder / "pool.json"
    if not done.is_file():
        recordings = [one for one in read_recordings(settings.data) if one.part == "train"]
        sounds = read_sounds(settings.data, recordings)
        starts = np.concatenate([[0], np.cumsum([frame_count(len(sound)) for sound in sounds])])
        _store(folder / "clean.npy", sounds, starts)
        random = np.random.default_rng(settings.seed)
        people = [sound for sound, one in zip(sounds, recordings, strict=True) if one.source == "librispeech"]
        under = disturbances(people, DISTURBANCES, random)
        np.save(folder / "under.npy", np.stack([magnitudes(sound) for sound in under]))
        for copy in range(COPIES):
            seeds = random.integers(0, 2**31, len(sounds)).tolist()
            with ProcessPoolExecutor(
                settings.threads + settings.loaders, initializer=_lay_under, initargs=(under,)
            ) as workers:
                made = list(workers.map(_degrade, sounds, seeds, chunksize=16))
            _store(folder / f"degraded{copy}.npy", made, starts)
            print(f"voice: degraded copy {copy + 1} of {COPIES} is there", file=sys.stderr, flush=True)
        _ask(folder, starts)
        done.write_text(json.dumps({"starts": starts.tolist(), "recordings": [asdict(one) for one in recordings]}))
    told = json.loads(done.read_text())
    versions = [np.load(folder / name, mmap_mode="r") for name in _names()]
    voices = np.load(folder / "voices.npy")
    return Pool(
        recordings=[Recording(**row) for row in told["recordings"]],
        starts=np.array(told["starts"], np.int64),
        versions=versions,
        under=np.load(folder / "under.npy", mmap_mode="r"),
        voices=voices,
        centre=np.load(folder / "centre.npy"),
    )


def _names() -> list[str]:
    return ["clean.npy", *(f"degraded{copy}.npy" for copy in range(COPIES))]


_under: list[Sound] = []  # of a worker process: given once, because it is larger than any recording


def _lay_under(sounds: list[Sound]) -> None:
    _under[:] = sounds


def _degrade(sound: Sound, seed: int) -> Sound:
    return degraded(sound, _under, np.random.default_rng(seed))


def magnitudes(sound: Sound) -> Half:
    """Magnitude spectra float16 [frames, 201]."""
    return np.sqrt(power_spectra(sound)).astype(np.float16)


def _store(path: Path, sounds: list[Sound], starts: NDArray[np.int64]) -> None:
    """Write the spectra of all recordings one after the other."""
    out = np.lib.format.open_memmap(path, "w+", np.float16, (int(starts[-1]), BINS))
    for sound, start, end in zip(sounds, starts[:-1], starts[1:], strict=True):
        out[start:end] = magnitudes(sound)[: end - start]
    out.flush()


def _ask(folder: Path, starts: NDArray[np.int64]) -> None:
    """Ask the teacher about every recording at every factor."""
    teacher = Teacher()
    clean = np.load(folder / "clean.npy", mmap_mode="r")
    voices = np.zeros((len(starts) - 1, len(WARPS), 256), np.float32)
    for place, factor in enumerate(WARPS):
        filters = warped_filters(float(factor), teacher=True).T
        for first in range(0, len(starts) - 1, 32):
            rows = range(first, min(first + 32, len(starts) - 1))
            cut = [partials(squared(clean[starts[row] : starts[row + 1]]) @ filters) for row in rows]
            said = teacher(torch.from_numpy(np.concatenate(cut))).cpu().numpy()
            ends = np.cumsum([len(one) for one in cut])
            for row, one in zip(rows, np.split(said, ends[:-1]), strict=True):
                voices[row, place] = one.mean(axis=0)
    centre = voices.mean(axis=(0, 1))
    np.save(folder / "centre.npy", centre)
    np.save(folder / "voices.npy", voices)
    print(f"voice: the teacher heard {voices.shape[0]} recordings at {len(WARPS)} factors", file=sys.stderr, flush=True)


def squared(magnitude: Half) -> NDArray[np.float32]:
    """Power of magnitudes, float32."""
    values = np.asarray(magnitude, np.float32)
    return values * values
