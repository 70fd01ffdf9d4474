"""Which voices the voice model is never trained on: one rule for training, its measurement and the benchmarks."""

from __future__ import annotations

from training.data import held_out

MEASURED = frozenset({"1688", "1998", "2033", "2414", "2609", "3005", "3080", "3331", "367", "533"})
"""The LibriSpeech test-other speakers of the data folder, with ten utterances each: for measuring only."""

CALIBRATED = 0.14
"""Share of all other voices that is kept for the calibration."""


def part(speaker: str, file: str) -> str:
    """Where a recording belongs: "measure", "calibrate" or "train"; by speaker, by file where no speaker is known."""
    if speaker in MEASURED:
        return "measure"
    return "calibrate" if held_out(speaker or file, CALIBRATED, "voice") else "train"
