"""Where speech is found, and how the estimated distance to the noise follows the true one."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.log_mel import power_spectra
from detectors.sound import RATE
from detectors.speech import find_speech
from tests.detectors.voices import voice


def test_speech_is_where_it_was_put() -> None:
    sound = np.random.default_rng(0).normal(0, 1e-4, 8 * RATE).astype(np.float32)
    sound[2 * RATE : 4 * RATE] += voice(seconds=2.0)
    found = find_speech(power_spectra(sound))
    assert found.active[:190].mean() < 0.1
    assert found.active[210:390].mean() > 0.8
    assert found.active[410:].mean() < 0.1
    assert found.seconds == pytest.approx(2.0, abs=0.4)


@pytest.mark.parametrize("sound", [np.zeros(3 * RATE, np.float32), np.zeros(0, np.float32)])
def test_silence_holds_no_speech(sound: np.ndarray) -> None:
    found = find_speech(power_spectra(sound))
    assert found.seconds == 0
    assert found.snr_db == 0


def test_the_estimate_falls_with_the_noise() -> None:
    told = [find_speech(power_spectra(voice(noise=noise))).snr_db for noise in (1e-4, 3e-3, 1e-2, 3e-2)]
    assert told == sorted(told, reverse=True)
    assert told[0] > 25
    assert told[-1] < 15


def test_tables_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="201 frequencies"):
        find_speech(np.zeros((5, 40), np.float32))
