"""How often the face embedding loses a person who was never trained on, beside its teacher on the same faces.

Kept-out LFW people with two or more pictures: all pairs of one person, all pairs of two. Each picture is taken as it
is, through H.264 at a low rate, and with its face shrunk to 40 px; the face is found anew in each, by our finder, as
the product would, and by YuNet, whose points are precise: what is lost with the first only is the finder's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.face_embedding import FaceEmbedder
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from training.identity_figures import FMR, Embed, Line, embedded, lines, milliseconds
from training.identity_looks import CONDITIONS, Crops, Finder, OwnFinder, TeacherFinder, cut_out, portraits
from training.teachers import EMBEDDER, YUNET, Embedder
from training.verification import draws, spread

POINTS = 0.02
"""How far the FNMR may lie above the teacher's."""

ROUNDS = 400
_QUICK_PEOPLE, _QUICK_ROUNDS = 30, 50


def run(options: Options) -> Figures:
    """Cut out, embed, compare.

    Figures: `aim` and `measured` (`fnmr_above_teacher_CONDITION`: our FNMR less the teacher's at FMR 1e-3, our finder,
    the threshold of clean photographs; the same `_precise_points` with YuNet's; `aim` is the most), `lines` (condition,
    then finder: `pairs`, `impostor_pairs`, `people`, `pictures_without_face`, `ours` and `teacher` with FNMR, 95 %
    intervals drawn by person, thresholds, and `above_teacher` with its interval), `ms_a_face` of both on one thread,
    `teacher` (why there is none, or None), `fmr`, `model`, `sha256`, `quick`. A condition is compared with clean
    photographs; `_both` compares degraded with degraded.

    Raises:
        CannotRun: the data folder or a model is missing.
    """
    cv2.setNumThreads(1)
    try:
        own = FaceEmbedder()
        finders: dict[str, Finder] = {"our_finder": OwnFinder(FaceFinder(*load_model("faces")))}
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    if not (options.data / "faces" / "lfw.zip").is_file():
        raise CannotRun(f"there is no {options.data / 'faces' / 'lfw.zip'}; name the folder of shared data with --data")
    teachers = options.data.parent / "models" / "teachers"
    embedders: dict[str, Embed] = {"ours": own}
    missing = [str(teachers / name) for name in (EMBEDDER, YUNET) if not (teachers / name).is_file()]
    if str(teachers / EMBEDDER) not in missing:
        embedders["teacher"] = Embedder(teachers)
    if str(teachers / YUNET) not in missing:
        finders["precise_points"] = TeacherFinder(teachers)
    pictures = list(portraits(options.data, _QUICK_PEOPLE if options.quick else None))
    if not pictures:
        raise CannotRun(f"{options.data / 'faces' / 'lfw.zip'} holds no kept-out person with two pictures")
    people = 1 + max(one.person for one in pictures)
    weights = draws(people, _QUICK_ROUNDS if options.quick else ROUNDS)
    task = options.progress.add_task("faces", total=len(pictures))

    def shown() -> Any:
        for one in pictures:
            yield one
            options.progress.advance(task)

    crops = cut_out(shown(), finders)
    told: dict[str, dict[str, Any]] = {}
    for finder in finders:
        sets = {condition: crops[condition, finder] for condition in CONDITIONS}
        found: dict[str, Mapping[str, Line]] = {}
        for name, embed in embedders.items():
            task = options.progress.add_task(f"{name}, {finder}", total=len(sets))
            looks = {}
            for condition, faces in sets.items():
                looks[condition] = embedded(faces, embed)
                options.progress.advance(task)
            try:
                found[name] = lines(looks, weights)
            except ValueError as error:
                raise CannotRun(f"{options.data / 'faces' / 'lfw.zip'}: {error}") from error
        for condition in found["ours"]:
            told.setdefault(condition, {})[finder] = _compared(
                sets[condition.removesuffix("_both")], {name: one[condition] for name, one in found.items()}
            )
    measured = {
        f"fnmr_above_teacher_{condition}{'' if finder == 'our_finder' else '_' + finder}": told[condition]
        .get(finder, {})
        .get("above_teacher")
        for finder in ("our_finder", "precise_points")
        for condition in CONDITIONS
    }
    return {
        "aim": dict.fromkeys(measured, POINTS),
        "measured": measured,
        "lines": told,
        "ms_a_face": {name: round(milliseconds(embed), 2) for name, embed in embedders.items()},
        "teacher": f"there is no {' and no '.join(missing)}" if missing else None,
        "fmr": FMR,
        "model": own.card.version,
        "sha256": own.card.sha256,
        "quick": options.quick,
    }


def _compared(crops: Crops, found: Mapping[str, Line]) -> dict[str, Any]:
    """One condition with one finder: ours, the teacher's, and the difference, drawn together."""
    ours, teacher = found["ours"], found.get("teacher")
    told: dict[str, Any] = {
        "pairs": len(ours.pairs.genuine),
        "impostor_pairs": ours.pairs.impostors,
        "people": ours.pairs.people,
        "pictures_without_face": crops.not_found,
        "ours": ours.figures(),
        "teacher": None,
        "above_teacher": None,
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
