"""A second copy of a collection as a platform would send it: shrunk and through H.264 at a low rate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detectors.geometry import SQUARE
from training.data import Image
from training.forgery_data import Collection
from training.h264 import through_h264

STREAM = 100
"""Faces that share one encoder, and so one size and rate."""

LOOKS = 3
"""Frames a face is shown for, a little moved each time; the last is kept, which is predicted as most frames are."""


def compressed(collection: Collection, work: Path, seed: int) -> NDArray[np.uint8]:
    """The collection's pixels after compression, uint8 [n, 160, 160, 3], in a random order of rates; kept on disk."""
    kept = work / f"{collection.name}-compressed.npy"
    if not kept.is_file():
        random = np.random.default_rng((seed, len(collection.fake)))
        out = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
            kept.with_suffix(".part"), "w+", np.uint8, collection.pixels.shape
        )
        # genuine and synthetic faces share each stream, so that a rate is no hint
        order = random.permutation(len(collection.fake))
        for start in range(0, len(order), STREAM):
            rows = order[start : start + STREAM]
            side = 2 * int(random.integers(40, 81))
            rate = int(random.integers(22, 41))
            faces = [np.array(collection.pixels[row]) for row in rows]
            for row, face in zip(rows, crops_through_h264(faces, side, rate, random), strict=True):
                out[row] = face
        out.flush()
        kept.with_suffix(".part").replace(kept)
        print(f"forgery: compressed {len(order)} crops of {collection.name}", file=sys.stderr, flush=True)
    loaded: NDArray[np.uint8] = np.load(kept, mmap_mode="r")
    return loaded


def crops_through_h264(faces: list[Image], side: int, rate: int, random: Generator) -> Iterator[Image]:
    """Each face at `side` px through one stream at this constant rate factor, and back to 160 px."""
    options = {"preset": "veryfast", "g": str(LOOKS), "sc_threshold": "0", "bf": "0"}
    for picture in through_h264(_shown(faces, side, random), rate, **options)[LOOKS - 1 :: LOOKS]:
        yield np.asarray(cv2.resize(picture, (SQUARE, SQUARE), interpolation=cv2.INTER_LINEAR), np.uint8)


def _shown(faces: list[Image], side: int, random: Generator) -> Iterator[Image]:
    """The frames of the stream: each face LOOKS times, moved less and less, at last in its place."""
    for face in faces:
        for look in range(LOOKS):
            dx, dy = random.normal(0, 1, 2) * (LOOKS - 1 - look)
            if look == LOOKS - 1:  # an area filter, as a platform's scaler has
                yield np.asarray(cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
            else:
                move = np.array([[side / SQUARE, 0, dx], [0, side / SQUARE, dy]], np.float64)
                moved = cv2.warpAffine(face, move, (side, side), borderMode=cv2.BORDER_REPLICATE)
                yield np.asarray(moved, np.uint8)


def squeezed_clip(source: Path, target: Path, rate: int = 38, frames: int | None = None) -> Path:
    """Encode a clip's pictures anew at a low rate (H.264, constant rate factor 38), without its sound.

    Args:
        source: the clip.
        target: where the copy goes.
        rate: constant rate factor, 0 to 51.
        frames: how many of its first pictures; None for all.
    """
    with av.open(str(source)) as given, av.open(str(target), "w") as written:
        stream = given.streams.video[0]
        out = written.add_stream("libx264", rate=stream.average_rate or 25)
        out.width, out.height, out.pix_fmt = stream.width // 2 * 2, stream.height // 2 * 2, "yuv420p"
        out.options = {"crf": str(rate), "preset": "veryfast"}
        for number, frame in enumerate(islice(given.decode(stream), frames)):
            shown = frame.reformat(width=out.width, height=out.height, format="yuv420p")
            shown.pts, shown.time_base = number, 1 / (stream.average_rate or Fraction(25))
            written.mux(out.encode(shown))
        written.mux(out.encode(None))
    return target
