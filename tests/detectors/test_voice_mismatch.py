"""The person's face with another voice: a little support for synthesis, and only where every sign agrees."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from detectors.contract import ExhibitKind, Finding, Question, Reason, Status
from detectors.model_files import ModelSet, bundled
from detectors.specimen import FaceReference, Person, Specimen, VoiceReference
from detectors.voice_mismatch import VoiceMismatch, is_another, support
from detectors.voice_strip import Call, Strip
from tests.detectors.test_music import organ
from tests.detectors.test_shown_face import direction, faces, shows
from tests.detectors.test_voice import NOVA, OTHER, OWN, clip_of, enrolled
from tests.detectors.voices import voice
from training.voice_sounds import Sound, mixed, music

__all__ = ["faces"]

pytestmark = pytest.mark.skipif(not bundled("voice").is_file(), reason="the voice model is not in this checkout")


@pytest.fixture(scope="module")
def nova() -> VoiceReference:
    return replace(enrolled(None, OWN), speech_s=40.0)


Faces = tuple[FaceReference, ...]


def asked(sound: Sound | None, nova: VoiceReference, photos: Faces, stand_ins: ModelSet, **changes: object) -> Finding:
    """The finding for a clip that shows only Nova's face."""
    seen = shows((8, direction(0, 0.9)), faces=photos)
    specimen = replace(seen, clip=clip_of(sound), voices=(nova,), person=NOVA)
    return VoiceMismatch(None, stand_ins.identity).examine(replace(specimen, **changes))  # type: ignore[arg-type]


def test_another_voice_with_the_face_is_a_little_support(
    nova: VoiceReference, faces: Faces, stand_ins: ModelSet
) -> None:
    finding = asked(voice(*OTHER, 12.0, seed=9), nova, faces, stand_ins)
    assert (finding.status, finding.question) == (Status.OK, Question.SYNTHESIS)
    assert 0.15 < finding.log10_lr < math.log10(2)
    assert "lawful dubs" in finding.statement
    assert "too little to count as support by itself" in finding.statement
    assert finding.score is not None
    assert finding.score < 0.5
    assert {one.kind for one in finding.exhibits} == {ExhibitKind.RANGE}, "the strip stands in the voice finding"
    assert finding.exhibits[0].label == "another voice than that of Nova Quill"


def test_the_own_voice_is_no_evidence_of_authenticity(nova: VoiceReference, faces: Faces, stand_ins: ModelSet) -> None:
    finding = asked(voice(*OWN, 12.0, seed=9), nova, faces, stand_ins)
    assert (finding.status, finding.log10_lr) == (Status.OK, 0.0)
    assert "no evidence of authenticity" in finding.statement


@pytest.mark.parametrize("seed", range(3))
def test_the_own_voice_over_music_is_not_called_another(
    nova: VoiceReference, faces: Faces, stand_ins: ModelSet, seed: int
) -> None:
    under = music(12 * 16_000, np.random.default_rng(seed))
    finding = asked(mixed(voice(*OWN, 12.0, seed=9), under, 10.0), nova, faces, stand_ins)
    assert finding.log10_lr == 0.0
    assert finding.status is Status.OK or finding.reason is Reason.MUSIC


def test_an_interview_is_not_called_another_voice(nova: VoiceReference, faces: Faces, stand_ins: ModelSet) -> None:
    sound = np.concatenate([voice(*OTHER, 40.0, seed=9), voice(*OWN, 4.0, seed=8)])
    finding = asked(sound, nova, faces, stand_ins)
    assert (finding.status, finding.log10_lr) == (Status.OK, 0.0)
    assert "as in an interview" in finding.statement, "the speech as a whole is another voice's"


def test_whoever_else_is_seen_may_be_speaking(nova: VoiceReference, faces: Faces, stand_ins: ModelSet) -> None:
    seen = shows((6, direction(0, 0.9)), (3, direction(5)), faces=faces)
    finding = asked(voice(*OTHER, 12.0, seed=9), nova, faces, stand_ins, tracks=seen.tracks, looks=seen.looks)
    assert (finding.status, finding.log10_lr) == (Status.OK, 0.0)
    assert "33% of the faces seen are of somebody else" in finding.statement


def test_not_applicable_says_why(nova: VoiceReference, faces: Faces, stand_ins: ModelSet) -> None:
    said = voice(*OTHER, 12.0, seed=9)
    stranger = shows((8, direction(5)), faces=faces)
    few, short = replace(nova, recordings=2), replace(nova, speech_s=29.0)
    for sound, changes, reason, words in (
        (None, {}, Reason.NO_AUDIO, "no sound"),
        (voice(*OTHER, 5.0), {}, Reason.TOO_SHORT, "at least 5 s"),
        (organ(12.0), {}, Reason.MUSIC, "mostly music"),
        (np.zeros(90_000, np.float32), {}, Reason.NO_SPEECH, "speech"),
        (said, {"voices": ()}, Reason.NO_REFERENCE, "voice"),
        (said, {"voices": (replace(nova, person="Ada Wren"),)}, Reason.NO_REFERENCE, "face of Nova Quill is shown"),
        (said, {"voices": (few,)}, Reason.TOO_SHORT, "takes 3 recordings"),
        (said, {"voices": (short,)}, Reason.TOO_SHORT, "29 s of speech"),
        (said, {"looks": stranger.looks}, Reason.NO_FACE, "No face of a protected person"),
        (said, {"looks": None}, Reason.NO_MODEL, "no identity model"),
        (said, {"faces": ()}, Reason.NO_REFERENCE, "No photo"),
    ):
        finding = asked(sound, nova, faces, stand_ins, **changes)
        assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, reason), words
        assert words in finding.statement
        assert finding.log10_lr == 0.0


def test_a_profile_that_resembles_a_name_shows_no_face(nova: VoiceReference, stand_ins: ModelSet) -> None:
    specimen = Specimen(clip=clip_of(voice(*OTHER, 12.0, seed=9)), voices=(nova,), person=Person("Nova Quill"))
    assert VoiceMismatch(None, stand_ins.identity).examine(specimen).status is Status.NOT_APPLICABLE


def test_support_is_small_and_never_negative() -> None:
    assert support(-1.0) == pytest.approx(math.log10(0.55 / 0.325))
    assert support(-99.0) < math.log10(2) + 1e-9
    assert support(0.0) == pytest.approx(0.0)
    assert support(1.0) == 0.0, "a match does not speak for authenticity"


@pytest.mark.parametrize(("mismatch", "best", "called"), [(True, -0.1, True), (True, 0.1, False), (False, -0.1, False)])
def test_one_window_that_leans_to_the_person_is_enough_to_say_nothing(
    mismatch: bool, best: float, called: bool
) -> None:
    compared = Strip("A", 0.2, np.zeros(1), np.zeros(1), (Call.OTHER,), (), -1.0, best, mismatch)
    assert is_another(compared) is called
