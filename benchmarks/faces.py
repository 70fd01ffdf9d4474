"""What the face detector finds of YuNet's faces on people and clips that it was never trained on, and at what cost.

YuNet stands beside it in every figure, at the same input of 320 pixels; what it says of a picture at the picture's own
size is what both are held against. So YuNet's own figures tell how far a perfect copy could come: between two sizes of
one picture it disagrees with itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.faces import FaceFinder
from detectors.model_files import load_model
from training.faces_measure import (
    Peers,
    Thin,
    by_group,
    compare,
    held_out_frames,
    held_out_pictures,
    held_out_utkface,
    milliseconds,
)

AIM = {
    "found_pictures": 0.98,
    "found_clips": 0.98,
    "false_boxes_pictures": 0.03,
    "false_boxes_clips": 0.03,
    "landmark_error_pictures": 0.06,
    "landmark_error_clips": 0.06,
    "time_ratio": 1.2,
}
"""Shares of YuNet's faces found; false boxes a picture; distance from the mean of YuNet's answers over sizes and mirror
images as a share of the eye distance; time of the network over that of YuNet's."""

_NEEDED = ("faces/lfw.zip", "faces/utkface.zip", "clips/index.csv")
_QUICK = 40

Item = TypeVar("Item")


def run(options: Options) -> Figures:
    """Measure the shipped detector beside YuNet.

    Figures: `aim`, `measured` and `yunet` (YuNet at 320 pixels; each with the keys of `AIM`), `pictures` and `clips`
    (for `ours` and `yunet`: counts, the share found with its 95 % Wilson interval, false boxes with their causes,
    landmark error to YuNet's answer at the picture's own size and to the mean of its answers), `utkface` (share found
    by age, sex and ethnicity), `milliseconds` (processor time on one thread), `model`, `sha256`, `bytes`, `quick`.

    Raises:
        CannotRun: the data folder, YuNet or the model is missing.
    """
    try:
        session, card = load_model("faces")
        peers = Peers.load(options.data.parent / "models" / "teachers")
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    lacking = [name for name in _NEEDED if not (options.data / name).is_file()]
    if lacking:
        raise CannotRun(f"{options.data} lacks {', '.join(lacking)}; name the folder of shared data with --data")
    finder = FaceFinder(session, card)
    finders = {"ours": finder, "yunet": peers.finder}
    thin: Thin = _thinned if options.quick else list
    portraits, utkface = held_out_pictures(options.data, thin), held_out_utkface(options.data, thin)
    frames = held_out_frames(options.data, *((30, 3) if options.quick else ()))
    pictures = compare(finders, peers.teacher, _shown(portraits, options, "pictures"))
    clips = compare(finders, peers.teacher, _shown(frames, options, "clips"))
    groups = by_group(finders, _shown(utkface, options, "utkface"))
    times = milliseconds(session, finder, peers, frames)
    ratio = round(times["ours"]["network"] / times["yunet"]["network"], 3)
    told = {
        name: {
            "found_pictures": pictures[name]["found_share"],
            "found_clips": clips[name]["found_share"],
            "false_boxes_pictures": pictures[name]["false_boxes_per_picture"],
            "false_boxes_clips": clips[name]["false_boxes_per_picture"],
            "landmark_error_pictures": pictures[name]["landmark_error_of_mean"],
            "landmark_error_clips": clips[name]["landmark_error_of_mean"],
            "time_ratio": ratio if name == "ours" else 1.0,
        }
        for name in finders
    }
    return {
        "aim": AIM,
        "measured": told["ours"],
        "yunet": told["yunet"],
        "pictures": pictures,
        "clips": clips,
        "utkface": groups,
        "milliseconds": times,
        "model": card.version,
        "sha256": card.sha256,
        "bytes": card.raw.get("bytes"),
        "quick": options.quick,
    }


def _thinned(items: list[str]) -> list[str]:
    """A few of them, evenly over the whole."""
    return items[:: max(1, len(items) // _QUICK)][:_QUICK]


def _shown(items: Sequence[Item], options: Options, name: str) -> Iterator[Item]:
    task = options.progress.add_task(name, total=len(items))
    for item in items:
        yield item
        options.progress.advance(task)
