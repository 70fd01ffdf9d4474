"""The words of the identity model's card around what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detectors.calibration import Platt
from training.identity_figures import FMR
from training.identity_looks import RATE_FACTOR, SMALL
from training.settings import Settings


def card_of(
    settings: Settings, history: Mapping[str, Any], quality: Mapping[str, Any], platt: Platt, sample: Mapping[str, Any]
) -> dict[str, Any]:
    """The card as a mapping.

    Args:
        settings: the run.
        history: how many faces the optimisation saw, and where it began.
        quality: the figures, to stand after the words on how they were made.
        platt: the calibration.
        sample: what it was fitted on.
    """
    return {
        "name": "identity",
        "version": f"5.{settings.seed}",
        "role": "says how alike two faces are: the cosine of their embeddings",
        "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
        "input": {
            "name": "crop",
            "layout": "float32 [b, 3, 112, 112], RGB, 0 to 255",
            "preprocessing": "detectors.face_embedding.align by the five points of the faces model",
        },
        "output": {"embedding": "float32 [b, 128], unit length; the scalar product of two is their cosine"},
        "training": {
            "command": f"python -m training identity --minutes {settings.minutes:g} --seed {settings.seed}"
            f"{settings.started}",
            "sets": "LFW and a UTKFace subset, faces of DFDC, FaceForensics++ c23 and OpenForensics crops, and "
            "mixtures of them",
            "terms": "LFW is a public research benchmark; UTKFace and FaceForensics++ are for non-commercial research, "
            "DFDC under its own terms, OpenForensics to be confirmed with its makers; to be free of them, train on a "
            "data folder of your own with --data",
            "teacher": "a MobileFaceNet (Apache-2.0 weights, trained on MS-Celeb-1M, which was withdrawn): its answers "
            "were learned, its weights were not used",
            **history,
            "looks": "the direction of the mean over the crop and its mirror image",
            "held_out": "30 % of the LFW people and of the UTKFace pictures, and what the forgery model keeps out; see "
            "training/identity_split.py",
        },
        "quality": {
            "how": f"FNMR at FMR {FMR:g} on LFW people who were kept out, all pairs, at the threshold of clean "
            "photographs, and at the condition's own; h264: a photograph against the last frame of a short clip at "
            f"constant rate factor {RATE_FACTOR}; small: against a face of {SMALL} px; _both: two such faces; faces "
            "found by the faces model, or by YuNet (precise_points); 95 % intervals are drawn by person",
            **quality,
        },
        "calibration": {
            "method": "platt",
            "a": platt.a,
            "b": platt.b,
            "max_abs_log10_lr": platt.max_abs_log10_lr,
            "samples": platt.samples,
            **sample,
            "of": "the cosine of one photograph and one look, clean and degraded alike; positive is the same person",
            "bound": "what so many people without an error support (rule of three), whatever the number of pairs",
        },
        "limits": {
            "known_failures": "look-alikes, twins and people made up or re-rendered to look like somebody: the "
            "impostors here are strangers, so a high cosine says less of an impersonator; children, and groups with "
            "many false matches (see false_matches); faces under 40 px, heads turned by more than about 60 degrees, "
            "half-covered faces; points that the finder misplaces",
        },
    }
