"""Fits what a likeness is worth, on voices that were kept out of training, and sets the cut-off of a mismatch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detectors.calibration import fit_logistic
from detectors.sound import RATE
from detectors.voice_calibration import VoiceCalibration, conditions
from detectors.voice_embedding import Voice, VoiceEmbedder
from training.voice_sounds import Sound, degraded, disturbances
from training.voice_trials import CONDITIONS

MOST_LR = 1.0
"""Ten to one, whatever the sample supports: clones match, and emotion does not."""

GENUINE_LOST = 0.025
"""Share of genuine trials of the calibration that the cut-off may lose; half of the aim, since new sounds are worse."""

WEAKEST_CALL = -0.5
"""A mismatch is never called on less than three to one for another speaker (log10): both sides of a trial come from one
utterance here, so that genuine recordings of another day are less alike than the fit knows."""

RIDGE = 1e-4
"""Pull of the fitted numbers towards 0."""

LEAST_SPEECH_S = 3.0
LENGTHS_S = (2.5, 4.0, 6.0)
REFERENCE_S = 6.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording against one reference."""

    cosine: float
    speech_s: float
    snr_db: float
    same: bool
    speaker: str
    condition: str


def trials(embedder: VoiceEmbedder, sounds: Sequence[Sound], speakers: Sequence[str], seed: int) -> list[Trial]:
    """Hold degraded pieces of every voice against the first six seconds of all voices.

    The reference is heard clean or through a codec, the piece through one of the conditions of
    :mod:`training.voice_trials` or a random one of training; each pair of different voices comes about once.
    """
    random = np.random.default_rng(seed)
    under = disturbances(sounds, 24, random)
    cut = round(REFERENCE_S * RATE)
    means, voices = [], []
    for sound in sounds:
        first = sound[:cut]
        known = embedder.embed(first if random.random() < 0.5 else CONDITIONS["aac64"](first, random))
        if not len(known.embeddings):
            continue
        means.append(known.mean())
        voices.append([(name, embedder.embed(piece)) for name, piece in _pieces(sound[cut:], under, random)])
    found = []
    for place, pieces in enumerate(voices):
        for name, voice in pieces:
            others = [one for one in range(len(means)) if speakers[one] != speakers[place]]
            for other in [place, *random.choice(others, min(6, len(others)), replace=False).tolist()]:
                found += _trial(voice, means[other], speakers[place], name, same=other == place)
    return found


def _pieces(rest: Sound, under: Sequence[Sound], random: Generator) -> list[tuple[str, Sound]]:
    pieces = []
    for seconds in LENGTHS_S:
        length = round(seconds * RATE)
        if len(rest) < length:
            continue
        for name in (*CONDITIONS, "random", "random"):
            start = int(random.integers(0, len(rest) - length + 1))
            part = rest[start : start + length]
            pieces.append((name, degraded(part, under, random) if name == "random" else CONDITIONS[name](part, random)))
    return pieces


def _trial(voice: Voice, mean: NDArray[np.float32], speaker: str, name: str, *, same: bool) -> list[Trial]:
    if not len(voice.embeddings):
        return []
    return [Trial(float(voice.mean() @ mean), voice.speech_s, voice.snr_db, same, speaker, name)]


def fit(found: Sequence[Trial]) -> VoiceCalibration:
    """Fit the six numbers at equal priors, and set bound and cut-off.

    The bound is a third of the speakers (the rule of three, 95 %), and at most ten to one. The cut-off loses at most
    2.5 % of the genuine trials that have enough speech, and never lies above three to one for another speaker.
    """
    at = np.array([conditions(one.speech_s, one.snr_db) for one in found])
    cosine = np.array([one.cosine for one in found])
    same = np.array([one.same for one in found])
    ones = np.ones_like(cosine)
    design = np.stack([cosine, at[:, 0] * cosine, at[:, 1] * cosine, ones, at[:, 0], at[:, 1]], 1)
    beta = fit_logistic(design, same, ones, np.full(design.shape[1], RIDGE))
    speakers = len({one.speaker for one in found})
    genuine = [
        float(value)
        for value, one in zip(design @ beta, found, strict=True)
        if one.same and one.speech_s >= LEAST_SPEECH_S
    ]
    slope, slope_s, slope_n, offset, offset_s, offset_n = beta.tolist()
    return VoiceCalibration(
        slope=slope,
        slope_s=slope_s,
        slope_n=slope_n,
        offset=offset,
        offset_s=offset_s,
        offset_n=offset_n,
        max_abs_log10_lr=min(MOST_LR, max(0.0, math.log10(speakers / 3))),
        mismatch_below=min(WEAKEST_CALL, float(np.quantile(genuine, GENUINE_LOST))),
        least_speech_s=LEAST_SPEECH_S,
        samples=len(found),
        speakers=speakers,
    )
