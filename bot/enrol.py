"""What is enrolled of the protected people: their photos and recordings as the models see them.

It happens in a worker process, for a photo may come from anywhere. Embeddings are biometric data: they stay in memory,
are made anew when a file or a model changes, and are gone when the process ends.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from bot.config import Config
from bot.config.sections import Person
from bot.errors import BotError
from detectors.contract import FaceReference, VoiceReference
from detectors.errors import DetectorError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class References:
    """What is enrolled, and one line for each file that could not be."""

    faces: tuple[FaceReference, ...] = ()
    voices: tuple[VoiceReference, ...] = ()
    problems: tuple[str, ...] = ()


_enrolled: WeakKeyDictionary[Executor, tuple[object, References]] = WeakKeyDictionary()
"""What was enrolled last by each executor, and from which files and models."""


def references(config: Config, executor: Executor) -> References:
    """Enrol the people of the configuration, or give what was enrolled from the same files and models before."""
    if not any(person.photos or person.recordings for person in config.people):
        return References()
    state = _state(config)
    known = _enrolled.get(executor)
    if known is not None and known[0] == state:
        return known[1]
    try:
        made = executor.submit(enrol, config).result()
    except (DetectorError, BotError) as error:  # no model, or the worker died: clips are examined without references
        made = References(problems=(f"nobody could be enrolled: {error}",))
    for problem in made.problems:
        log.warning("%s", problem)
    _enrolled[executor] = (state, made)
    return made


def _state(config: Config) -> object:
    """What an enrolment rests on: names, files with size and time of change, models."""
    files = [path for person in config.people for path in (*person.photos, *person.recordings)]
    chosen = [path for path in (config.models.faces, config.models.identity, config.models.voice) if path is not None]
    return (
        tuple((person.name, person.photos, person.recordings) for person in config.people),
        tuple(_stamp(path) for path in (*files, *chosen)),
    )


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), stat.st_size, stat.st_mtime_ns


def enrol(config: Config) -> References:
    """Look at every photo and listen to every recording; runs in a worker."""
    faces, voices, problems = [], [], []
    for person in config.people:
        face, said = _face(person, config)
        faces += [face] if face is not None else []
        problems += said
        voice, said = _voice(person, config)
        voices += [voice] if voice is not None else []
        problems += said
    return References(tuple(faces), tuple(voices), tuple(problems))


def _face(person: Person, config: Config) -> tuple[FaceReference | None, list[str]]:
    """One embedding a photo."""
    import numpy as np

    from bot.pipeline.examine import model_set
    from detectors.face_embedding import FaceEmbedder
    from detectors.model_files import bundled
    from detectors.photo import portrait

    models = model_set(config)
    if not person.photos or (models.identity is None and not bundled("identity").is_file()):
        return None, []
    embedder = FaceEmbedder(models.identity)
    crops, problems = [], []
    for photo in person.photos:
        try:
            crops.append(portrait(photo, models))
        except DetectorError as error:
            problems.append(f"{person.name}: {error}")
    if not crops:
        return None, problems
    return FaceReference(person.name, embedder(np.stack(crops)), embedder.card.sha256), problems


def _voice(person: Person, config: Config) -> tuple[VoiceReference | None, list[str]]:
    """The mean over the recordings."""
    from bot.pipeline.examine import model_set
    from detectors.model_files import bundled
    from detectors.recording import sound_of
    from detectors.voice_embedding import VoiceEmbedder, reference

    models = model_set(config)
    if not person.recordings or (models.voice is None and not bundled("voice").is_file()):
        return None, []
    embedder = VoiceEmbedder.load(models.voice)
    heard, problems = [], []
    for recording in person.recordings:
        try:
            voice = embedder.embed(sound_of(recording))
        except DetectorError as error:
            problems.append(f"{person.name}: {error}")
            continue
        if len(voice.embeddings):
            heard.append(voice)
        else:
            problems.append(f"{person.name}: {recording.name}: holds no second of speech")
    if not heard:
        return None, problems
    speech = sum(one.speech_s for one in heard)
    return VoiceReference(person.name, reference(heard), len(heard), speech, embedder.card.sha256), problems
