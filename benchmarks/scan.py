"""How fast a whole examination is against plain decoding, and how often a face can be followed.

The yardstick is `ffmpeg -i CLIP -f null -` on the same clips in the same run: both decode every frame, so the ratio
says what all the signals cost on top. ffmpeg takes all cores for that and we take one a clip, so it is also held
against ffmpeg on one thread. Loading the models is left out (once per worker).
"""

from __future__ import annotations

import importlib
import subprocess
import time
from collections import Counter
from importlib.resources import files
from pathlib import Path

from benchmarks.runner import CannotRun, Figures, Options
from detectors.contract import Finding, Status
from detectors.errors import DetectorError
from detectors.examine import examine
from detectors.model_files import NEEDED, load_model
from detectors.specimen import Person, ProfileText

_PROFILE = ProfileText("tiktok", "deepsomebody", "Some Body", "Golf and tricks.", "Watch the coin.", ai_label=False)
_PERSON = Person("Some Body")
_QUICK = 3


def run(options: Options) -> Figures:
    """Examine every clip and decode it beside.

    Figures: `clips`, `with_track`, `share_with_track`, `crashes`, `refused`, `ratio_to_decode`,
    `ratio_to_decode_one_thread`, `seconds_per_video_second`, `ffmpeg_seconds_per_video_second`, `video_s`, `ours_s`,
    `ffmpeg_s`, `ffmpeg_one_thread_s`, `stages_s`, `without_track`, `failed_findings`, `clips_from`.

    Raises:
        CannotRun: there are no clips or no face model.
    """
    clips = clips_of(options)
    ffmpeg = _ffmpeg()
    _load()
    stages: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    ours = theirs = single = video = 0.0
    with_track = crashes = refused = 0
    without: list[str] = []
    task = options.progress.add_task("scan", total=len(clips))
    for path in clips:
        theirs += _decode_time(ffmpeg, path)
        single += _decode_time(ffmpeg, path, "-threads", "1")
        start = time.perf_counter()
        try:
            examination = examine(path, profile=_PROFILE, person=_PERSON)
        except DetectorError:
            refused += 1
        except Exception as error:  # noqa: BLE001  (a crash is what is counted here; it is named in the figures)
            crashes += 1
            failed[f"{path.name}: {type(error).__name__}"] += 1
        else:
            with_track += examination.tracks > 0
            if not examination.tracks:
                without.append(path.name)
            video += examination.duration_s
            stages.update(examination.elapsed_s)
            failed.update(_broken(examination.findings))
        ours += time.perf_counter() - start
        options.progress.advance(task)
    return {
        "clips": len(clips),
        "with_track": with_track,
        "share_with_track": round(with_track / len(clips), 4),
        "crashes": crashes,
        "refused": refused,
        "ratio_to_decode": round(ours / theirs, 3),
        "ratio_to_decode_one_thread": round(ours / single, 3),
        "seconds_per_video_second": round(ours / video, 5) if video else None,
        "ffmpeg_seconds_per_video_second": round(theirs / video, 5) if video else None,
        "video_s": round(video, 2),
        "ours_s": round(ours, 3),
        "ffmpeg_s": round(theirs, 3),
        "ffmpeg_one_thread_s": round(single, 3),
        "stages_s": {stage: round(seconds, 3) for stage, seconds in stages.items()},
        "without_track": without,
        "failed_findings": dict(failed),
        "clips_from": "demo" if not (options.data / "clips").is_dir() else "data",
    }


def clips_of(options: Options) -> list[Path]:
    """The clips of the shared data, else the demo's; a few of them where it should be quick.

    Raises:
        CannotRun: there are none.
    """
    folder = options.data / "clips"
    if folder.is_dir():
        found = sorted(folder.glob("*.mp4"))
        return found[:: max(1, len(found) // _QUICK)][:_QUICK] if options.quick else found
    demo = Path(str(files("bot.demo") / "media"))
    found = sorted(demo.glob("*.mp4"))
    if not found:
        raise CannotRun(f"there are no clips in {folder} nor in {demo}; name the folder of shared data with --data")
    return found[:_QUICK] if options.quick else found


def _ffmpeg() -> str:
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise CannotRun("needs the ffmpeg binary of imageio-ffmpeg: pip install 'doppelwatch[dev]'") from error


def _load() -> None:
    """Load the models before the clock starts; a missing forgery model shows up as a failed finding."""
    try:
        for role in NEEDED:
            load_model(role)
    except DetectorError as error:
        raise CannotRun(str(error)) from error


def _decode_time(ffmpeg: str, path: Path, *options: str) -> float:
    command = [ffmpeg, "-nostdin", "-v", "error", *options, "-i", str(path), "-f", "null", "-"]
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def _broken(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.detector for finding in findings if finding.status is Status.FAILED]
