"""How well the voice model tells speakers apart whom it never heard, beside its teacher on the same pairs.

LibriSpeech test-other, ten speakers with ten utterances each: segments of 2, 5 and 10 seconds against each other,
clean, after AAC at 64 kbit/s on both sides, and clean against music or noise at 10 dB with AAC 48 or Opus 24 kbit/s.
Then what the calibrated comparison calls a mismatch, on pieces of five seconds, and what the detectors make of whole
utterances, of interviews and of music. The data folder has no emotional speech: `excited` is read
speech whose speed and pitch were swayed by up to 10 %, a stand-in that says little about shouting or crying.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks._voice_clips import MUSIC_CLIPS, clips
from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.voice_embedding import VoiceEmbedder
from training.voice_measure import LENGTHS_S, MAIN, PAIRED, calls, error_rates, measured, milliseconds, voice_of
from training.voice_trials import ROUNDS, Embed, Line, spread

POINTS = 0.015
"""How far the error rate at 5 s may lie above the teacher's."""

CALLED = 0.05
"""Most of the genuine degraded clips that may be called a mismatch."""

MS = 2.5
"""Milliseconds for a second of sound, one thread, front end and overlapping windows included."""

_QUICK_EACH, _QUICK_ROUNDS, _QUICK_MUSIC = 3, 40, 4


def run(options: Options) -> Figures:
    """Cut, degrade, embed, compare.

    Figures: `eer` (our equal error rate on clean speech by seconds, "2", "5", "10"), `eer_aac64` and `eer_degraded` the
    same, `aim` and `measured` (`eer_5s_above_teacher_CONDITION`: our equal error rate less the teacher's, at most;
    `genuine_called_mismatch_CONDITION`: share, at most; `genuine_clips_called_CONDITION` and `interviews_called`: what
    the detector calls another voice, share, at most; `ms_a_second`), `lines` (condition and length: `pairs`, `same`,
    `speakers`, `ours` and `teacher` with `eer` and 95 % `interval` drawn by speaker, `above_teacher` with its
    interval; 0 to 0 means that there was no error among the pairs, and of `same` there are few at 10 s), `mismatch`
    (condition: pieces of 5 s against the mean of up to eight utterances, genuine and others, with counts and
    intervals), `clips` (:func:`benchmarks._voice_clips.clips`), `emotional` (why there is only a stand-in), `teacher`
    (why there is none, or None), `model`, `sha256`, `quick`.

    Raises:
        CannotRun: the data folder or the model is missing.
    """
    try:
        own = VoiceEmbedder.load()
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    if not (options.data / "voice" / "speech.zip").is_file():
        raise CannotRun(
            f"there is no {options.data / 'voice' / 'speech.zip'}; name the folder of shared data with --data"
        )
    sounds, recordings = measured(options.data)
    speakers = [one.speaker for one in recordings]
    if options.quick:
        kept = [row for row, name in enumerate(speakers) if speakers[:row].count(name) < _QUICK_EACH]
        sounds, speakers = [sounds[row] for row in kept], [speakers[row] for row in kept]
    systems: dict[str, Embed] = {"ours": voice_of(own)}
    reason = _teacher_missing()
    if reason is None:
        from training.voice_teacher import Teacher

        systems["teacher"] = Teacher().utterance
    task = options.progress.add_task("voice", total=3)
    found = error_rates(systems, sounds, speakers, rounds=_QUICK_ROUNDS if options.quick else ROUNDS)
    options.progress.advance(task)
    called = calls(own, sounds, speakers)
    options.progress.advance(task)
    whole = clips(own, sounds, speakers, music_clips=_QUICK_MUSIC if options.quick else MUSIC_CLIPS)
    options.progress.advance(task)
    interviews = whole["interviews"]
    lines = {
        name: _compared(line, found["teacher"][name] if "teacher" in found else None)
        for name, line in found["ours"].items()
    }
    aims = {
        **{f"eer_5s_above_teacher_{name}": POINTS for name in PAIRED},
        **{f"genuine_called_mismatch_{name}": CALLED for name in called},
        **{f"genuine_clips_called_{name}": CALLED for name in whole["by_condition"]},
        "interviews_called": CALLED,
        "ms_a_second": MS,
    }
    return {
        "eer": _by_seconds(lines, "clean"),
        "eer_aac64": _by_seconds(lines, "aac64"),
        "eer_degraded": _by_seconds(lines, "degraded"),
        "aim": aims,
        "measured": {
            **{f"eer_5s_above_teacher_{name}": lines[name + MAIN]["above_teacher"] for name in PAIRED},
            **{f"genuine_called_mismatch_{name}": one["genuine_share"] for name, one in called.items()},
            **{f"genuine_clips_called_{name}": one["genuine_share"] for name, one in whole["by_condition"].items()},
            "interviews_called": round(interviews["called"] / max(1, interviews["clips"]), 4),
            "ms_a_second": milliseconds(own),
        },
        "lines": lines,
        "mismatch": called,
        "clips": whole,
        "emotional": "there is no emotional speech in the data folder; excited is read speech with swayed speed and "
        "pitch, a stand-in",
        "teacher": reason,
        "model": own.card.version,
        "sha256": own.card.sha256,
        "quick": options.quick,
    }


def _by_seconds(lines: Mapping[str, dict[str, Any]], condition: str) -> dict[str, float]:
    """Our equal error rate in a condition, by seconds of the segments."""
    return {f"{seconds:g}": lines[f"{condition} {seconds:g}s"]["ours"]["eer"] for seconds in LENGTHS_S}


def _teacher_missing() -> str | None:
    """Why the teacher cannot be asked; None if it can."""
    missing = [name for name in ("torch", "resemblyzer") if importlib.util.find_spec(name) is None]
    if not missing:
        return None
    return f"{' and '.join(missing)} cannot be imported: pip install torch, and resemblyzer==0.1.4 with --no-deps"


def _compared(ours: Line, teacher: Line | None) -> dict[str, Any]:
    """One line: ours, the teacher's, and the difference, drawn together."""
    told: dict[str, Any] = {"pairs": ours.pairs, "same": ours.same, "speakers": ours.speakers}
    for name, line in (("ours", ours), ("teacher", teacher)):
        figures = None if line is None else line.figures()
        told[name] = figures and {key: figures[key] for key in ("eer", "interval")}
    above = None if teacher is None else ours.eer - teacher.eer
    told["above_teacher"] = None if above is None else round(above, 4)
    told["above_teacher_interval"] = (
        None if teacher is None or above is None else spread(np.asarray(ours.draws - teacher.draws), above)
    )
    return told
