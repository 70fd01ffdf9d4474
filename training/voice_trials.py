"""Trials of the voice model: segments of known speakers, in known conditions, against each other and references.

Without torch, so that the benchmark measures ours where the product runs. `Embed` is any system under test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detectors.metrics import equal_error_rate
from detectors.sound import RATE
from training.voice_sounds import Sound, coded, coloured_noise, levelled, mixed, music, swayed

Embed = Callable[[Sound], "NDArray[np.float32] | None"]
"""A sound to a unit vector; None where it finds no speech."""

ROUNDS = 300
SWAY = 0.1
"""Largest change of speed and pitch of the stand-in for emotional speech; two semitones are 12 %."""

MOST_CUTS = 3
"""Segments that are cut from one utterance at most."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of one utterance."""

    sound: Sound
    speaker: str
    utterance: int


def segments(sounds: Sequence[Sound], speakers: Sequence[str], seconds: float) -> list[Segment]:
    """Cut utterances into pieces of equal length, side by side from the beginning; shorter utterances give none."""
    length = round(seconds * RATE)
    return [
        Segment(sound[start : start + length], speaker, number)
        for number, (sound, speaker) in enumerate(zip(sounds, speakers, strict=True))
        for start in range(0, len(sound) - length + 1, length)[:MOST_CUTS]
    ]


def clean(sound: Sound, random: Generator) -> Sound:
    """As it is."""
    del random
    return sound


def aac(sound: Sound, random: Generator) -> Sound:
    """After AAC at 64 kbit/s."""
    del random
    return coded(sound, "adts", "aac", RATE, 64_000)


def degraded(sound: Sound, random: Generator) -> Sound:
    """Music or noise at 10 dB, then AAC at 48 or Opus at 24 kbit/s, as in the trial runs (models.md, section 4)."""
    length = len(sound)
    under = music(length, random) if random.random() < 0.5 else coloured_noise(length, 1.0, random)
    loud = levelled(mixed(sound, under, 10.0), -24.0)
    if random.random() < 0.5:
        return coded(loud, "adts", "aac", RATE, 48_000)
    return coded(loud, "ogg", "libopus", RATE, 24_000)


def excited(sound: Sound, random: Generator) -> Sound:
    """Genuine speech whose speed and pitch sway by up to 10 %, then AAC: a stand-in for emotion, no acted speech."""
    return aac(swayed(sound, SWAY, random), random)


CONDITIONS: Mapping[str, Callable[[Sound, Generator], Sound]] = {
    "clean": clean,
    "aac64": aac,
    "degraded": degraded,
    "excited": excited,
}


@dataclass(frozen=True, slots=True)
class Line:
    """The error rate of one system in one condition.

    Attributes:
        pairs, same: pairs of segments, and how many of them are of one speaker.
        speakers: people behind them.
        eer: equal error rate, 0 to 1.
        draws: the same for draws of the speakers, float64 [rounds]; equal seeds draw equal speakers.
    """

    pairs: int
    same: int
    speakers: int
    eer: float
    draws: NDArray[np.float64]

    def figures(self) -> dict[str, Any]:
        """The figures with the 95 % interval, for a card or a table."""
        return {
            "pairs": self.pairs,
            "same": self.same,
            "speakers": self.speakers,
            "eer": round(self.eer, 4),
            "interval": spread(self.draws, self.eer),
        }


def spread(draws: NDArray[np.float64], point: float) -> list[float]:
    """95 % percentile interval, widened where it must be to hold the figure itself; rounded."""
    known = draws[~np.isnan(draws)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (0.0, 1.0)
    return [round(float(min(low, point)), 4), round(float(max(high, point)), 4)]


def pair_line(first: Embedded, second: Embedded, *, seed: int = 0, rounds: int = ROUNDS) -> Line:
    """Error rate of one segment against one, over all pairs of different utterances.

    Args:
        first, second: the same segments in one condition each, such as both clean; in the same order.
        seed, rounds: of the bootstrap, which draws speakers with replacement.
    """
    likeness = first.vectors @ second.vectors.T
    rows, columns = np.nonzero(first.utterance[:, None] < second.utterance[None])
    scores = likeness[rows, columns].astype(np.float64)
    same = first.speaker[rows] == second.speaker[columns]
    names, place = np.unique(first.speaker, return_inverse=True)
    random = np.random.default_rng(seed)
    draws = []
    for _ in range(rounds if len(names) else 0):
        times = np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))
        weight = times[place[rows]] * np.where(same, 1, times[place[columns]])
        draws.append(equal_error_rate(np.repeat(scores, weight), np.repeat(same, weight)))
    return Line(len(scores), int(same.sum()), len(names), equal_error_rate(scores, same), np.array(draws, np.float64))


@dataclass(frozen=True, slots=True)
class Embedded:
    """Segments as vectors: float32 [n, values], with speaker [n] and number of the utterance [n]."""

    vectors: NDArray[np.float32]
    speaker: NDArray[np.str_]
    utterance: NDArray[np.int64]


def embedded(embed: Embed, pieces: Sequence[Segment], heard: Sequence[Sound]) -> tuple[Embedded, NDArray[np.bool_]]:
    """Embed segments as they are heard in a condition.

    Returns:
        All of them (a zero vector where nothing was found), and bool [n], which were found.
    """
    found = [embed(sound) for sound in heard]
    width = next((len(one) for one in found if one is not None), 1)
    vectors = np.zeros((len(found), width), np.float32)
    for row, one in enumerate(found):
        if one is not None:
            vectors[row] = one
    spoken = np.array([one is not None for one in found], np.bool_)
    names = np.array([one.speaker for one in pieces], np.str_)
    return Embedded(vectors, names, np.array([one.utterance for one in pieces], np.int64)), spoken


def only(those: Embedded, kept: NDArray[np.bool_]) -> Embedded:
    """A part of embedded segments."""
    return Embedded(those.vectors[kept], those.speaker[kept], those.utterance[kept])
