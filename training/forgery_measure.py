"""What the forgery model really scores on people and originals it never saw; its calibration and its card."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from detectors.calibration import LARGEST_LR, fit_platt
from detectors.contract import Status
from detectors.examine import examine
from detectors.geometry import inner
from detectors.metrics import Labels, Scores, auc, auc_interval, calibration_error, cllr, equal_error_rate
from detectors.model_files import ModelSet, load_model
from training.card import write_card
from training.data import held_out, read_clips
from training.forgery_data import Collection
from training.forgery_split import clip_kept_out
from training.settings import Settings

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip, or what a collection has of one: its mean logit, label, source, and the group it must not leave."""

    score: float
    fake: bool
    source: str
    method: str
    group: str


def _collection_samples(session: onnxruntime.InferenceSession, collection: Collection) -> Iterator[Sample]:
    """Mean logit over the held-out crops of each clip; a collection without clips gives one sample a crop."""
    rows: dict[tuple[str, bool, str], list[int]] = {}
    for number in np.flatnonzero(collection.kept_out):
        key = (collection.group[number], bool(collection.fake[number]), collection.method[number])
        rows.setdefault(key, []).append(int(number))
    for (group, fake, method), members in rows.items():
        crops = np.stack([inner(np.array(collection.pixels[row])) for row in members[:16]])
        batch = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
        logits = np.asarray(session.run(["logit"], {"crop": batch})[0], np.float64)
        yield Sample(float(logits.mean()), fake, collection.name, method, group)


def _clip_samples(settings: Settings, model: Path) -> Iterator[Sample]:
    """The product's own way over whole clips: decode, find, follow, score; clips of training pairs are left out."""
    folder = settings.data / "clips"
    models = ModelSet(faces=_faces(settings), forgery=model)
    for clip in read_clips(folder):
        if not clip_kept_out(clip.group):
            continue
        for finding in examine(folder / clip.file, models=models).findings:
            if finding.detector == "forgery" and finding.status is Status.OK and finding.score is not None:
                yield Sample(finding.score, clip.fake, "clips", clip.method.split(" ")[0], clip.group)


def _faces(settings: Settings) -> Path | None:
    """The face model of the same output folder, where it was trained first; else the shipped one."""
    beside = settings.out / "faces.onnx"
    return beside if beside.is_file() else None


def _columns(samples: list[Sample]) -> tuple[Scores, Labels]:
    return np.array([one.score for one in samples]), np.array([one.fake for one in samples])


def _equal_sources(samples: list[Sample]) -> Scores:
    """Weights that give each source the same say, whatever its size."""
    names = [one.source for one in samples]
    return np.array([1.0 / names.count(name) for name in names])


def _per_source(samples: list[Sample]) -> dict[str, Mapping[str, Any]]:
    out: dict[str, Mapping[str, Any]] = {}
    for source in sorted({one.source for one in samples}):
        part = [one for one in samples if one.source == source]
        scores, fake = _columns(part)
        low, high = auc_interval(scores, fake, [one.group for one in part])
        out[source] = {
            "genuine": int((~fake).sum()),
            "synthetic": int(fake.sum()),
            "auc": auc(scores, fake),
            "auc_interval": [low, high],
            "eer": equal_error_rate(scores, fake),
        }
    return out


def _cross_fitted(samples: list[Sample]) -> Scores:
    """Calibrated values of samples whose group was not in the fit; what a new clip may expect."""
    fold = np.array([int(held_out_share(one.group) * FOLDS) for one in samples])
    values = np.zeros(len(samples))
    for number in range(FOLDS):
        fitted = [one for one, place in zip(samples, fold, strict=True) if place != number]
        scores, fake = _columns(fitted)
        a, b = fit_platt(scores, fake, _equal_sources(fitted))
        for row in np.flatnonzero(fold == number):
            values[row] = float(np.clip(a * samples[row].score + b, -LARGEST_LR, LARGEST_LR))
    return values


def held_out_share(group: str) -> float:
    """A number from 0 to 1 that depends on the group alone."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if held_out(group, middle, "fold") else (middle, high)
    return low


def measure_and_write(settings: Settings, path: Path, collections: list[Collection], seen: int) -> None:
    """Measure the exported file on held-out groups, calibrate it, and write its card."""
    write_card(path, {"name": "forgery", "version": "unmeasured"})
    session, _ = load_model("forgery", path)
    samples = [one for collection in collections for one in _collection_samples(session, collection)]
    clips = list(_clip_samples(settings, path))
    sources = _per_source(samples + clips)
    for source, figures in sources.items():
        print(f"forgery: {source} {dict(figures)}", file=sys.stderr)
    # the clips' pairs stand in the FaceForensics++ collection too: counting them twice would narrow nothing
    pool = samples + [one for one in clips if not one.group.startswith("ffpp")]
    scores, fake = _columns(pool)
    a, b = fit_platt(scores, fake, _equal_sources(pool))
    fitted = _cross_fitted(pool)
    genuine_talk = [one.score for one in clips if not one.fake]
    write_card(
        path,
        {
            "name": "forgery",
            "version": f"1.{settings.seed}",
            "role": "scores one face crop; the mean over a clip's looks is the clip's score",
            "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
            "input": {
                "name": "crop",
                "layout": "float32 [b, 3, 112, 112], RGB, 0 to 255",
                "preprocessing": "detectors.geometry.forgery_crop of the face box",
            },
            "output": {"logit": "float32 [b], positive leans to synthetic"},
            "training": {
                "command": f"python -m training forgery --minutes {settings.minutes:g} --seed {settings.seed}",
                "sets": "DFDC, FaceForensics++ c23 and OpenForensics crops; LFW and UTKFace for self-blended pictures",
                "terms": "DFDC under its own terms, FaceForensics++ and UTKFace for non-commercial research, "
                "OpenForensics to be confirmed with its makers; to be free of them, train on a data folder of your own",
                "teacher": "the trunk first imitated the embeddings of a MobileFaceNet; its weights were not used",
                "crops_seen": seen,
                "held_out": "by original clip, identity pair or picture; see training/forgery_split.py",
            },
            "quality": {
                "how": "one sample a held-out clip, or a crop where a collection has no clips; 'clips' are whole files "
                "examined as the product does",
                **sources,
                "cllr_cross_fitted": cllr(fitted, fake),
                "ece_cross_fitted": calibration_error(fitted, fake),
                "highest_genuine_clip_score": max(genuine_talk, default=float("nan")),
                "ms_a_face_one_thread": _milliseconds(session),
            },
            "calibration": {
                "method": "platt",
                "a": a,
                "b": b,
                "max_abs_log10_lr": LARGEST_LR,
                "samples": len(pool),
                "bound": "five to one: below what the sample supports, because unknown methods score lower",
            },
            "limits": {
                "known_failures": "talking heads, fully generated faces, heavy compression (scores shift as a block), "
                "faces under 40 px, methods that are not in the training sets",
            },
        },
    )


def _milliseconds(session: onnxruntime.InferenceSession) -> float:
    batch = np.zeros((8, 3, 112, 112), np.float32)
    times = []
    for _ in range(12):
        start = time.perf_counter()
        session.run(["logit"], {"crop": batch})
        times.append((time.perf_counter() - start) * 1000 / len(batch))
    return float(np.median(times))
