"""What all signals cost on top of faces and forgery alone, stage by stage, on real clips.

All signals share one decoding and one following of faces. Every clip is examined once with everything on (a person with
an enrolled face and voice, so that no signal has an excuse), then its words, reach and copies are considered; the
stages of the same run are compared, so that a busy machine slows both sides alike. Models are loaded before the clock
starts.
"""

from __future__ import annotations

import time
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.runner import CannotRun, Figures, Options
from benchmarks.scan import clips_of
from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.context import consider
from detectors.contract import Finding, Reason, Status
from detectors.embedding_input import SIDE
from detectors.errors import DetectorError
from detectors.examine import examine
from detectors.face_embedding import FaceEmbedder
from detectors.model_files import load_model
from detectors.specimen import FaceReference, KnownCopy, Person, ProfileText, ReachHistory, Specimen, VoiceReference
from detectors.voice_embedding import VoiceEmbedder

AIM = 2.0
"""Most that a whole clip with all signals may take, as a multiple of faces and forgery alone."""

PLAIN = "decode_alone"
"""Decoding a second time without comparing frames, which is done for the glitches only; no part of the whole."""

ALONE = (PLAIN, "tracks", "faces", "forgery")
"""The stages of faces and forgery alone."""

_PROFILE = ProfileText("tiktok", "deepsomebody", "Some Body", "Golf and tricks.", "Watch the coin.", ai_label=False)
_PERSON = Person("Some Body")
_COPY = KnownCopy("https://www.tiktok.com/@x/video/1", "tiktok", "x", official=False, matched=0.8, distance=12)
Enrolled = tuple[tuple[FaceReference, ...], tuple[VoiceReference, ...]]
"""Faces and voices."""

_CANNOT = (Reason.NO_MODEL, Reason.NO_READER, Reason.NO_REFERENCE)


def run(options: Options) -> Figures:
    """Examine every clip with all signals and add up the stages.

    Figures: `aim`, `measured` (`ratio_to_faces_and_forgery`), `ratio_to_faces_and_forgery`, `clips`, `video_s`,
    `stages_s` (the slowest first; `context` are the signals asked at judging, `decode_alone` is what decoding costs
    where no frames are compared), `share` (of the whole), `worst_clips` (ratio of the worst three), `silent` (signals
    that lack a model, a reference or a library here, by reason: their cost is not in the figures), `clips_from`,
    `quick`.

    Raises:
        CannotRun: there are no clips, or a model is missing.
    """
    clips = clips_of(options)
    enrolled = _warm()
    stages: Counter[str] = Counter()
    silent: dict[str, str] = {}
    ratios: dict[str, float] = {}
    video = 0.0
    task = options.progress.add_task("signals", total=len(clips))
    for path in clips:
        options.progress.advance(task)
        try:
            seconds, findings, length = _examined(path, enrolled)
        except DetectorError:
            continue
        stages.update(seconds)
        video += length
        ratios[path.name] = _ratio(seconds)
        silent.update({one.detector: str(one.reason) for one in findings if _lacks(one)})
    if not ratios:
        raise CannotRun("no clip could be examined")
    total = sum(stages.values()) - stages[PLAIN]
    ratio = round(_ratio(stages), 3)
    return {
        "aim": {"ratio_to_faces_and_forgery": AIM},
        "measured": {"ratio_to_faces_and_forgery": ratio},
        "ratio_to_faces_and_forgery": ratio,
        "clips": len(ratios),
        "video_s": round(video, 2),
        "stages_s": {name: round(seconds, 3) for name, seconds in stages.most_common()},
        "share": {name: round(seconds / total, 4) for name, seconds in stages.most_common() if name != PLAIN},
        "worst_clips": {name: round(ratios[name], 2) for name in sorted(ratios, key=lambda one: -ratios[one])[:3]},
        "silent": silent,
        "clips_from": "demo" if not (options.data / "clips").is_dir() else "data",
        "quick": options.quick,
    }


def _examined(path: Path, enrolled: Enrolled) -> tuple[dict[str, float], tuple[Finding, ...], float]:
    """Seconds of each stage, what was found, and the length of the clip in seconds."""
    faces, voices = enrolled
    examination = examine(path, profile=_PROFILE, person=_PERSON, faces=faces, voices=voices)
    started = time.perf_counter()
    decode(path, steps=False)
    alone = time.perf_counter() - started
    started = time.perf_counter()
    context = consider(Specimen(profile=_PROFILE, person=_PERSON, reach=ReachHistory(), copies=(_COPY,)))
    seconds = {**examination.elapsed_s, "context": time.perf_counter() - started, PLAIN: alone}
    return seconds, (*examination.findings, *context), examination.duration_s


def _ratio(seconds: Any) -> float:
    """The whole as a multiple of faces and forgery alone."""
    return float((sum(seconds.values()) - seconds[PLAIN]) / sum(seconds[stage] for stage in ALONE))


def _lacks(finding: Finding) -> bool:
    return finding.status is Status.FAILED or finding.reason in _CANNOT


def _warm() -> Enrolled:
    """Load the models before the clock starts; returns an enrolled face and voice of nobody, which cost like any other.

    Raises:
        CannotRun: a model that is shipped cannot be used.
    """
    try:
        load_model("faces")
        load_model("forgery")
        voice = VoiceEmbedder.load()
        face = FaceEmbedder()
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    spoken = decode(Path(str(files("bot.demo") / "media" / "official_1.mp4")), ClipLimits()).audio
    assert spoken is not None
    nobody = face(np.full((1, SIDE, SIDE, 3), 128, np.uint8))
    return (
        (FaceReference(_PERSON.name, nobody, face.card.sha256),),
        (VoiceReference(_PERSON.name, voice.embed(spoken).mean(), 4, 60.0, voice.card.sha256),),
    )
