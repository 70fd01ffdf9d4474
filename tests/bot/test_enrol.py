"""Enrolment of people, in a real worker, from real pictures and sound."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.config import Config
from bot.config.sections import Person
from bot.enrol import enrol, references
from bot.workers import LimitedExecutor
from detectors.exhibits import jpeg as encoded
from detectors.model_files import load_model
from tests.conftest import PERSON, make_config
from tests.detectors.media import tone, write_sound


@pytest.fixture
def photo(face_clip: Path, tmp_path: Path) -> Path:
    """A frame of the demo's portrait as a picture file."""
    with av.open(str(face_clip)) as source:
        frame = next(source.decode(video=0))
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
    return path


def jpeg(rgb: NDArray[np.uint8]) -> bytes:
    return encoded(rgb, 2000)


def with_people(folder: Path, *people: Person) -> Config:
    return make_config(folder).model_copy(update={"people": people})


def test_a_photo_is_enrolled_with_the_model_that_saw_it(photo: Path, tmp_path: Path) -> None:
    made = enrol(with_people(tmp_path, Person(name=PERSON, photos=(photo, photo))))
    (face,) = made.faces
    assert face.person == PERSON
    assert face.embeddings.shape == (2, 128)
    assert face.model == load_model("identity", None)[1].sha256
    assert not made.problems


def test_what_cannot_be_enrolled_is_named_and_the_rest_goes_on(photo: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.jpg"
    blank.write_bytes(jpeg(np.full((200, 200, 3), 120, np.uint8)))
    hum = write_sound(tmp_path / "hum.m4a", tone(6.0))
    person = Person(name=PERSON, photos=(blank, photo, tmp_path / "absent.jpg"), recordings=(hum,))
    made = enrol(with_people(tmp_path, person))
    assert len(made.faces[0].embeddings) == 1
    assert len(made.problems) >= 2
    assert any("blank.jpg: no face was found" in line for line in made.problems)
    assert any("absent.jpg" in line for line in made.problems)
    assert all(line.startswith(PERSON) and "\n" not in line for line in made.problems)


def test_enrolment_is_kept_until_a_file_changes(photo: Path, tmp_path: Path, executor: LimitedExecutor) -> None:
    config = with_people(tmp_path, Person(name=PERSON, photos=(photo,)))
    first = references(config, executor)
    assert len(first.faces) == 1
    assert references(config, executor) is first
    os.utime(photo, (1, 1))
    assert references(config, executor) is not first


def test_nobody_to_enrol_starts_no_work(tmp_path: Path) -> None:
    made = references(with_people(tmp_path, Person(name=PERSON)), executor=None)  # type: ignore[arg-type]
    assert not made.faces
    assert not made.voices
