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
from training.card import wilson, write_card
from training.data import read_pictures
from training.identity_beside import beside
from training.identity_calibration import calibrated, compared, judged
from training.identity_card import card_of
from training.identity_figures import Embed, milliseconds
from training.identity_looks import CONDITIONS, Finder, OwnFinder, TeacherFinder, cut_out, portraits
from training.identity_split import half_of, kept_out
from training.measured_with import face_finder
from training.settings import Settings
from training.teachers import Embedder
from training.utkface import ORDER, groups_of
from training.verification import Looks, draws, false_matches

ROUNDS = 400


def measure_and_write(settings: Settings, path: Path, seen: int, history: Mapping[str, Any]) -> None:
    """Measure the exported file as the product uses it, calibrate it, and write its card.

    Args:
        settings: the run.
        path: the exported model; a preliminary card is written first, because only files with a card load.
        seen: how many faces the optimisation saw.
        history: what the card has to say of where the run began (:func:`training.card.gone_on_from`).
    """
    write_card(path, {"name": "identity", "version": "unmeasured"})
    own, teacher = FaceEmbedder(path), Embedder(settings.teachers)
    finder = OwnFinder(face_finder(settings.out))
    pictures = list(portraits(settings.data))
    finders: dict[str, Finder] = {"our_finder": finder, "precise_points": TeacherFinder(settings.teachers)}
    crops = cut_out(pictures, finders)
    print(f"identity: aligned the faces of {len(pictures)} kept-out pictures", file=sys.stderr)
    weights = draws(1 + max(one.person for one in pictures), ROUNDS)
    told = {
        name: beside({condition: crops[condition, name] for condition in CONDITIONS}, own, teacher, weights)
        for name in finders
    }
    for name, one in told.items():
        print(f"identity: {name} {one.figures}", file=sys.stderr)
    measured = told["our_finder"].figures
    threshold = float(measured["clean"]["ours"]["threshold"])
    first, second = (np.array([half_of(one.name) == half for one in pictures]) for half in (1, 0))
    people = [len({one.person for one, mine in zip(pictures, half, strict=True) if mine}) for half in (first, second)]
    fit = compared(told["our_finder"].looks, first)
    platt = calibrated(fit, people[0])
    quality = {
        **{condition: measured[condition] for condition in CONDITIONS},
        "both_degraded": {name: one for name, one in measured.items() if name.endswith("_both")},
        "precise_points": told["precise_points"].figures,
        "calibration_on_others": {"people": people[1], **judged(platt, compared(told["our_finder"].looks, second))},
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
    write_card(path, card_of(settings, {"faces_seen": seen, **history}, quality, platt, sample))


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
