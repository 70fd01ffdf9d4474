"""What the forgery model really scores on people and originals it never saw; its calibration and its card."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.calibration import LARGEST_LR, Platt, fit_platt_by_quality
from detectors.clip import decode
from detectors.container import ClipLimits
from detectors.cuts import cut_times
from detectors.detail import detail
from detectors.forgery import look
from detectors.geometry import inner
from detectors.metrics import auc, auc_interval, calibration_error, cllr, equal_error_rate
from detectors.model_files import load_model
from detectors.model_input import adapter_of
from detectors.tracks import track
from training.card import write_card
from training.data import read_clips
from training.forgery_codec import squeezed_clip
from training.forgery_data import Collection
from training.forgery_material import Material
from training.forgery_samples import Sample, columns, cross_fitted, say_of_sources
from training.forgery_split import clip_kept_out
from training.left_out_table import read_table
from training.measured_with import face_finder
from training.settings import Settings
from training.utkface import ORDER, groups_of

LEANING = 0.3
"""log10 likelihood ratio from which a finding says that it leans one way: two to one."""

MOST_CROPS = 16


def held_out_samples(session: onnxruntime.InferenceSession, material: Material) -> list[Sample]:
    """What the model says of the held-out part of each collection, as it is and compressed."""
    samples: list[Sample] = []
    for one, copy in zip(material.collections, material.copies, strict=True):
        samples += _collection_samples(session, one, one.pixels, one.name)
        samples += _collection_samples(session, one, copy, f"{one.name}_compressed")
    return samples


def _collection_samples(
    session: onnxruntime.InferenceSession, collection: Collection, pixels: NDArray[np.uint8], source: str
) -> Iterator[Sample]:
    """Mean logit over the held-out crops of each clip; a collection without clips gives one sample a crop."""
    rows: dict[tuple[str, bool, str], list[int]] = {}
    for number in np.flatnonzero(collection.kept_out):
        key = (collection.group[number], bool(collection.fake[number]), collection.method[number])
        rows.setdefault(key, []).append(int(number))
    for (group, fake, method), members in rows.items():
        crops = np.stack([inner(np.array(pixels[row])) for row in members[:MOST_CROPS]])
        batch = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
        logits = np.asarray(session.run(["logit"], {"crop": batch})[0], np.float64)
        quality = float(np.mean([detail(crop) for crop in crops]))
        yield Sample(float(logits.mean()), quality, fake, source, method.split("/")[0], group)


def _clip_samples(settings: Settings, model: Path, *, squeezed: bool) -> Iterator[Sample]:
    """The product's own way over whole clips: decode, find, follow, score; clips of training pairs are left out."""
    folder = settings.data / "clips"
    finder = face_finder(settings.out)
    session, card = load_model("forgery", model)
    adapter = adapter_of(card.name, card.raw, session)
    for row in read_clips(folder):
        if not clip_kept_out(row.group):
            continue
        with tempfile.TemporaryDirectory() as place:
            path = squeezed_clip(folder / row.file, Path(place) / "clip.mp4") if squeezed else folder / row.file
            clip = decode(path, ClipLimits(), steps=False)
        try:
            looks = look(clip, track(clip.frames, finder, cut_times(clip)), session, adapter)
        except ValueError:
            print(f"forgery: no face is large enough in {row.file}", file=sys.stderr)
            continue
        source = "clips_compressed" if squeezed else "clips"
        yield Sample(looks.score, looks.quality, row.fake, source, row.method.split(" ")[0], row.group)


def _figures(samples: Sequence[Sample], platt: Platt) -> Mapping[str, Any]:
    """Ranking of one source, and how often the calibrated finding leans the wrong way."""
    scores, quality, fake = columns(samples)
    low, high = auc_interval(scores, fake, [one.group for one in samples])
    worth = np.array([platt.log10_lr(s, q) for s, q in zip(scores, quality, strict=True)])
    return {
        "genuine": int((~fake).sum()),
        "synthetic": int(fake.sum()),
        "auc": auc(scores, fake),
        "auc_interval": [low, high],
        "eer": equal_error_rate(scores, fake),
        "genuine_that_lean_synthetic": float((worth[~fake] >= LEANING).mean()),
        "synthetic_that_lean_genuine": float((worth[fake] <= -LEANING).mean()),
    }


def _methods(samples: Sequence[Sample]) -> dict[str, float]:
    """AUC of each FaceForensics++ method against all genuine clips of that collection."""
    own = [one for one in samples if one.source == "faceforensics"]
    out = {}
    for method in sorted({one.method for one in own if one.fake}):
        scores, _, fake = columns([one for one in own if not one.fake or one.method == method])
        out[method] = auc(scores, fake)
    return out


def false_alarms_by_group(
    session: onnxruntime.InferenceSession, genuine: Collection, platt: Platt
) -> dict[str, list[float]]:
    """For age groups, sexes and ethnicities of held-out UTKFace pictures: [faces, share that leans synthetic]."""
    counts: dict[str, list[int]] = {}
    for row in np.flatnonzero(genuine.kept_out):
        if not genuine.group[row].startswith("utkface:"):
            continue
        crop = inner(np.array(genuine.pixels[row]))
        batch = np.ascontiguousarray(crop.transpose(2, 0, 1)[None], np.float32)
        score = float(np.asarray(session.run(["logit"], {"crop": batch})[0]).reshape(-1)[0])
        alarm = platt.log10_lr(score, detail(crop)) >= LEANING
        for name in groups_of(genuine.group[row].removeprefix("utkface:")):
            counts.setdefault(name, []).append(int(alarm))
    shares = {name: [len(one), sum(one) / len(one)] for name, one in counts.items()}
    return {name.replace(" ", "_"): shares[name] for name in ORDER if name in shares}


def measure_and_write(
    settings: Settings,
    path: Path,
    material: Material,
    seen: int,
    history: Mapping[str, Any],
) -> None:
    """Measure the exported file on held-out groups, calibrate it by quality, and write its card.

    Args:
        settings: the run.
        path: the exported model.
        material: what was held out of it is measured.
        seen: crops that the optimisation saw.
        history: where the run began, and what else is in the file, for the card.
    """
    write_card(path, {"name": "forgery", "version": "unmeasured"})
    session, _ = load_model("forgery", path)
    samples = held_out_samples(session, material)
    for squeezed in (False, True):
        samples += _clip_samples(settings, path, squeezed=squeezed)
    # the clips' pairs stand in the FaceForensics++ collection too: counting them twice would narrow nothing
    pool = [one for one in samples if not (one.source.startswith("clips") and one.group.startswith("ffpp"))]
    scores, quality, fake = columns(pool)
    a, b, terms = fit_platt_by_quality(scores, quality, fake, say_of_sources(pool))
    platt = Platt(a, b, LARGEST_LR, len(pool), terms)
    fitted, plain = cross_fitted(pool), cross_fitted(pool, by_quality=False)
    squeezed_rows = np.array([one.source.endswith("_compressed") for one in pool])
    sources = {
        source: _figures([one for one in samples if one.source == source], platt)
        for source in sorted({one.source for one in samples})
    }
    for source, figures in sources.items():
        print(f"forgery: {source} {dict(figures)}", file=sys.stderr)
    methods = _methods(samples)
    print(f"forgery: methods {methods}", file=sys.stderr)
    write_card(
        path,
        {
            "name": path.stem,
            "version": f"3.{settings.seed}",
            "role": "scores one face crop; the mean over a clip's looks is the clip's score",
            "licence": "Apache-2.0 (weights made by this project; see [training] for the terms of the material)",
            "input": {
                "name": "crop",
                "layout": "float32 [b, 3, 112, 112], RGB, 0 to 255",
                "preprocessing": "detectors.geometry.forgery_crop of the face box",
            },
            "output": {"logit": "float32 [b], positive leans to synthetic"},
            "training": {
                "command": f"python -m training forgery --minutes {settings.minutes:g} --seed {settings.seed}"
                + (f" --start {settings.start.name}" if settings.start else "")
                + (f" --beside {settings.beside.name}" if settings.beside else "")
                + (f" --leave-out {settings.leave_out}" if settings.leave_out else ""),
                "sets": "DFDC, FaceForensics++ c23 and OpenForensics crops; fakes made from their genuine faces and "
                "from LFW and UTKFace: self-blended, exchanged between people, re-rendered by our own autoencoders",
                "terms": "DFDC under its own terms, FaceForensics++ and UTKFace for non-commercial research, "
                "OpenForensics to be confirmed with its makers; to be free of them, train on a data folder of your own",
                "crops_seen": seen,
                "threads": settings.threads,
                **history,
                "held_out": "by original clip, identity pair or picture; see training/forgery_split.py",
            },
            "quality": {
                "how": "one sample a held-out clip, or a crop where a collection has no clips; 'clips' are whole files "
                "examined as the product does; 'compressed' is H.264 at a low rate, crops shrunk to 80-160 px, clips "
                "at crf 38; to lean is a likelihood ratio of two to one or more",
                **sources,
                "faceforensics_methods": methods,
                "cllr_cross_fitted": cllr(fitted, fake),
                "cllr_cross_fitted_without_quality": cllr(plain, fake),
                "ece_cross_fitted": calibration_error(fitted, fake),
                "ece_cross_fitted_compressed": calibration_error(fitted[squeezed_rows], fake[squeezed_rows]),
                "ece_cross_fitted_compressed_without_quality": calibration_error(
                    plain[squeezed_rows], fake[squeezed_rows]
                ),
                "ms_a_face_one_thread": _milliseconds(session),
            },
            "false_alarms": {
                "how": "held-out UTKFace pictures, one crop each, as [pictures, share that leans synthetic]; the "
                "identity model behind the trunk may have seen them, as faces without a label",
                **false_alarms_by_group(session, material.genuine, platt),
            },
            "left_out": read_table(settings.work),
            "calibration": {
                "method": "platt",
                "a": a,
                "b": b,
                "max_abs_log10_lr": LARGEST_LR,
                "samples": len(pool),
                "quality": {
                    "slope": terms.slope,
                    "offset": terms.offset,
                    "low": terms.low,
                    "middle": terms.middle,
                    "high": terms.high,
                },
                "quality_is": "detectors.detail of the crops",
                "bound": "five to one: below what the sample supports, because unknown methods score lower",
            },
            "limits": {
                "known_failures": "talking heads and fully generated faces were only imitated in training, never "
                "measured; a few sharp genuine clips lean synthetic; heavy compression hides the traces; "
                "faces under 40 px; methods that are not in the sets",
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
