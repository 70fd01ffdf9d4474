"""Whether copies of a clip are found, and what a lookup costs among a million hashes.

Each clip of the data folder is posted once; what people do to a clip before they post it again is done to it by real
encoders, and the result is examined and looked up as the watcher does. Clips of other films are looked up, too: what is
found among them is a false match. Films that share a source (FaceForensics++ fakes lie on their original's frames) are
told apart: there the pictures are the same and the face is not.

One constant was chosen on these clips (:data:`detectors.fingerprint.BORDERS`), so that `photographs` counts the same on
pictures that no choice saw, and false matches between pictures of one person.
"""

from __future__ import annotations

import itertools
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks._copy_changes import TRANSFORMATIONS, Picture
from benchmarks._copy_stills import photographs
from benchmarks.runner import CannotRun, Figures, Options
from bot.config import Config
from bot.pipeline.copies import LEAST_FRAMES, RADIUS, copies_of, index_of
from detectors.clip import decode
from detectors.copies import OTHER_FACE
from detectors.faces import FaceFinder
from detectors.fingerprint import BORDERS, fingerprint
from detectors.fingerprint import MOST as KEY_FRAMES
from detectors.metrics import wilson
from detectors.model_files import load_model
from detectors.pdq import distance
from detectors.specimen import FrameHash
from detectors.tracks import track
from storage import PollRecord, SeenPost, Store, WantedAccount

MILLION = 1_000_000
QUICK_HASHES = 50_000
SECONDS = 4.0
"""Length of the clips that are made: long enough for every key frame to differ a little."""

_NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
_NOW_TEXT = "2026-11-27T08:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Film:
    """A clip's name, the films that it shares pictures with, and its fingerprint."""

    name: str
    sources: frozenset[str]
    hashes: tuple[FrameHash, ...]


def _sources(name: str) -> frozenset[str]:
    """FaceForensics++ names its fakes METHOD_TARGET_SOURCE: the pictures are the target's."""
    parts = name.split("_")
    return frozenset({parts[-1] if parts[1] == "orig" else parts[2]} if parts[0] == "ffpp" else {name})


def _write(path: Path, pictures: Sequence[Picture], rate: float, quality: int) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(rate).limit_denominator(1000), options={"crf": str(quality)})
        height, width = (side // 2 * 2 for side in pictures[0].shape[:2])
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), "rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def _pictures(path: Path) -> tuple[list[Picture], float]:
    """The first seconds of a clip, at most 960 pixels long, and its rate."""
    made: list[Picture] = []
    with av.open(str(path)) as source:
        rate = float(source.streams.video[0].average_rate or 25)
        for frame in source.decode(video=0):
            rgb: NDArray[Any] = frame.to_ndarray(format="rgb24")
            scale = min(1.0, 960 / max(rgb.shape[:2]))
            if scale < 1:
                rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            made.append(np.asarray(rgb, np.uint8))
            if len(made) >= SECONDS * rate:
                break
    return made, rate


def _fingerprint(path: Path, finder: FaceFinder) -> tuple[FrameHash, ...]:
    clip = decode(path, steps=False)
    return fingerprint(clip, track(clip.frames, finder, ()))


def matched(copy: Sequence[FrameHash], original: Sequence[FrameHash]) -> tuple[int, int | None]:
    """How many key frames of the copy are found in the original by the watcher's rule, and how near the faces come."""
    kept = [bits for one in original for bits in (one.pdq, *one.inner)]
    asked = [(one, (one.pdq, one.mirrored, *one.inner)) for one in copy]
    frames = sum(any(distance(mine, theirs) <= RADIUS for mine in own for theirs in kept) for _, own in asked)
    faces = [
        distance(one.face, other.face)
        for one in copy
        for other in original
        if one.face and other.face and distance(one.pdq, other.pdq) <= RADIUS
    ]
    return frames, min(faces, default=None)


def _is_copy(frames: int, copy: Sequence[FrameHash]) -> bool:
    return bool(copy) and frames >= min(LEAST_FRAMES, len(copy))


def _lookups(rows: int, asked: int) -> dict[str, Any]:
    """Time and memory of lookups in a real store of this many random hashes: random ones cost what real ones cost.

    `lookup_ms` is of one hash, `post_ms` of a whole post (all its hashes, and what is read of the store), `load_s` the
    first lookup after the start, `added_ms` the first after a post was added.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store") as store:
        posts = _fill(store, rows, random)
        config = Config(store=Path(folder) / "store")
        start = time.perf_counter()
        index = index_of(store)
        load_s = time.perf_counter() - start
        assert index.count == rows
        own = (index.words.nbytes + index.posts.nbytes) / 1e6
        taken, whole, added = [], [], []
        for place in range(asked):
            bits = np.ascontiguousarray(index.words[:, place * 7 % rows]).tobytes()
            start = time.perf_counter()
            hits = index.near(bits)
            taken.append((time.perf_counter() - start) * 1000)
            assert (int(index.posts[place * 7 % rows]), 0) in hits
        mine, other = store.accounts()
        for number in posts[: min(10, asked)]:
            post = store.post(number)
            start = time.perf_counter()
            copies_of(post, mine, store=store, config=config)
            whole.append((time.perf_counter() - start) * 1000)
            copy = store.record_poll(
                PollRecord(other.id, _NOW, "ok"), posts=[SeenPost(f"copy {number}", f"https://x.example/{number}")],
                next_check_at=_NOW, succeeded=True,
            )[0]  # fmt: skip
            store.record_fingerprint(copy.id, [replace(one, post_id=copy.id) for one in store.fingerprint(number)])
            start = time.perf_counter()
            found = copies_of(post, mine, store=store, config=config)
            added.append((time.perf_counter() - start) * 1000)
            assert found is not None
            assert [one.url for one in found] == [copy.url]
    return {
        "hashes": rows,
        "lookup_ms": round(float(np.median(taken)), 2),
        "lookup_p95_ms": round(float(np.quantile(taken, 0.95)), 2),
        "post_ms": round(float(np.median(whole)), 1),
        "added_ms": round(float(np.median(added)), 1),
        "load_s": round(load_s, 2),
        "memory_mb": round(own, 1),
        "peak_memory_grew_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def _fill(store: Store, rows: int, random: np.random.Generator) -> list[int]:
    """Posts of one account with random fingerprints, until the searched hashes are so many; their ids."""
    wanted = [WantedAccount(f"https://x.example/{name}", "web", None, name, 900) for name in ("one", "other")]
    store.sync_accounts(wanted)
    account = store.accounts()[0].id
    searched = 1 + len(BORDERS)
    posts = -(-rows // (KEY_FRAMES * searched))
    with store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO posts (id, account_id, platform_id, url, state, first_seen_at, state_since) "
            "VALUES (?, ?, ?, ?, 'judged', ?, ?)",
            (
                (post, account, str(post), f"https://x.example/one/{post}", *(_NOW_TEXT,) * 2)
                for post in range(1, posts + 1)
            ),
        )
        made = (
            (post, float(frame), kind, random.bytes(32))
            for post in range(1, posts + 1)
            for frame in range(KEY_FRAMES)
            for kind in ("whole", *("inner",) * len(BORDERS))
        )
        db.conn.executemany(
            "INSERT INTO frame_hashes (post_id, time_s, kind, hash, quality) VALUES (?, ?, ?, ?, 90)",
            itertools.islice(made, rows),
        )
    return list(range(1, posts))


def _films(
    folder: Path, finder: FaceFinder, paths: Sequence[Path], options: Options
) -> Iterator[tuple[Film, dict[str, Film]]]:
    """Each film as it is posted first, and its copies."""
    for path in options.progress.track(paths, description="copies"):
        pictures, rate = _pictures(path)
        first = folder / "first.mp4"
        _write(first, pictures, rate, 20)
        sources = _sources(path.stem)
        copies = {}
        for name, change in TRANSFORMATIONS.items():
            _write(folder / "copy.mp4", [change(one) for one in pictures], rate, 34)
            copies[name] = Film(path.stem, sources, _fingerprint(folder / "copy.mp4", finder))
        yield Film(path.stem, sources, _fingerprint(first, finder)), copies


def run(options: Options) -> Figures:
    """Post, copy, look up; then the cost among a million."""
    cv2.setNumThreads(1)
    clips = options.data / "clips"
    if not clips.is_dir():
        raise CannotRun(f"{clips}: there are no clips; name the data folder with --data")
    paths = sorted(clips.glob("*.mp4"))
    if options.quick:
        paths = paths[:: max(1, len(paths) // 3)]
    figures: dict[str, Any] = _lookups(QUICK_HASHES if options.quick else MILLION, 20 if options.quick else 100)
    finder = FaceFinder(*load_model("faces", None))
    with tempfile.TemporaryDirectory() as folder:
        films = list(_films(Path(folder), finder, paths, options))
    found = {}
    for name in TRANSFORMATIONS:
        hits = sum(
            _is_copy(matched(copies[name].hashes, film.hashes)[0], copies[name].hashes) for film, copies in films
        )
        found[name] = {
            "clips": len(films),
            "found": hits,
            "share": hits / len(films),
            "interval": wilson(hits, len(films)),
        }
    pairs = [(one, other) for one, _ in films for other, _ in films if one is not other]
    strangers = [(one, other) for one, other in pairs if not one.sources & other.sources]
    false = sum(_is_copy(matched(one.hashes, other.hashes)[0], one.hashes) for one, other in strangers)
    same_film = [(one, other) for one, other in pairs if one.sources & other.sources]
    told = [matched(one.hashes, other.hashes) for one, other in same_film]
    worn = [matched(copies["half"].hashes, film.hashes)[1] for film, copies in films]
    compared = [away for away in worn if away is not None]
    return figures | {
        "photographs": photographs(options),
        "found": found,
        "false_matches": {"pairs": len(strangers), "found": false, "interval": wilson(false, len(strangers))},
        "same_film_other_face": {
            "pairs": len(told),
            "same_pictures": sum(frames >= LEAST_FRAMES for frames, _ in told),
            "face_told_apart": sum(away is not None and away >= OTHER_FACE for _, away in told),
            "true_copies_taken_for_edited": sum(away >= OTHER_FACE for away in compared),
            "true_copies_compared": len(compared),
        },
    }
