"""What the identity model really scores on people whom it never saw, beside its teacher; its calibration and its card.

Misses are told for all kept-out people. The calibration is fitted on one half of them and judged on the other.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from detectors.face_embedding import FaceEmbedder, align
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from training.card import wilson, write_card
from training.data import read_pictures
from training.identity_calibration import calibrated, compared, judged
from training.identity_card import card_of
from training.identity_figures import Embed, Line, embedded, lines, milliseconds
from training.identity_looks import CONDITIONS, Finder, OwnFinder, TeacherFinder, cut_out, portraits
from training.identity_split import half_of, kept_out
from training.settings import Settings
from training.teachers import Embedder
from training.utkface import ORDER, groups_of
from training.verification import Looks, draws, false_matches, spread

ROUNDS = 400


def measure_and_write(settings: Settings, path: Path, seen: int) -> None:
    """Measure the exported file as the product uses it, calibrate it, and write its card.

    Args:
        settings: the run.
        path: the exported model; a preliminary card is written first, because only files with a card load.
        seen: how many faces the optimisation saw.
    """
    write_card(path, {"name": "identity", "version": "unmeasured"})
    own, teacher = FaceEmbedder(path), Embedder(settings.teachers)
    faces = settings.out / "faces.onnx"
    finder = OwnFinder(FaceFinder(*load_model("faces", faces if faces.is_file() else None)))
    pictures = list(portraits(settings.data))
    finders: dict[str, Finder] = {"our_finder": finder, "precise_points": TeacherFinder(settings.teachers)}
    crops = cut_out(pictures, finders)
    print(f"identity: aligned the faces of {len(pictures)} kept-out pictures", file=sys.stderr)
    weights = draws(1 + max(one.person for one in pictures), ROUNDS)
    told: dict[str, dict[str, Mapping[str, Any]]] = {}
    looks: dict[str, dict[str, Looks]] = {}
    for name in finders:
        sets = {condition: crops[condition, name] for condition in CONDITIONS}
        looks[name] = {condition: embedded(one, own) for condition, one in sets.items()}
        ours = lines(looks[name], weights)
        theirs = lines({condition: embedded(one, teacher) for condition, one in sets.items()}, weights)
        told[name] = {
            condition: _quality(line, theirs[condition], sets[condition.removesuffix("_both")].not_found)
            for condition, line in ours.items()
        }
        print(f"identity: {name} {told[name]}", file=sys.stderr)
    threshold = float(told["our_finder"]["clean"]["threshold"])
    first, second = (np.array([half_of(one.name) == half for one in pictures]) for half in (1, 0))
    people = [len({one.person for one, mine in zip(pictures, half, strict=True) if mine}) for half in (first, second)]
    fit = compared(looks["our_finder"], first)
    platt = calibrated(fit, people[0])
    quality = {
        **{condition: told["our_finder"][condition] for condition in CONDITIONS},
        "both_degraded": {name: one for name, one in told["our_finder"].items() if name.endswith("_both")},
        "precise_points": told["precise_points"],
        "calibration_on_others": {"people": people[1], **judged(platt, compared(looks["our_finder"], second))},
        "false_matches": {
            "how": "UTKFace pictures that were kept out, all pairs within a group, at the threshold of clean LFW "
            "photographs; each picture counts as a person, and a few people may have two",
            "threshold": threshold,
            **_false_matches(settings.data, finder, own, threshold),
        },
        "ms_a_face_one_thread": milliseconds(own),
        "teacher_ms_a_face_one_thread": milliseconds(teacher),
    }
    sample = {"people": people[0], "genuine": int(fit.same.sum()), "impostor": int((~fit.same).sum())}
    write_card(path, card_of(settings, seen, quality, platt, sample))


def _quality(ours: Line, teacher: Line, missing: int) -> dict[str, Any]:
    """One condition with one finder."""
    above = ours.at_clean - teacher.at_clean
    taught = teacher.figures()
    return {
        "people": ours.pairs.people,
        "pairs": len(ours.pairs.genuine),
        "impostor_pairs": ours.pairs.impostors,
        "pictures_without_face": missing,
        **ours.figures(),
        "teacher_fnmr": taught["fnmr"],
        "teacher_interval": taught["interval"],
        "teacher_fnmr_own_threshold": taught["fnmr_own_threshold"],
        "above_teacher": float(above[0]),
        "above_teacher_interval": list(spread(above)),
    }


def _false_matches(data: Path, finder: Finder, embed: Embed, threshold: float) -> dict[str, Any]:
    """Pairs within each age group, sex and ethnicity that are taken for one person."""
    # one growing block, as in training.identity_looks.cut_out
    block, names, missing = bytearray(), [], 0
    for file, rgb in read_pictures(data / "faces" / "utkface.zip"):
        if not kept_out(f"utkface:{file}"):
            continue
        side = max(rgb.shape[:2]) // 2  # the pictures are cut close, and a finder wants a face in a picture
        framed = cv2.copyMakeBorder(rgb, side, side, side, side, cv2.BORDER_REPLICATE)
        face = finder(np.asarray(framed, np.uint8))
        if face is None:
            missing += 1
            continue
        block += align(np.asarray(framed, np.uint8), face[1]).tobytes()
        names.append(groups_of(file))
    told: dict[str, Any] = {"pictures_without_face": missing}
    if not names:
        return told
    found = np.frombuffer(block, np.uint8).reshape(-1, 112, 112, 3)
    vectors = np.concatenate([embed(found[start : start + 32]) for start in range(0, len(found), 32)])
    number = np.arange(len(found), dtype=np.int64)
    looks = Looks(vectors, number, number)
    every = false_matches(looks, threshold, ["all"] * len(found))
    for place in range(3):
        every |= false_matches(looks, threshold, [groups[place] for groups in names])
    for group in ("all", *ORDER):
        if group in every:
            count, pairs, above = every[group]
            told[group.replace(" ", "_").replace("-", "_to_")] = {
                "pictures": count,
                "pairs": pairs,
                "false": above,
                "share": above / max(pairs, 1),
                # pairs share pictures, so the interval is that of independent pairs at best
                "interval_at_best": list(wilson(above, pairs)),
            }
    return told
