"""How many freezes, stutters and dropped runs the detector of glitches finds, and how often it is wrong.

Each of 200 clips gets one fault at a known time (:mod:`benchmarks._glitch_clips`), drawn evenly over the excerpt,
whether anything moves there or not. The thresholds were chosen on every second genuine clip of the data folder;
everything here is measured on the others.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks._glitch_clips import BENIGN, Made, benign, faulty
from benchmarks._glitch_sight import VISIBLE_PX
from benchmarks.runner import CannotRun, Figures, Options
from detectors.clip import decode
from detectors.contract import ExhibitKind, Finding
from detectors.cuts import cut_times
from detectors.errors import DetectorError
from detectors.faces import FaceFinder
from detectors.glitches import FLICKER_LOG10_LR, Glitches
from detectors.metrics import interval, wilson
from detectors.model_files import load_model
from detectors.specimen import Specimen
from detectors.tracks import track

CLIPS = 200
WITHIN_S = 0.2
"""How far a reported start may lie from the fault's, in seconds."""

AIM = {"found": 0.95, "false_per_10min": 1.0}

_SEED = 20
_QUICK_CLIPS, _QUICK_SOURCES, _QUICK_BENIGN = 6, 2, ("25 to 30", "title cards")


def run(options: Options) -> Figures:
    """Make the clips one after the other, examine each, delete it.

    Figures: `aim` and `measured` (`found`, `false_per_10min`); `found` (share of the faults with a report that begins
    in them or within 0.2 s of them, with `found_interval`, a bootstrap over source clips), `found_start` (the report
    begins within 0.2 s of where the fault begins), `found_by` (kind, then way, then freezes and drops by length: found,
    of how many, Wilson interval), `visible` (faults that put the picture off by a pixel of the film or more,
    :mod:`benchmarks._glitch_sight`: their `share` of all, and found of how many among them and among the `hidden`
    others), `missed` (with the pixels), `elsewhere_per_10min` (reports in faulty clips that are not the fault);
    `false_per_10min` (reports on the untouched originals and the benign clips together, with `false_interval`, that of
    a Poisson count, `false_reports`, `false_minutes`) and `false_by` (benign kind: reports, minutes); `evidence` (what
    :func:`evidence` says); `seconds_per_minute` (the detector alone, on one core,
    for a minute of video), `sources`, `tuned_on`, `faults`, `quick`.

    Raises:
        CannotRun: there are no genuine clips.
    """
    cv2.setNumThreads(1)
    tuned, held = halves(options.data)
    sources = held[:_QUICK_SOURCES] if options.quick else held
    count = _QUICK_CLIPS if options.quick else CLIPS
    rng = np.random.default_rng(_SEED)
    watch = _Watch()
    found, calm = [], []
    kinds = _QUICK_BENIGN if options.quick else tuple(BENIGN)
    task = options.progress.add_task("glitches", total=count + len(sources) * (len(kinds) + 1))
    with tempfile.TemporaryDirectory(prefix="glitches-") as folder:
        for made in faulty(sources, count, Path(folder), rng):
            found.append((made, watch.reports(made.path)))
            made.path.unlink()
            options.progress.advance(task)
        for made in benign(sources, Path(folder), rng, kinds):
            calm.append((made, watch.reports(made.path)))
            made.path.unlink()
            options.progress.advance(task)
    for path in sources:
        calm.append((Made(path, path.stem, benign="original"), watch.reports(path)))
        options.progress.advance(task)
    missed = [one for one in found if not one[1].has(one[0])]
    false = sum(len(reports.starts) for _, reports in calm)
    minutes = sum(reports.duration_s for _, reports in calm) / 60
    share = (len(found) - len(missed)) / len(found)
    return {
        "aim": AIM,
        "measured": {"found": round(share, 4), "false_per_10min": round(10 * false / minutes, 3)},
        "found": round(share, 4),
        "found_interval": _clustered(found),
        "found_start": round(sum(reports.begins(made) for made, reports in found) / len(found), 4),
        "found_by": _by(found),
        "visible": _visible(found),
        "missed": [
            f"{made.source}: {made.fault.kind}, {made.fault.way}, {made.fault.frames}, off by {made.off_px:.1f} px"
            for made, _ in missed
            if made.fault
        ],
        "elsewhere_per_10min": round(
            600
            * sum(sum(not near(start, made) for start in reports.starts) for made, reports in found)
            / sum(reports.duration_s for _, reports in found),
            3,
        ),
        "false_per_10min": round(10 * false / minutes, 3),
        "false_interval": [round(10 * end / minutes, 3) for end in poisson(false)],
        "false_reports": false,
        "false_minutes": round(minutes, 2),
        "false_by": _false_by(calm),
        "evidence": None if options.quick else evidence(options.data),
        "seconds_per_minute": round(60 * watch.spent_s / watch.video_s, 3),
        "sources": [path.stem for path in sources],
        "tuned_on": [path.stem for path in tuned],
        "faults": len(found),
        "quick": options.quick,
    }


def evidence(data: Path) -> dict[str, dict[str, list[int]]] | None:
    """In how many of all genuine and all synthetic clips a face flickers, and in how many anything else is reported.

    Here every clip is looked at, tuned on or not: it is what the detector's likelihood ratios rest on.

    Returns:
        `flicker` and `timing`, each with `genuine` and `synthetic`: how many, of how many; None without a face model.
    """
    counts = {sign: {"genuine": [0, 0], "synthetic": [0, 0]} for sign in ("flicker", "timing")}
    try:
        finder = FaceFinder(*load_model("faces"))
    except DetectorError:
        return None
    for label, name in (("real", "genuine"), ("fake", "synthetic")):
        for path in labelled(data, label):
            clip = decode(path)
            tracks = track(clip.frames, finder, cut_times(clip))
            finding = Glitches().examine(Specimen(path=path, clip=clip, tracks=tracks))
            for sign, seen in (("flicker", finding.log10_lr >= FLICKER_LOG10_LR), ("timing", bool(_starts(finding)))):
                counts[sign][name][0] += seen
                counts[sign][name][1] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Reports:
    """Where the detector says that glitches begin, in seconds, and how long the clip is."""

    starts: tuple[float, ...]
    duration_s: float

    def has(self, made: Made) -> bool:
        """Whether one of them is the fault of the clip."""
        return any(near(start, made) for start in self.starts)

    def begins(self, made: Made) -> bool:
        """Whether one of them begins within 0.2 s of where the fault begins."""
        return made.fault is not None and any(abs(start - made.fault.start_s) <= WITHIN_S for start in self.starts)


class _Watch:
    """Examines clips and adds up what the detector took, decoding left out."""

    def __init__(self) -> None:
        self.spent_s = self.video_s = 0.0
        self._detector = Glitches()

    def reports(self, path: Path) -> Reports:
        clip = decode(path)
        begin = time.perf_counter()
        finding = self._detector.examine(Specimen(path=path, clip=clip))
        self.spent_s += time.perf_counter() - begin
        self.video_s += clip.duration_s
        return Reports(_starts(finding), clip.duration_s)


def halves(data: Path) -> tuple[list[Path], list[Path]]:
    """The genuine clips that thresholds were chosen on, and those that are measured: every second one by name.

    Raises:
        CannotRun: there are none.
    """
    real = labelled(data, "real")
    if len(real) < 2:
        raise CannotRun(f"there are no genuine clips in {data / 'clips'}; name the folder of shared data with --data")
    return real[0::2], real[1::2]


def labelled(data: Path, label: str) -> list[Path]:
    """Clips of the data folder by their label in its index, sorted by name."""
    index = data / "clips" / "index.csv"
    if not index.is_file():
        return []
    with index.open(newline="") as lines:
        named = sorted(row["file"] for row in csv.DictReader(lines) if row["label"] == label)
    return [index.parent / name for name in named]


def near(start_s: float, made: Made) -> bool:
    """Whether a reported glitch begins in the stretch of the clip's fault, or within 0.2 s of it."""
    fault = made.fault
    return fault is not None and fault.start_s - WITHIN_S <= start_s <= fault.end_s + WITHIN_S


def poisson(count: int) -> tuple[float, float]:
    """95 % interval of the mean of a Poisson count (Garwood 1936), by the Wilson and Hilferty approximation (1931)."""
    z = 1.959964
    low = count * (1 - 1 / (9 * count) - z / (3 * count**0.5)) ** 3 if count else 0.0
    more = count + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3


def _starts(finding: Finding) -> tuple[float, ...]:
    return tuple(
        exhibit.start_s
        for exhibit in finding.exhibits
        if exhibit.kind is ExhibitKind.RANGE and exhibit.start_s is not None
    )


def _clustered(found: Sequence[tuple[Made, Reports]]) -> list[float]:
    """The interval of the share found, where the clips made from one source are drawn together."""
    hits = np.array([float(reports.has(made)) for made, reports in found])
    return [
        round(end, 4) for end in interval(_mean, hits, np.ones(len(hits), bool), [made.source for made, _ in found])
    ]


def _mean(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    return float(values[positive].mean())


def _visible(found: Sequence[tuple[Made, Reports]]) -> dict[str, Any]:
    """How many of the faults are to be seen at all, and what is found of them and of the others."""
    seen = [one for one in found if one[0].off_px >= VISIBLE_PX]
    hidden = [one for one in found if one[0].off_px < VISIBLE_PX]
    hits, others = (sum(reports.has(made) for made, reports in part) for part in (seen, hidden))
    return {
        "share": round(len(seen) / len(found), 4),
        "found": hits,
        "of": len(seen),
        "found_share": round(hits / len(seen), 4) if seen else None,
        "hidden": {"found": others, "of": len(hidden)},
    }


def _by(found: Sequence[tuple[Made, Reports]]) -> dict[str, Any]:
    """Found and tried by kind, by kind and way, and by kind and length."""
    tried: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for made, reports in found:
        fault = made.fault
        if fault is None:
            continue
        names = [fault.kind, f"{fault.kind}, {fault.way}"]
        if fault.kind != "stutter":
            low = (fault.frames - 3) // 4 * 4 + 3
            names.append(f"{fault.kind}, {low} to {min(low + 3, 15)} frames")
        tried.update(names)
        if reports.has(made):
            hits.update(names)
    return {
        name: {
            "found": hits[name],
            "of": tried[name],
            "share": round(hits[name] / tried[name], 3),
            "interval": [round(end, 3) for end in wilson(hits[name], tried[name])],
        }
        for name in sorted(tried)
    }


def _false_by(calm: Sequence[tuple[Made, Reports]]) -> dict[str, Any]:
    reports: Counter[str] = Counter()
    minutes: defaultdict[str, float] = defaultdict(float)
    for made, told in calm:
        reports[made.benign] += len(told.starts)
        minutes[made.benign] += told.duration_s / 60
    return {kind: {"reports": reports[kind], "minutes": round(minutes[kind], 2)} for kind in minutes}
