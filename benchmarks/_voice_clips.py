"""The detectors' own reckoning on whole utterances: called another voice, worth for identity, interviews, music."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from detectors.metrics import cllr
from detectors.sound import RATE
from detectors.specimen import SpeechLooks, VoiceReference
from detectors.speech_looks import listen
from detectors.voice_embedding import VoiceEmbedder, reference
from detectors.voice_mismatch import LEAST_SPEECH_S, is_another
from detectors.voice_strip import MATCH_FROM, Strip, strip
from training.card import wilson
from training.voice_sounds import Sound, mixed, music
from training.voice_trials import CONDITIONS

CONDITION_NAMES = (*CONDITIONS, "music10")
"""Those of the trials, and speech over music at 10 dB alone."""

LONGEST_S = 20.0
_OWN_S, _OTHERS_S = 4, 16
"""Seconds of the person and of the interviewer in an interview: a fifth is the person's."""

MUSIC_CLIPS, _MUSIC_S = 24, 12


@dataclass(frozen=True, slots=True)
class _Known:
    """Utterances with their speakers, and the references of every speaker without one utterance or another."""

    embedder: VoiceEmbedder
    sounds: Sequence[Sound]
    speakers: Sequence[str]

    def references(self) -> dict[tuple[str, int], VoiceReference]:
        """By speaker and the number of the utterance that is left out; -1 leaves out none."""
        heard = [self.embedder.embed(sound) for sound in self.sounds]
        told = {}
        for name in sorted(set(self.speakers)):
            own = [row for row, one in enumerate(self.speakers) if one == name and len(heard[row].embeddings)]
            for left_out in (-1, *own):
                kept = [heard[row] for row in own if row != left_out]
                if kept:
                    speech = sum(one.speech_s for one in kept)
                    told[name, left_out] = VoiceReference(name, reference(kept), len(kept), speech, "")
        return told


def clips(
    embedder: VoiceEmbedder,
    sounds: Sequence[Sound],
    speakers: Sequence[str],
    *,
    music_clips: int = MUSIC_CLIPS,
    seed: int = 0,
) -> dict[str, Any]:
    """Hold utterances of at most 20 s against the other utterances of every speaker, as the detectors do.

    No weight was fitted on these speakers, but some choices were made with them in view (the line of
    :mod:`detectors.music`, how windows are joined, the longest speech that counts): other voices may fare worse.

    Returns:
        `by_condition` (condition: `genuine`, `genuine_called`, `genuine_share`, `genuine_interval` (95 %, Wilson),
        `others`, `others_called`, `others_share`, `too_little_speech`, `refused_as_music`, `cllr` of the ratio for
        identity, `others_above_two_to_one`), `interviews` (`clips`, `called_by_the_whole`, `called`), `music`
        (`clips`, `refused`, `left_with_a_window`).
    """
    known = _Known(embedder, sounds, speakers)
    references = known.references()
    random = np.random.default_rng(seed)
    return {
        "by_condition": {name: _condition(name, known, references, random) for name in CONDITION_NAMES},
        "interviews": _interviews(known, references),
        "music": _music(embedder, music_clips, random),
    }


def _condition(
    name: str, known: _Known, references: dict[tuple[str, int], VoiceReference], random: Generator
) -> dict[str, Any]:
    found: dict[bool, list[Strip]] = {True: [], False: []}
    little = refused = 0
    for row, (sound, speaker) in enumerate(zip(known.sounds, known.speakers, strict=True)):
        cut = sound[: round(LONGEST_S * RATE)]
        heard = mixed(cut, music(len(cut), random), 10.0) if name == "music10" else CONDITIONS[name](cut, random)
        looks = _listened(heard, known.embedder)
        if looks.music_s > looks.speech_s:
            refused += 1
            continue
        if looks.speech_s < LEAST_SPEECH_S:
            little += 1
            continue
        for other in sorted(set(known.speakers)):
            one = references.get((other, row if other == speaker else -1))
            if one is not None:
                found[other == speaker].append(strip(looks, one, known.embedder.calibration))
    called = {same: sum(is_another(one) for one in those) for same, those in found.items()}
    ratios = {same: np.array([one.log10_lr for one in those]) for same, those in found.items()}
    low, high = wilson(called[True], len(found[True]))
    scores = np.concatenate([ratios[True], ratios[False]])
    same = np.arange(len(scores)) < len(ratios[True])
    return {
        "genuine": len(found[True]),
        "genuine_called": called[True],
        "genuine_share": round(called[True] / max(1, len(found[True])), 4),
        "genuine_interval": [round(low, 4), round(high, 4)],
        "others": len(found[False]),
        "others_called": called[False],
        "others_share": round(called[False] / max(1, len(found[False])), 4),
        "too_little_speech": little,
        "refused_as_music": refused,
        "cllr": round(cllr(scores, same), 4) if same.any() and not same.all() else None,
        "others_above_two_to_one": int((ratios[False] >= MATCH_FROM).sum()),
    }


def _interviews(known: _Known, references: dict[tuple[str, int], VoiceReference]) -> dict[str, int]:
    """Four seconds of a person and sixteen of another, held against the person: how often it is called another's."""
    told = {"clips": 0, "called_by_the_whole": 0, "called": 0}
    names = sorted(set(known.speakers))
    longest = {
        name: max(
            (row for row, one in enumerate(known.speakers) if one == name), key=lambda row: len(known.sounds[row])
        )
        for name in names
    }
    for name in names:
        own = references.get((name, longest[name]))
        for other in names:
            if other == name or own is None:
                continue
            sound = np.concatenate(
                [known.sounds[longest[name]][: _OWN_S * RATE], known.sounds[longest[other]][: _OTHERS_S * RATE]]
            )
            looks = _listened(sound, known.embedder)
            if looks.speech_s < LEAST_SPEECH_S:
                continue
            one = strip(looks, own, known.embedder.calibration)
            told["clips"] += 1
            told["called_by_the_whole"] += one.mismatch
            told["called"] += is_another(one)
    return told


def _music(embedder: VoiceEmbedder, count: int, random: Generator) -> dict[str, int]:
    """Made music alone: how often it is refused, and how often a window of it would be compared."""
    heard = [_listened(music(_MUSIC_S * RATE, random), embedder) for _ in range(count)]
    return {
        "clips": len(heard),
        "refused": sum(one.music_s > one.speech_s for one in heard),
        "left_with_a_window": sum(len(one.spans) > 0 for one in heard),
    }


def _listened(sound: Sound, embedder: VoiceEmbedder) -> SpeechLooks:
    """As a clip's sound reaches the detectors: 16-bit samples."""
    return listen((np.clip(sound, -1, 1) * 32767).astype(np.int16), embedder)


__all__ = ["CONDITION_NAMES", "MUSIC_CLIPS", "clips"]
