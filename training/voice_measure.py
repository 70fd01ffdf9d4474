"""What the voice model really tells apart, on voices that it never heard, beside its teacher; calibration and card."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.model_files import load_model, read_card
from detectors.voice_calibration import VOICE_METHOD, VoiceCalibration
from detectors.voice_embedding import Voice, VoiceEmbedder, reference
from training.card import wilson, write_card
from training.settings import Settings
from training.voice_calibrate import fit, trials
from training.voice_recordings import Recording, read_recordings, read_sounds
from training.voice_sounds import Sound
from training.voice_trials import CONDITIONS, ROUNDS, Embed, Line, Segment, embedded, only, pair_line, segments

LENGTHS_S = (2.0, 5.0, 10.0)
PAIRED = {"clean": ("clean", "clean"), "aac64": ("aac64", "aac64"), "degraded": ("clean", "degraded")}
"""What the two segments of a pair have gone through."""

MAIN = " 5s"
"""The length that the aim is stated for."""

MOST_REFERENCES = 8
FINDING_S = 5.0
"""Seconds of the pieces that are held against references."""


def voice_of(embedder: VoiceEmbedder) -> Embed:
    """Our system under test."""

    def embed(sound: Sound) -> NDArray[np.float32] | None:
        found = embedder.embed(sound)
        return found.mean() if len(found.embeddings) else None

    return embed


def measured(data: Path) -> tuple[list[Sound], list[Recording]]:
    """The speech that is for measuring only."""
    kept = [one for one in read_recordings(data) if one.part == "measure"]
    return read_sounds(data, kept), kept


def error_rates(
    systems: Mapping[str, Embed],
    sounds: Sequence[Sound],
    speakers: Sequence[str],
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> dict[str, dict[str, Line]]:
    """Equal error rates of every system on the same pairs, by system, then "CONDITION SECONDSs"."""
    told: dict[str, dict[str, Line]] = {name: {} for name in systems}
    for seconds in LENGTHS_S:
        pieces = segments(sounds, speakers, seconds)
        heard = {
            name: _heard(pieces, name, seed) for name in sorted({one for sides in PAIRED.values() for one in sides})
        }
        found = {
            system: {name: embedded(embed, pieces, those) for name, those in heard.items()}
            for system, embed in systems.items()
        }
        spoken = np.logical_and.reduce([kept for one in found.values() for _, kept in one.values()])
        for system, one in found.items():
            for condition, (first, second) in PAIRED.items():
                key = f"{condition} {seconds:g}s"
                told[system][key] = pair_line(only(one[first][0], spoken), only(one[second][0], spoken), rounds=rounds)
    return told


def _heard(pieces: Sequence[Segment], condition: str, seed: int) -> list[Sound]:
    random = np.random.default_rng((seed, list(CONDITIONS).index(condition)))
    return [CONDITIONS[condition](one.sound, random) for one in pieces]


def calls(
    embedder: VoiceEmbedder, sounds: Sequence[Sound], speakers: Sequence[str], seed: int = 0
) -> dict[str, dict[str, Any]]:
    """How often the calibrated comparison calls a mismatch, by condition of the piece.

    Each piece of five seconds is held against the mean of up to eight other utterances of its own speaker, and against
    those of every other speaker.

    Returns:
        By condition: `genuine`, `genuine_called`, `genuine_share`, `genuine_interval` (95 %, Wilson), `others`,
        `others_called`, `others_share`, `too_little_speech` (pieces of either kind that cannot be called).
    """
    known = [embedder.embed(sound) for sound in sounds]
    pieces = segments(sounds, speakers, FINDING_S)
    told = {}
    for condition in CONDITIONS:
        voices = [embedder.embed(sound) for sound in _heard(pieces, condition, seed)]
        counts = {True: [0, 0], False: [0, 0]}
        little = 0
        for piece, voice in zip(pieces, voices, strict=True):
            for speaker in sorted(set(speakers)):
                own = [
                    one
                    for number, (one, name) in enumerate(zip(known, speakers, strict=True))
                    if name == speaker and number != piece.utterance and len(one.embeddings)
                ][:MOST_REFERENCES]
                if not own:  # a speaker of one recording has no other to compare it with
                    continue
                called = _called(embedder, voice, own)
                if called is None:
                    little += 1
                    continue
                row = counts[speaker == piece.speaker]
                row[0] += 1
                row[1] += called
        genuine, lost = counts[True]
        others, caught = counts[False]
        low, high = wilson(lost, genuine)
        told[condition] = {
            "genuine": genuine,
            "genuine_called": lost,
            "genuine_share": round(lost / max(genuine, 1), 4),
            "genuine_interval": [round(low, 4), round(high, 4)],
            "others": others,
            "others_called": caught,
            "others_share": round(caught / max(others, 1), 4),
            "too_little_speech": little,
        }
    return told


def _called(embedder: VoiceEmbedder, voice: Voice, own: Sequence[Voice]) -> bool | None:
    """Whether this is called a mismatch; None where there is too little speech to say."""
    compared = embedder.compare(voice, reference(own))
    known = embedder.calibration
    if compared is None or known is None or compared.speech_s < known.least_speech_s:
        return None
    return compared.mismatch


def milliseconds(embedder: VoiceEmbedder) -> float:
    """Median time for a second of sound on one thread, front end and overlaps included, over a minute of noise."""
    random = np.random.default_rng(0)
    fade = 0.6 + 0.4 * np.sin(np.arange(60 * 16_000) / 16_000 * 2 * np.pi * 3)
    sound = (random.normal(0, 0.05, len(fade)) * fade).astype(np.float32)
    times = []
    for _ in range(9):
        start = time.perf_counter()
        embedder.embed(sound)
        times.append((time.perf_counter() - start) * 1000 / 60)
    return round(float(np.median(times)), 3)


def calibrate(settings: Settings, embedder: VoiceEmbedder) -> VoiceCalibration:
    """Fit on the real voices that were kept for it."""
    kept = [one for one in read_recordings(settings.data) if one.part == "calibrate" and one.source == "librispeech"]
    sounds = read_sounds(settings.data, kept)
    return fit(trials(embedder, sounds, [one.speaker for one in kept], settings.seed))


def measure_and_write(settings: Settings, path: Path, seen: int, recordings: int, history: Mapping[str, Any]) -> None:
    """Calibrate the exported file, measure it as the product uses it, and write its card.

    Args:
        settings: the run.
        path: the exported model.
        seen: windows that the optimisation saw.
        recordings: recordings that they were cut from.
        history: what the card has to say of where the run began (:func:`training.card.gone_on_from`).
    """
    from training.voice_teacher import Teacher

    write_card(path, {"name": "voice", "version": "unmeasured"})
    session, plain = load_model("voice", path)
    known = calibrate(settings, VoiceEmbedder(session, plain))
    table = {"method": VOICE_METHOD, **asdict(known)}
    write_card(path, {"name": "voice", "version": "unmeasured", "calibration": table})
    embedder = VoiceEmbedder(session, read_card(path.with_suffix(".toml")))  # a loaded model keeps its first card
    sounds, kept = measured(settings.data)
    speakers = [one.speaker for one in kept]
    found = error_rates({"ours": voice_of(embedder), "teacher": Teacher().utterance}, sounds, speakers)
    rates = {system: {name: line.figures() for name, line in lines.items()} for system, lines in found.items()}
    called = calls(embedder, sounds, speakers)
    for system, figures in rates.items():
        for name, one in figures.items():
            print(f"voice: {system} {name} {one}", file=sys.stderr)
    for name, one in called.items():
        print(f"voice: called a mismatch, {name} {one}", file=sys.stderr)
    write_card(
        path,
        card(settings, table, rates, called, milliseconds(embedder), recordings, {"windows_seen": seen, **history}),
    )


def card(
    settings: Settings,
    calibration: Mapping[str, Any],
    rates: Mapping[str, Mapping[str, Any]],
    called: Mapping[str, Mapping[str, Any]],
    ms: float,
    recordings: int,
    history: Mapping[str, Any],
) -> dict[str, Any]:
    """The card's content."""
    ours = rates["ours"]
    return {
        "name": "voice",
        "version": f"2.{settings.seed}",
        "role": "turns three seconds of speech into 256 values that are alike for one speaker",
        "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
        "input": {
            "name": "log_mels",
            "layout": "float32 [b, frames, 40], natural logarithms of mel band energies, 10 ms a frame, 16 kHz mono",
            "preprocessing": "detectors.log_mel.log_mels; windows of 298 frames every 200",
        },
        "output": {"embedding": "float32 [b, 256], length one; the cosine of two is the likeness of two voices"},
        "meaning": {
            "mismatch": "another speaker or a stock voice (measured here), a failed or old voice clone (trial runs), "
            "perhaps an impressionist or a dub (never measured); a lawful dub, a guest or a narrator is a mismatch too",
            "match": "never evidence that the sound is authentic: a good clone matches the person it was made from. In "
            "trial runs a model of this kind, losing 5 % of genuine recordings, called another voice 97 % of other "
            "speakers, 39 % of clones by systems of 2018 to 2021, 6 % by those of 2022 and 2 % by newer ones",
        },
        "training": {
            "command": f"python -m training voice --minutes {settings.minutes:g} --seed {settings.seed} "
            f"--threads {settings.threads}{settings.started}",
            "sets": f"{recordings} recordings: LibriSpeech train-clean-100, synthetic voices (mimic3, opentts, "
            "VITS-VCTK, sherpa), short unlabelled recordings (picowake)",
            "terms": "LibriSpeech and VCTK CC BY 4.0, mimic3 voices CC BY-SA 4.0, picowake and sherpa Apache-2.0, "
            "opentts voices MIT; to be free of any, leave it out of index.csv in a data folder of your own",
            "teacher": "the encoder of resemblyzer 0.1.4 (Apache-2.0), trained by its makers on LibriSpeech, VoxCeleb1 "
            "and VoxCeleb2; its answers were learned, its weights were not used",
            **history,
            "held_out": "by speaker: ten test-other speakers for [quality], 14 % of all other voices for "
            "[calibration]; see training/voice_split.py",
        },
        "quality": {
            "how": "LibriSpeech test-other, ten speakers; equal error rate of one segment against one of another "
            "utterance with 95 % interval, drawn by speaker; degraded is clean against music or noise at 10 dB with "
            "AAC 48 or Opus 24 kbit/s",
            **{_key(name): figures for name, figures in ours.items() if name.endswith(MAIN)},
            "ms_a_second_one_thread": ms,
        },
        "error_rates": {_key(name): figures for name, figures in ours.items() if not name.endswith(MAIN)},
        "teacher_error_rates": {_key(name): figures["eer"] for name, figures in rates.get("teacher", {}).items()},
        "mismatch": {
            "how": "pieces of 5 s against the mean of up to eight utterances; excited is read speech whose speed and "
            "pitch were swayed by up to 10 %, a stand-in: there was no emotional speech to measure on",
            **called,
        },
        "calibration": {
            **calibration,
            "bound": "ten to one at most: the speakers of the sample support little more, and clones match",
            "on": "read speech, both sides from one utterance, pieces of 2.5 to 6 s, clean, degraded and swayed; "
            "longer speech counts as 6 s",
        },
        "limits": {
            "known_failures": "shouting, crying, singing and whispering (in trial runs a third and more of acted "
            "emotional speech was called another voice at strict cut-offs), children, several talkers at once, loud "
            "music, less than 3 s of speech; current voice clones match; languages other than English are untested; "
            "music without a voice has an embedding, too, and must be left out before (detectors.music)",
        },
    }


def _key(name: str) -> str:
    return name.replace(" ", "_")
