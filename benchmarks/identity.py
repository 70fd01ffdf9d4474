"""How often the face embedding loses a person who was never trained on, beside its teacher on the same faces.

Kept-out LFW people with two or more pictures: all pairs of one person, all pairs of two. Each picture is taken as it
is, through H.264 at a low rate, and with its face shrunk to 40 px; the face is found anew in each, by our finder, as
the product would, and by YuNet, whose points are precise: what is lost with the first only is the finder's.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import cv2

from benchmarks.identity_clips import on_clips
from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.face_embedding import FaceEmbedder
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from training.identity_beside import beside
from training.identity_figures import FMR, milliseconds
from training.identity_looks import CONDITIONS, Finder, OwnFinder, TeacherFinder, cut_out, portraits
from training.teachers import EMBEDDER, YUNET, Embedder
from training.verification import draws

POINTS = 0.02
"""How far the FNMR may lie above the teacher's."""

ROUNDS = 400
_QUICK_PEOPLE, _QUICK_ROUNDS = 30, 50


def run(options: Options) -> Figures:
    """Cut out, embed, compare.

    Figures: `aim` and `measured` (`fnmr_above_teacher_CONDITION`: our FNMR less the teacher's at FMR 1e-3, our finder,
    the threshold of clean photographs; the same `_precise_points` with YuNet's; `aim` is the most), `fnmr_at_fmr_1e3`
    (ours on clean photographs, our finder), `lines` (condition, then finder, as :func:`training.identity_beside.beside`
    says), `ms_a_face` of both on one thread, `teacher` (why there is none, or None), `clips` (what
    :mod:`benchmarks.identity_clips` measures on whole clips, or why not), `fmr`, `model`, `sha256`, `quick`. A
    condition is compared with clean photographs; `_both` compares degraded with degraded.

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
    missing = [str(teachers / name) for name in (EMBEDDER, YUNET) if not (teachers / name).is_file()]
    teacher = Embedder(teachers) if (teachers / EMBEDDER).is_file() else None
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
        task = options.progress.add_task(f"embeddings, {finder}", total=len(sets) * (1 + (teacher is not None)))
        try:
            found = beside(sets, own, teacher, weights, partial(options.progress.advance, task))
        except ValueError as error:
            raise CannotRun(f"{options.data / 'faces' / 'lfw.zip'}: {error}") from error
        for condition, figures in found.figures.items():
            told.setdefault(condition, {})[finder] = figures
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
        "fnmr_at_fmr_1e3": told["clean"]["our_finder"]["ours"]["fnmr"],
        "lines": told,
        "ms_a_face": {
            name: round(milliseconds(embed), 2)
            for name, embed in (("ours", own), ("teacher", teacher))
            if embed is not None
        },
        "teacher": f"there is no {' and no '.join(missing)}" if missing else None,
        "clips": on_clips(options),
        "fmr": FMR,
        "model": own.card.version,
        "sha256": own.card.sha256,
        "quick": options.quick,
    }
