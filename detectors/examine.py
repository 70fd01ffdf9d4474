"""Examine one clip with every detector of the clip: the function that workers run."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import cv2

from detectors.asking import ask, failed, one_line
from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.contract import Examination
from detectors.cuts import cut_times
from detectors.face_embedding import FaceEmbedder
from detectors.faces import FaceFinder
from detectors.fingerprint import fingerprint
from detectors.looks import looks_of
from detectors.model_files import ModelSet, bundled, load_model
from detectors.registry import clip_detectors
from detectors.specimen import (
    Clip,
    FaceReference,
    FaceTrack,
    FrameHash,
    Person,
    ProfileText,
    Specimen,
    SpeechLooks,
    TrackLooks,
    VoiceReference,
)
from detectors.speech_looks import listen
from detectors.tracks import track
from detectors.voice_embedding import VoiceEmbedder

_log = logging.getLogger(__name__)


def examine(
    path: Path | None,
    *,
    profile: ProfileText | None = None,
    person: Person | None = None,
    faces: tuple[FaceReference, ...] = (),
    voices: tuple[VoiceReference, ...] = (),
    limits: ClipLimits = ClipLimits(),  # noqa: B008  (a frozen value)
    models: ModelSet = ModelSet(),  # noqa: B008
) -> Examination:
    """Decode a clip once, follow its faces once, and ask every detector of the clip.

    What is known besides the bytes is considered by :func:`detectors.context.consider`, when the post is judged. A
    detector that breaks gives a *failed* finding with the reason, and the others go on.

    Args:
        path: the clip, or None to examine words alone.
        profile: what account and post say of themselves.
        person: whom the clip might show.
        faces, voices: what is enrolled of all protected people.
        limits: what the clip may cost.
        models: which model files to use.

    Raises:
        ClipError: the clip cannot be examined.
    """
    cv2.setNumThreads(1)  # parallel work is for parallel clips
    elapsed: dict[str, float] = {}
    clip: Clip | None = None
    tracks: tuple[FaceTrack, ...] = ()
    looks: tuple[TrackLooks, ...] | None = None
    speech: SpeechLooks | None = None
    hashes: tuple[FrameHash, ...] = ()
    broken: Exception | None = None
    if path is not None:
        with _timed(elapsed, "decode"):
            clip = decode(path, limits)
        with _timed(elapsed, "tracks"):
            try:
                tracks = _follow(clip, models)
            except Exception as error:  # noqa: BLE001  (kept: it becomes the reason of every finding that needs tracks)
                _log.warning("faces cannot be followed: %s", one_line(error))
                broken = error
        with _timed(elapsed, "looks"):
            looks = _looked_at(clip, tracks, models)
        with _timed(elapsed, "fingerprint"):
            hashes = fingerprint(clip, tracks)
        with _timed(elapsed, "speech"):
            speech = _heard(clip, voices, models)
    specimen = Specimen(
        path=path,
        clip=clip,
        tracks=tracks,
        looks=looks,
        speech=speech,
        profile=profile,
        person=person,
        faces=faces,
        voices=voices,
    )
    findings = []
    for detector in clip_detectors(models):
        with _timed(elapsed, detector.name):
            if broken is not None and detector.reads_tracks:
                findings.append(failed(detector, broken))
            else:
                findings.append(ask(detector, specimen))
    return Examination(
        findings=tuple(findings),
        duration_s=clip.duration_s if clip is not None else 0.0,
        tracks=len(tracks),
        elapsed_s=elapsed,
        notes=clip.notes if clip is not None else (),
        hashes=hashes,
    )


def _follow(clip: Clip, models: ModelSet) -> tuple[FaceTrack, ...]:
    return track(clip.frames, FaceFinder(*load_model("faces", models.faces)), cut_times(clip))


def _looked_at(clip: Clip, tracks: tuple[FaceTrack, ...], models: ModelSet) -> tuple[TrackLooks, ...] | None:
    """The faces as the identity model sees them; None where there is no model."""
    if models.identity is None and not bundled("identity").is_file():
        return None
    try:
        return looks_of(clip, tracks, FaceEmbedder(models.identity))
    except MemoryError:
        raise  # the worker has reached its limit; its parent says so
    except Exception as error:  # noqa: BLE001  (each detector of faces tries again, so that its finding says why)
        _log.warning("the faces cannot be embedded: %s", one_line(error))
        return None


def _heard(clip: Clip, voices: tuple[VoiceReference, ...], models: ModelSet) -> SpeechLooks | None:
    """The speech as the voice model hears it; None where nobody's voice is enrolled, or there is no sound or model."""
    if not voices or clip.audio is None or (models.voice is None and not bundled("voice").is_file()):
        return None
    try:
        return listen(clip.audio, VoiceEmbedder.load(models.voice))
    except MemoryError:
        raise  # the worker has reached its limit; its parent says so
    except Exception as error:  # noqa: BLE001  (each detector of voices tries again, so that its finding says why)
        _log.warning("the voices cannot be embedded: %s", one_line(error))
        return None


@contextlib.contextmanager
def _timed(elapsed: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    elapsed[stage] = time.perf_counter() - start
