"""Where the person's voice is heard: with the stand-in, whose answer is the colour of a sound, and with real models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detectors.contract import ExhibitKind, Finding, Question, Reason, Status
from detectors.errors import ModelError
from detectors.examine import examine
from detectors.model_files import ModelSet, bundled, load_model
from detectors.sound import RATE
from detectors.specimen import Clip, Person, Specimen, VoiceReference
from detectors.speech_looks import listen
from detectors.voice import Voice
from detectors.voice_embedding import VoiceEmbedder, reference
from tests.detectors.media import tone, write_video, written_square
from tests.detectors.test_music import organ
from tests.detectors.voices import voice
from training.voice_sounds import Sound

NOVA = Person("Nova Quill")
OWN, OTHER = (110.0, 0.9), (230.0, 1.45)
"""Pitch and throat of two made speakers, as far apart as two real ones are to the shipped model."""


def clip_of(sound: Sound | None) -> Clip:
    """A clip without pictures."""
    audio = None if sound is None else (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    seconds = 0.0 if audio is None else len(audio) / RATE
    return Clip(seconds, seconds, False, 0, 0, np.zeros(0), np.zeros((0, 36, 64), np.uint8), (), audio)


def enrolled(path: Path | None, speaker: tuple[float, float], person: str = NOVA.name) -> VoiceReference:
    embedder = VoiceEmbedder.load(path)
    voices = [embedder.embed(voice(*speaker, 13.0, seed=seed)) for seed in (1, 2, 3)]
    return VoiceReference(person, reference(voices), 3, sum(one.speech_s for one in voices), embedder.card.sha256)


def heard(finding: Finding) -> list[tuple[str, float, float]]:
    ranges = [one for one in finding.exhibits if one.kind is ExhibitKind.RANGE]
    return [(one.label, one.start_s or 0.0, one.end_s or 0.0) for one in ranges]


# what is not applicable


@pytest.fixture(scope="module")
def nova(stand_ins: ModelSet) -> VoiceReference:
    return enrolled(stand_ins.voice, OWN)


@pytest.mark.parametrize(
    ("sound", "reason", "said"),
    [
        (None, Reason.NO_AUDIO, "no sound"),
        (np.zeros(6 * RATE, np.float32), Reason.NO_SPEECH, "like speech"),
        (voice(seconds=1.8), Reason.TOO_SHORT, "at least 2 s"),
        (organ(9.0), Reason.MUSIC, "mostly music"),
    ],
)
def test_a_sound_that_cannot_be_compared_says_why(
    nova: VoiceReference, stand_ins: ModelSet, sound: Sound | None, reason: Reason, said: str
) -> None:
    finding = Voice(stand_ins.voice).examine(Specimen(clip=clip_of(sound), voices=(nova,), person=NOVA))
    assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, reason)
    assert said in finding.statement
    assert (finding.score, finding.log10_lr, finding.exhibits) == (None, 0.0, ())
    assert finding.question is Question.IDENTITY


def test_references_that_cannot_serve_say_why(nova: VoiceReference, stand_ins: ModelSet) -> None:
    clip = clip_of(voice(seconds=6.0))
    for voices, reason, said in (
        ((), Reason.NO_REFERENCE, "of anybody's voice"),
        ((replace(nova, model="0" * 64),), Reason.NO_REFERENCE, "another voice model"),
        ((replace(nova, person="Somebody Else"),), Reason.NO_REFERENCE, "of Nova Quill is enrolled"),
        ((replace(nova, speech_s=4.0),), Reason.TOO_SHORT, "hold 4.0 s"),
    ):
        finding = Voice(stand_ins.voice).examine(Specimen(clip=clip, voices=voices, person=NOVA))
        assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, reason), said
        assert said in finding.statement
    assert Voice(stand_ins.voice).examine(Specimen(voices=(nova,))).reason is Reason.NO_AUDIO, "words alone"


def test_without_the_shipped_model_it_is_not_applicable_and_without_a_chosen_one_it_fails(
    nova: VoiceReference, stand_ins: ModelSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specimen = Specimen(clip=clip_of(voice()), voices=(nova,), person=NOVA)
    with pytest.raises(ModelError, match=r"none\.onnx"):
        Voice(tmp_path / "none.onnx").examine(specimen)
    assert Voice(tmp_path / "none.onnx").version == "1"
    monkeypatch.setattr("detectors.voice_material.bundled", lambda role: tmp_path / f"{role}.onnx")
    finding = Voice().examine(specimen)
    assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, Reason.NO_MODEL)
    assert Voice(stand_ins.voice).version == "1+stand-in"


def test_a_name_from_outside_cannot_break_the_sentence(nova: VoiceReference, stand_ins: ModelSet) -> None:
    name = "Nova\n\u202eQuill"
    finding = Voice(stand_ins.voice).examine(
        Specimen(clip=clip_of(voice(*OWN)), voices=(replace(nova, person=name),), person=Person(name))
    )
    assert finding.status is Status.OK
    for text in (finding.statement, *(one.label for one in finding.exhibits)):
        assert text.isprintable()


def test_a_broken_embedding_stage_becomes_a_failed_finding_with_the_reason(
    nova: VoiceReference, stand_ins: ModelSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("no such window")

    monkeypatch.setattr("detectors.examine.listen", broken)
    monkeypatch.setattr("detectors.voice_material.listen", broken)
    pictures = [written_square(index) for index in range(8)]
    path = write_video(tmp_path / "said.mp4", pictures, rate=4, sound=tone(2.0))
    told = examine(path, person=NOVA, voices=(nova,), models=stand_ins)
    found = {one.detector: one for one in told.findings}["voice"]
    assert (found.status, found.reason) == (Status.FAILED, Reason.DETECTOR_ERROR)
    assert "no such window" in found.statement


# the shipped model, on made voices

shipped = pytest.mark.skipif(not bundled("voice").is_file(), reason="the voice model is not in this checkout")


@pytest.fixture(scope="module")
def people() -> tuple[VoiceReference, VoiceReference]:
    return enrolled(None, OWN), enrolled(None, OTHER, "Someone Other")


@shipped
def test_the_own_voice_supports_identity_within_the_bound_and_no_authenticity(
    people: tuple[VoiceReference, ...],
) -> None:
    finding = Voice().examine(Specimen(clip=clip_of(voice(*OWN, 12.0, seed=9)), voices=people, person=NOVA))
    assert finding.status is Status.OK
    assert finding.score is not None
    assert finding.score > 0.8
    assert 0.3 < finding.log10_lr <= 1.0
    assert "good clone sounds the same" in finding.statement
    series = finding.exhibits[0]
    assert series.kind is ExhibitKind.SERIES
    assert [time for time, _ in series.series] == pytest.approx([1.5, 3.5, 5.5, 7.5, 9.5, 10.5], abs=0.05)
    assert all(value > 0.5 for _, value in series.series)
    assert [label for label, _, _ in heard(finding)] == ["sounds like Nova Quill"]


@shipped
def test_another_voice_does_not_speak_against_identity(people: tuple[VoiceReference, ...]) -> None:
    finding = Voice().examine(Specimen(clip=clip_of(voice(*OTHER, 12.0, seed=9)), voices=people[:1], person=NOVA))
    assert finding.status is Status.OK
    assert finding.log10_lr == 0.0
    assert finding.score is not None
    assert finding.score < 0.5
    assert "does not refute that the post presents itself as Nova Quill" in finding.statement
    assert {label for label, _, _ in heard(finding)} == {"another voice than that of Nova Quill"}


@shipped
def test_a_laugh_may_match_where_the_speech_does_not(people: tuple[VoiceReference, ...]) -> None:
    sound = np.concatenate([voice(*OTHER, 9.0, seed=7), voice(*OWN, 6.0, seed=8), voice(*OTHER, 9.0, seed=9)])
    finding = Voice().examine(Specimen(clip=clip_of(sound), voices=people[:1], person=NOVA))
    told = heard(finding)
    ((start, end),) = [(start, end) for label, start, end in told if label == "sounds like Nova Quill"]
    assert start == pytest.approx(9.0, abs=1.6)
    assert end == pytest.approx(15.0, abs=1.6)
    others = [(start, end) for label, start, end in told if label == "another voice than that of Nova Quill"]
    assert others[0][0] == 0.0
    assert others[-1][1] == pytest.approx(24.0, abs=0.1)
    assert "It matches from" in finding.statement
    assert finding.log10_lr > 0, "a part that matches is heard although the whole does not"


@shipped
def test_the_account_tells_whose_voice_counts_and_the_others_are_named(people: tuple[VoiceReference, ...]) -> None:
    clip = clip_of(voice(*OTHER, 12.0, seed=9))
    own = Voice().examine(Specimen(clip=clip, voices=people, person=NOVA))
    assert own.log10_lr == 0.0
    assert "also like the recordings of Someone Other" in own.statement
    anybody = Voice().examine(Specimen(clip=clip, voices=people))
    alone = Voice().examine(Specimen(clip=clip, voices=people[1:]))
    assert "recordings of Someone Other is" in anybody.statement
    assert 0 < anybody.log10_lr < alone.log10_lr, "one of two is less than this one"


@shipped
def test_speech_that_was_embedded_before_is_not_embedded_again(
    people: tuple[VoiceReference, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = clip_of(voice(*OWN, 8.0, seed=9))
    assert clip.audio is not None
    specimen = Specimen(clip=clip, voices=people, person=NOVA)
    speech = listen(clip.audio, VoiceEmbedder.load())
    fresh = Voice().examine(specimen)
    monkeypatch.setattr("detectors.voice_material.listen", lambda *_: pytest.fail("embedded twice"))
    assert Voice().examine(replace(specimen, speech=speech)) == fresh


@shipped
def test_a_file_is_heard_from_its_sound_track(people: tuple[VoiceReference, ...], tmp_path: Path) -> None:
    sound = voice(*OWN, 8.0, seed=9)
    times = np.arange(8 * 44_100) / 44_100
    pcm = (np.interp(times, np.arange(len(sound)) / RATE, sound) * 32_767).astype(np.int16)
    path = write_video(tmp_path / "said.mp4", [written_square(i) for i in range(16)], rate=2, sound=pcm)
    models = ModelSet(faces=bundled("faces"), voice=None)
    told = examine(path, person=NOVA, voices=people, models=models)
    finding = {one.detector: one for one in told.findings}["voice"]
    assert finding.status is Status.OK
    assert finding.log10_lr > 0.3
    assert told.elapsed_s["speech"] > 0


@shipped
def test_the_version_names_the_model() -> None:
    assert Voice().version == f"1+{load_model('voice')[1].version}"
