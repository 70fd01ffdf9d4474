"""What the forgery model scores on groups that it was never trained on, source by source, beside published models.

The crops of the three collections are scored as they lie in the data folder, one sample a clip (the mean over its
crops), or a picture where a collection has no clips; `clips` are whole files, decoded, followed and looked at as the
product does. Each source stands there twice: as it is, and `_compressed`, through H.264 at a low rate. Published models
are shown the same faces of the same clips. Sources say how a model does where it knows the kind of material, and no
more: other collections give lower figures, and the peers know none of these but FaceForensics++.
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks._forgery_peers import LRNET, Judge, Sequences, face_peers
from benchmarks.runner import CannotRun, Figures, Options
from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.cuts import cut_times
from detectors.detail import detail
from detectors.errors import DetectorError
from detectors.faces import FaceFinder
from detectors.forgery import look
from detectors.geometry import inner
from detectors.metrics import Labels, Scores, auc, auc_interval, calibration_error, equal_error_rate
from detectors.model_files import Card, load_model
from detectors.model_input import adapter_of
from detectors.tracks import track
from training.data import decode_picture, read_clips, read_index
from training.forgery_codec import crops_through_h264, squeezed_clip
from training.forgery_split import HELD_OUT, clip_kept_out, kept_out

AIM = {
    "macro_auc": 0.80,
    "worst_family_auc": 0.65,
    "ece": 0.1,
    "ece_compressed": 0.1,
    "false_alarms_moved": 0.05,
    "misses_moved": 0.05,
}
"""At least: mean AUC over the sources as they are, and the lowest of any method with enough clips. At most: the
calibration error of the finding, on sources as they are and compressed; and by how much compression may change the
share of genuine clips that lean synthetic and of synthetic ones that lean genuine ("moves neither", read as 5 points).
"""

LEANING = 0.3
"""log10 likelihood ratio from which a finding says that it leans one way: two to one, as in the model's card."""

OURS = "ours"

MOST_CROPS = 16
"""Crops scored of one clip, as many as the product looks at in a track."""

MOST_SAMPLES = 500
"""Clips of a class in a source, evenly over its index: a source with thousands would take all the time."""

FEWEST = 4
"""Fewest synthetic samples for a method to be a family of its own: the AUC of fewer is chance."""

SQUEEZED = 300
"""First pictures of a clip that are encoded anew: ten seconds or more, and the largest cost of all if it were more."""

STREAM = 100
"""Faces that share one H.264 stream, and so one size and rate; genuine and synthetic ones share each."""

_QUICK_SAMPLES = 24
_QUICK_CLIPS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip or picture: what each model says of it, how much detail it holds, label, method, and group."""

    scores: Mapping[str, float]
    quality: float
    fake: bool
    method: str
    group: str


@dataclass(slots=True)
class Jury:
    """Our model and its peers, and why some of them are not asked."""

    card: Card
    judges: dict[str, Judge]
    finder: FaceFinder
    sequences: Sequences | None = None
    missing: dict[str, str] = field(default_factory=dict)
    without_score: list[str] = field(default_factory=list)


def run(options: Options) -> Figures:
    """Score what was kept out of training.

    Figures: `aim` and `measured` (see :data:`AIM`), `worst_family`, `sources` (each with `genuine`, `synthetic`, and by
    model, `ours` or a peer's name: `auc`, `auc_interval`, `eer`, `samples`, which are fewer where a clip was too short
    for a peer), `macro_auc` (by model: `auc` over as many `sources`, as they are, as it was asked about), `families`
    (our AUC of a method against its source's genuine samples), `leaning` (`genuine_synthetic`, `synthetic_genuine`: the
    shares that lean the wrong way, as they are and compressed), `without_score` (clips that were not scored),
    `peers_missing` (why a peer was not asked), `ms_a_face` (one thread), `seconds`, `model`, `sha256`, `quick`.
    Intervals are 95 %, drawn by group. The card's calibration was itself fitted on kept-out samples, so `ece` is the
    best case.

    Raises:
        CannotRun: the data folder or the model is missing.
    """
    cv2.setNumThreads(1)
    started = time.monotonic()
    jury = _jury(options.data.parent / "models")
    sources: dict[str, list[Sample]] = {}
    for name in HELD_OUT:
        zipped = options.data / "forgery" / f"{name}.zip"
        if zipped.is_file():
            sources[name], sources[f"{name}_compressed"] = _crops(zipped, jury, options)
    if (options.data / "clips" / "index.csv").is_file():
        for name, squeezed in (("clips", False), ("clips_compressed", True)):
            sources[name] = list(_clips(options.data / "clips", name, jury, options, squeezed=squeezed))
    if not sources:
        raise CannotRun(
            f"there are no labelled faces in {options.data / 'forgery'} nor {options.data / 'clips'}; "
            "name the folder of shared data with --data"
        )
    plain = {name: samples for name, samples in sources.items() if not name.endswith("_compressed")}
    families = {
        f"{name}/{method}": value for name, samples in plain.items() for method, value in _families(samples).items()
    }
    worst = min(families, key=lambda name: families[name], default=None)
    pools = {
        kind: [one for name, samples in sources.items() if name.endswith("_compressed") is squeezed for one in samples]
        for kind, squeezed in (("as_they_are", False), ("compressed", True))
    }
    leaning = {kind: _leaning(pool, jury.card) for kind, pool in pools.items()}
    macro = _macro(plain)
    return {
        "aim": AIM,
        "measured": {
            "macro_auc": macro[OURS]["auc"] if OURS in macro else None,
            "worst_family_auc": families[worst] if worst is not None else None,
            "ece": _calibration_error(pools["as_they_are"], jury.card),
            "ece_compressed": _calibration_error(pools["compressed"], jury.card),
            "false_alarms_moved": _moved(leaning, "genuine_synthetic"),
            "misses_moved": _moved(leaning, "synthetic_genuine"),
        },
        "worst_family": worst,
        "macro_auc": macro,
        "sources": {name: _source(samples) for name, samples in sources.items()},
        "families": families,
        "leaning": leaning,
        "without_score": jury.without_score,
        "peers_missing": jury.missing,
        "ms_a_face": {name: _milliseconds(judge) for name, judge in jury.judges.items()},
        "seconds": round(time.monotonic() - started, 1),
        "model": jury.card.version,
        "sha256": jury.card.sha256,
        "quick": options.quick,
    }


def _jury(models: Path) -> Jury:
    """Load our model, and the peers that are there.

    Raises:
        CannotRun: a model of ours is missing.
    """
    try:
        session, card = load_model("forgery")
        finder = FaceFinder(*load_model("faces"))
        ours = Judge(session, adapter_of(card.name, card.raw, session))
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    peers, missing = face_peers(models)
    jury = Jury(card, {OURS: ours, **peers}, finder, missing=missing)
    try:
        jury.sequences = Sequences(models, finder)
    except FileNotFoundError as error:
        jury.missing[LRNET] = str(error)
    return jury


def _crops(zipped: Path, jury: Jury, options: Options) -> tuple[list[Sample], list[Sample]]:
    """Mean logits over the crops of each kept-out clip of a collection, as they are and compressed."""
    rows: dict[Key, list[str]] = {}
    for row in read_index(zipped):
        if kept_out(zipped.stem, row.group):
            rows.setdefault((row.group, row.fake, row.method), []).append(row.file)
    most = _QUICK_SAMPLES if options.quick else MOST_SAMPLES
    chosen = [(key, rows[key][:MOST_CROPS]) for fake in (False, True) for key in _thinned(list(rows), fake, most)]
    with zipfile.ZipFile(zipped) as archive:
        squares = [decode_picture(archive.read(file)) for _, files in chosen for file in files]
    ends = np.cumsum([len(files) for _, files in chosen])
    spans = list(zip([key for key, _ in chosen], [0, *ends[:-1]], ends, strict=True))
    told = []
    for name, pixels in ((zipped.stem, squares), (f"{zipped.stem}_compressed", _compressed(squares))):
        told.append(
            [_judged(key, np.stack(pixels[first:end]), jury) for key, first, end in _shown(spans, options, name)]
        )
    return told[0], told[1]


Key = tuple[str, bool, str]
"""Group, label (true for synthetic), method and clip."""


def _judged(key: Key, squares: NDArray[np.uint8], jury: Jury) -> Sample:
    group, fake, method = key
    scores = {name: judge.squares(squares) for name, judge in jury.judges.items()}
    quality = float(np.mean([detail(inner(square)) for square in squares]))
    return Sample(scores, quality, fake, method.partition("/")[0], group)


def _compressed(squares: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """The same faces at 80 to 160 px through H.264 at rates from 22 to 40; seeded."""
    random = np.random.default_rng(0)
    out: list[NDArray[np.uint8]] = [squares[0]] * len(squares) if squares else []
    order = random.permutation(len(squares))
    for start in range(0, len(order), STREAM):
        rows = order[start : start + STREAM]
        side, rate = 2 * int(random.integers(40, 81)), int(random.integers(22, 41))
        for row, square in zip(
            rows, crops_through_h264([squares[row] for row in rows], side, rate, random), strict=True
        ):
            out[row] = square
    return out


def _thinned(keys: Sequence[Key], fake: bool, most: int) -> list[Key]:
    """Some clips of one label, evenly over the index, so that all methods have a chance."""
    same = [key for key in keys if key[1] is fake]
    if len(same) <= most:
        return same
    return [same[int(place)] for place in np.linspace(0, len(same) - 1, most)]


def _clips(folder: Path, name: str, jury: Jury, options: Options, *, squeezed: bool) -> Iterator[Sample]:
    """Whole clips; those of training pairs are left out."""
    rows = [row for row in read_clips(folder) if clip_kept_out(row.group)]
    if options.quick:
        rows = [row for fake in (False, True) for row in [one for one in rows if one.fake is fake][:_QUICK_CLIPS]]
    for row in _shown(rows, options, name):
        with tempfile.TemporaryDirectory() as place:
            try:
                source = folder / row.file
                path = squeezed_clip(source, Path(place) / "clip.mp4", frames=SQUEEZED) if squeezed else source
                scores, quality = _of_clip(path, jury)
            except (DetectorError, ValueError, OSError) as error:
                jury.without_score.append(f"{name}: {row.file}: {error}")
                continue
        yield Sample(scores, quality, row.fake, row.method.split(" ")[0], row.group)


def _of_clip(path: Path, jury: Jury) -> tuple[dict[str, float], float]:
    """What each model says of a clip, and how much detail its faces hold.

    Raises:
        DetectorError: it cannot be decoded.
        ValueError: no face is large and long enough.
    """
    clip = decode(path, ClipLimits(), steps=False)
    tracks = track(clip.frames, jury.finder, cut_times(clip))
    ours = jury.judges[OURS]
    looks = look(clip, tracks, ours.session, ours.adapter)
    scores = {name: judge.clip(clip, tracks) for name, judge in jury.judges.items() if name != OURS}
    moving = jury.sequences.clip(path) if jury.sequences is not None else None
    if moving is not None:
        scores[LRNET] = moving
    return {OURS: looks.score, **scores}, looks.quality


def _shown(rows: Sequence[Any], options: Options, name: str) -> Iterable[Any]:
    task = options.progress.add_task(name, total=len(rows))
    for row in rows:
        yield row
        options.progress.advance(task)


def _columns(samples: Sequence[Sample], model: str = OURS) -> tuple[Scores, Labels]:
    return np.array([one.scores[model] for one in samples]), np.array([one.fake for one in samples], np.bool_)


def _source(samples: Sequence[Sample]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "genuine": sum(not one.fake for one in samples),
        "synthetic": sum(one.fake for one in samples),
    }
    return told | {model: _figures(samples, model) for model in _models(samples)}


def _models(samples: Sequence[Sample]) -> list[str]:
    """Whoever judged a sample, ours first."""
    return list(dict.fromkeys(model for one in samples for model in one.scores))


def _figures(samples: Sequence[Sample], model: str) -> dict[str, Any]:
    own = [one for one in samples if model in one.scores]
    scores, fake = _columns(own, model)
    whole = bool(fake.any()) and not fake.all()
    interval = auc_interval(scores, fake, [one.group for one in own]) if whole else None
    return {
        "samples": len(own),
        "auc": round(auc(scores, fake), 4) if whole else None,
        "auc_interval": [round(end, 4) for end in interval] if interval is not None else None,
        "eer": round(equal_error_rate(scores, fake), 4) if whole else None,
    }


def _macro(sources: Mapping[str, Sequence[Sample]]) -> dict[str, dict[str, float]]:
    """Mean AUC of each model over the sources where it has one."""
    areas: dict[str, list[float]] = {}
    for samples in sources.values():
        for model in _models(samples):
            own = _columns([one for one in samples if model in one.scores], model)
            if own[1].any() and not own[1].all():
                areas.setdefault(model, []).append(auc(*own))
    return {model: {"auc": round(float(np.mean(values)), 4), "sources": len(values)} for model, values in areas.items()}


def _families(samples: Sequence[Sample]) -> dict[str, float]:
    """AUC of each method with enough samples against all genuine samples of its source."""
    genuine = [one for one in samples if not one.fake]
    found: dict[str, float] = {}
    for method in sorted({one.method for one in samples if one.fake}):
        own = [one for one in samples if one.fake and one.method == method]
        if len(own) >= FEWEST and genuine:
            found[method] = round(auc(*_columns(own + genuine)), 4)
    return found


def _worth(samples: Sequence[Sample], card: Card) -> Scores | None:
    """What the card's calibration makes of each sample at its quality; None without a calibration."""
    calibration = card.calibration
    if calibration is None:
        return None
    return np.array([calibration.log10_lr(one.scores[OURS], one.quality) for one in samples])


def _calibration_error(samples: Sequence[Sample], card: Card) -> float | None:
    """ECE of the calibrated scores over some sources; None without a calibration or a class."""
    worth, fake = _worth(samples, card), _columns(samples)[1]
    if worth is None or fake.all() or not fake.any():
        return None
    return round(calibration_error(worth, fake), 4)


def _leaning(samples: Sequence[Sample], card: Card) -> dict[str, float | None]:
    """Shares of clips whose finding leans the wrong way by two to one or more."""
    worth, fake = _worth(samples, card), _columns(samples)[1]
    if worth is None or fake.all() or not fake.any():
        return {"genuine_synthetic": None, "synthetic_genuine": None}
    return {
        "genuine_synthetic": round(float((worth[~fake] >= LEANING).mean()), 4),
        "synthetic_genuine": round(float((worth[fake] <= -LEANING).mean()), 4),
    }


def _moved(leaning: Mapping[str, Mapping[str, float | None]], share: str) -> float | None:
    """By how much compression changes a share."""
    before, after = leaning["as_they_are"][share], leaning["compressed"][share]
    return None if before is None or after is None else round(abs(after - before), 4)


def _milliseconds(judge: Judge) -> float:
    """Median time of one face in a batch of eight, on one thread."""
    squares = np.zeros((8, 160, 160, 3), np.uint8)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        judge.squares(squares)
        times.append((time.perf_counter() - start) * 1000 / len(squares))
    return round(float(np.median(times)), 2)
