"""What the likeness of two voices is worth, by how much speech there was and how clean it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from detectors.errors import ModelError

VOICE_METHOD = "logistic over cosine, speech and noise"
"""What a voice model's card says as calibration.method."""

SHORTEST_S, LONGEST_S = 1.0, 6.0
"""Seconds of speech beyond which the calibration saw nothing; outside, the nearest end counts.

The pieces of the fit are 2.5 to 6 s long. Followed further, its line asks ever more likeness of longer speech: of 23 s
over music at 10 dB with a cosine of 0.85 to the speaker's own references it said that they are likelier another's.
"""

NOISIEST_DB, CLEANEST_DB = 0.0, 30.0


@dataclass(frozen=True, slots=True)
class VoiceCalibration:
    """A logistic calibration whose slope and offset follow the quality of the sound, fitted at equal priors.

    With s = log2(seconds of speech / 5), 1 to 6 s, and n = (estimated signal-to-noise ratio in dB - 15) / 10, 0 to
    30 dB: log10 likelihood ratio = (slope + slope_s s + slope_n n) * cosine + offset + offset_s s + offset_n n, where
    the slope is never below 0.

    Attributes:
        slope, slope_s, slope_n, offset, offset_s, offset_n: see above.
        max_abs_log10_lr: bound of the likelihood ratio, either way: what the number of speakers supports.
        mismatch_below: the unbounded log10 likelihood ratio below which a recording is called a mismatch.
        least_speech_s: seconds of speech without which nothing is called a mismatch.
        samples: comparisons that the fit saw.
        speakers: people behind them.
    """

    slope: float
    slope_s: float
    slope_n: float
    offset: float
    offset_s: float
    offset_n: float
    max_abs_log10_lr: float
    mismatch_below: float
    least_speech_s: float
    samples: int = 0
    speakers: int = 0

    def __post_init__(self) -> None:
        if not all(math.isfinite(getattr(self, one.name)) for one in fields(self)) or self.max_abs_log10_lr < 0:
            raise ValueError("a voice calibration needs finite numbers and a bound of at least 0")

    def unbounded(self, cosine: float, speech_s: float, snr_db: float) -> float:
        """The fitted log10 likelihood ratio of "the same speaker"."""
        seconds, noise = conditions(speech_s, snr_db)
        slope = max(0.0, self.slope + self.slope_s * seconds + self.slope_n * noise)
        return slope * cosine + self.offset + self.offset_s * seconds + self.offset_n * noise

    def log10_lr(self, cosine: float, speech_s: float, snr_db: float) -> float:
        """The same within the bound; 0 for a cosine that is no number."""
        if math.isnan(cosine):
            return 0.0
        bound = self.max_abs_log10_lr
        return min(bound, max(-bound, self.unbounded(cosine, speech_s, snr_db)))

    def mismatch(self, cosine: float, speech_s: float, snr_db: float) -> bool:
        """Whether this is to be called another voice."""
        if speech_s < self.least_speech_s or math.isnan(cosine):
            return False
        return self.unbounded(cosine, speech_s, snr_db) < self.mismatch_below


def conditions(speech_s: float, snr_db: float) -> tuple[float, float]:
    """The two conditions as the calibration takes them: s and n of :class:`VoiceCalibration`."""
    seconds = math.log2(min(max(speech_s, SHORTEST_S), LONGEST_S) / 5)
    return seconds, (min(max(snr_db, NOISIEST_DB), CLEANEST_DB) - 15) / 10


def voice_calibration_of(card: str, raw: Mapping[str, Any]) -> VoiceCalibration | None:
    """Read the [calibration] of a voice model's card; None where it has none.

    Args:
        card: the card's name, for messages.
        raw: its content.

    Raises:
        ModelError: it is incomplete or of another kind.
    """
    table = raw.get("calibration")
    if table is None:
        return None
    if not isinstance(table, Mapping) or table.get("method") != VOICE_METHOD:
        raise ModelError(f'{card}: the [calibration] of a voice model needs method = "{VOICE_METHOD}"')
    numbers: dict[str, Any] = {}
    for one in fields(VoiceCalibration):
        value = table.get(one.name, 0 if one.name in ("samples", "speakers") else None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ModelError(f"{card}: [calibration] lacks {one.name}, a number")
        numbers[one.name] = value
    try:
        return VoiceCalibration(**numbers)
    except ValueError as error:
        raise ModelError(f"{card}: [calibration]: {error}") from error
