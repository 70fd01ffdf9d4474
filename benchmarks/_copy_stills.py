"""Copies of single photographs, which no choice of ours saw: how many are found, how many strangers taken for one.

They are harder than clips, of which twelve key frames can be found: here one picture is all there is. The logo lies
where the border of an inner hash was chosen to leave it out, so that finding it here shows that choice at work; the
harder changes were looked at after all choices were made. LFW holds a few pictures of one person twice.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks._copy_changes import HARDER, TRANSFORMATIONS, Picture
from benchmarks.runner import Options
from bot.pipeline.copies import RADIUS
from detectors.fingerprint import fingerprint
from detectors.metrics import wilson
from detectors.specimen import Clip, Frame, FrameHash

_QUALITY = 30
"""JPEG quality of the copies; 75 is usual."""

_CHANGES = {**TRANSFORMATIONS, **HARDER}
_MOST = 1000
_A_PERSON = 4


def photographs(options: Options) -> dict[str, Any] | None:
    """Post, change and look up photographs of LFW; None where they are not in the data folder."""
    path = options.data / "faces" / "lfw.zip"
    if not path.is_file():
        return None
    with zipfile.ZipFile(path) as archive:
        names = _chosen(archive, 60 if options.quick else _MOST)
        task = options.progress.add_task("photographs", total=len(names))
        first: list[FrameHash] = []
        people: list[str] = []
        copies: dict[str, list[FrameHash | None]] = {name: [] for name in _CHANGES}
        for name in names:
            options.progress.advance(task)
            picture = _picture(archive.read(name))
            hashed = _hash(picture)
            if hashed is None:  # too flat to be kept
                continue
            first.append(hashed)
            people.append(name.split("/")[-2])
            for change, apply in _CHANGES.items():
                copies[change].append(_hash(_worn(apply(picture))))
    found = {
        change: sum(copy is not None and bool(_near([copy], [own])) for copy, own in zip(made, first, strict=True))
        for change, made in copies.items()
    }
    near = _near(first, first)
    same = np.equal.outer(np.array(people), np.array(people))
    apart = ~np.eye(len(first), dtype=bool)
    return {
        "pictures": len(first),
        "people": len(set(people)),
        "found": {
            change: {"found": hits, "share": round(hits / len(first), 4), "interval": wilson(hits, len(first))}
            for change, hits in found.items()
        },
        "false_matches": _counted(near, ~same),
        "false_matches_same_person": _counted(near, same & apart),
    }


def _counted(near: NDArray[np.bool_], which: NDArray[np.bool_]) -> dict[str, Any]:
    """How many of these pairs match; each pair is asked both ways and counts once."""
    pairs, found = int(which.sum()) // 2, int(((near | near.T) & which).sum()) // 2
    return {"pairs": pairs, "found": found, "interval": wilson(found, pairs) if pairs else None}


def _chosen(archive: zipfile.ZipFile, most: int) -> list[str]:
    """The pictures of the first people in a shuffled order, at most four each."""
    by_person: dict[str, list[str]] = {}
    for name in sorted(archive.namelist()):
        if name.endswith(".webp"):
            by_person.setdefault(name.split("/")[-2], []).append(name)
    people = sorted(by_person)
    np.random.default_rng(0).shuffle(people)
    return [name for person in people for name in by_person[person][:_A_PERSON]][:most]


def _picture(data: bytes) -> Picture:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def _worn(rgb: Picture) -> Picture:
    """The picture after a JPEG of low quality."""
    encoded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return _picture(io.BytesIO(encoded.tobytes()).getvalue())


def _hash(rgb: Picture) -> FrameHash | None:
    """The fingerprint of one picture, as of a clip of one frame; None where it is too flat."""
    height, width = rgb.shape[:2]
    clip = Clip(
        duration_s=0.0, declared_s=None, truncated=False, width=width, height=height, times_s=np.zeros(1),
        luma=np.zeros((1, 36, 64), np.uint8), frames=(Frame(0.0, rgb),), audio=None, is_still=True,
    )  # fmt: skip
    return next(iter(fingerprint(clip)), None)


def _near(copies: list[FrameHash], originals: list[FrameHash]) -> NDArray[np.bool_]:
    """Which copies the watcher's lookup finds among the originals: bool [copies, originals]."""
    kept = [np.frombuffer(b"".join((one.pdq, *one.inner)), np.uint64).reshape(-1, 4) for one in originals]
    owner = np.repeat(np.arange(len(kept)), [len(one) for one in kept])
    words = np.concatenate(kept)
    found = np.zeros((len(copies), len(originals)), bool)
    for row, one in enumerate(copies):
        asked = np.frombuffer(b"".join((one.pdq, one.mirrored, *one.inner)), np.uint64).reshape(-1, 4)
        away = np.bitwise_count(asked[:, None] ^ words[None]).sum(axis=2, dtype=np.uint16)
        found[row, owner[(away <= RADIUS).any(axis=0)]] = True
    return found
