"""The table of methods left out of training in turn, from the scores of held-out samples; it needs no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detectors.metrics import Labels, Scores, auc, auc_interval, interval
from training.forgery_samples import Sample, columns

IN_FACEFORENSICS = ("Deepfakes", "Face2Face", "FaceSwap", "NeuralTextures")

METHODS = (*IN_FACEFORENSICS, "dfdc", "openforensics")
"""Two of them are collections that are one method each as far as their labels say."""

NOTHING, AGAIN = "nothing", "nothing-again"
"""Names of the runs that leave nothing out."""

FILE = "left_out.json"


def samples_of(method: str, samples: Sequence[Sample], *, compressed: bool) -> list[int]:
    """Numbers of the held-out samples of a method and of all genuine ones of its collection."""
    collection = "faceforensics" if method in IN_FACEFORENSICS else method
    source = f"{collection}_compressed" if compressed else collection
    return [
        number
        for number, one in enumerate(samples)
        if one.source == source and (not one.fake or method == collection or one.method == method)
    ]


def line(method: str, runs: Mapping[str, Sequence[Sample]], *, compressed: bool) -> dict[str, Any]:
    """AUC on a method of the run that left it out, beside the two that did not, with 95 % intervals drawn by group.

    Args:
        method: one of METHODS.
        runs: by what was left out, the same held-out samples in the same order.
        compressed: whether the copies are meant.
    """
    rows = samples_of(method, runs[NOTHING], compressed=compressed)
    chosen = {name: columns([samples[row] for row in rows])[0] for name, samples in runs.items()}
    fake = columns([runs[NOTHING][row] for row in rows])[2]
    groups = [runs[NOTHING][row].group for row in rows]
    told: dict[str, Any] = {"genuine": int((~fake).sum()), "synthetic": int(fake.sum())}
    for key, name in (("left_out", method), ("nothing_left_out", NOTHING), ("nothing_left_out_again", AGAIN)):
        if name in chosen:
            told[key] = auc(chosen[name], fake)
            told[f"{key}_interval"] = list(auc_interval(chosen[name], fake, groups))
    told["lost"] = told["nothing_left_out"] - told["left_out"]
    told["lost_interval"] = list(_lost(chosen[NOTHING], chosen[method], fake, groups))
    return told


def _lost(knowing: Scores, unknowing: Scores, fake: Labels, groups: Sequence[str]) -> tuple[float, float]:
    """Interval of the difference of two AUC on the same samples."""

    def difference(rows: Scores, positive: Labels) -> float:
        drawn = rows.astype(np.intp)
        return auc(knowing[drawn], positive) - auc(unknowing[drawn], positive)

    return interval(difference, np.arange(len(fake), dtype=np.float64), fake, groups)


def table(runs: Mapping[str, Sequence[Sample]], first: int, second: int) -> dict[str, Any]:
    """All lines that can be told by now, after a sentence on how they were made.

    Args:
        runs: by what was left out; the one that leaves nothing out must be among them.
        first, second: crops that the shared first phase saw, and each run after it.
    """
    lines = {
        f"{method}{'_compressed' if compressed else ''}": line(method, runs, compressed=compressed)
        for method in METHODS
        if method in runs
        for compressed in (False, True)
    }
    how = (
        f"AUC on held-out groups of short runs: all begin with the same {first} crops, fakes made from photographs "
        f"alone, and go on for {second} crops; 'again' has other seeds after the shared phase; 95 % intervals drawn by "
        "group; lost is what leaving the method out costs; the identity model behind the start has seen faces of all "
        "collections without their labels"
    )
    return {"how": how, **lines}


def read_table(work: Path) -> dict[str, Any]:
    """The table that `python -m training left-out` left in a work folder, for the card; empty without one."""
    path = work / FILE
    return dict(json.loads(path.read_text())) if path.is_file() else {}
