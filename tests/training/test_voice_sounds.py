"""What is done to voices does what it says, and to the length that it says."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.log_mel import power_spectra
from detectors.sound import RATE
from tests.detectors.voices import voice
from training.voice_sounds import (
    CODECS,
    coded,
    coloured_noise,
    degraded,
    disturbances,
    levelled,
    mixed,
    music,
    narrowed,
    room,
    swayed,
)

SOUND = voice(seconds=3.0)


def power_above(sound: np.ndarray, hz: float) -> float:
    return float(power_spectra(sound)[:, int(hz / 40) :].mean())


@pytest.mark.parametrize("codec", CODECS, ids=lambda one: f"{one[1]}-{one[3]}")
def test_a_codec_keeps_length_and_speech(codec: tuple[str, str, int, int, float]) -> None:
    out = coded(SOUND, *codec[:4])
    assert out.shape == SOUND.shape
    before, after = (np.log(power_spectra(one)[:, 5:60].mean(axis=1) + 1e-3) for one in (SOUND, out))
    # encoders delay by up to 0.13 s, so the envelopes are laid over each other first
    best = max(np.corrcoef(before[: len(before) - lag], after[lag:])[0, 1] for lag in range(14))
    assert best > 0.9
    assert not np.array_equal(out, SOUND)


def test_levels_and_ratios_are_in_decibels() -> None:
    assert 20 * np.log10(np.sqrt(np.mean(levelled(SOUND, -20.0) ** 2))) == pytest.approx(-20, abs=0.01)
    assert not levelled(np.zeros(9, np.float32), -20.0).any()
    under = mixed(SOUND, coloured_noise(RATE, 0.0, np.random.default_rng(0)), 10.0) - SOUND
    assert 10 * np.log10(np.mean(SOUND**2) / np.mean(under**2)) == pytest.approx(10, abs=0.1)


def test_a_narrow_band_loses_what_lies_outside() -> None:
    noise = coloured_noise(2 * RATE, 0.0, np.random.default_rng(1))
    out = narrowed(noise, 300.0, 3400.0)
    assert power_above(out, 4200) < 1e-4 * power_above(noise, 4200)
    assert power_spectra(out)[:, 20:70].mean() == pytest.approx(power_spectra(noise)[:, 20:70].mean(), rel=0.05)


def test_a_room_leaves_the_direct_sound_and_adds_a_tail() -> None:
    click = np.zeros(RATE, np.float32)
    click[100] = 1
    out = room(click, np.random.default_rng(0))
    assert out.shape == click.shape
    assert out[100] == pytest.approx(1, abs=0.05)
    assert np.abs(out[101:]).max() > 1e-3
    assert np.abs(out[:100]).max() < 1e-4


def test_swaying_changes_the_pitch_both_ways_and_little() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE).astype(np.float32)
    out = swayed(tone, 0.1, np.random.default_rng(0))
    loudest = power_spectra(out)[5:-5].argmax(axis=1) * 40
    assert 880 <= loudest.min() < 990
    assert 1010 < loudest.max() <= 1120
    assert 0.85 < len(out) / len(tone) < 1.0001


def test_sounds_under_a_voice_are_not_silent_and_differ() -> None:
    made = disturbances([SOUND], 4, np.random.default_rng(0))
    assert [len(one) for one in made] == [8 * RATE] * 4
    assert all(np.sqrt(np.mean(one**2)) == pytest.approx(0.1, rel=0.02) for one in made)
    assert abs(np.corrcoef(made[0], made[1])[0, 1]) < 0.5
    assert np.isfinite(music(RATE, np.random.default_rng(1))).all()


def test_the_same_seed_degrades_alike() -> None:
    under = disturbances([SOUND], 4, np.random.default_rng(0))
    first, again, other = (degraded(SOUND, under, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert first.shape == other.shape == SOUND.shape
    assert not np.array_equal(first, other)
