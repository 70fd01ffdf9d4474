"""How well the voice model tells speakers apart whom it never heard, beside its teacher on the same pairs.

LibriSpeech test-other, ten speakers with ten utterances each: segments of 2, 5 and 10 seconds against each other,
clean, after AAC at 64 kbit/s on both sides, and clean against music or noise at 10 dB with AAC 48 or Opus 24 kbit/s.
Then what the calibrated comparison calls a mismatch. The data folder has no emotional speech: `excited` is read
speech whose speed and pitch were swayed by up to 10 %, a stand-in that says little about shouting or crying.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.voice_embedding import VoiceEmbedder
from training.voice_measure import MAIN, PAIRED, calls, error_rates, measured, milliseconds, voice_of
from training.voice_trials import ROUNDS, Embed, Line, spread

POINTS = 0.015
"""How far the error rate at 5 s may lie above the teacher's."""

CALLED = 0.05
"""Most of the genuine degraded clips that may be called a mismatch."""

MS = 2.5
"""Milliseconds for a second of sound, one thread, front end and overlapping windows included."""

_QUICK_EACH, _QUICK_ROUNDS = 3, 40


def run(options: Options) -> Figures:
    """Cut, degrade, embed, compare.

    Figures: `aim` and `measured` (`eer_5s_above_teacher_CONDITION`: our equal error rate less the teacher's, at most;
    `genuine_called_mismatch_CONDITION`: share, at most; `ms_a_second`), `lines` (condition and length: `pairs`, `same`,
    `speakers`, `ours` and `teacher` with `eer` and 95 % `interval` drawn by speaker, `above_teacher` with its
    interval), `mismatch` (condition: pieces of 5 s against the mean of up to eight utterances, genuine and others, with
    counts and intervals), `emotional` (why there is only a stand-in), `teacher` (why there is none, or None), `model`,
    `sha256`, `quick`.

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
    task = options.progress.add_task("voice", total=2)
    found = error_rates(systems, sounds, speakers, rounds=_QUICK_ROUNDS if options.quick else ROUNDS)
    options.progress.advance(task)
    called = calls(own, sounds, speakers)
    options.progress.advance(task)
    lines = {
        name: _compared(line, found["teacher"][name] if "teacher" in found else None)
        for name, line in found["ours"].items()
    }
    aims = {
        **{f"eer_5s_above_teacher_{name}": POINTS for name in PAIRED},
        **{f"genuine_called_mismatch_{name}": CALLED for name in called},
        "ms_a_second": MS,
    }
    return {
        "aim": aims,
        "measured": {
            **{f"eer_5s_above_teacher_{name}": lines[name + MAIN]["above_teacher"] for name in PAIRED},
            **{f"genuine_called_mismatch_{name}": one["genuine_share"] for name, one in called.items()},
            "ms_a_second": milliseconds(own),
        },
        "lines": lines,
        "mismatch": called,
        "emotional": "there is no emotional speech in the data folder; excited is read speech with swayed speed and "
        "pitch, a stand-in",
        "teacher": reason,
        "model": own.card.version,
        "sha256": own.card.sha256,
        "quick": options.quick,
    }


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
