"""What every detector that compares voices needs first: speech, a model with references made by it, or why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from detectors.contract import Reason
from detectors.errors import ModelError
from detectors.model_files import Card, bundled, load_model
from detectors.refusal import Refusal
from detectors.specimen import Specimen, SpeechLooks, VoiceReference
from detectors.speech_looks import listen
from detectors.voice_calibration import VoiceCalibration
from detectors.voice_embedding import VoiceEmbedder

USUAL_LEAST_S = 2.0
"""Seconds of speech without which no voice is compared, whatever the card says: the shortest that was measured."""


@dataclass(frozen=True, slots=True)
class VoiceMaterial:
    """Speech and references that can be compared.

    Attributes:
        looks: the speech; at least one window.
        references: voices that were enrolled with this model, at least one.
        known: the model's calibration, None where its card has none.
        card: of the model.
    """

    looks: SpeechLooks
    references: tuple[VoiceReference, ...]
    known: VoiceCalibration | None
    card: Card


def voice_version(code: str, model: Path | None) -> str:
    """Version of a detector: that of its code and that of the model, where that can be read."""
    try:
        return code if _missing(model) else f"{code}+{load_model('voice', model)[1].version}"
    except ModelError:
        return code


def voice_material(
    specimen: Specimen, model: Path | None, least_speech_s: float = USUAL_LEAST_S
) -> VoiceMaterial | Refusal:
    """Speech and references, or why there is nothing to compare.

    Args:
        specimen: what is examined; where its speech was not embedded before, it is here.
        model: the voice model, None for the shipped one.
        least_speech_s: seconds of speech without which nothing is compared; the model's card may ask for more.

    Raises:
        ModelError: the model is there and cannot be used, or was chosen and is not there.
    """
    clip = specimen.clip
    if clip is None:
        return Refusal(Reason.NO_AUDIO, "There is no clip to listen to, only words.")
    if clip.audio is None or not len(clip.audio):
        return Refusal(Reason.NO_AUDIO, "The clip has no sound.")
    if not specimen.voices:
        return Refusal(Reason.NO_REFERENCE, "No reference recording of anybody's voice is enrolled.")
    if _missing(model):
        return Refusal(Reason.NO_MODEL, "No voice model is installed, so voices cannot be compared.")
    embedder = VoiceEmbedder.load(model)
    references = tuple(one for one in specimen.voices if one.model == embedder.card.sha256)
    if not references:
        return Refusal(
            Reason.NO_REFERENCE,
            "The reference recordings were enrolled with another voice model; they must be enrolled anew.",
        )
    looks = specimen.speech if specimen.speech is not None else listen(clip.audio, embedder)
    known = embedder.calibration
    refusal = _silence(looks, max(least_speech_s, known.least_speech_s if known is not None else 0.0))
    return refusal or VoiceMaterial(looks, references, known, embedder.card)


def _missing(model: Path | None) -> bool:
    """Whether no model was chosen and none is shipped; a chosen one that is not there is an error."""
    return model is None and not bundled("voice").is_file()


def _silence(looks: SpeechLooks, least_speech_s: float) -> Refusal | None:
    if looks.music_s > looks.speech_s:
        return Refusal(
            Reason.MUSIC,
            f"The sound is mostly music ({looks.music_s:.0f} s, beside {looks.speech_s:.0f} s that may be speech), "
            "so no voice is compared.",
        )
    if not len(looks.embeddings):
        return Refusal(Reason.NO_SPEECH, "Nothing in the sound is like speech for as long as a second.")
    if looks.speech_s < least_speech_s:
        seconds = math.floor(looks.speech_s * 10) / 10  # down: 4.97 s must not read as the 5 s that are too few
        return Refusal(
            Reason.TOO_SHORT,
            f"There are {seconds:.1f} s of speech; a comparison needs at least {least_speech_s:g} s.",
        )
    return None


__all__ = ["VoiceMaterial", "voice_material", "voice_version"]
