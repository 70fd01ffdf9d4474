"""The `voice_mismatch` detector: the person's face, and clearly not the person's voice.

In the case that started this program the face was swapped and the voice was the imitator's. But genuine footage with
another voice is common, too: dubs, voice-overs, narrators, interviewers, commentators. So the finding is a little
support for synthesis at most, only where every sign agrees, and none against it: a voice that matches is no evidence of
authenticity, because good clones match.

How much: let L be the likelihood ratio of "the person's voice" against "another voice" (:mod:`detectors.voice_strip`).
If a share s of synthetic clips with the person's face carries another voice, and a share g of the genuine ones, then
the likelihood ratio for synthesis is (s + (1 - s) L) / (g + (1 - g) L). Nobody has counted either share; they are
*assumed* to be a half and a quarter, which keeps the ratio below two to one whatever L is (1.7 at the calibration's
bound).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import ClassVar

from detectors.contract import Finding, Question, Reason, Status
from detectors.refusal import Refusal
from detectors.shown_face import FaceShown, faces_shown
from detectors.specimen import Specimen, VoiceReference
from detectors.spelling import shown
from detectors.voice import exhibits
from detectors.voice_material import VoiceMaterial, voice_material, voice_version
from detectors.voice_strip import Call, Strip, strip

LEAST_SPEECH_S = 5.0
"""Seconds of speech in the clip (research: models.md, section 4)."""

LEAST_REFERENCE_S, LEAST_RECORDINGS = 30.0, 3
"""Seconds of speech in the references, and how many recordings they come from (as above): one recording has one room,
one microphone and one mood, and other recordings of the same voice are less alike."""

MOST_OTHERS = 0.2
"""Share of the sightings of faces that may be of somebody else: whoever else is seen may be the one speaking."""

OTHER_VOICE_IF_SYNTHETIC, OTHER_VOICE_IF_GENUINE = 0.5, 0.25
"""Assumed shares of clips with the person's face that carry another voice; see the module."""


class VoiceMismatch:
    """Asks whether the voice is clearly not that of the person whose face is shown.

    Args:
        voice: the voice model with its card, None for the shipped one.
        identity: the identity model with its card, None for the shipped one.
    """

    name = "voice_mismatch"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = True

    def __init__(self, voice: Path | None = None, identity: Path | None = None) -> None:
        self._voice, self._identity = voice, identity

    @property
    def version(self) -> str:
        """Changes with the voice model."""
        return voice_version("1", self._voice)

    def examine(self, specimen: Specimen) -> Finding:
        """Compare; not applicable without enough speech and references, on music, and where no such face is shown.

        Raises:
            ModelError: a model cannot be used.
        """
        material = voice_material(specimen, self._voice, LEAST_SPEECH_S)
        if isinstance(material, Refusal):
            return self._not_applicable(material)
        if material.known is None:
            return self._not_applicable(Refusal(Reason.NO_MODEL, "The voice model's card has no calibration."))
        faces = faces_shown(specimen, self._identity)
        if isinstance(faces, Refusal):
            return self._not_applicable(faces)
        told = [(face, _reference(face, material)) for face in faces]
        usable = [(face, one) for face, one in told if isinstance(one, VoiceReference)]
        if not usable:
            refusal = told[0][1]
            assert isinstance(refusal, Refusal)
            return self._not_applicable(refusal)
        face, reference = usable[0]
        compared = strip(material.looks, reference, material.known)
        called = is_another(compared) and face.others <= MOST_OTHERS
        return Finding(
            self.name,
            self.version,
            self.question,
            Status.OK,
            _statement(face, compared, material, called=called),
            score=compared.cosine,
            unit="cosine to the person's references",
            log10_lr=support(compared.log10_lr) if called else 0.0,
            exhibits=exhibits(compared)[1:],  # the likeness over time stands in the `voice` finding
        )

    def _not_applicable(self, refusal: Refusal) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, refusal.statement, refusal.reason)


def is_another(compared: Strip) -> bool:
    """Whether the voice is clearly another one: the speech as a whole is, and no window of it leans to the person.

    The second condition is for interviews: with a fifth of the speech theirs, the whole alone was called another voice
    in 78 of 100 cases, with the condition in none.
    """
    return compared.mismatch and compared.best < 0


def support(log10_lr: float) -> float:
    """What a mismatch is worth for synthesis, log10; never below 0. See the module for the formula."""
    ratio = 10**log10_lr
    synthetic = OTHER_VOICE_IF_SYNTHETIC + (1 - OTHER_VOICE_IF_SYNTHETIC) * ratio
    genuine = OTHER_VOICE_IF_GENUINE + (1 - OTHER_VOICE_IF_GENUINE) * ratio
    return max(0.0, math.log10(synthetic / genuine))


def _reference(face: FaceShown, material: VoiceMaterial) -> VoiceReference | Refusal:
    """The voice of the person whose face is shown, if there is enough of it."""
    name = shown(face.person)
    found = next((one for one in material.references if one.person == face.person), None)
    if found is None:
        return Refusal(
            Reason.NO_REFERENCE, f"The face of {name} is shown, and no reference recording of that voice is enrolled."
        )
    if found.speech_s < LEAST_REFERENCE_S or found.recordings < LEAST_RECORDINGS:
        return Refusal(
            Reason.TOO_SHORT,
            f"The references of the voice of {name} are {found.recordings} with {found.speech_s:.0f} s of speech; to "
            f"call a voice another one takes {LEAST_RECORDINGS} recordings with {LEAST_REFERENCE_S:.0f} s.",
        )
    return found


def _statement(face: FaceShown, compared: Strip, material: VoiceMaterial, *, called: bool) -> str:
    name = shown(face.person)
    start = f"The face of {name} is shown, and over {material.looks.speech_s:.0f} s of speech"
    if called:
        return (
            f"{start} the voice is clearly another one (cosine {compared.cosine:.2f} to the recordings of {name}). So "
            "sound swapped faces with the imitator's own voice and failed clones, but also lawful dubs, voice-overs, "
            "narrators and speakers off screen, which is why it is too little to count as support by itself."
        )
    if compared.mismatch and face.others > MOST_OTHERS:
        return (
            f"{start} the voice is another one, but {face.others:.0%} of the faces seen are of somebody else, who may "
            "be the one speaking; it counts for nothing."
        )
    if compared.mismatch:
        return (
            f"{start} the voice is mostly another one, but some of it may be that of {name}, as in an interview; it "
            "counts for nothing."
        )
    if compared.seconds(Call.MATCH) > 0:
        return f"{start} the voice is like theirs; that is no evidence of authenticity, because good clones match."
    return f"{start} the voice is not clearly another one; it counts for nothing."


__all__ = ["VoiceMismatch", "is_another", "support"]
