"""Windows, references and comparisons with a model whose answer is known, and what no voice model may be."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import ModelError
from detectors.model_files import ModelSet, bundled, load_model, read_card
from detectors.model_probe import probe
from detectors.sound import RATE
from detectors.voice_calibration import VoiceCalibration, conditions, voice_calibration_of
from detectors.voice_embedding import STEP, WINDOW, Voice, VoiceEmbedder, reference
from tests.detectors.onnx_bytes import brightness, model, node, tensor
from tests.detectors.voices import voice


@pytest.fixture(scope="module")
def embedder(stand_ins: ModelSet) -> VoiceEmbedder:
    return VoiceEmbedder.load(stand_ins.voice)


def test_windows_cover_the_sound_and_end_with_it(embedder: VoiceEmbedder) -> None:
    found = embedder.embed(voice(seconds=10.0))
    assert found.embeddings.shape == (5, 40)
    np.testing.assert_allclose(np.linalg.norm(found.embeddings, axis=1), 1, atol=1e-5)
    assert found.spans[:, 0].tolist()[:4] == [0.0, 2.0, 4.0, 6.0]
    assert found.spans[-1, 1] == pytest.approx(10.0, abs=0.03)
    np.testing.assert_allclose(found.spans[:, 1] - found.spans[:, 0], 3.0, atol=0.02)
    assert 5 < found.speech_s < 10


def test_a_short_sound_is_one_window_and_a_shorter_one_none(embedder: VoiceEmbedder) -> None:
    short = embedder.embed(voice(seconds=2.0))
    assert short.spans.tolist() == [[0.0, pytest.approx(2.0, abs=0.02)]]
    none = embedder.embed(voice(seconds=0.5))
    assert (none.embeddings.shape, none.spans.shape, none.speech_s) == ((0, 40), (0, 2), 0.0)
    assert embedder.embed(np.zeros(100, np.float32)).embeddings.shape == (0, 40)


def test_windows_without_speech_are_left_out(embedder: VoiceEmbedder) -> None:
    sound = np.concatenate([np.zeros(9 * RATE, np.float32), voice(seconds=3.0)])
    found = embedder.embed(sound)
    assert len(found.spans)
    assert found.spans[:, 0].min() >= 7.0
    assert found.speech_s < 3.1


def test_whole_numbers_are_the_same_sound(embedder: VoiceEmbedder) -> None:
    sound = voice(seconds=4.0)
    whole = np.round(sound * 32767).astype(np.int16)
    # what lies under the last bit differs, and the quiet bands hear it
    assert float(embedder.embed(sound).mean() @ embedder.embed(whole).mean()) > 0.999


@pytest.mark.parametrize(
    ("sound", "message"), [(np.zeros((2, 9), np.float32), "one axis"), (np.full(9999, np.nan, np.float32), "finite")]
)
def test_what_is_no_sound_is_refused(embedder: VoiceEmbedder, sound: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        embedder.embed(sound)


def test_a_speaker_is_nearer_to_himself(embedder: VoiceEmbedder) -> None:
    known = reference([embedder.embed(voice(seed=seed)) for seed in (1, 2, 3)])
    np.testing.assert_allclose(np.linalg.norm(known), 1, atol=1e-5)
    same = embedder.compare(embedder.embed(voice(seed=9)), known)
    other = embedder.compare(embedder.embed(voice(220.0, 1.35, seed=9)), known)
    assert same is not None
    assert other is not None
    assert same.cosine > other.cosine + 0.02
    assert same.log10_lr is not None
    assert other.log10_lr is not None
    assert same.log10_lr >= other.log10_lr
    assert not same.mismatch
    assert embedder.compare(embedder.embed(np.zeros(RATE, np.float32)), known) is None


def test_each_recording_of_a_reference_weighs_the_same() -> None:
    east, north = np.eye(2, dtype=np.float32)
    long = Voice(np.stack([east] * 9), np.zeros((9, 2)), 20.0, 30.0)
    short = Voice(north[None], np.zeros((1, 2)), 3.0, 30.0)
    empty = Voice(np.zeros((0, 2), np.float32), np.zeros((0, 2)), 0.0, 0.0)
    np.testing.assert_allclose(reference([long, empty, short]), [math.sqrt(0.5)] * 2, atol=1e-6)
    with pytest.raises(ValueError, match="no reference recording"):
        reference([empty])


def test_windows_overlap_by_a_third() -> None:
    assert STEP < WINDOW < 1.5 * STEP + 1


KNOWN = VoiceCalibration(
    slope=4, slope_s=1, slope_n=0.5, offset=-1, offset_s=-0.2, offset_n=0.1,
    max_abs_log10_lr=1, mismatch_below=-0.6, least_speech_s=3,
)  # fmt: skip


def test_the_likelihood_ratio_is_that_of_the_formula_and_bounded() -> None:
    # 2.5 s: s = -1; 25 dB: n = 1
    assert KNOWN.unbounded(0.2, 2.5, 25) == pytest.approx((4 - 1 + 0.5) * 0.2 - 1 + 0.2 + 0.1)
    assert KNOWN.log10_lr(0.2, 2.5, 25) == pytest.approx(0.0)
    assert KNOWN.log10_lr(0.9, 10, 25) == 1
    assert KNOWN.log10_lr(-0.9, 10, 25) == -1
    assert KNOWN.log10_lr(math.nan, 10, 25) == 0
    assert conditions(1e9, 1e9) == conditions(6, 30), "the calibration saw no more than that"


def test_a_mismatch_needs_a_low_value_and_enough_speech() -> None:
    assert KNOWN.mismatch(0.05, 10, 25)
    assert not KNOWN.mismatch(0.2, 10, 25)
    assert not KNOWN.mismatch(0.05, 2.9, 25)
    assert not KNOWN.mismatch(math.nan, 10, 25)


def test_longer_speech_than_the_fit_saw_asks_no_more_likeness() -> None:
    steep = VoiceCalibration(5, -0.7, 1.8, -3.3, -0.1, -1.1, 1, -0.5, 3)
    assert steep.log10_lr(0.85, 60, 12) == steep.log10_lr(0.85, 6, 12) > 0


def test_a_slope_never_turns_round() -> None:
    """In noise that the fit hardly saw, a larger likeness must not speak for another speaker."""
    steep = VoiceCalibration(1, 1, 1, 0, 0, 0, 1, -1, 3)
    assert steep.unbounded(0.9, 1, 0) == steep.unbounded(-0.9, 1, 0) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slope": None}, "lacks slope, a number"),
        ({"mismatch_below": "low"}, "lacks mismatch_below, a number"),
        ({"offset": math.inf}, "finite numbers"),
        ({"method": "platt"}, 'needs method = "logistic over cosine, speech and noise"'),
    ],
)
def test_an_incomplete_calibration_is_refused(stand_ins: ModelSet, change: dict[str, object], message: str) -> None:
    assert stand_ins.voice is not None
    raw = read_card(stand_ins.voice.with_suffix(".toml")).raw
    table = {key: value for key, value in {**raw["calibration"], **change}.items() if value is not None}
    with pytest.raises(ModelError, match=message):
        voice_calibration_of("some card", {"calibration": table})
    assert voice_calibration_of("some card", {}) is None


def test_a_model_without_calibration_says_no_more_than_a_likeness(stand_ins: ModelSet, tmp_path: Path) -> None:
    assert stand_ins.voice is not None
    bare = tmp_path / "voice.onnx"
    bare.write_bytes(stand_ins.voice.read_bytes())
    card = stand_ins.voice.with_suffix(".toml").read_text()
    bare.with_suffix(".toml").write_text(card.partition("[calibration]")[0])
    one = VoiceEmbedder.load(bare)
    heard = one.embed(voice())
    compared = one.compare(heard, -heard.mean())
    assert compared is not None
    assert (compared.log10_lr, compared.mismatch) == (None, False)


# the shipped model

shipped = pytest.mark.skipif(not bundled("voice").is_file(), reason="the voice model is not in this checkout")


@shipped
def test_the_shipped_model_tells_made_voices_apart_and_says_what_that_is_worth() -> None:
    one = VoiceEmbedder.load()
    assert one.calibration is not None
    low, high = (
        [one.embed(voice(*throat, seed=seed)) for seed in (1, 2, 3)] for throat in ((110.0, 0.9), (230.0, 1.3))
    )
    assert low[0].embeddings.shape == (3, 256)
    same = one.compare(low[2], reference(low[:2]))
    other = one.compare(high[2], reference(low[:2]))
    assert same is not None
    assert other is not None
    assert same.cosine > other.cosine + 0.3
    assert same.log10_lr is not None
    assert other.log10_lr is not None
    assert one.calibration.max_abs_log10_lr >= same.log10_lr > 0 > other.log10_lr
    assert other.mismatch
    assert not same.mismatch


@shipped
def test_the_shipped_model_does_not_mind_loudness() -> None:
    one = VoiceEmbedder.load()
    sound = voice(seconds=3.0)
    quiet = one.embed((sound * 0.1).astype(np.float32))
    assert float(one.embed(sound).mean() @ quiet.mean()) > 0.99


@shipped
def test_the_shipped_card_says_what_a_match_is_not() -> None:
    path = bundled("voice")
    raw = read_card(path.with_suffix(".toml")).raw
    assert path.stat().st_size == raw["bytes"] <= 5_000_000
    assert "never evidence" in raw["meaning"]["match"]
    known = voice_calibration_of("voice", raw)
    assert known is not None
    assert known.samples > 1000
    assert known.mismatch_below < 0 < known.max_abs_log10_lr <= 1
    assert all(raw["mismatch"][name]["genuine"] > 0 for name in ("clean", "aac64", "degraded", "excited"))
    assert probe(path).role == "voice"


# what can serve as a voice model


@pytest.mark.parametrize("role", ["voice", None])
def test_a_voice_model_is_known_and_can_serve(stand_ins: ModelSet, role: str | None) -> None:
    assert stand_ins.voice is not None
    found = probe(stand_ins.voice, role)
    assert (found.role, found.carded, found.card) == ("voice", True, "")
    assert found.facts == (
        "takes 40 mel bands a frame and gives 40 values a window, of length one",
        "calibrated on 200 comparisons of 20 speakers",
    )


def test_the_card_that_is_proposed_serves(stand_ins: ModelSet, tmp_path: Path) -> None:
    assert stand_ins.voice is not None
    path = tmp_path / "own.onnx"
    path.write_bytes(stand_ins.voice.read_bytes())
    found = probe(path, "voice")
    assert not found.carded
    assert "no [calibration]" in found.facts[1]
    path.with_suffix(".toml").write_text(found.card)
    assert load_model("voice", path)[1].name == "own"


def means(*, scale: float = 1.0, deaf: bool = False, bands: int = 40) -> bytes:
    """A model like the stand-in whose vectors are not of length one, or do not depend on the sound."""
    nodes = [
        node("ReduceMean", ["log_mels", "time"], "colour", keepdims=0),
        node("Mul", ["colour", "zero" if deaf else "scale"], "scaled"),
        node("Add", ["scaled", "grid" if deaf else "nothing"], "embedding"),
    ]
    grid = np.full((1, bands), 1 / math.sqrt(bands))
    values = [
        tensor("time", [1], np.int64), tensor("zero", 0.0), tensor("scale", scale), tensor("nothing", 0.0),
        tensor("grid", grid),
    ]  # fmt: skip
    return model(nodes, values, ("log_mels", ("B", "T", bands)), [("embedding", ("B", bands))])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (brightness(), r"takes log_mels float32 \[windows, frames, 40\] and gives embedding; this one takes input"),
        (means(bands=80), r"takes log_mels float32 \[windows, frames, 40\].* \[B, T, 80\]"),
        (means(), "not of length one"),
        (means(deaf=True), "the same vector for a hum and for a hiss"),
    ],
)
def test_a_model_of_another_kind_is_refused_in_one_sentence(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "foreign.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=message) as refused:
        probe(path, "voice")
    assert len(str(refused.value).splitlines()) == 1


def test_no_voice_model_can_serve_for_faces(stand_ins: ModelSet) -> None:
    assert stand_ins.voice is not None
    with pytest.raises(ModelError, match="a faces model takes image"):
        probe(stand_ins.voice, "faces")
