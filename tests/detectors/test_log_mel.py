"""The front end against its definition, written out the slow way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detectors.log_mel import BANDS, FLOOR, FRAME, HOP, frame_count, hz_of_mel, log_mels, mel_filters, power_spectra
from detectors.sound import RATE


def slow_mel(hz: float) -> float:
    """Slaney's scale: 200/3 Hz a mel up to 1 kHz, then 27 steps for a factor of 6.4."""
    return hz / (200 / 3) if hz < 1000 else 15 + math.log(hz / 1000) / (math.log(6.4) / 27)


def slow_hz(mel: float) -> float:
    return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)


def slow_log_mels(sound: np.ndarray) -> np.ndarray:
    """By the defining sum of the Fourier transform, and triangles of area 1 (in Hz) around 40 mel steps."""
    n, k = np.arange(400)[:, None], np.arange(201)[None]
    wave = np.exp(-2j * np.pi * n * k / 400)
    window = np.array([math.sin(math.pi * place / 400) ** 2 for place in range(400)])
    corners = [slow_hz(slow_mel(60) + step * (slow_mel(7600) - slow_mel(60)) / 41) for step in range(42)]
    rows = []
    for start in range(0, len(sound) - 399, 160):
        power = np.abs((sound[start : start + 400].astype(float) * window) @ wave) ** 2
        bands = []
        for low, middle, high in zip(corners, corners[1:], corners[2:], strict=False):
            total = 0.0
            for place in range(201):
                hz = place * 40
                if low < hz < high:
                    side = (hz - low) / (middle - low) if hz <= middle else (high - hz) / (high - middle)
                    total += power[place] * side * 2 / (high - low)
            bands.append(math.log(total + FLOOR))
        rows.append(bands)
    return np.array(rows)


def test_log_mels_are_those_of_the_definition() -> None:
    random = np.random.default_rng(0)
    time = np.arange(4000) / RATE
    sound = (0.1 * np.sin(2 * np.pi * 440 * time) + random.normal(0, 0.01, len(time))).astype(np.float32)
    got, wanted = log_mels(sound), slow_log_mels(sound)
    assert got.shape == wanted.shape == (23, BANDS)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, wanted, atol=2e-3)


def test_a_tone_is_loudest_in_the_band_around_it() -> None:
    time = np.arange(RATE) / RATE
    for hz in (200.0, 1000.0, 3000.0, 7000.0):
        loudest = int(log_mels(np.sin(2 * np.pi * hz * time).astype(np.float32)).mean(axis=0).argmax())
        step = (slow_mel(7600) - slow_mel(60)) / 41
        assert abs(slow_hz(slow_mel(60) + (loudest + 1) * step) - hz) < max(80, 0.06 * hz)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)])
def test_only_whole_frames_are_counted(samples: int, frames: int) -> None:
    assert log_mels(np.zeros(samples, np.float32)).shape == (frames, BANDS)
    assert frame_count(samples) == frames


def test_silence_is_finite_and_many_frames_equal_few() -> None:
    assert np.isfinite(log_mels(np.zeros(16_000, np.float32))).all()
    sound = np.random.default_rng(1).normal(0, 0.1, 70_000).astype(np.float32)
    late = 300 * HOP
    np.testing.assert_allclose(power_spectra(sound)[300:310], power_spectra(sound[late : late + FRAME + 9 * HOP]), 1e-4)


def test_every_band_hears_something_and_all_the_same_area() -> None:
    filters = mel_filters()
    assert filters.shape == (BANDS, 201)
    assert (filters > 0).sum(axis=1).min() >= 2
    np.testing.assert_allclose(filters[-10:].sum(axis=1) * 40, 1, atol=0.02)
    np.testing.assert_allclose(hz_of_mel(np.array([slow_mel(440), slow_mel(5000)])), [440, 5000])
