"""Whether an ONNX file can serve as voice model: logarithmic mel energies in, one vector a window out."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import numpy as np
import onnxruntime

from detectors.errors import ModelError
from detectors.log_mel import BANDS, log_mels
from detectors.sound import RATE

INPUT, OUTPUT = "log_mels", "embedding"
FEWEST = 32
"""Fewest values of a vector that can tell people apart."""

MOST_ALIKE = 0.999
"""Cosine of two quite different sounds from which on a model says nothing about what it hears."""


def takes_sound(session: onnxruntime.InferenceSession) -> bool:
    """Whether a file declares windows of 40 mel bands as its input."""
    inputs = session.get_inputs()
    return len(inputs) == 1 and inputs[0].name == INPUT


def check_voice(name: str | PurePath, session: onnxruntime.InferenceSession) -> int:
    """Run a model on made sounds of two lengths; returns how many values a vector has.

    Args:
        name: the file, for messages.
        session: the loaded model.

    Raises:
        ModelError: why it cannot serve, in one sentence.
    """
    takes = [(one.name, one.type, list(one.shape)) for one in session.get_inputs()]
    gives = [one.name for one in session.get_outputs()]
    if not takes_sound(session) or OUTPUT not in gives or not _fits(takes[0][1], takes[0][2]):
        said = ", ".join(f"{one} {_kind(kind)}{_shape(shape)}" for one, kind, shape in takes[:3])
        raise ModelError(
            f"{name}: a voice model takes {INPUT} float32 [windows, frames, {BANDS}] and gives {OUTPUT}; "
            f"this one takes {said} and gives {', '.join(gives[:3])}"
        )
    tone, hiss = _sounds()
    try:
        both = np.asarray(session.run([OUTPUT], {INPUT: np.stack([tone, hiss])})[0])
        short = np.asarray(session.run([OUTPUT], {INPUT: tone[None, :160]})[0])
    except Exception as error:  # the runtime raises classes of its own that share no public base
        line = (str(error).splitlines() or [type(error).__name__])[0][:160]
        raise ModelError(f"{name}: cannot be run on windows of 1.6 and 3 seconds: {line}") from error
    if both.ndim != 2 or len(both) != 2 or short.shape != (1, both.shape[1]) or both.shape[1] < FEWEST:
        raise ModelError(f"{name}: gives {OUTPUT} of the shape {list(both.shape)}, not one vector a window")
    lengths = np.linalg.norm(both.astype(np.float64), axis=1)
    if not np.isfinite(both).all() or not np.allclose(lengths, 1, atol=1e-3):
        raise ModelError(f"{name}: gives vectors of the lengths {lengths.round(3).tolist()}, not of length one")
    if float(both[0] @ both[1]) > MOST_ALIKE:
        raise ModelError(f"{name}: gives the same vector for a hum and for a hiss, so it does not listen")
    return int(both.shape[1])


def _fits(kind: str, shape: list[Any]) -> bool:
    return kind == "tensor(float)" and len(shape) == 3 and (shape[2] == BANDS or not isinstance(shape[2], int))


def _kind(kind: str) -> str:
    return "float32 " if kind == "tensor(float)" else f"{kind} "


def _shape(shape: list[Any]) -> str:
    return "[" + ", ".join(str(side) if side is not None else "?" for side in shape) + "]"


def _sounds() -> tuple[np.ndarray[Any, np.dtype[np.float32]], np.ndarray[Any, np.dtype[np.float32]]]:
    """Log mels of a hum with many harmonics that comes and goes, and of a hiss."""
    time = np.arange(3 * RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 120 * number * time) / number for number in range(1, 20))
    hum *= 0.05 * (1 + np.sin(2 * np.pi * 4 * time))
    hiss = np.random.default_rng(0).normal(0, 0.05, len(time))
    return log_mels(hum.astype(np.float32)), log_mels(hiss.astype(np.float32))
