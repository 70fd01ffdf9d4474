"""Counts of what a face detector finds beside YuNet: faces found, boxes where none is, points beside its points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import overlaps
from detectors.specimen import FaceSighting
from training.card import wilson
from training.faces_labels import Faces, pairs

SMALLEST = 32.0
"""Faces with a shorter side than this, in pixels of the picture, are not asked for."""

SURE = 0.7
"""YuNet's score from which a face must be found; below it a find is counted neither way."""

UNSURE = 0.3
"""YuNet's score below which a box is a false one."""

SAME = 0.5
"""IoU from which two boxes are of one face."""

CAUSES = ("another_size", "weak", "shifted", "nothing")
"""Of false boxes: YuNet finds a face there at another size or in the mirror; it half does (below UNSURE); the box
overlaps a face by SHIFTED and not by SAME, or is a second one of it; YuNet never sees anything there."""

SHIFTED = 0.2


@dataclass(slots=True)
class Tally:
    """Counts over one set of pictures."""

    pictures: int = 0
    faces: int = 0
    found: int = 0
    false_boxes: Counter[str] = field(default_factory=Counter)
    errors: list[float] = field(default_factory=list)
    """Of found faces: mean distance of the five points from YuNet's, as a share of the eye distance."""
    errors_of_mean: list[float] = field(default_factory=list)
    """The same from the mean of YuNet's answers over sizes and mirror images."""

    def add(self, ours: Sequence[FaceSighting], known: Faces, calm: Faces) -> None:
        """Compare the finds in one picture with YuNet's.

        Args:
            ours: what the detector finds.
            known: YuNet's answers in the picture at its own size, [n, 15].
            calm: `training.faces_labels.consensus` of the picture, with a threshold far below UNSURE.
        """
        self.pictures += 1
        finds = as_rows(ours)
        known = known[known[:, 14] >= UNSURE]
        partner = pairs(known, finds, SAME)
        for face, number in zip(known, partner.tolist(), strict=True):
            if face[14] < SURE or min(face[2], face[3]) < SMALLEST:
                continue
            self.faces += 1
            if number < 0:
                continue
            self.found += 1
            self.errors.append(landmark_error(finds[number], face))
            fits = overlaps(face[None, :4], calm[:, :4])[0] if len(calm) else np.zeros(1)
            if fits.max() >= SAME:
                self.errors_of_mean.append(landmark_error(finds[number], calm[int(fits.argmax())]))
        for number in np.setdiff1d(np.arange(len(finds)), partner).tolist():
            self.false_boxes[_cause(finds[number], known, calm)] += 1

    def figures(self) -> Mapping[str, Any]:
        """The figures of this set, with the 95 % interval of the share that was found."""
        low, high = wilson(self.found, self.faces)
        boxes = sum(self.false_boxes.values())
        return {
            "pictures": self.pictures,
            "faces": self.faces,
            "found": self.found,
            "found_share": round(self.found / max(self.faces, 1), 4),
            "found_interval": [round(low, 4), round(high, 4)],
            "false_boxes": boxes,
            "false_boxes_per_picture": round(boxes / max(self.pictures, 1), 4),
            "false_box_causes": {cause: self.false_boxes[cause] for cause in CAUSES},
            "landmark_error": _mean(self.errors),
            "landmark_error_of_mean": _mean(self.errors_of_mean),
        }


def as_rows(sightings: Sequence[FaceSighting]) -> Faces:
    """Sightings as float32 [n, 15], as YuNet gives them."""
    rows = [np.r_[one.box, one.landmarks.reshape(-1), one.score] for one in sightings]
    return np.asarray(rows, np.float32).reshape(-1, 15)


def landmark_error(find: NDArray[np.float32], face: NDArray[np.float32]) -> float:
    """Mean distance of five points as a share of the eye distance.

    A face from the side has its eyes on one line of sight: a third of the box's width is the least.
    """
    points = face[4:14].reshape(5, 2)
    eyes = max(float(np.linalg.norm(points[0] - points[1])), float(face[2]) / 3)
    return float(np.linalg.norm(find[4:14].reshape(5, 2) - points, axis=1).mean()) / eyes


def _cause(find: NDArray[np.float32], known: Faces, calm: Faces) -> str:
    on_known = overlaps(find[None, :4], known[:, :4])[0].max(initial=0)
    fits = overlaps(find[None, :4], calm[:, :4])[0]
    if on_known >= SAME:
        return "shifted"  # a second box of a face that has one
    if (fits[calm[:, 15] >= UNSURE] >= SAME).any():
        return "another_size"
    if (fits >= SAME).any():
        return "weak"
    return "shifted" if max(on_known, fits[calm[:, 15] >= UNSURE].max(initial=0)) >= SHIFTED else "nothing"


def _mean(errors: Sequence[float]) -> float | None:
    return round(float(np.mean(errors)), 4) if errors else None
