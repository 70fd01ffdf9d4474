"""The `glitches` detector: freezes, stutter, dropped frames, and a face that flickers against its surroundings.

How much they say is bounded by what was counted on 34 clips (FaceForensics++ c23: 7 genuine, 16 synthetic; 11 genuine
ones of other origin), see ``FLICKER_LOG10_LR`` and ``TIMING_LOG10_LR``. Genuine uploads freeze and stutter, too (edits,
calls, weak connections), and most synthetic clips run smoothly, so a clip without glitches says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.cuts import cut_times
from detectors.exhibits import jpeg
from detectors.face_flicker import FaceFlicker, face_flicker
from detectors.glitch_times import Timing, timing
from detectors.refusal import Refusal
from detectors.specimen import Clip, FaceTrack, Specimen

FLICKER_LOG10_LR = 0.17
"""log10 of (4 / 16) / (3 / 18): 4 of 16 synthetic clips flicker (all four autoencoder swaps, none of the three other
methods); of 18 genuine ones none does, which with 95 % confidence leaves a rate of up to 3 in 18 (rule of three). The
threshold was chosen on the same clips, which is one more reason to take that upper end and not the rate itself."""

TIMING_LOG10_LR = 0.0
"""Freezes, stutter and dropped frames: 0 of 16 synthetic clips have any, so that nothing says how much more often they
come in synthetic ones. They are shown, with their times, for a person to judge."""

LEAST_FRAMES = 25
"""Fewest frames: below a second nothing tells what is usual in the clip."""

MOST_SHOWN, MOST_JUMPS = 6, 3
"""Glitches that get a stretch of their own, and jumps of an outline that get a frame; the statement counts all."""

_STRIP = 240  # points of the timing strip
_FACES = 2  # tracks that are looked at for flicker, the most often seen ones
_BESIDE_S = 0.1  # a jump of the outline so near to a glitch is part of it
_NEAR_S = 0.5  # how far a sampled frame may lie from a glitch that it shows


class Glitches:
    """Looks at every frame's time and brightness; needs no model."""

    name = "glitches"
    version = "2"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Find glitches; not applicable to single pictures, to less than 25 frames, and where nothing ever moves."""
        clip = specimen.clip
        refusal = _refusal(clip)
        if refusal is not None or clip is None:
            reason, said = (refusal.reason, refusal.statement) if refusal else (Reason.NO_VIDEO, "There is no clip.")
            return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, said, reason)
        told = timing(clip)
        faces = _faces(clip, specimen.tracks, told)
        flickers = any(one.flickers for one in faces)
        return Finding(
            self.name,
            self.version,
            self.question,
            Status.OK,
            _statement(told, faces),
            score=float(len(told.glitches) + flickers),
            unit="glitches",
            log10_lr=max(FLICKER_LOG10_LR if flickers else 0.0, TIMING_LOG10_LR if told.glitches else 0.0),
            exhibits=(*_stretches(clip, told), *_face_exhibits(clip, faces), _strip(clip, told)),
        )


def _refusal(clip: Clip | None) -> Refusal | None:
    if clip is None:
        return Refusal(Reason.NO_VIDEO, "There is no clip to look at, only words.")
    if clip.is_still:
        return Refusal(Reason.STILL_IMAGE, "A single picture has no timing.")
    if len(clip.times_s) < LEAST_FRAMES:
        return Refusal(
            Reason.TOO_FEW_FRAMES,
            f"The clip has {len(clip.times_s)} frames; what is usual in it shows from {LEAST_FRAMES} on.",
        )
    if not np.any(clip.luma[1:] != clip.luma[:-1]):
        return Refusal(Reason.STILL_IMAGE, "The same picture stands all along, so that nothing could freeze.")
    return None


def _faces(clip: Clip, tracks: tuple[FaceTrack, ...], told: Timing) -> list[FaceFlicker]:
    """The most often seen faces, less the jumps of their outline that a glitch of the whole picture explains."""
    cuts = cut_times(clip)
    seen = sorted(tracks, key=lambda track: len(track.sightings), reverse=True)[:_FACES]
    measured = [one for one in (face_flicker(clip, track, cuts) for track in seen) if one is not None]
    return [
        replace(one, border_jumps=tuple(at for at in one.border_jumps if not _explained(at, told))) for one in measured
    ]


def _explained(at_s: float, told: Timing) -> bool:
    return any(one.start_s - _BESIDE_S <= at_s <= one.end_s + _BESIDE_S for one in told.glitches)


def _statement(told: Timing, faces: list[FaceFlicker]) -> str:
    """What was found, what looks like it and is none, and what it is worth."""
    said = []
    glitches = told.glitches
    if glitches:
        named = "; ".join(f"{one.kind} at {one.start_s:.2f} s ({one.how})" for one in glitches[:3])
        more = f"; and {len(glitches) - 3} more" if len(glitches) > 3 else ""
        said.append(f"The picture does not run smoothly: {named}{more}.")
    else:
        said.append("No freeze, stutter or dropped frames were found.")
    if any(one.flickers for one in faces):
        flickering = max((one for one in faces if one.flickers), key=lambda one: one.level)
        said.append(
            f"The face flickers against its surroundings by {flickering.level:.1f} gray levels, "
            "as some swapped faces do."
        )
    jumps = sum(len(one.border_jumps) for one in faces)
    if jumps:
        said.append(f"The outline of the face jumps {'once' if jumps == 1 else f'{jumps} times'}.")
    if told.benign:
        said.append(f"No glitch: {'; '.join(told.benign)}.")
    if glitches:
        said.append(
            "Edits, calls and weak connections do the same to genuine clips, so that it counts for nothing alone."
        )
    return " ".join(said)


def _stretches(clip: Clip, told: Timing) -> list[Exhibit]:
    """Each glitch as a stretch of time, and the sampled frame nearest to it if one lies near."""
    exhibits: list[Exhibit] = []
    for one in told.glitches[:MOST_SHOWN]:
        label = f"{one.kind}: {one.how}"
        exhibits.append(Exhibit(ExhibitKind.RANGE, label, start_s=one.start_s, end_s=one.end_s))
        exhibits += _frame(clip, one.start_s, one.end_s, f"{one.kind} at {one.start_s:.2f} s")
    return exhibits


def _frame(clip: Clip, start_s: float, end_s: float, what: str) -> list[Exhibit]:
    """The sampled frame nearest to a stretch, or none."""
    away = [max(start_s - frame.time_s, frame.time_s - end_s, 0.0) for frame in clip.frames]
    if not away or min(away) > _NEAR_S:
        return []
    frame = clip.frames[int(np.argmin(away))]
    label = f"{what}: the sampled frame nearest to it, at {frame.time_s:.2f} s"
    return [Exhibit(ExhibitKind.FRAME, label, start_s=frame.time_s, jpeg=jpeg(frame.rgb))]


def _face_exhibits(clip: Clip, faces: list[FaceFlicker]) -> list[Exhibit]:
    """Where a face flickers most, and where its outline jumps."""
    exhibits = []
    for one in faces:
        if one.flickers:
            at, size = max(one.pulses, key=lambda pulse: pulse[1])
            what = f"flicker at {at:.2f} s, where the face changes by {size:.1f} gray levels and back"
            exhibits += _frame(clip, at, at, what)
        for at in one.border_jumps[:MOST_JUMPS]:
            exhibits += _frame(clip, at, at, f"jump of the face's outline at {at:.2f} s")
    return exhibits


def _strip(clip: Clip, told: Timing) -> Exhibit:
    """How much the picture changes from frame to frame, in gray levels of 255, in at most 240 points."""
    change = told.changes.change
    parts = np.array_split(np.arange(len(change)), min(_STRIP, len(change)))
    series = tuple((float(clip.times_s[part[0] + 1]), float(change[part].mean())) for part in parts)
    return Exhibit(
        ExhibitKind.SERIES,
        "change from frame to frame over time, in gray levels (0: the frame repeats the one before)",
        start_s=series[0][0],
        end_s=series[-1][0],
        series=series,
    )


__all__ = ["FLICKER_LOG10_LR", "TIMING_LOG10_LR", "Glitches"]
