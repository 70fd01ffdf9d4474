"""Splits by speaker, pairs, error rates, and the calibration, on voices whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detectors.calibration import fit_logistic
from detectors.model_files import ModelSet
from detectors.sound import RATE
from detectors.voice_embedding import VoiceEmbedder
from tests.conftest import STAND_INS
from tests.training.speech import utterances, write_speech
from training.voice_calibrate import (
    GENUINE_LOST,
    LEAST_SPEECH_S,
    MOST_LR,
    RIDGE,
    WEAKEST_CALL,
    Trial,
    fit,
    trials,
)
from training.voice_measure import calls, error_rates, measured, voice_of
from training.voice_recordings import SHORTEST_S, read_recordings, read_sounds
from training.voice_split import MEASURED, part
from training.voice_trials import CONDITIONS, Embedded, pair_line, segments, spread

TEN = sorted(MEASURED)


@pytest.fixture(scope="module")
def embedder() -> VoiceEmbedder:
    return VoiceEmbedder.load(ModelSet(voice=STAND_INS / "voice.onnx").voice)


def test_measured_speakers_are_never_trained_on_and_no_speaker_is_on_two_sides() -> None:
    assert {part(name, f"librispeech/{number}.ogg") for number, name in enumerate(TEN)} == {"measure"}
    for name in ("19", "syn:mimic3:some-voice"):
        assert len({part(name, f"x/{number}.ogg") for number in range(50)}) == 1
    parts = [part(str(number), "") for number in range(10_000, 12_000)]
    assert parts.count("calibrate") / len(parts) == pytest.approx(0.14, abs=0.03)
    assert "measure" not in parts
    assert {part("", f"picowake/{number}.ogg") for number in range(60)} == {"train", "calibrate"}


def test_recordings_are_read_at_one_level_and_short_ones_left_out(tmp_path: Path) -> None:
    sounds = utterances(["1", "2"], 1, 3.0) | {("3", 0): np.zeros(int((SHORTEST_S - 0.2) * RATE), np.float32)}
    write_speech(tmp_path, sounds)
    rows = read_recordings(tmp_path)
    assert [row.speaker for row in rows] == ["1", "2"]
    for sound, kept in zip(read_sounds(tmp_path, rows), sounds.values(), strict=False):
        assert len(sound) == pytest.approx(len(kept), abs=400)
        assert 20 * np.log10(np.sqrt(np.mean(sound**2))) == pytest.approx(-27, abs=0.1)
    with pytest.raises(SystemExit, match="name the data folder with --data"):
        read_recordings(tmp_path / "nothing")


def test_segments_lie_side_by_side_in_one_utterance() -> None:
    sound = np.arange(7 * RATE, dtype=np.float32)
    cut = segments([sound, sound[:RATE]], ["a", "b"], 2.0)
    assert [(one.speaker, one.utterance, one.sound[0]) for one in cut] == [
        ("a", 0, 0),
        ("a", 0, 32_000),
        ("a", 0, 64_000),
    ]


def test_pairs_are_of_different_utterances_and_their_error_rate_is_counted() -> None:
    """Three people of two utterances on three axes, the last of whom sounds once like the first."""
    axes = np.eye(3, dtype=np.float32)
    vectors = axes[[0, 0, 0, 1, 1, 2, 0]]
    those = Embedded(vectors, np.array(list("aaabbcc")), np.array([0, 0, 1, 2, 3, 4, 5]))
    line = pair_line(those, those, rounds=50)
    assert (line.pairs, line.same, line.speakers) == (20, 2 + 1 + 1, 3)
    # at the best threshold one of four genuine pairs is lost, three of sixteen others are taken
    assert line.eer == pytest.approx((1 / 4 + 3 / 16) / 2)
    low, high = line.figures()["interval"]
    assert low <= line.eer <= high
    assert spread(np.array([np.nan, 0.1]), 0.3) == [0.1, 0.3]


def test_conditions_are_drawn_alike_for_equal_seeds() -> None:
    sound = next(iter(utterances(["x"], 1, 2.0).values()))
    for name, change in CONDITIONS.items():
        first, again = (change(sound, np.random.default_rng(1)) for _ in range(2))
        assert np.array_equal(first, again), name
        assert np.array_equal(first, sound) == (name == "clean")


def test_a_better_system_has_the_lower_error_rate(embedder: VoiceEmbedder) -> None:
    made = utterances(TEN[:5], 2, 5.2)
    random = np.random.default_rng(0)

    def guess(sound: np.ndarray) -> np.ndarray:
        del sound
        values = random.normal(0, 1, 8)
        return (values / np.linalg.norm(values)).astype(np.float32)

    told = error_rates(
        {"ours": voice_of(embedder), "guess": guess}, list(made.values()), [name for name, _ in made], rounds=20
    )
    assert set(told["ours"]) == {
        f"{name} {seconds}s" for name in ("clean", "aac64", "degraded") for seconds in (2, 5, 10)
    }
    assert told["ours"]["clean 5s"].eer < told["guess"]["clean 5s"].eer - 0.1
    assert told["ours"]["clean 5s"].pairs == told["guess"]["clean 5s"].pairs == 45
    assert (told["ours"]["clean 10s"].pairs, told["ours"]["clean 10s"].speakers) == (0, 0)


def test_calls_are_counted_against_other_utterances_only(embedder: VoiceEmbedder) -> None:
    made = utterances(TEN[:4], 3, 5.5)
    told = calls(embedder, list(made.values()), [name for name, _ in made])
    for name, one in told.items():
        assert one["genuine"] + one["others"] + one["too_little_speech"] == 4 * 3 * 4, name
        assert one["genuine_called"] <= one["genuine"]
        assert one["genuine_interval"][0] <= one["genuine_share"] <= one["genuine_interval"][1]
    assert told["clean"]["genuine"] == 12


def test_measured_gives_only_the_ten(tmp_path: Path) -> None:
    write_speech(tmp_path, utterances([TEN[0], "19"], 1, 2.0))
    sounds, rows = measured(tmp_path)
    assert [row.speaker for row in rows] == [TEN[0]]
    assert len(sounds) == 1


def made_trials(count: int = 600) -> list[Trial]:
    """Likeness .6 +- .12 of one speaker, .1 +- .12 of two; in noise .4 and .1."""
    random = np.random.default_rng(0)
    out = []
    for number in range(count):
        same, noisy = number % 3 == 0, bool(random.random() < 0.5)
        middle = (0.4 if noisy else 0.6) if same else 0.1
        speech, snr = float(random.uniform(2, 8)), 5.0 if noisy else 25.0
        out.append(Trial(float(random.normal(middle, 0.12)), speech, snr, same, str(number % 40), "clean"))
    return out


def test_the_calibration_follows_the_noise_and_loses_what_it_may() -> None:
    found = made_trials()
    known = fit(found)
    assert (known.samples, known.speakers) == (600, 40)
    assert known.max_abs_log10_lr == MOST_LR
    # between the middles of both kinds an answer must turn: .35 in clean sound, .25 in noise
    assert known.unbounded(0.42, 5, 25) > 0 > known.unbounded(0.28, 5, 25)
    assert known.unbounded(0.32, 5, 5) > 0 > known.unbounded(0.18, 5, 5)
    genuine = [one for one in found if one.same and one.speech_s >= LEAST_SPEECH_S]
    lost = sum(known.mismatch(one.cosine, one.speech_s, one.snr_db) for one in genuine) / len(genuine)
    assert lost <= GENUINE_LOST + 0.01
    assert known.mismatch_below <= WEAKEST_CALL
    others = [one for one in found if not one.same and one.speech_s >= LEAST_SPEECH_S]
    assert sum(known.mismatch(one.cosine, one.speech_s, one.snr_db) for one in others) > 0.5 * len(others)


def test_few_speakers_support_little() -> None:
    known = fit([one for one in made_trials() if int(one.speaker) < 6])
    assert known.speakers == 6
    assert known.max_abs_log10_lr == pytest.approx(np.log10(2))


def test_the_fit_finds_the_odds_that_made_the_sample() -> None:
    random = np.random.default_rng(1)
    values = random.normal(0, 1, 40_000)
    positive = random.random(len(values)) < 1 / (1 + np.exp(-(1.5 * values)))
    ones = np.ones_like(values)
    slope, offset = fit_logistic(np.stack([values, ones], 1), positive, ones, np.full(2, RIDGE)) * np.log(10)
    assert slope == pytest.approx(1.5, abs=0.06)
    assert offset == pytest.approx(0.0, abs=0.06)


def test_trials_hold_every_voice_against_itself_and_others(embedder: VoiceEmbedder) -> None:
    names = ["a", "b", "c"]
    made = utterances(names, 1, 13.0)
    found = trials(embedder, list(made.values()), names, 0)
    assert {one.speaker for one in found} == set(names)
    same, other = ([one.cosine for one in found if one.same is kind] for kind in (True, False))
    assert len(other) == 2 * len(same)
    assert np.mean(same) > np.mean(other)
    assert {one.condition for one in found} == {*CONDITIONS, "random"}
