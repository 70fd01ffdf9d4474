"""The `platform_label` detector: does the platform itself label the post as made by AI?

A detector of the context and not of the clip, because the label is set, and taken off, after the upload.

The label answers two questions, and each counts it once: that AI made something of it counts here, for synthesis; that
the post says so is counted by the `disclosure` detector. The same label in the file itself is told by `provenance`,
which makes next to nothing of it.
"""

from __future__ import annotations

from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.specimen import Specimen
from detectors.spelling import shown

LABELLED = 1.0
"""log10 likelihood ratio of a label that is set; by judgement.

Creators set it to keep the platform's rules, or the platform does after what it found; yet it does not say whether a
face, a voice, a filter or the background is meant: ten to one.
"""


class PlatformLabel:
    """Reads the platform's own AI label. That it is not set says nothing: most who swap faces do not set it."""

    name = "platform_label"
    version = "1"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = False

    def examine(self, specimen: Specimen) -> Finding:
        """Say whether the label is set; not applicable where the platform does not show it."""
        profile = specimen.profile
        if profile is None or profile.ai_label is None:
            return Finding(
                self.name, self.version, self.question, Status.NOT_APPLICABLE,
                "Whether the platform labels the post as made by AI is not shown.", Reason.NO_PROFILE,
            )  # fmt: skip
        where = shown(profile.platform) or "the platform"
        if not profile.ai_label:
            return self._finding(f"The post carries no AI label of {where}, which says nothing.", 0.0, ())
        exhibit = Exhibit(ExhibitKind.TEXT, "AI label of the platform", field="platform label", text="set")
        return self._finding(
            f"The post carries the AI label of {where}, set by its author or by the platform; what of it was made by "
            "AI, the label does not say.",
            LABELLED,
            (exhibit,),
        )

    def _finding(self, statement: str, worth: float, exhibits: tuple[Exhibit, ...]) -> Finding:
        return Finding(
            self.name, self.version, self.question, Status.OK, statement,
            score=float(worth > 0), unit="0 not set, 1 set", log10_lr=worth, exhibits=exhibits,
        )  # fmt: skip
