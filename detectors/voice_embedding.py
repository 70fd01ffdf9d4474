"""Voices as unit vectors: windows of a clip, references of a person, and what their likeness is worth.

A mismatch can show another speaker, an impressionist or a dub. A match is never evidence that nothing was made: good
voice clones match their model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.log_mel import log_bands, mel_filters, power_spectra
from detectors.model_files import Card, load_model
from detectors.speech import FRAMES_PER_S, find_speech
from detectors.voice_calibration import VoiceCalibration, voice_calibration_of

WINDOW = 298
"""Frames of a window: 3 s of sound."""

STEP = 200
"""Frames from window to window, 2 s."""

LEAST_SPEECH = 100
"""Frames with speech, 1 s, without which a window says nothing about a voice."""

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Voice:
    """The windows of one recording in which somebody may be speaking.

    Attributes:
        embeddings: float32 [n, values], each of length one.
        spans: float64 [n, 2], start and end of each window in seconds of the sound.
        speech_s: seconds of speech inside them, overlaps counted once.
        snr_db: of the whole recording, see :class:`detectors.speech.Speech`.
    """

    embeddings: NDArray[np.float32]
    spans: NDArray[np.float64]
    speech_s: float
    snr_db: float

    def mean(self) -> NDArray[np.float32]:
        """The recording as one unit vector, float32 [values].

        Raises:
            ValueError: there are no windows.
        """
        return _unit_mean(self.embeddings)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A recording against a person's references.

    Attributes:
        cosine: likeness, -1 to 1.
        speech_s, snr_db: of the recording.
        log10_lr: bounded log10 likelihood ratio of "the same speaker" against "another one"; None where the model's
            card has no calibration.
        mismatch: the likeness is below the card's cut-off and there is enough speech to say so. False is no match.
    """

    cosine: float
    speech_s: float
    snr_db: float
    log10_lr: float | None
    mismatch: bool


class VoiceEmbedder:
    """Turns sound into embeddings with the voice model, on one thread."""

    def __init__(self, session: onnxruntime.InferenceSession, card: Card) -> None:
        self._session, self.card = session, card
        self.calibration: VoiceCalibration | None = voice_calibration_of(card.name, card.raw)

    @classmethod
    def load(cls, path: Path | None = None) -> VoiceEmbedder:
        """The shipped model, or another one with its card beside it.

        Raises:
            ModelError: it cannot be used.
        """
        return cls(*load_model("voice", path))

    def embed(self, sound: NDArray[np.float32] | NDArray[np.int16]) -> Voice:
        """Embed windows of three seconds, every two seconds, that hold at least a second of speech.

        A shorter sound is one window of its own length. The last window ends with the sound.

        Args:
            sound: float32 [n] from -1 to 1, or int16 [n]; 16 kHz mono.

        Raises:
            ValueError: the sound has another shape or is not finite.
        """
        samples = _samples(sound)
        spectra = power_spectra(samples)
        speech = find_speech(spectra)
        starts = [
            start for start in _starts(len(spectra)) if int(speech.active[start : start + WINDOW].sum()) >= LEAST_SPEECH
        ]
        covered = np.zeros(len(spectra), np.bool_)
        for start in starts:
            covered[start : start + WINDOW] = True
        bands = log_bands(spectra @ mel_filters().T)
        length = min(WINDOW, len(spectra))
        ends = [(start / FRAMES_PER_S, (start + length + 1.5) / FRAMES_PER_S) for start in starts]
        return Voice(
            embeddings=self._embedded([bands[start : start + WINDOW] for start in starts]),
            spans=np.array(ends, np.float64).reshape(-1, 2),
            speech_s=float((covered & speech.active).sum()) / FRAMES_PER_S,
            snr_db=speech.snr_db,
        )

    def _embedded(self, windows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        parts = []
        for first in range(0, len(windows), _AT_ONCE):
            batch = np.stack(windows[first : first + _AT_ONCE])
            parts.append(np.asarray(self._session.run(["embedding"], {"log_mels": batch})[0], np.float32))
        if not parts:
            width = self._session.get_outputs()[0].shape[-1]
            return np.zeros((0, width if isinstance(width, int) else 0), np.float32)
        return np.concatenate(parts)

    def compare(self, voice: Voice, references: NDArray[np.float32]) -> Comparison | None:
        """Hold a recording against references; None where it has no window with speech.

        Args:
            voice: the recording.
            references: unit vector of :func:`reference`, float32 [values].
        """
        if not len(voice.embeddings):
            return None
        cosine = float(np.clip(voice.mean() @ references, -1.0, 1.0))
        known = self.calibration
        if known is None:
            return Comparison(cosine, voice.speech_s, voice.snr_db, None, mismatch=False)
        return Comparison(
            cosine,
            voice.speech_s,
            voice.snr_db,
            known.log10_lr(cosine, voice.speech_s, voice.snr_db),
            known.mismatch(cosine, voice.speech_s, voice.snr_db),
        )


def reference(recordings: Sequence[Voice]) -> NDArray[np.float32]:
    """The mean of a person's recordings, each weighing the same, as a unit vector float32 [values].

    Raises:
        ValueError: no recording has a window with speech.
    """
    means = [one.mean() for one in recordings if len(one.embeddings)]
    if not means:
        raise ValueError("no reference recording holds a second of speech")
    return _unit_mean(np.stack(means))


def _unit_mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(vectors):
        raise ValueError("there are no windows with speech")
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _starts(frames: int) -> list[int]:
    """First frames of the windows."""
    if frames <= WINDOW:
        return [0] if frames else []
    starts = list(range(0, frames - WINDOW + 1, STEP))
    if starts[-1] + WINDOW < frames:
        starts.append(frames - WINDOW)
    return starts


def _samples(sound: NDArray[np.float32] | NDArray[np.int16]) -> NDArray[np.float32]:
    if sound.ndim != 1:
        raise ValueError(f"a sound has one axis, not the shape {sound.shape}")
    samples = np.asarray(sound, np.float32)
    if sound.dtype == np.int16:
        return samples / np.float32(32768)
    if not np.isfinite(samples).all():
        raise ValueError("the sound holds values that are not finite")
    return samples
