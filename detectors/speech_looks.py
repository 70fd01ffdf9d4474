"""What the voice model says of a clip's sound: embedded once, music left out, for all detectors that compare voices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detectors.log_mel import power_spectra
from detectors.music import is_music
from detectors.specimen import SpeechLooks
from detectors.speech import FRAMES_PER_S, find_speech
from detectors.voice_embedding import WINDOW, VoiceEmbedder


def listen(audio: NDArray[np.int16], embedder: VoiceEmbedder) -> SpeechLooks:
    """Embed the windows of :meth:`detectors.voice_embedding.VoiceEmbedder.embed` that are not music alone.

    Speech over music stays: its signal-to-noise ratio tells the calibration how little is left to hear.

    Args:
        audio: int16 [m], 16 kHz mono.
        embedder: the voice model.

    Raises:
        ValueError: the sound has another shape.
    """
    voice = embedder.embed(audio)
    spectra = power_spectra(np.asarray(audio, np.float32) / np.float32(32768))
    active = find_speech(spectra).active
    starts = [round(float(start) * FRAMES_PER_S) for start in voice.spans[:, 0]]
    kept = np.array([not is_music(spectra[start : start + WINDOW]) for start in starts], np.bool_)
    spoken = _covered(starts, kept, len(spectra)) & active
    played = _covered(starts, ~kept, len(spectra)) & active & ~spoken
    return SpeechLooks(
        embeddings=voice.embeddings[kept],
        spans=voice.spans[kept],
        speech_s=float(spoken.sum()) / FRAMES_PER_S,
        snr_db=voice.snr_db,
        music_s=float(played.sum()) / FRAMES_PER_S,
    )


def _covered(starts: list[int], chosen: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Which frames lie in one of the chosen windows."""
    covered = np.zeros(frames, np.bool_)
    for start, wanted in zip(starts, chosen, strict=True):
        if wanted:
            covered[start : start + WINDOW] = True
    return covered


__all__ = ["listen"]
