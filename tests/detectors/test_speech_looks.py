"""The sound of a clip is embedded once, and music without a voice is left out."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.model_files import ModelSet
from detectors.sound import RATE
from detectors.speech_looks import listen
from detectors.voice_embedding import VoiceEmbedder
from tests.detectors.test_music import organ
from tests.detectors.voices import voice
from training.voice_sounds import Sound


def whole(sound: Sound) -> np.ndarray:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)


@pytest.fixture(scope="module")
def embedder(stand_ins: ModelSet) -> VoiceEmbedder:
    return VoiceEmbedder.load(stand_ins.voice)


def test_speech_is_what_the_embedder_says_of_it(embedder: VoiceEmbedder) -> None:
    sound = whole(voice(seconds=9.0))
    looks, plain = listen(sound, embedder), embedder.embed(sound)
    np.testing.assert_array_equal(looks.embeddings, plain.embeddings)
    np.testing.assert_array_equal(looks.spans, plain.spans)
    assert (looks.speech_s, looks.snr_db, looks.music_s) == (plain.speech_s, plain.snr_db, 0.0)


def test_music_before_the_speech_is_left_out(embedder: VoiceEmbedder) -> None:
    looks = listen(whole(np.concatenate([organ(8.0), voice(seconds=8.0)])), embedder)
    assert looks.spans[:, 0].min() >= 6.0, "the window across the change may stay"
    assert looks.spans[-1, 1] == pytest.approx(16.0, abs=0.05)
    assert 5.0 < looks.music_s <= 8.0
    assert 4.0 < looks.speech_s < 8.5
    assert looks.embeddings.shape == (len(looks.spans), 40)


def test_music_alone_leaves_no_window(embedder: VoiceEmbedder) -> None:
    looks = listen(whole(organ(9.0)), embedder)
    assert (looks.embeddings.shape, looks.spans.shape, looks.speech_s) == ((0, 40), (0, 2), 0.0)
    assert 4.0 < looks.music_s <= 9.0, "of frames that are active, as with speech"


def test_silence_holds_neither(embedder: VoiceEmbedder) -> None:
    looks = listen(np.zeros(5 * RATE, np.int16), embedder)
    assert (len(looks.spans), looks.speech_s, looks.music_s) == (0, 0.0, 0.0)
