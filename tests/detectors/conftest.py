"""Real media files, made once per test run, and models whose right answer is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.model_files import ModelSet
from tests.detectors.media import SIZE, tone, write_video, written_square

STAND_INS = Path(__file__).parent / "stand_ins"


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files that several tests read; nobody may change what lies there."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def square_clip(media: Path) -> Path:
    """Three seconds at 20 frames a second: a red square of 80 pixels moves from left to right, with a 440 Hz tone."""
    return write_video(media / "square.mp4", [written_square(i) for i in range(60)], rate=20, sound=tone(3.0))


@pytest.fixture(scope="session")
def silent_clip(media: Path) -> Path:
    """One second without sound and without a face: a gray ramp, frame i has brightness 10 + 8 i."""
    import numpy as np

    frames = [np.full((*SIZE, 3), 10 + 8 * i, np.uint8) for i in range(25)]
    return write_video(media / "ramp.mp4", frames, rate=25)


@pytest.fixture(scope="session")
def stand_ins() -> ModelSet:
    """Models that find a red square, score brightness, and tell patterns of light and of sound apart.

    See stand_ins/make.py.
    """
    return ModelSet(
        faces=STAND_INS / "faces.onnx",
        forgery=(STAND_INS / "forgery.onnx",),
        identity=STAND_INS / "identity.onnx",
        voice=STAND_INS / "voice.onnx",
    )
