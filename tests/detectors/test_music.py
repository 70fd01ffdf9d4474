"""Music is told from speech, and speech over music stays speech."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from detectors.log_mel import power_spectra
from detectors.music import is_music, pauses, steadiness
from detectors.sound import RATE
from detectors.voice_embedding import WINDOW
from tests.detectors.voices import voice
from training.voice_sounds import Sound, levelled, mixed, music


def share_called(sound: Sound) -> float:
    spectra = power_spectra(sound)
    starts = range(0, len(spectra) - WINDOW + 1, WINDOW // 2)
    return float(np.mean([is_music(spectra[start : start + WINDOW]) for start in starts]))


def organ(seconds: float) -> Sound:
    """Three chords, each held for two seconds, as a pipe organ holds them."""
    time = np.arange(round(seconds * RATE)) / RATE
    chord = np.array([[1, 5 / 4, 3 / 2], [4 / 3, 5 / 3, 2], [3 / 2, 15 / 8, 9 / 4]])[(time // 2).astype(int) % 3]
    out = sum(np.sin(2 * np.pi * 196 * part * number * time) / number for part in chord.T for number in range(1, 6))
    return levelled(np.asarray(out, np.float32), -20)


def test_held_chords_are_music() -> None:
    assert share_called(organ(12)) == 1.0


def test_most_made_music_is_called_music() -> None:
    """Loud drums over short notes are missed; the module says so."""
    shares = [share_called(music(9 * RATE, np.random.default_rng(seed))) for seed in range(8)]
    assert sum(share > 0.5 for share in shares) >= 6, shares


@pytest.mark.parametrize("under_db", [None, 10.0])
@pytest.mark.parametrize("pitch", [100.0, 160.0, 230.0])
def test_a_voice_is_not_music_even_over_it(pitch: float, under_db: float | None) -> None:
    sound = voice(pitch, pitch / 150, 12.0, seed=3)
    if under_db is not None:
        sound = mixed(sound, music(12 * RATE, np.random.default_rng(1)), under_db)
    assert share_called(sound) <= 0.2


def test_noise_and_silence_are_not_music() -> None:
    assert share_called(np.random.default_rng(0).normal(0, 0.1, 6 * RATE).astype(np.float32)) == 0
    assert share_called(np.zeros(6 * RATE, np.float32)) == 0
    assert not is_music(power_spectra(organ(0.5))), "less than a second says nothing"


def test_the_two_measures_are_what_they_are_called() -> None:
    assert steadiness(power_spectra(organ(2.0))) > 0.9
    assert steadiness(power_spectra(np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32))) < 0.1
    half = np.concatenate([organ(2.0), np.zeros(2 * RATE, np.float32)])
    assert pauses(power_spectra(half)) == pytest.approx(0.5, abs=0.02)


def test_tables_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="201 frequencies"):
        is_music(np.zeros((200, 40), np.float32))


@pytest.mark.skipif(which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_synthetic_speech_is_not_music(tmp_path: Path) -> None:
    path = tmp_path / "said.wav"
    text = "Nobody in the whole village could say where the old road had once led, or who had walked it last."
    subprocess.run(["espeak-ng", "-v", "en", "-w", str(path), text], check=True, timeout=30)
    with wave.open(str(path)) as file:
        said = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
        rate = file.getframerate()
    count = round(len(said) * RATE / rate)
    sound = np.interp(np.arange(count) * rate / RATE, np.arange(len(said)), said).astype(np.float32)
    assert share_called(sound) == 0
