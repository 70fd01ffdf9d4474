"""What the forgery model scores on groups that it was never trained on, source by source.

The crops of the three collections are scored as they lie in the data folder, one sample a clip (the mean over its
crops), or a picture where a collection has no clips; `clips` are whole files, examined as the product does. Sources say
how the model does where it knows the kind of material, and no more: other collections give lower figures.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.runner import CannotRun, Figures, Options
from detectors.contract import Status
from detectors.errors import DetectorError
from detectors.examine import examine
from detectors.geometry import inner
from detectors.metrics import Labels, Scores, auc, auc_interval, calibration_error, equal_error_rate
from detectors.model_files import Card, load_model
from training.data import decode_picture, read_clips, read_index
from training.forgery_split import HELD_OUT, clip_kept_out, kept_out

AIM = {"macro_auc": 0.80, "worst_family_auc": 0.65, "ece": 0.1}
"""Mean AUC over the sources; the lowest of any method with enough clips; calibration error of the finding."""

MOST_CROPS = 16
"""Crops scored of one clip, as many as the product looks at in a track."""

FEWEST = 4
"""Fewest synthetic samples for a method to be a family of its own: the AUC of fewer is chance."""

_QUICK_SAMPLES = 24
_QUICK_CLIPS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip or picture with its score, label, method, and the group that it must be drawn with."""

    score: float
    fake: bool
    method: str
    group: str


def run(options: Options) -> Figures:
    """Score what was kept out of training.

    Figures: `aim` and `measured` (each with `macro_auc`, `worst_family_auc`, `ece`), `worst_family`, `sources` (each
    with `genuine`, `synthetic`, `auc`, `auc_interval`, `eer`), `families` (AUC of a method against its source's genuine
    samples), `without_score` (clips that the detector did not score), `model`, `sha256`, `quick`. Intervals are 95 %,
    drawn by group. The calibration was fitted on the kept-out samples themselves, so `ece` is the best case.

    Raises:
        CannotRun: the data folder or the model is missing.
    """
    try:
        session, card = load_model("forgery")
        load_model("faces")
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    sources: dict[str, list[Sample]] = {}
    for name in HELD_OUT:
        zipped = options.data / "forgery" / f"{name}.zip"
        if zipped.is_file():
            sources[name] = list(_crops(zipped, session, options))
    without: list[str] = []
    if (options.data / "clips" / "index.csv").is_file():
        sources["clips"] = list(_clips(options.data / "clips", options, without.append))
    if not sources:
        raise CannotRun(
            f"there are no labelled faces in {options.data / 'forgery'} nor {options.data / 'clips'}; "
            "name the folder of shared data with --data"
        )
    told = {name: _source(samples) for name, samples in sources.items()}
    families = {
        f"{name}/{method}": value for name, samples in sources.items() for method, value in _families(samples).items()
    }
    areas = [figures["auc"] for figures in told.values() if figures["auc"] is not None]
    worst = min(families, key=lambda name: families[name], default=None)
    return {
        "aim": AIM,
        "measured": {
            "macro_auc": round(float(np.mean(areas)), 4) if areas else None,
            "worst_family_auc": families[worst] if worst is not None else None,
            "ece": _calibration_error([one for samples in sources.values() for one in samples], card),
        },
        "worst_family": worst,
        "sources": told,
        "families": families,
        "without_score": without,
        "model": card.version,
        "sha256": card.sha256,
        "quick": options.quick,
    }


def _crops(zipped: Path, session: onnxruntime.InferenceSession, options: Options) -> Iterator[Sample]:
    """Mean logit over the crops of each kept-out clip of a collection."""
    rows: dict[tuple[str, bool, str], list[str]] = {}
    for row in read_index(zipped):
        if kept_out(zipped.stem, row.group):
            rows.setdefault((row.group, row.fake, row.method), []).append(row.file)
    chosen = list(rows.items())
    if options.quick:
        chosen = [one for fake in (False, True) for one in _thinned(chosen, fake)]
    with zipfile.ZipFile(zipped) as archive:
        for (group, fake, method), files in _shown(chosen, options, zipped.stem):
            crops = np.stack([inner(decode_picture(archive.read(file))) for file in files[:MOST_CROPS]])
            batch = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
            logits = np.asarray(session.run(["logit"], {"crop": batch})[0], np.float64)
            yield Sample(float(logits.mean()), fake, method.partition("/")[0], group)


Row = tuple[tuple[str, bool, str], list[str]]


def _thinned(rows: Sequence[Row], fake: bool) -> list[Row]:
    """A few clips of one label, evenly over the index, so that all methods have a chance."""
    same = [row for row in rows if row[0][1] is fake]
    return same[:: max(1, len(same) // _QUICK_SAMPLES)][:_QUICK_SAMPLES]


def _clips(folder: Path, options: Options, leave_out: Callable[[str], None]) -> Iterator[Sample]:
    """The product's own way over whole clips; those of training pairs are left out."""
    rows = [row for row in read_clips(folder) if clip_kept_out(row.group)]
    if options.quick:
        rows = [row for fake in (False, True) for row in [one for one in rows if one.fake is fake][:_QUICK_CLIPS]]
    for row in _shown(rows, options, "clips"):
        try:
            findings = examine(folder / row.file).findings
        except DetectorError as error:
            leave_out(f"{row.file}: {error}")
            continue
        finding = next(one for one in findings if one.detector == "forgery")
        if finding.status is Status.OK and finding.score is not None:
            yield Sample(finding.score, row.fake, row.method.split(" ")[0], row.group)
        else:
            leave_out(f"{row.file}: {finding.reason or finding.status}")


def _shown(rows: Sequence[Any], options: Options, name: str) -> Iterable[Any]:
    task = options.progress.add_task(name, total=len(rows))
    for row in rows:
        yield row
        options.progress.advance(task)


def _columns(samples: Sequence[Sample]) -> tuple[Scores, Labels]:
    return np.array([one.score for one in samples]), np.array([one.fake for one in samples], np.bool_)


def _source(samples: Sequence[Sample]) -> dict[str, Any]:
    scores, fake = _columns(samples)
    whole = bool(fake.any()) and not fake.all()
    interval = auc_interval(scores, fake, [one.group for one in samples]) if whole else None
    return {
        "genuine": int((~fake).sum()),
        "synthetic": int(fake.sum()),
        "auc": round(auc(scores, fake), 4) if whole else None,
        "auc_interval": [round(end, 4) for end in interval] if interval is not None else None,
        "eer": round(equal_error_rate(scores, fake), 4) if whole else None,
    }


def _families(samples: Sequence[Sample]) -> dict[str, float]:
    """AUC of each method with enough samples against all genuine samples of its source."""
    genuine = [one for one in samples if not one.fake]
    found: dict[str, float] = {}
    for method in sorted({one.method for one in samples if one.fake}):
        own = [one for one in samples if one.fake and one.method == method]
        if len(own) >= FEWEST and genuine:
            found[method] = round(auc(*_columns(own + genuine)), 4)
    return found


def _calibration_error(samples: Sequence[Sample], card: Card) -> float | None:
    """ECE of the calibrated scores over all sources; None without a calibration or a class."""
    scores, fake = _columns(samples)
    if card.calibration is None or fake.all() or not fake.any():
        return None
    log10_lr = np.array([card.calibration.log10_lr(score) for score in scores.tolist()])
    return round(calibration_error(log10_lr, fake), 4)
