"""Examine one clip or profile with every detector: the function that workers run."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import cv2

from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.contract import (
    Clip,
    Detector,
    Examination,
    FaceTrack,
    Finding,
    Person,
    ProfileText,
    Reason,
    Specimen,
    Status,
)
from detectors.cuts import cut_times
from detectors.errors import DetectorError, ModelError
from detectors.faces import FaceFinder
from detectors.model_files import ModelSet, load_model
from detectors.registry import detectors
from detectors.tracks import track

_log = logging.getLogger(__name__)


def examine(
    path: Path | None,
    *,
    profile: ProfileText | None = None,
    person: Person | None = None,
    limits: ClipLimits = ClipLimits(),  # noqa: B008  (a frozen value)
    models: ModelSet = ModelSet(),  # noqa: B008
) -> Examination:
    """Decode a clip once, follow its faces once, and ask every detector.

    A detector that breaks gives a *failed* finding with the reason, and the others go on.

    Args:
        path: the clip, or None to examine words alone.
        profile: what account and post say of themselves.
        person: whom the clip might show.
        limits: what the clip may cost.
        models: which model files to use.

    Raises:
        ClipError: the clip cannot be examined.
    """
    cv2.setNumThreads(1)  # parallel work is for parallel clips
    elapsed: dict[str, float] = {}
    clip: Clip | None = None
    tracks: tuple[FaceTrack, ...] = ()
    broken: Exception | None = None
    if path is not None:
        with _timed(elapsed, "decode"):
            clip = decode(path, limits)
        with _timed(elapsed, "tracks"):
            try:
                tracks = _follow(clip, models)
            except Exception as error:  # noqa: BLE001  (kept: it becomes the reason of every finding that needs tracks)
                _log.warning("faces cannot be followed: %s", _one_line(error))
                broken = error
    specimen = Specimen(clip=clip, tracks=tracks, profile=profile, person=person)
    findings = []
    for detector in detectors(models):
        with _timed(elapsed, detector.name):
            if broken is not None and detector.reads_tracks:
                findings.append(_failed(detector, broken))
            else:
                findings.append(_asked(detector, specimen))
    return Examination(
        findings=tuple(findings),
        duration_s=clip.duration_s if clip is not None else 0.0,
        tracks=len(tracks),
        elapsed_s=elapsed,
        notes=clip.notes if clip is not None else (),
    )


def _follow(clip: Clip, models: ModelSet) -> tuple[FaceTrack, ...]:
    return track(clip.frames, FaceFinder(*load_model("faces", models.faces)), cut_times(clip))


def _asked(detector: Detector, specimen: Specimen) -> Finding:
    try:
        return detector.examine(specimen)
    except MemoryError:
        raise  # the worker has reached its limit; its parent says so
    except Exception as error:  # noqa: BLE001  (kept in the finding: one broken signal must not hide the others)
        # our own errors say all there is to say; a trace belongs to what nobody expected
        _log.warning(
            "the %s detector failed: %s", detector.name, _one_line(error), exc_info=not isinstance(error, DetectorError)
        )
        return _failed(detector, error)


def _failed(detector: Detector, error: Exception) -> Finding:
    return Finding(
        detector.name,
        detector.version,
        detector.question,
        Status.FAILED,
        f"The {detector.name} detector failed: {_one_line(error)}",
        Reason.NO_MODEL if isinstance(error, ModelError) else Reason.DETECTOR_ERROR,
    )


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


@contextlib.contextmanager
def _timed(elapsed: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    elapsed[stage] = time.perf_counter() - start
