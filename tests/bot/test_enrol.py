"""Enrolment of people, in a real worker, from real pictures and sound, kept in a real store."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.config import Config
from bot.config.sections import Person
from bot.demo.platforms import StandIn, TikTokAccount
from bot.enrol import Enrolment, face_of, voice_of
from bot.pipeline.cycle import Watch, run_cycle
from bot.pipeline.housekeeping import keep_house
from bot.workers import LimitedExecutor, WorkerDied
from detectors.exhibits import jpeg as encoded
from detectors.model_files import load_model
from detectors.recording import sound_of
from detectors.sound import RATE
from detectors.voice_embedding import VoiceEmbedder, reference
from storage import Store
from storage.opening import FILE_NAME
from tests.bot.conftest import NOW, put
from tests.conftest import PERSON, STAND_INS, make_config
from tests.detectors.media import tone, write_sound
from tests.detectors.voices import voice

P = ParamSpec("P")
T = TypeVar("T")


class Here(Executor):
    """Runs every task at once in this process, and remembers which."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.loses: set[str] = set()
        """Tasks in which the worker dies."""
        self.breaks: set[str] = set()
        """Tasks in which a library fails with an error that is none of ours."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        self.ran.append(fn.__name__)
        try:
            if fn.__name__ in self.loses:
                raise WorkerDied("the worker process died")
            if fn.__name__ in self.breaks:
                raise ValueError("the model gave\nwhat is no embedding")
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@pytest.fixture
def photo(face_clip: Path, tmp_path: Path) -> Path:
    """A frame of the clip with a face that the stand-in finds, as a picture file."""
    with av.open(str(face_clip)) as source:
        frame = next(source.decode(video=0))
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "speech.m4a", spoken(6.0, 120.0))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


def spoken(seconds: float, pitch: float) -> NDArray[np.int16]:
    """Something like speech, int16 at the 44.1 kHz of sound files."""
    sound = voice(pitch, seconds=seconds)
    times = np.arange(round(seconds * 44_100)) / 44_100
    return np.asarray(np.interp(times, np.arange(len(sound)) / RATE, sound) * 20_000, np.int16)


def jpeg(rgb: NDArray[np.uint8]) -> bytes:
    return encoded(rgb, 2000)


def with_people(folder: Path, *people: Person, **models: str) -> Config:
    """A configuration with the shipped models, but the stand-in that finds the faces of the test's clips."""
    named: dict[str, Any] = {name: str(STAND_INS / f"{name}.onnx") for name in ("faces", "forgery")}
    return make_config(folder, models=named | models).model_copy(update={"people": people})


def test_a_worker_enrols_photos_and_recordings(
    photo: Path, recording: Path, tmp_path: Path, executor: LimitedExecutor
) -> None:
    person = Person(name=PERSON, photos=(photo, photo), recordings=(recording,))
    made = Enrolment().references(with_people(tmp_path, person), executor)
    (face,), (heard,) = made.faces, made.voices
    assert (face.person, heard.person) == (PERSON, PERSON)
    assert face.embeddings.shape == (1, 128), "the same photo twice is one photo"
    assert np.linalg.norm(face.embeddings[0]) == pytest.approx(1, abs=1e-4)
    assert face.model == load_model("identity", None)[1].sha256
    assert heard.model == load_model("voice", None)[1].sha256
    assert heard.recordings == 1
    assert heard.speech_s > 3
    assert not made.problems


def test_a_voice_is_the_mean_of_its_recordings(recording: Path, tmp_path: Path) -> None:
    other = write_sound(tmp_path / "other.m4a", spoken(9.0, 150.0))
    person = Person(name=PERSON, recordings=(recording, other))
    (heard,) = Enrolment().references(with_people(tmp_path, person), Here()).voices
    both = [VoiceEmbedder.load().embed(sound_of(path)) for path in (recording, other)]
    assert np.allclose(heard.embedding, reference(both), atol=1e-6)
    assert heard.speech_s == pytest.approx(sum(one.speech_s for one in both))
    assert heard.recordings == 2


def test_what_cannot_be_enrolled_is_named_and_the_rest_goes_on(photo: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.jpg"
    blank.write_bytes(jpeg(np.full((200, 200, 3), 120, np.uint8)))
    hum = write_sound(tmp_path / "hum.m4a", tone(0.5))
    person = Person(name=PERSON, photos=(blank, photo, tmp_path / "absent.jpg", tmp_path), recordings=(hum,))
    made = Enrolment().references(with_people(tmp_path, person), Here())
    assert len(made.faces[0].embeddings) == 1
    assert not made.voices
    assert [line.split(": ")[:2] for line in made.problems] == [
        [PERSON, "absent.jpg"],
        [PERSON, tmp_path.name],
        [PERSON, "blank.jpg"],
        [PERSON, "hum.m4a"],
    ]
    assert "no face was found" in made.problems[2]
    assert "holds no second of speech" in made.problems[3]


def test_nothing_is_done_twice_until_a_file_changes(photo: Path, tmp_path: Path) -> None:
    config, here, enrolment = with_people(tmp_path, Person(name=PERSON, photos=(photo,))), Here(), Enrolment()
    first = enrolment.references(config, here)
    assert enrolment.references(config, here) is first
    assert here.ran == ["models_in_use", "face_of"]
    os.utime(photo, (1, 1))
    assert enrolment.references(config, here) is not first


def test_a_store_spares_the_next_program_the_work(photo: Path, recording: Path, tmp_path: Path, store: Store) -> None:
    config = with_people(tmp_path, Person(name=PERSON, photos=(photo,), recordings=(recording,)))
    first, here = Enrolment().references(config, Here(), store), Here()
    again = Enrolment().references(config, here, store)
    assert here.ran == ["models_in_use"]
    assert np.array_equal(first.faces[0].embeddings, again.faces[0].embeddings)
    assert np.array_equal(first.voices[0].embedding, again.voices[0].embedding)
    assert (again.voices[0].speech_s, again.voices[0].recordings) == (first.voices[0].speech_s, 1)


def test_another_file_or_model_enrols_anew_and_the_old_is_forgotten(
    photo: Path, face_clip: Path, tmp_path: Path, store: Store
) -> None:
    person = Person(name=PERSON, photos=(photo,))
    Enrolment().references(with_people(tmp_path, person), Here(), store)
    (first,) = store.references()
    with av.open(str(face_clip)) as source:
        later = list(source.decode(video=0))[-1]
    photo.write_bytes(jpeg(np.asarray(later.to_ndarray(format="rgb24"), np.uint8)))
    Enrolment().references(with_people(tmp_path, person), Here(), store)
    (second,) = store.references()
    assert (second.source_sha256 != first.source_sha256, second.model_sha256) == (True, first.model_sha256)
    own = with_people(tmp_path, person, identity=str(STAND_INS / "identity.onnx"))
    made = Enrolment().references(own, Here(), store)
    (third,) = store.references()
    assert (third.source_sha256, third.model_sha256 != second.model_sha256) == (second.source_sha256, True)
    assert made.faces[0].model == third.model_sha256


def test_another_face_finder_enrols_anew(photo: Path, tmp_path: Path, store: Store) -> None:
    person = Person(name=PERSON, photos=(photo,))
    Enrolment().references(with_people(tmp_path, person), Here(), store)
    (first,) = store.references()
    shutil.copy(STAND_INS / "faces.onnx", tmp_path / "faces.onnx")
    card = (STAND_INS / "faces.toml").read_text()
    (tmp_path / "faces.toml").write_text(card)
    here = Here()
    Enrolment().references(with_people(tmp_path, person, faces=str(tmp_path / "faces.onnx")), here, store)
    assert "face_of" not in here.ran, "the same bytes in another place are the same finder"
    assert first.recipe.endswith(load_model("faces", STAND_INS / "faces.onnx")[1].sha256)
    store.write("UPDATE reference_embeddings SET recipe = '1 another'")
    Enrolment().references(with_people(tmp_path, person), here, store)
    assert [one.recipe for one in store.references()] == [first.recipe]


def test_who_leaves_the_configuration_is_forgotten(photo: Path, recording: Path, tmp_path: Path, store: Store) -> None:
    stays, goes = (
        Person(name=PERSON, photos=(photo,)),
        Person(name="Bea Quill", photos=(photo,), recordings=(recording,)),
    )
    enrolment = Enrolment()
    enrolment.references(with_people(tmp_path, stays, goes), Here(), store)
    assert [one.person for one in store.references()] == [PERSON, "Bea Quill", "Bea Quill"]
    enrolment.references(with_people(tmp_path, stays), Here(), store)
    assert [one.person for one in store.references()] == [PERSON]
    made = enrolment.references(with_people(tmp_path, Person(name=PERSON)), Here(), store)
    assert store.references() == []
    assert not made.faces


def test_a_model_that_cannot_be_loaded_is_said_and_costs_nobody_what_is_kept(
    photo: Path, recording: Path, tmp_path: Path, store: Store
) -> None:
    person = Person(name=PERSON, photos=(photo,), recordings=(recording,))
    Enrolment().references(with_people(tmp_path, person), Here(), store)
    before = store.references()
    broken = with_people(tmp_path, person, identity=str(tmp_path / "gone.onnx"))
    made = Enrolment().references(broken, Here(), store)
    assert not made.faces
    assert len(made.voices) == 1
    assert len(made.problems) == 1
    assert made.problems[0].startswith("nobody's face could be enrolled: ")
    assert store.references() == before


@pytest.mark.parametrize("lost", ["models_in_use", "face_of"])
def test_a_lost_worker_is_told_and_tried_again_the_next_time(photo: Path, tmp_path: Path, lost: str) -> None:
    config, here, enrolment = with_people(tmp_path, Person(name=PERSON, photos=(photo,))), Here(), Enrolment()
    here.loses = {lost}
    made = enrolment.references(config, here)
    assert (len(made.faces), len(made.problems)) == (0, 1)
    here.loses = set()
    assert len(enrolment.references(config, here).faces) == 1


@pytest.mark.parametrize("broken", ["models_in_use", "face_of"])
def test_what_a_library_fails_at_is_told_and_not_tried_for_ever(
    photo: Path, recording: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    config = with_people(tmp_path, Person(name=PERSON, photos=(photo,), recordings=(recording,)))
    here, enrolment = Here(), Enrolment()
    here.breaks = {broken}
    made = enrolment.references(config, here)
    assert (len(made.faces), len(made.voices)) == (0, int(broken == "face_of")), "a photo costs no voice"
    (problem,) = made.problems
    assert problem.endswith("ValueError: the model gave what is no embedding")
    assert any(record.exc_info for record in caplog.records), "nobody expected it, so the trace is kept"
    assert enrolment.references(config, here) is made


def test_nobody_to_enrol_starts_no_work(tmp_path: Path) -> None:
    here = Here()
    made = Enrolment().references(with_people(tmp_path, Person(name=PERSON)), here)
    assert (made.faces, made.voices, here.ran) == ((), (), [])


def test_each_cycle_begins_with_the_enrolment(watch: Watch, tiktok: TikTokAccount, photo: Path) -> None:
    assert tiktok.posts
    people = (watch.config.people[0].model_copy(update={"photos": (photo,)}),)
    watched = Watch(watch.config.model_copy(update={"people": people}), watch.store, watch.sources, watch.executor)
    run_cycle(watched, NOW)
    assert [(one.person, one.kind) for one in watch.store.references()] == [(PERSON, "face")]
    identity = [finding for post in watch.store.posts() for finding in watch.store.findings(post.id)
                if finding.detector == "identity"]  # fmt: skip
    assert identity
    assert {finding.status for finding in identity} == {"ok"}, [finding.statement for finding in identity]


def test_after_their_last_day_what_models_made_of_photos_is_deleted(
    watch: Watch, tiktok: TikTokAccount, platform: StandIn, photo: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(platform, tiktok, posts=())
    people = (watch.config.people[0].model_copy(update={"photos": (photo,), "until": NOW.date()}),)
    store, config = watch.store, watch.config.model_copy(update={"people": people})
    watched = Watch(config, store, watch.sources, watch.executor)
    run_cycle(watched, NOW)
    (face,) = store.references()
    (picture,) = (one for one in store.person_pictures() if one.kind == "photo")
    bits = bytes(range(1, 65))  # a plain face as the clip's has too little in it for a hash
    store.record_person_picture(replace(picture, hashes=bits))
    assert any(bits in path.read_bytes() for path in store.folder.glob(f"{FILE_NAME}*"))
    caplog.set_level(logging.WARNING)
    keep_house(store, config, NOW)
    assert not caplog.messages
    run_cycle(watched, NOW + timedelta(days=1))
    assert store.references() == []
    assert [one for one in store.person_pictures() if one.kind == "photo"] == []
    left = b"".join(path.read_bytes() for path in store.folder.glob(f"{FILE_NAME}*"))
    assert face.embedding not in left
    assert bits not in left
    keep_house(store, config, NOW + timedelta(days=1))
    (told,) = caplog.messages
    assert told.startswith(f"{PERSON}: {NOW.date()} is over, so photos and recordings are not used; ")
    assert photo.exists(), "the file is the operator's own"


def test_the_work_of_a_worker_is_one_vector_a_file(photo: Path, recording: Path, tmp_path: Path) -> None:
    config = with_people(tmp_path, Person(name=PERSON))
    for made in (face_of(photo, config), voice_of(recording, config)):
        vector = np.frombuffer(made.embedding, "<f4")
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
        assert repr(made).count("\\x") == 0, "a log line must not hold a face"
