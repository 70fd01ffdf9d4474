"""How often the face of a whole clip is given to the right person, and to nobody where it is nobody's; and drift.

A person is enrolled with three looks of the first half of a genuine clip, as if they were photos, and asked for in

* the second half of the same clip (the room and the camera are the same, so that this is the easy case);
* other clips that show their face: a reenactment of them, or a swap of their face onto somebody else;
* clips of somebody else, and the second half of every genuine clip with its own person left out: nobody is right.

Swaps onto an enrolled person hide that person's face; whether they are still named is told and not judged. What is
judged is the most prominent track. Clips of people whom the model was trained on are told apart.

Drift is measured on whole clips (does it tell synthetic ones?), and on slips that are made here: of a swap and the
original below it, which show the same movement, the looks of a stretch of time are taken from the original.

Then all is asked once more of the same clips with half of their frames blurred, as a face that moves is (talking heads
hold still, and the clips of the case show golf and a fall); people stay enrolled as they were.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.runner import CannotRun, Figures, Options
from detectors.calibration import Platt
from detectors.clip import decode
from detectors.cuts import cut_times
from detectors.drift import SLIPS_BELOW, least_like
from detectors.errors import DetectorError
from detectors.face_embedding import FaceEmbedder
from detectors.faces import FaceFinder
from detectors.identity import NAMED_FROM
from detectors.likeness import likeness
from detectors.looks import looks_of
from detectors.metrics import auc, cllr, wilson
from detectors.model_files import load_model
from detectors.specimen import Clip, FaceReference, FaceTrack, TrackLooks
from detectors.tracks import track
from training.identity_split import kept_out

PHOTOS = 3
"""Looks that stand for photos."""

MOVING = 0.15
"""How far a face moves while a frame is taken, as a share of its width."""

SLIPS = ((0.0, 0.25), (0.0, 0.5), (0.3, 0.6), (0.6, 1.0))
"""When a made slip begins and ends, as shares of the clip."""

REENACTED = ("Face2Face", "NeuralTextures")
"""Methods that keep the face of the first of two ids; the others put the face of the second onto the first."""

_QUICK = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One clip of the data folder.

    Attributes:
        file: its name.
        genuine: nothing in it was made.
        face: whose face it shows, or an id of nobody else.
        below: of a swap, whose face lies under it; else empty.
        trained: the identity model may have seen this face.
    """

    file: str
    genuine: bool
    face: str
    below: str
    trained: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """The looks at the most prominent face of a clip: of all of it, and of its halves."""

    whole: TrackLooks
    halves: tuple[TrackLooks, TrackLooks]


def run(options: Options) -> Figures:
    """Follow, embed, compare.

    Figures: `right` (share of tracks that are given to the right person: `same_clip`, `other_clip`, each with `hits`,
    `of`, `share`, `interval`; `wrong_person` counts), `nobody` (the same of tracks that are rightly given to none),
    `right_not_trained`, `nobody_not_trained` (the same without people whom the model was trained on), `below_a_swap`
    (given to the person under the swap), `cllr` (of the ratios of every track beside every person), `people`, `clips`,
    `without_face`, `drift` (`auc` of synthetic against genuine clips, `auc_within` FaceForensics++, `auc_slips` of made
    slips against genuine clips, `slips_found`, `genuine_called`, `synthetic_called`, and `genuine_least`, the lowest
    cosine of a genuine clip), `moving` (the same from `right` to `drift` in clips with blurred frames), `model`,
    `sha256`, `quick`.

    Raises:
        CannotRun: the clips or a model are missing.
    """
    cv2.setNumThreads(1)
    rows = rows_of(options.data / "clips")
    if options.quick:
        few = {row.face for row in [row for row in rows if row.genuine][-_QUICK:]}
        rows = [row for row in rows if row.face in few or row.below in few]
    try:
        finder, embedder = FaceFinder(*load_model("faces")), FaceEmbedder()
    except DetectorError as error:
        raise CannotRun(str(error)) from error
    calibration = embedder.card.calibration
    if calibration is None:
        raise CannotRun("the card of the identity model has no calibration")
    seen: dict[str, _Seen] = {}
    moving: dict[str, _Seen] = {}
    task = options.progress.add_task("clips", total=len(rows))
    for row in rows:
        clip = decode(options.data / "clips" / row.file, steps=False)
        tracks = track(clip.frames, finder, cut_times(clip))
        found = _seen(clip, tracks, embedder)
        if found is not None:
            seen[row.file] = found
            clip = _moved(clip, tracks[0])
            blurred = _seen(clip, track(clip.frames, finder, cut_times(clip)), embedder)
            moving |= {row.file: blurred} if blurred is not None else {}
        options.progress.advance(task)
    known = [row for row in rows if row.file in seen]
    people = {row.face: _photos(row.face, seen[row.file].halves[0]) for row in known if row.genuine}
    if len(people) < 2:
        raise CannotRun("fewer than two genuine clips show a face")
    return {
        **_given(known, seen, people, calibration),
        "people": len(people),
        "clips": len(known),
        "without_face": [row.file for row in rows if row.file not in seen],
        "drift": _drift(known, seen, calibration),
        "moving": _moving([row for row in known if row.file in moving], moving, people, calibration),
        "model": embedder.card.version,
        "sha256": embedder.card.sha256,
        "quick": options.quick,
    }


def on_clips(options: Options) -> Figures:
    """The same for another subject: where it cannot run, `skipped` says why."""
    try:
        return run(options)
    except CannotRun as reason:
        return {"skipped": str(reason)}


def rows_of(folder: Path) -> list[Row]:
    """The clips of the data folder that are there, and whose faces they show.

    Raises:
        CannotRun: there is no index.
    """
    index = folder / "index.csv"
    if not index.is_file():
        raise CannotRun(f"there is no {index}; name the folder of shared data with --data")
    with index.open(encoding="utf-8", newline="") as file:
        found = [_row(line) for line in csv.DictReader(file) if (folder / line["file"]).is_file()]
    return sorted(found, key=lambda row: row.file)


def _row(line: Mapping[str, str]) -> Row:
    """Names are `ffpp_orig_ID.mp4`, `ffpp_METHOD_ID_ID.mp4`, or anything: a person of their own."""
    name, genuine, group = line["file"], line["label"] == "real", line.get("group") or ""
    parts = Path(name).stem.split("_")
    trained = bool(group) and not kept_out(f"clips:{group}")
    if parts[0] != "ffpp":
        return Row(name, genuine, name, "", trained)
    if genuine:
        return Row(name, genuine, parts[2], "", trained)
    first, second = parts[2:4]
    return (
        Row(name, genuine, first, "", trained) if parts[1] in REENACTED else Row(name, genuine, second, first, trained)
    )


def _moved(clip: Clip, one: FaceTrack) -> Clip:
    """The clip with every other frame, by chance, blurred as by a movement sideways."""
    width = round(MOVING * float(np.median([sighting.box[2] for sighting in one.sightings])))
    kernel = np.full((1, max(2, width)), 1 / max(2, width), np.float32)
    blurred = np.random.default_rng(0).random(len(clip.frames)) < 0.5
    frames = (
        replace(frame, rgb=np.asarray(cv2.filter2D(frame.rgb, -1, kernel), np.uint8)) if moves else frame
        for frame, moves in zip(clip.frames, blurred, strict=True)
    )
    return replace(clip, frames=tuple(frames))


def _seen(clip: Clip, tracks: tuple[FaceTrack, ...], embedder: FaceEmbedder) -> _Seen | None:
    """The looks at the most prominent face; None where none is seen in both halves."""
    if not tracks:
        return None
    middle = len(tracks[0].sightings) // 2
    parts = [_looks(clip, FaceTrack(part), embedder) for part in
             (tracks[0].sightings, tracks[0].sightings[:middle], tracks[0].sightings[middle:]) if part]  # fmt: skip
    if len(parts) < 3 or any(part is None for part in parts):
        return None
    whole, first, second = (part for part in parts if part is not None)
    return _Seen(whole, (first, second))


def _looks(clip: Clip, one: FaceTrack, embedder: FaceEmbedder) -> TrackLooks | None:
    return next(iter(looks_of(clip, (one,), embedder)), None)


def _photos(person: str, looks: TrackLooks) -> FaceReference:
    """The best look of each third of the looks."""
    parts = np.array_split(np.arange(len(looks.quality)), min(PHOTOS, len(looks.quality)))
    best = [int(part[np.argmax(looks.quality[part])]) for part in parts]
    return FaceReference(person, looks.embeddings[best], "")


def _given(
    rows: Sequence[Row], seen: Mapping[str, _Seen], people: Mapping[str, FaceReference], calibration: Platt
) -> dict[str, Any]:
    """Whom every track is given to, and what every track is worth beside every person."""
    counts: dict[str, list[tuple[bool, bool]]] = {"same_clip": [], "other_clip": [], "nobody": [], "below_a_swap": []}
    wrong = 0
    ratios: list[tuple[float, bool]] = []
    for row in rows:
        looks = seen[row.file].halves[1] if row.genuine else seen[row.file].whole
        strangers = {name: one for name, one in people.items() if name not in (row.face, row.below)}
        ratios += [(calibration.log10_lr(likeness(looks, one).cosine), False) for one in strangers.values()]
        if row.face in people:
            ratios.append((calibration.log10_lr(likeness(looks, people[row.face]).cosine), True))
            given = given_to(looks, people, calibration)
            counts["same_clip" if row.genuine else "other_clip"].append((given == row.face, row.trained))
            wrong += given not in (row.face, None)
        if row.below in people:
            below = {**strangers, row.below: people[row.below]}
            counts["below_a_swap"].append((given_to(looks, below, calibration) == row.below, row.trained))
        elif row.genuine or row.face not in people:
            counts["nobody"].append((given_to(looks, strangers, calibration) is None, row.trained))
    values, same = np.array([value for value, _ in ratios]), np.array([label for _, label in ratios])
    return {
        "right": {name: _share(counts[name]) for name in ("same_clip", "other_clip")} | {"wrong_person": wrong},
        "nobody": _share(counts["nobody"]),
        "right_not_trained": {name: _share(counts[name], new=True) for name in ("same_clip", "other_clip")},
        "nobody_not_trained": _share(counts["nobody"], new=True),
        "below_a_swap": _share(counts["below_a_swap"]),
        "cllr": round(cllr(values, same), 4),
    }


def _moving(
    rows: Sequence[Row], seen: Mapping[str, _Seen], people: Mapping[str, FaceReference], calibration: Platt
) -> dict[str, Any]:
    """What is given and what drifts in clips with blurred frames."""
    return {
        **_given(rows, seen, people, calibration),
        "clips": len(rows),
        "drift": _drift(rows, seen, calibration),
    }


def given_to(looks: TrackLooks, people: Mapping[str, FaceReference], calibration: Platt) -> str | None:
    """Whom the `identity` detector gives a track to; None for nobody."""
    cosines = {name: likeness(looks, one).cosine for name, one in people.items()}
    best = max(cosines, key=lambda name: cosines[name])
    return best if calibration.log10_lr(cosines[best]) >= NAMED_FROM else None


def _share(found: Sequence[tuple[bool, bool]], *, new: bool = False) -> dict[str, Any]:
    """Hits of how many, the share and its 95 % interval; `new` leaves out whom the model was trained on."""
    kept = [hit for hit, trained in found if not (new and trained)]
    hits = sum(kept)
    low, high = wilson(hits, len(kept))
    share = round(hits / len(kept), 4) if kept else None
    return {
        "hits": hits,
        "of": len(kept),
        "share": share,
        "interval": [round(max(0.0, low), 4), round(min(1.0, high), 4)],
    }


def _drift(rows: Sequence[Row], seen: Mapping[str, _Seen], calibration: Platt) -> dict[str, Any]:
    """Whether drift tells synthetic clips, and whether it finds slips."""
    whole = [(row, found.cosine) for row in rows if (found := least_like(seen[row.file].whole)) is not None]
    synthetic = np.array([not row.genuine for row, _ in whole])
    cosines = np.array([cosine for _, cosine in whole])
    within = np.array([row.file.startswith("ffpp_") for row, _ in whole])
    made = [found.cosine for one in _slips(rows, seen) if (found := least_like(one)) is not None]

    def called(values: Sequence[float]) -> dict[str, Any]:
        return _share([(calibration.unbounded(value) < SLIPS_BELOW, False) for value in values])

    genuine = [cosine for row, cosine in whole if row.genuine]
    return {
        "auc": _rounded(auc(-cosines, synthetic)),
        "auc_within": _rounded(auc(-cosines[within], synthetic[within])),
        "auc_slips": _rounded(auc(-np.array([*genuine, *made]), np.arange(len(genuine) + len(made)) >= len(genuine))),
        "slips_found": called(made),
        "genuine_called": called(genuine),
        "synthetic_called": called([cosine for row, cosine in whole if not row.genuine]),
        "genuine_least": round(min(genuine, default=float("nan")), 4),
    }


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _slips(rows: Sequence[Row], seen: Mapping[str, _Seen]) -> list[TrackLooks]:
    """Swaps that let go for a stretch of time, of every swap whose original is there."""
    originals = {row.face: seen[row.file].whole for row in rows if row.genuine}
    made = []
    for row in rows:
        swap, original = seen[row.file].whole, originals.get(row.below)
        if original is None:
            continue
        length = max(float(swap.times_s[-1]), float(original.times_s[-1]))
        nearest = np.abs(original.times_s[None] - swap.times_s[:, None]).argmin(axis=1)
        for start, end in SLIPS:
            gone = (swap.times_s >= start * length) & (swap.times_s < end * length)
            embeddings = np.where(gone[:, None], original.embeddings[nearest], swap.embeddings)
            made.append(replace(swap, embeddings=embeddings))
    return made
