"""The `voice` detector: where in the clip the person's voice is heard, and where another one.

What each outcome is worth, and for which question (research: models.md, section 4):

=================  =======================================  =========================================================
outcome            identity: presents itself as the person  synthesis: the voice or face was made
=================  =======================================  =========================================================
match              supports it, at most as far as the       nothing, either way: good clones match the person they
                   calibration is bounded                   were made from, so a match is no evidence of authenticity
mismatch           nothing: an imitator with the person's   a little, and only where the person's face is shown:
                   face and his own voice is the case that  :mod:`detectors.voice_mismatch` weighs it, since another
                   started this program                     speaker, an impressionist, a dub, a stock voice-over or
                                                            several people talking sound alike
partly each        as far as the matching stretches carry   nothing: whoever is heard at all may also be the one seen
=================  =======================================  =========================================================

So the likelihood ratio of this finding is never below 1. The one of a mismatch is cut to 1 and not turned round: that
an unrelated post would be expected to carry another voice, too, is left unused, which costs a little and hides nobody.
Cut so, the mean ratio of other speakers' voices was 1.1 instead of 0.3 on LibriSpeech test-other, and one in forty of
them had more than two to one.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.refusal import Refusal
from detectors.specimen import Specimen, VoiceReference
from detectors.spelling import shown
from detectors.voice_material import VoiceMaterial, voice_material, voice_version
from detectors.voice_strip import MATCH_FROM, Call, Stretch, Strip, any_of, strip

LEAST_REFERENCE_S = 6.0
"""Seconds of speech in a person's references: what the calibration held every piece against."""

_STRETCHES = 8
_TOLD = 3


class Voice:
    """Compares the speech, window by window, with the reference of the person whom the account is watched for.

    Where nobody is named, all enrolled voices are compared, and the likelihood ratio is that of any one of them.

    Args:
        model: the .onnx file with its card, None for the shipped one; loaded at the first clip with a reference.
    """

    name = "voice"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = False

    def __init__(self, model: Path | None = None) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Changes with the model."""
        return voice_version("1", self._model)

    def examine(self, specimen: Specimen) -> Finding:
        """Say where it matches; not applicable without sound, speech, or a reference, and on music.

        Raises:
            ModelError: the model cannot be used.
        """
        material = voice_material(specimen, self._model)
        references = material if isinstance(material, Refusal) else _references(specimen, material)
        if isinstance(material, Refusal) or isinstance(references, Refusal):
            refusal = material if isinstance(material, Refusal) else references
            assert isinstance(refusal, Refusal)
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE, refusal.statement, refusal.reason
            )
        strips = [strip(material.looks, one, material.known) for one in references]
        wanted = specimen.person.name if specimen.person is not None else None
        main = next(
            (one for one in strips if one.person == wanted), max(strips, key=lambda one: (one.log10_lr, one.cosine))
        )
        weight = main.log10_lr if main.person == wanted else any_of([one.log10_lr for one in strips])
        weight = max(0.0, weight)
        return Finding(
            self.name,
            self.version,
            self.question,
            Status.OK,
            _statement(main, strips, weight, material),
            score=main.cosine,
            unit="cosine to the person's references",
            log10_lr=weight,
            exhibits=exhibits(main),
        )


def exhibits(shown_strip: Strip) -> tuple[Exhibit, ...]:
    """The likeness over time, and the longest stretches that match or do not, in order."""
    name = shown(shown_strip.person)
    series = tuple(
        (round(float(time), 2), round(float(value), 4))
        for time, value in zip(shown_strip.times_s, shown_strip.cosines, strict=True)
    )
    words = {Call.MATCH: f"sounds like {name}", Call.OTHER: f"another voice than that of {name}"}
    told = [one for one in shown_strip.stretches if one.call in words]
    longest = sorted(sorted(told, key=lambda one: -one.seconds)[:_STRETCHES], key=lambda one: one.start_s)
    return (
        Exhibit(
            ExhibitKind.SERIES,
            f"likeness to the voice of {name} over time (cosine)",
            start_s=shown_strip.stretches[0].start_s,
            end_s=shown_strip.stretches[-1].end_s,
            series=series,
        ),
        *(Exhibit(ExhibitKind.RANGE, words[one.call], start_s=one.start_s, end_s=one.end_s) for one in longest),
    )


def _references(specimen: Specimen, material: VoiceMaterial) -> tuple[VoiceReference, ...] | Refusal:
    """The references that are long enough; a refusal where the person's own is not among them."""
    fit = tuple(one for one in material.references if one.speech_s >= LEAST_REFERENCE_S)
    person = specimen.person
    if person is None:
        return fit or Refusal(Reason.TOO_SHORT, f"No reference holds {LEAST_REFERENCE_S:g} s of speech.")
    if any(one.person == person.name for one in fit):
        return fit
    name = shown(person.name)
    short = next((one for one in material.references if one.person == person.name), None)
    if short is None:
        return Refusal(Reason.NO_REFERENCE, f"No reference recording of {name} is enrolled.")
    return Refusal(
        Reason.TOO_SHORT,
        f"The references of {name} hold {short.speech_s:.1f} s of speech; at least {LEAST_REFERENCE_S:g} s are needed.",
    )


def _statement(main: Strip, strips: list[Strip], weight: float, material: VoiceMaterial) -> str:
    name = shown(main.person)
    start = (
        f"Over {material.looks.speech_s:.0f} s of speech the likeness to the recordings of {name} is "
        f"{main.cosine:.2f} (cosine, 1 is the same)"
    )
    if material.known is None:
        return f"{start}; the model has no calibration, so it counts for nothing."
    return " ".join([f"{start}{_worth(name, weight, main)}", *_places(main), *_others(main, strips)])


def _worth(name: str, weight: float, main: Strip) -> str:
    times = 10**weight
    if times >= 1.25:
        grade = "too little to count as" if times < 2 else "weak" if times < 9.95 else "moderate"
        return (
            f"; this is about {times:.1f} times as common where the voice is theirs as where it is another one, which "
            f"is {grade} support. A good clone sounds the same, so it says nothing about whether the sound was made."
        )
    if main.mismatch:
        return (
            "; this is rather another voice: another speaker, an impressionist, a dub or a voice-over. That does not "
            f"refute that the post presents itself as {name}, so it counts for nothing here."
        )
    return "; this is about as common for their own voice as for another one and counts for nothing."


def _places(main: Strip) -> list[str]:
    """Where it matches and where not, if both happen."""
    match, other = (
        [one for one in main.stretches if one.call is call and one.seconds > 0] for call in (Call.MATCH, Call.OTHER)
    )
    if not match or not other:
        return []
    return [f"It matches {_times(match)} and is another voice {_times(other)}."]


def _times(stretches: list[Stretch]) -> str:
    told = [f"from {one.start_s:.0f} to {one.end_s:.0f} s" for one in stretches[:_TOLD]]
    rest = len(stretches) - len(told)
    return ", ".join(told) + (f" and {rest} times more" if rest else "")


def _others(main: Strip, strips: list[Strip]) -> list[str]:
    near = [one for one in strips if one is not main and one.log10_lr >= MATCH_FROM]
    if not near:
        return []
    names = ", ".join(f"{shown(one.person)} ({one.cosine:.2f})" for one in near[:_TOLD])
    return [f"It is also like the recordings of {names}."]


__all__ = ["LEAST_REFERENCE_S", "Voice", "exhibits"]
