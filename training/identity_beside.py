"""Our embedding and its teacher on the same faces, condition by condition: one shape for the card and the benchmark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.identity_figures import Embed, Line, embedded, lines
from training.identity_looks import Crops
from training.verification import Looks, Weights, spread


@dataclass(frozen=True, slots=True)
class Beside:
    """What was measured with one finder.

    Attributes:
        figures: condition ("clean", "h264", "h264_both" ...) to its figures; see :func:`beside`.
        looks: our embeddings by condition, for a calibration.
    """

    figures: Mapping[str, Mapping[str, Any]]
    looks: Mapping[str, Looks]


def beside(
    crops: Mapping[str, Crops],
    ours: Embed,
    teacher: Embed | None,
    weights: Weights,
    advance: Callable[[], None] = lambda: None,
) -> Beside:
    """Compare all pairs with ours and with the teacher, at the threshold of clean photographs and at their own.

    Args:
        crops: condition to faces as one finder found them; "clean" must be among them.
        ours: the embedding that is measured.
        teacher: what it learned from; None where it is not there.
        weights: draws of the people (:func:`training.verification.draws`), shared, so that differences have intervals.
        advance: called after each condition and embedding.

    Returns:
        For each condition `pairs`, `impostor_pairs`, `people`, `pictures_without_face`, `ours` and `teacher` (FNMR with
        intervals and thresholds, :meth:`training.identity_figures.Line.figures`), and with a teacher `above_teacher`:
        our FNMR less the teacher's, with its interval, and the same at own thresholds.

    Raises:
        ValueError: too few pairs.
    """
    looks = _looks(crops, ours, advance)
    found = lines(looks, weights)
    taught = lines(_looks(crops, teacher, advance), weights) if teacher is not None else {}
    told = {
        condition: _compared(crops[condition.removesuffix("_both")], line, taught.get(condition))
        for condition, line in found.items()
    }
    return Beside(told, looks)


def _looks(crops: Mapping[str, Crops], embed: Embed, advance: Callable[[], None]) -> dict[str, Looks]:
    looks = {}
    for condition, faces in crops.items():
        looks[condition] = embedded(faces, embed)
        advance()
    return looks


def _compared(crops: Crops, ours: Line, teacher: Line | None) -> dict[str, Any]:
    """One condition: ours, the teacher's, and the difference, drawn together."""
    told: dict[str, Any] = {
        "pairs": len(ours.pairs.genuine),
        "impostor_pairs": ours.pairs.impostors,
        "people": ours.pairs.people,
        "pictures_without_face": crops.not_found,
        "ours": ours.figures(),
    }
    if teacher is not None:
        told["teacher"] = teacher.figures()
        for key, above in (
            ("above_teacher", ours.at_clean - teacher.at_clean),
            ("above_teacher_own_threshold", ours.at_own - teacher.at_own),
        ):
            told[key] = round(float(above[0]), 4)
            told[f"{key}_interval"] = [round(end, 4) for end in spread(np.asarray(above))]
    return told


__all__ = ["Beside", "beside"]
