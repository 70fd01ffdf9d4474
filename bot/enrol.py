"""What is enrolled of the protected people: their photos and recordings as the models see them.

Photos and recordings are read in worker processes, for they may come from anywhere, each in a task of its own, so that
one that cannot be read costs the person no other. What comes of them is biometric data. With a store it is kept there,
so that it is made once, and deleted as soon as person or file leaves the configuration or the model is another.
"""

from __future__ import annotations

import hashlib
import logging
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Config
from bot.errors import BotError
from bot.workers import WorkerDied
from detectors.errors import ClipError, DetectorError
from detectors.specimen import FaceReference, VoiceReference
from detectors.spelling import shown
from storage import ReferenceKey, Store, StoredReference

log = logging.getLogger(__name__)

FACE, VOICE = "face", "voice"

RECIPES = {FACE: "1", VOICE: "1"}
"""Versions of how photos and recordings are prepared; another one enrols everybody anew."""


@dataclass(frozen=True, slots=True)
class References:
    """What is enrolled, and one line for each file that could not be."""

    faces: tuple[FaceReference, ...] = ()
    voices: tuple[VoiceReference, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelsInUse:
    """SHA-256 of the models that enrol, by kind; of a kind without one, `problems` may say why.

    `recipes` is what else an embedding of a kind depends on.
    """

    sha256: Mapping[str, str]
    recipes: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a model made of one file: a unit vector of little-endian float32, and the seconds of speech behind it."""

    embedding: bytes = field(repr=False)
    speech_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One file that is to be enrolled, with its key once it can be read."""

    person: str
    kind: str
    path: Path
    key: ReferenceKey


class Enrolment:
    """Enrols the people of a configuration, and again whatever changed since it was asked last."""

    def __init__(self) -> None:
        self._state: object = None
        self._made = References()

    def references(self, config: Config, executor: Executor, store: Store | None = None) -> References:
        """What is enrolled of all people of the configuration.

        Cheap where no name, file or model changed since the last call. What cannot be enrolled is told in
        :attr:`References.problems` and logged once; the rest goes on.

        Args:
            config: the people, and the models.
            executor: where files are read.
            store: where embeddings are kept; None keeps them in memory alone.
        """
        state = _state(config)
        if state == self._state:
            return self._made
        if any(person.photos or person.recordings for person in config.people):
            made, again = _enrolled(config, executor, store)
        else:
            made, again = References(), False
            if store is not None:
                store.retain_references(())
        for problem in made.problems:
            log.warning("%s", problem)
        self._state, self._made = None if again else state, made
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
        found = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), found.st_size, found.st_mtime_ns


def _enrolled(config: Config, executor: Executor, store: Store | None) -> tuple[References, bool]:
    """What is enrolled now, and whether to try again the next time because a worker was lost."""
    try:
        models = executor.submit(models_in_use, config).result()
    except Exception as error:  # noqa: BLE001  (kept and told: see _told)
        return References(problems=(f"nobody could be enrolled: {_told(error)}",)), isinstance(error, WorkerDied)
    problems = [f"nobody's {kind} could be enrolled: {why}" for kind, why in models.problems.items()]
    wanted = list(_wanted(config, models, problems))
    kept = {one.key: one for one in store.references()} if store is not None else {}
    given: dict[ReferenceKey, Future[Embedded]] = {}
    for one in wanted:
        if one.key not in kept and one.key not in given:
            given[one.key] = executor.submit(_WORK[one.kind], one.path, config)
    made: dict[ReferenceKey, StoredReference] = {}
    again = False
    for one in wanted:
        if one.key not in given or one.key in made:
            continue
        try:
            embedded = given[one.key].result()
        except Exception as error:  # noqa: BLE001  (kept and told: see _told)
            problems.append(_problem(one, error))
            again = again or isinstance(error, WorkerDied)
        else:
            made[one.key] = StoredReference(*one.key, embedded.embedding, datetime.now(UTC), embedded.speech_s)
    if store is not None:
        store.record_references(list(made.values()))
        store.retain_references({one.key for one in wanted} | _unknown(kept, models, config))
    return _combined(wanted, {**kept, **made}, tuple(problems)), again


def _wanted(config: Config, models: ModelsInUse, problems: list[str]) -> Iterator[_Wanted]:
    """Every file that a model waits for; why one cannot be read goes to the problems."""
    for person in config.people:
        for kind, paths in ((FACE, person.photos), (VOICE, person.recordings)):
            if kind not in models.sha256:
                continue
            for path in dict.fromkeys(paths):
                try:
                    source = sha256_of(path)
                except OSError as error:
                    problems.append(f"{person.name}: {shown(path.name)}: cannot be read: {error.strerror or error}")
                else:
                    key = (person.name, kind, source, models.sha256[kind], models.recipes[kind])
                    yield _Wanted(person.name, kind, path, key)


def sha256_of(path: Path) -> str:
    """The hash of a file, 64 lower-case hex digits.

    Raises:
        OSError: it cannot be read, or is no plain file, and might never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is no plain file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unknown(kept: Mapping[ReferenceKey, StoredReference], models: ModelsInUse, config: Config) -> set[ReferenceKey]:
    """What stays because its model cannot be loaded just now: nobody can say whether it is out of date."""
    people = {person.name for person in config.people}
    return {key for key, one in kept.items() if one.kind in models.problems and one.person in people}


def _problem(one: _Wanted, error: Exception) -> str:
    """One line that names person and file; errors of the worker process lack the file."""
    said = str(error) if isinstance(error, ClipError) else f"{shown(one.path.name)}: {_told(error)}"
    return " ".join(f"{one.person}: {said}".split())


def _told(error: Exception) -> str:
    """What went wrong, in words.

    A fault of ours or of a library at one file must not end the cycle, today and every day after: it is logged with
    its trace, and told like any other.
    """
    if isinstance(error, (DetectorError, BotError)):
        return str(error)
    log.error("what enrols broke", exc_info=error)
    return shown(f"{type(error).__name__}: {error}", 300)


def _combined(
    wanted: Sequence[_Wanted], known: Mapping[ReferenceKey, StoredReference], problems: tuple[str, ...]
) -> References:
    """Files to people: a face for each person with a photo, a voice for each with a recording."""
    import numpy as np

    files: dict[tuple[str, str], dict[ReferenceKey, StoredReference]] = {}
    for one in wanted:
        if one.key in known:
            files.setdefault((one.person, one.kind), {})[one.key] = known[one.key]
    faces, voices = [], []
    for (person, kind), found in files.items():
        several = list(found.values())
        vectors = np.stack([np.frombuffer(one.embedding, "<f4").astype(np.float32) for one in several])
        if kind == FACE:
            faces.append(FaceReference(person, vectors, several[0].model_sha256))
        else:
            # as detectors.voice_embedding.reference does, which would load the inference library here
            mean = vectors.mean(axis=0)
            unit = np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
            speech_s = sum(one.speech_s for one in several)
            voices.append(VoiceReference(person, unit, len(several), speech_s, several[0].model_sha256))
    return References(tuple(faces), tuple(voices), problems)


def models_in_use(config: Config) -> ModelsInUse:
    """Load the models that enrol; runs in a worker. A kind whose model is not shipped and not chosen is left out."""
    from bot.pipeline.examine import model_set
    from detectors.errors import ModelError
    from detectors.model_files import bundled, load_model

    models = model_set(config)
    sha256: dict[str, str] = {}
    recipes = dict(RECIPES)
    problems: dict[str, str] = {}
    for kind, role, chosen in ((FACE, "identity", models.identity), (VOICE, "voice", models.voice)):
        if chosen is None and not bundled(role).is_file():
            continue
        try:
            sha256[kind] = load_model(role, chosen)[1].sha256
            if kind == FACE:  # another finder puts the points elsewhere, and the face is cut out by them
                recipes[FACE] = f"{RECIPES[FACE]} {load_model('faces', models.faces)[1].sha256}"
        except ModelError as error:
            sha256.pop(kind, None)
            problems[kind] = str(error)
    return ModelsInUse(sha256, recipes, problems)


def face_of(photo: Path, config: Config) -> Embedded:
    """The face of a photo; runs in a worker.

    Raises:
        ClipError: there is no picture, or not one face on it.
        ModelError: a model cannot be used.
    """
    import numpy as np

    from bot.pipeline.examine import model_set
    from detectors.face_embedding import FaceEmbedder
    from detectors.photo import portrait

    models = model_set(config)
    (vector,) = FaceEmbedder(models.identity)(portrait(photo, models)[None])
    return Embedded(np.asarray(vector, "<f4").tobytes())


def voice_of(recording: Path, config: Config) -> Embedded:
    """The voice of a recording, the mean over its speech; runs in a worker.

    Raises:
        ClipError: there is no sound, or no second of speech in it.
        ModelError: the model cannot be used.
    """
    import numpy as np

    from bot.pipeline.examine import model_set
    from detectors.container import shown_name
    from detectors.errors import ClipUnreadable
    from detectors.recording import sound_of
    from detectors.voice_embedding import VoiceEmbedder

    voice = VoiceEmbedder.load(model_set(config).voice).embed(sound_of(recording))
    if not len(voice.embeddings):
        raise ClipUnreadable(f"{shown_name(recording)}: holds no second of speech")
    return Embedded(np.asarray(voice.mean(), "<f4").tobytes(), voice.speech_s)


_WORK: Mapping[str, Callable[[Path, Config], Embedded]] = {FACE: face_of, VOICE: voice_of}


__all__ = ["Enrolment", "References", "sha256_of"]
