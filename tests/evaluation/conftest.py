"""Outcomes and exhibits made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.evaluation.examining import Outcome
from bot.evaluation.material import Sample, Side
from detectors.contract import Exhibit, ExhibitKind, Vote

MakeOutcome = Callable[..., Outcome]


@pytest.fixture
def outcome() -> MakeOutcome:
    """Makes an outcome of a clip with this score; the ratio is a tenth of it."""

    def make(name: str, score: float | None, **more: object) -> Outcome:
        side, *folders, _ = name.split("/")
        sample = Sample(
            Path(name),
            name,
            Side(side),
            "/".join([side, *folders[:1]]),
            "/".join(folders[1:]) or f"{side}/{name}",
        )
        if score is None:
            return Outcome(sample, code="no_face", why="No face was found.", **more)  # type: ignore[arg-type]
        values: dict[str, object] = {"version": "1+test", "log10_lr": score / 10} | more
        values.setdefault("votes", (Vote("test 1", score, float(str(values["log10_lr"]))),))
        return Outcome(sample, score=score, **values)  # type: ignore[arg-type]

    return make


def picture_exhibit(label: str = "face at 0.5 s") -> Exhibit:
    """A frame with a box, as the detectors give it."""
    done, data = cv2.imencode(".jpg", np.full((30, 40, 3), 120, np.uint8))
    assert done
    return Exhibit(ExhibitKind.FRAME, label, start_s=0.5, box=(0.1, 0.2, 0.3, 0.4), jpeg=data.tobytes())
