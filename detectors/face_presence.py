"""The `faces` detector: how many faces a clip shows, for how much of it, with the best frames as exhibits."""

from __future__ import annotations

from typing import ClassVar

from detectors.contract import Finding, Question, Reason, Status
from detectors.exhibits import frame_exhibit, sharpness
from detectors.specimen import FaceSighting, FaceTrack, Specimen

_EXHIBITS = 4


class FacePresence:
    """Says who could be looked at, not who it is: its likelihood ratio is 0 and the other detectors rest on it."""

    name = "faces"
    version = "1"
    question: ClassVar[Question] = Question.IDENTITY
    reads_tracks: ClassVar[bool] = True

    def examine(self, specimen: Specimen) -> Finding:
        """Count faces and the share of sampled frames that show one; not applicable without any."""
        clip = specimen.clip
        if clip is None:
            return self._nothing(Reason.NO_VIDEO, "There is no clip to look at, only words.")
        if not specimen.tracks:
            return self._nothing(Reason.NO_FACE, "No face was found that stays in the picture.")
        seen = {sighting.frame for track in specimen.tracks for sighting in track.sightings}
        share = len(seen) / max(1, len(clip.frames))
        most = _most_at_once(specimen.tracks)
        what = "the picture" if clip.is_still else f"{share:.0%} of the sampled frames"
        count = "One face is" if most == 1 else f"Up to {most} faces at once are"
        tracks = len(specimen.tracks)
        followed = f"; {tracks} stretches were followed" if tracks > most else ""
        return Finding(
            self.name,
            self.version,
            self.question,
            Status.OK,
            f"{count} seen in {what}{followed}.",
            score=share,
            unit="share of sampled frames",
            exhibits=tuple(
                frame_exhibit(clip.frames[sighting.frame], sighting.box, f"face at {sighting.time_s:.1f} s")
                for sighting in _best(specimen)
            ),
        )

    def _nothing(self, reason: Reason, statement: str) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, statement, reason)


def _most_at_once(tracks: tuple[FaceTrack, ...]) -> int:
    counts: dict[int, int] = {}
    for track in tracks:
        for sighting in track.sightings:
            counts[sighting.frame] = counts.get(sighting.frame, 0) + 1
    return max(counts.values())


def _best(specimen: Specimen) -> list[FaceSighting]:
    """The best sighting of each quarter of the most prominent track: large, sharp, certain."""
    assert specimen.clip is not None
    sightings = specimen.tracks[0].sightings
    frames = specimen.clip.frames
    count = min(_EXHIBITS, len(sightings))
    best = []
    for part in range(count):
        choice = sightings[part * len(sightings) // count : (part + 1) * len(sightings) // count]
        best.append(
            max(choice, key=lambda one: one.score * one.box[2] * sharpness(frames[one.frame].rgb, one.box) ** 0.5)
        )
    return best
