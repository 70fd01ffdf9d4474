"""Speech against one reference: numbers that can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.specimen import SpeechLooks, VoiceReference
from detectors.voice_calibration import VoiceCalibration
from detectors.voice_strip import Call, any_of, strip

# the log10 likelihood ratio is 4 cosine - 2, whatever length and noise
KNOWN = VoiceCalibration(4, 0, 0, -2, 0, 0, max_abs_log10_lr=1, mismatch_below=-0.5, least_speech_s=3)
EAST = np.array([1, 0], np.float32)


def at(*cosines: float) -> NDArray[np.float32]:
    """Unit vectors with these cosines to east."""
    return np.array([[one, math.sqrt(1 - one * one)] for one in cosines], np.float32)


def looks(*cosines: float, starts: list[float] | None = None, speech_s: float = 20.0) -> SpeechLooks:
    places = np.array(starts if starts is not None else 2.0 * np.arange(len(cosines)), np.float64)
    return SpeechLooks(at(*cosines), np.stack([places, places + 3.0], 1), speech_s, 20.0)


def reference(person: str = "Nova Quill", model: str = "m") -> VoiceReference:
    return VoiceReference(person, EAST, 3, 60.0, model)


def test_calls_follow_the_calibration() -> None:
    # 4c - 2: 0.9 -> 1.6, 0.6 -> 0.4, 0.5 -> 0, 0.2 -> -1.2
    told = strip(looks(0.9, 0.6, 0.5, 0.2), reference(), KNOWN)
    assert told.calls == (Call.MATCH, Call.MATCH, Call.UNCLEAR, Call.OTHER)
    np.testing.assert_allclose(told.cosines, [0.9, 0.6, 0.5, 0.2], atol=1e-6)
    assert told.times_s.tolist() == [1.5, 3.5, 5.5, 7.5]
    assert told.best == pytest.approx(1.6, abs=1e-5)


def test_stretches_share_the_overlap_and_end_at_a_gap() -> None:
    told = strip(looks(0.9, 0.9, 0.1, 0.1, starts=[0, 2, 4, 20]), reference(), KNOWN)
    assert [(one.call, one.start_s, one.end_s) for one in told.stretches] == [
        (Call.MATCH, 0.0, 4.5),
        (Call.OTHER, 4.5, 7.0),
        (Call.OTHER, 20.0, 23.0),
    ]
    assert told.seconds(Call.OTHER) == 5.5
    assert told.seconds(Call.UNCLEAR) == 0


def test_the_ratio_is_the_mean_of_the_whole_and_of_the_windows() -> None:
    told = strip(looks(0.6, 0.6), reference(), KNOWN)
    assert told.log10_lr == pytest.approx(0.4, abs=1e-5), "where all say the same, that is it"
    told = strip(looks(0.9, 0.2, 0.2, 0.2), reference(), KNOWN)
    mean = at(0.9, 0.2, 0.2, 0.2).mean(axis=0)
    cosine = float(mean[0] / np.linalg.norm(mean))
    assert told.cosine == pytest.approx(cosine, abs=1e-6)
    whole = 10 ** max(-1.0, 4 * cosine - 2)
    windows = (10 + 3 * 0.1) / 4  # bounded at ten to one either way
    assert told.log10_lr == pytest.approx(math.log10((whole + windows) / 2), abs=1e-5)
    assert told.log10_lr > 0, "a quarter of the speech is enough to be heard"


@pytest.mark.parametrize("cosine", [-1.0, 0.0, 1.0])
def test_no_ratio_leaves_the_bound(cosine: float) -> None:
    assert abs(strip(looks(*[cosine] * 30), reference(), KNOWN).log10_lr) <= 1 + 1e-9


def test_a_mismatch_needs_speech_and_no_calibration_says_nothing() -> None:
    assert strip(looks(0.1, 0.1), reference(), KNOWN).mismatch
    assert not strip(looks(0.1, 0.1, speech_s=2.5), reference(), KNOWN).mismatch
    told = strip(looks(0.1, 0.9), reference(), None)
    assert (set(told.calls), told.log10_lr, told.mismatch) == ({Call.UNCLEAR}, 0.0, False)


def test_any_of_several_people_is_the_mean_of_their_ratios() -> None:
    assert any_of([1.0]) == pytest.approx(1.0)
    assert any_of([1.0, -1.0]) == pytest.approx(math.log10((10 + 0.1) / 2))
    assert any_of([1.0] + [-1.0] * 99) < 0, "among a hundred voices one is alike by chance"


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="no windows"):
        strip(SpeechLooks(np.zeros((0, 2), np.float32), np.zeros((0, 2)), 0, 0), reference(), KNOWN)
    with pytest.raises(ValueError, match="embeddings of 2 values"):
        strip(looks(0.5), VoiceReference("A", np.ones(3, np.float32), 1, 9, "m"), KNOWN)
