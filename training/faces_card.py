"""From an exported face detector to a card: the threshold chosen on people of its own, the rest measured on others."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detectors.faces import FaceFinder
from detectors.model_files import load_model
from training.card import write_card
from training.data import Image
from training.faces_labels import consensus
from training.faces_measure import (
    Peers,
    by_group,
    compare,
    held_out_frames,
    held_out_pictures,
    held_out_utkface,
    milliseconds,
    tuning_pictures,
)
from training.faces_split import HELD_OUT, TUNED
from training.faces_tally import SMALLEST, SURE, Tally
from training.settings import Settings
from training.teachers import YuNet

THRESHOLDS = tuple(round(0.2 + 0.02 * step, 2) for step in range(31))

MOST_FALSE_BOXES = 0.025
"""A picture, on the people that the threshold is chosen on; the aim on others is 0.03."""


def measure_and_write(
    settings: Settings, path: Path, pictures: int, frames: int, seen: int, history: Mapping[str, Any]
) -> None:
    """Choose the threshold, measure the exported file as the product uses it, and write its card.

    Args:
        settings: the run.
        path: the exported model; a preliminary card is written first, because only files with a card load.
        pictures, frames: how many pictures and clip frames the scenes were made of.
        seen: how many scenes the optimisation saw.
        history: what the card has to say of where the run began (:func:`training.card.gone_on_from`).
    """
    peers = Peers.load(settings.teachers)
    card: dict[str, Any] = {"name": "faces", "version": "unmeasured", "output": {"score_threshold": THRESHOLDS[0]}}
    write_card(path, card)
    threshold = choose_threshold(FaceFinder(*load_model("faces", path)), peers.teacher, tuning_pictures(settings.data))
    write_card(path, {**card, "output": {"score_threshold": threshold}})
    session, chosen = load_model("faces", path)
    finder = FaceFinder(session, chosen)
    finders = {"ours": finder, "yunet": peers.finder}
    clip_frames = held_out_frames(settings.data)
    on_pictures = compare(finders, peers.teacher, held_out_pictures(settings.data))
    on_clips = compare(finders, peers.teacher, clip_frames)
    groups = by_group(finders, held_out_utkface(settings.data))
    times = milliseconds(session, finder, peers, clip_frames)
    for name in finders:
        print(f"faces: {name}: pictures {on_pictures[name]}, clips {on_clips[name]}", file=sys.stderr)
    write_card(
        path,
        {
            "name": "faces",
            "version": f"3.{settings.seed}",
            "role": "finds faces with five landmarks in one picture",
            "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
            "input": {
                "name": "image",
                "layout": "float32 [1, 3, H, W], RGB, 0 to 255, sides multiples of 32, long side 320, black padding",
                "preprocessing": "detectors.faces.letterbox",
            },
            "output": {
                "scores": "float32 [n], 0 to 1, the IoU that the box is thought to have with a face",
                "boxes": "float32 [n, 4], left, top, right, bottom in input pixels",
                "landmarks": "float32 [n, 5, 2], right eye, left eye, nose, right and left corner of the mouth",
                "score_threshold": threshold,
                "threshold_chosen": f"the lowest with at most {MOST_FALSE_BOXES} false boxes a picture on "
                f"{TUNED - HELD_OUT:.0%} of the people, who are neither trained on nor measured on",
            },
            "training": {
                "command": f"python -m training faces --minutes {settings.minutes:g} --seed {settings.seed}"
                f"{settings.started}",
                "sets": f"LFW and a UTKFace subset ({pictures} pictures), {frames} frames of example clips "
                "(FaceForensics++ c23, LivePortrait and SadTalker examples)",
                "terms": "LFW is a public research benchmark, UTKFace and FaceForensics++ are for non-commercial "
                "research; to be free of them, name another folder of pictures with --data",
                "teacher": "boxes and points by YuNet (MIT), the mean over three sizes and their mirror images; its "
                "answers were learned, its weights were not used",
                "scenes_seen": seen,
                **history,
                "threads": settings.threads,
                "held_out": f"{HELD_OUT:.0%} of the people and of the clip groups; see training/faces_split.py",
            },
            "quality": {
                "how": f"against YuNet's faces of score {SURE} and at least {SMALLEST:.0f} px at the picture's own "
                "size, at IoU 0.5, on held-out people and clips; landmark errors as shares of the eye distance, to "
                "YuNet's answer and to the mean of its answers: python -m benchmarks faces",
                "pictures": _known(on_pictures["ours"]),
                "clip_frames": _known(on_clips["ours"]),
            },
            "yunet_beside_it": {
                "how": "YuNet at the same input of 320 px, against its own answers at the picture's own size",
                "pictures": _known(on_pictures["yunet"]),
                "clip_frames": _known(on_clips["yunet"]),
            },
            "groups": {
                "how": "share of held-out UTKFace pictures (one face each, about the middle) in which it is found; "
                "what is missing to 1 are false misses",
                **{group.replace(" ", "_"): _short(figures) for group, figures in groups["ours"].items()},
            },
            "groups_of_yunet": {group.replace(" ", "_"): _short(figures) for group, figures in groups["yunet"].items()},
            "milliseconds": {
                "how": "processor time of one thread at 320 x 256, median; network alone, and with scaling and sorting",
                **times,
            },
            "limits": {
                "known_failures": "faces below about a twentieth of the picture's long side, heads turned by more than "
                "about 60 degrees or far out of the upright, faces more than half covered or cut by the picture's "
                "border; faces that YuNet does not see were never taught"
            },
        },
    )


def choose_threshold(finder: FaceFinder, teacher: YuNet, pictures: Sequence[Image]) -> float:
    """The lowest of THRESHOLDS with at most MOST_FALSE_BOXES a picture, or the highest if none has so few.

    Args:
        finder: with the lowest threshold; a box never hides one of a higher score, so its finds serve them all.
        teacher: YuNet with a low threshold.
        pictures: of people that nothing else is measured on.
    """
    tallies = {threshold: Tally() for threshold in THRESHOLDS}
    for rgb in pictures:
        known, calm, finds = teacher(rgb), consensus(teacher, rgb), finder.find(rgb)
        for threshold, tally in tallies.items():
            tally.add([one for one in finds if one.score >= threshold], known, calm)
    for threshold, tally in tallies.items():
        figures = tally.figures()
        print(
            f"faces: from score {threshold:.2f}: {figures['found_share']:.4f} of {figures['faces']} found, "
            f"{figures['false_boxes_per_picture']:.4f} false boxes a picture",
            file=sys.stderr,
        )
    few = [one for one, tally in tallies.items() if tally.false_boxes.total() <= MOST_FALSE_BOXES * tally.pictures]
    return min(few, default=THRESHOLDS[-1])


def _known(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what was not measured, such as points where no face was found: a card holds no empty values."""
    return {key: value for key, value in figures.items() if value is not None}


def _short(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: figures[key] for key in ("faces", "found", "found_interval")}
