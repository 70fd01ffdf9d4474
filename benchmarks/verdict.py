"""What the ratios behind a verdict are worth: their cost in bits before and after calibration, on cases not fitted on.

The cost is Cllr: 0 is perfect, 1 says nothing, more misleads. For *synthesis* the forgery model scores crops and clips
that were kept out of its training. "Before" takes its logit for what it claims to be, natural log odds at equal priors.
"After" is a logistic calibration that was fitted on the other groups (five folds by group, so that no clip is judged by
a fit that saw it or a clip of its group), with the shipped bound; `card` is the shipped calibration on the same
samples, which its fit saw. For *identity* the face model compares pictures of people of whom neither training nor
calibration saw any, and the rules for handles judge the half of their table that was kept out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import handles
from benchmarks._forgery_peers import Judge
from benchmarks._tippett import curves
from benchmarks.runner import CannotRun, Figures, Options
from bot.verdict.families import family_of
from bot.verdict.scale import NEUTRAL
from detectors.calibration import LARGEST_LR, fit_platt
from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.contract import Question
from detectors.cuts import cut_times
from detectors.detail import detail
from detectors.errors import DetectorError
from detectors.face_embedding import FaceEmbedder
from detectors.faces import FaceFinder
from detectors.forgery import look
from detectors.geometry import inner
from detectors.handle import Handle
from detectors.metrics import Labels, Scores, calibration_error, cllr, interval
from detectors.model_files import Card, load_model
from detectors.model_input import adapter_of
from detectors.specimen import Specimen
from detectors.tracks import track
from training.data import decode_picture, read_clips, read_index
from training.forgery_split import HELD_OUT, clip_kept_out, kept_out
from training.identity_calibration import compared
from training.identity_figures import embedded
from training.identity_looks import OwnFinder, cut_out, portraits
from training.identity_split import half_of

AIM = {"synthesis_cllr": 1.0, "identity_cllr": 1.0}
"""At most: a ratio whose cost is above 1 is worse than none."""

FOLDS = 5
MOST = 300
"""Clips of a class from one collection, evenly over its index."""

MOST_CROPS = 16
_QUICK, _QUICK_CLIPS, _QUICK_PEOPLE = 24, 3, 30


@dataclass(frozen=True, slots=True)
class Scored:
    """Cases: worth before and after, truth, and what is drawn together; None where pairs share people."""

    before: Scores
    after: Scores
    positive: Labels
    group: Sequence[str] | None

    def figures(self) -> dict[str, Any]:
        """`cllr` (after), `cllr_before`, with 95 % intervals by group, `ece`, misleading shares, counts."""
        told: dict[str, Any] = {"positive": int(self.positive.sum()), "negative": int((~self.positive).sum())}
        for name, values in (("cllr", self.after), ("cllr_before", self.before)):
            told[name] = round(cllr(values, self.positive), 4)
            if self.group is not None:
                ends = interval(cllr, values, self.positive, self.group)
                told[f"{name}_interval"] = [round(end, 4) for end in ends]
        told["ece"] = round(calibration_error(self.after, self.positive), 4)
        told["ece_before"] = round(calibration_error(self.before, self.positive), 4)
        told["misled"] = {
            "positive": round(float((self.after[self.positive] <= -NEUTRAL).mean()), 4),
            "negative": round(float((self.after[~self.positive] >= NEUTRAL).mean()), 4),
            "from": NEUTRAL,
        }
        return told


def run(options: Options) -> Figures:
    """Score, calibrate across groups, compare.

    Figures: `aim`, `measured`, `synthesis` (see :meth:`Scored.figures`, and `card`: cost of the shipped calibration on
    samples that its fit saw; `without_score`), `identity` (`cllr`, `cllr_before` and `of`, which of the two below they
    are: the face model's, else the handle rules'; `face` or why it is `face_missing`; `handle`, with the cost
    of a fit that is not used, `if_fitted`), `tippett` (panels for
    :mod:`benchmarks._tippett`), `models` (sha256), `quick`.

    Raises:
        CannotRun: the data folder or the forgery model is missing.
    """
    cv2.setNumThreads(1)
    synthesis, told, sha256 = _synthesis(options)
    handle, by_handle = _handle()
    face: Scored | None = None
    missing: str | None = None
    try:
        face, face_sha256 = _face(options)
    except (DetectorError, CannotRun) as error:
        missing, face_sha256 = str(error), None
    leading = face if face is not None else handle
    of = "face" if face is not None else "handle"
    identity = leading.figures()
    return {
        "aim": AIM,
        "measured": {"synthesis_cllr": told["cllr"], "identity_cllr": identity["cllr"]},
        "synthesis": told,
        "identity": {
            "cllr": identity["cllr"],
            "cllr_before": identity["cllr_before"],
            "of": of,
            "face": face.figures() if face is not None else None,
            "face_missing": missing,
            "handle": by_handle,
        },
        "tippett": [
            _panel("Was it made? Forgery score", synthesis, "synthetic", "genuine"),
            _panel(
                f"Is it them? {'Face' if face is not None else 'Handle and name'}",
                leading,
                "the same person" if face is not None else "imitates the person",
                "another person" if face is not None else "namesake, fan, stranger",
            ),
        ],
        "models": {"forgery": sha256, "identity": face_sha256},
        "quick": options.quick,
    }


def _panel(title: str, scored: Scored, positive: str, negative: str) -> dict[str, Any]:
    told = scored.figures()
    return {
        "title": title,
        "note": f"Cllr {told['cllr_before']:.2f} before, {told['cllr']:.2f} after; "
        f"{told['positive']} and {told['negative']} cases",
        "classes": {"positive": positive, "negative": negative},
        "before": curves(scored.before, scored.positive),
        "after": curves(scored.after, scored.positive),
    }


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip: mean logit, detail of its faces, label, group."""

    score: float
    quality: float
    fake: bool
    group: str


def _synthesis(options: Options) -> tuple[Scored, dict[str, Any], str]:
    try:
        session, card = load_model("forgery")
        judge = Judge(session, adapter_of(card.name, card.raw, session))
        finder = FaceFinder(*load_model("faces"))
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    samples: list[Sample] = []
    for name in HELD_OUT:
        zipped = options.data / "forgery" / f"{name}.zip"
        if zipped.is_file():
            samples += _crops(zipped, judge, options)
    without: list[str] = []
    folder = options.data / "clips"
    if (folder / "index.csv").is_file():
        samples += _clips(folder, judge, finder, options, without.append)
    if not samples:
        raise CannotRun(f"there are no labelled faces in {options.data}; name the folder of shared data with --data")
    scores = np.array([one.score for one in samples])
    fake = np.array([one.fake for one in samples], np.bool_)
    groups = [one.group for one in samples]
    after = cross_fitted(scores, fake, groups, LARGEST_LR)
    scored = Scored(scores / np.log(10), after, fake, groups)
    told = {**scored.figures(), "card": _by_card(samples, card), "without_score": without}
    return scored, told, card.sha256


def _by_card(samples: Sequence[Sample], card: Card) -> dict[str, float] | None:
    """Cost of the shipped calibration; its fit saw these samples, so this is its best case."""
    if card.calibration is None:
        return None
    values = np.array([card.calibration.log10_lr(one.score, one.quality) for one in samples])
    fake = np.array([one.fake for one in samples], np.bool_)
    return {"cllr": round(cllr(values, fake), 4), "ece": round(calibration_error(values, fake), 4)}


def cross_fitted(scores: Scores, positive: Labels, groups: Sequence[str], bound: float) -> Scores:
    """The log10 likelihood ratio of each case by a logistic fit on the folds without its group, within the bound.

    Args:
        scores: float64 [n].
        positive: bool [n].
        groups: of each case; a group is in one fold only.
        bound: most that a ratio claims, either way, in log10.
    """
    names = sorted(set(groups))
    order = np.random.default_rng(0).permutation(len(names))
    fold_of = {names[int(number)]: place % FOLDS for place, number in enumerate(order)}
    fold = np.array([fold_of[group] for group in groups])
    found = np.zeros(len(scores))
    for number in range(FOLDS):
        here, rest = fold == number, fold != number
        if here.any() and positive[rest].any() and not positive[rest].all():
            a, b = fit_platt(scores[rest], positive[rest], np.ones(int(rest.sum())))
            found[here] = np.clip(a * scores[here] + b, -bound, bound)
    return found


def _crops(zipped: Path, judge: Judge, options: Options) -> Iterator[Sample]:
    rows: dict[tuple[str, bool, str], list[str]] = {}
    for row in read_index(zipped):
        if kept_out(zipped.stem, row.group):
            rows.setdefault((row.group, row.fake, row.method), []).append(row.file)
    most = _QUICK if options.quick else MOST
    keys = [key for fake in (False, True) for key in _thinned([one for one in rows if one[1] is fake], most)]
    task = options.progress.add_task(zipped.stem, total=len(keys))
    with zipfile.ZipFile(zipped) as archive:
        for key in keys:
            squares = np.stack([decode_picture(archive.read(file)) for file in rows[key][:MOST_CROPS]])
            quality = float(np.mean([detail(inner(square)) for square in squares]))
            yield Sample(judge.squares(squares), quality, key[1], f"{zipped.stem}:{key[0]}")
            options.progress.advance(task)


def _thinned(keys: Sequence[Any], most: int) -> list[Any]:
    if len(keys) <= most:
        return list(keys)
    return [keys[int(place)] for place in np.linspace(0, len(keys) - 1, most)]


def _clips(
    folder: Path, judge: Judge, finder: FaceFinder, options: Options, leave_out: Callable[[str], None]
) -> Iterator[Sample]:
    """Whole clips, as the product looks at them; those of training pairs are left out."""
    rows = [row for row in read_clips(folder) if clip_kept_out(row.group)]
    if options.quick:
        rows = [one for fake in (False, True) for one in [row for row in rows if row.fake is fake][:_QUICK_CLIPS]]
    task = options.progress.add_task("clips", total=len(rows))
    for row in rows:
        options.progress.advance(task)
        try:
            clip = decode(folder / row.file, ClipLimits(), steps=False)
            looks = look(clip, track(clip.frames, finder, cut_times(clip)), judge.session, judge.adapter)
        except (DetectorError, ValueError) as error:
            leave_out(f"{row.file}: {error}")
            continue
        # the clips of FaceForensics++ are of the same pairs as its crops, so both are of one group
        pairs = "faceforensics" if row.file.startswith("ffpp") else "clips"
        yield Sample(looks.score, looks.quality, row.fake, f"{pairs}:{row.group}")


def _handle() -> tuple[Scored, dict[str, Any]]:
    """The kept-out half of the table; before: as the rules say, after: within the bounds of the verdict.

    Beside it what a logistic fit on the other half would cost. It is not used: the table holds hard cases on purpose
    (half of its strangers bear the very name), so that the fit would call a parody account somebody else.
    """
    rows = [row for row in handles.table() if row.kind != "official"]
    raw = np.array(
        [Handle().examine(Specimen(profile=row.profile, person=row.person)).log10_lr for row in rows], np.float64
    )
    positive = np.array([row.kind == "impersonation" for row in rows], np.bool_)
    held_out = np.array([row.part == "held_out" for row in rows], np.bool_)
    family = family_of("handle", Question.IDENTITY)
    a, b = fit_platt(raw[~held_out], positive[~held_out], np.ones(int((~held_out).sum())))
    fitted = np.clip(a * raw + b, -family.most, family.most)
    groups = [row.person.name for row, kept in zip(rows, held_out, strict=True) if kept]
    scored = Scored(raw[held_out], np.clip(raw, family.least, family.most)[held_out], positive[held_out], groups)
    if_fitted = {"cllr": round(cllr(fitted[held_out], positive[held_out]), 4), "a": round(a, 3), "b": round(b, 3)}
    return scored, {**scored.figures(), "if_fitted": if_fitted}


def _face(options: Options) -> tuple[Scored, str]:
    """Pairs of looks at people of whom neither the training nor the fit of the card's calibration saw any.

    Before: the cosine taken for natural log odds. Every pair of one person counts, and up to 20,000 of others.

    Raises:
        DetectorError: there is no identity model.
        CannotRun: it has no calibration, or there are no pictures.
    """
    embedder = FaceEmbedder()
    calibration = embedder.card.calibration
    if calibration is None:
        raise CannotRun("the identity model's card has no calibration")
    if not (options.data / "faces" / "lfw.zip").is_file():
        raise CannotRun(f"there is no {options.data / 'faces' / 'lfw.zip'}")
    finder = OwnFinder(FaceFinder(*load_model("faces")))
    pictures = list(portraits(options.data, _QUICK_PEOPLE if options.quick else None))
    crops = cut_out(pictures, {"our_finder": finder}, ("clean",))
    looks = {"clean": embedded(crops["clean", "our_finder"], embedder)}
    measured = np.array([half_of(one.name) == 0 for one in pictures])
    pairs = compared(looks, measured)
    random = np.random.default_rng(0)
    chosen = pairs.same | (random.random(len(pairs.same)) < min(1.0, 20_000 / max(1, int((~pairs.same).sum()))))
    cosine = pairs.cosine[chosen]
    after: NDArray[np.float64] = np.array([calibration.log10_lr(value) for value in cosine.tolist()])
    return Scored(cosine / np.log(10), after, pairs.same[chosen], None), embedder.card.sha256
