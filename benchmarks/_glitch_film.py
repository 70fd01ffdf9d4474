"""Short films for the benchmark of glitches: an excerpt of a clip is read once, and written as a plan says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

LONG_SIDE = 640
"""Long side of the films: phones and platforms show talking heads so, and 200 films are encoded in minutes."""

_CLOCK = 90_000  # ticks a second of the films, fine enough for every usual rate and for the jitter of phones


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Consecutive RGB pictures (uint8 [height, width, 3], even sides) of one clip, and their rate a second."""

    name: str
    pictures: tuple[Picture, ...]
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Film:
    """What is shown when: pictures with their times in seconds, strictly increasing, and when the last one ends."""

    shown: tuple[tuple[Picture, float], ...]
    end_s: float


def length(path: Path) -> int:
    """Number of frames of a clip, as its index tells."""
    with av.open(str(path)) as container:
        return int(container.streams.video[0].frames)


def excerpt(path: Path, first: int, count: int) -> Excerpt:
    """Frames `first` to `first + count` of a clip (fewer where it ends), shrunk to a long side of 640 pixels."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        rate = Fraction(stream.average_rate or 25)
        kept = []
        for index, frame in enumerate(container.decode(stream)):
            if index >= first + count:
                break
            if index >= first:
                kept.append(_shrunk(frame))
    return Excerpt(path.stem, tuple(kept), rate)


def _shrunk(frame: VideoFrame) -> Picture:
    scale = min(1.0, LONG_SIDE / max(frame.width, frame.height))
    width, height = (2 * round(side * scale / 2) for side in (frame.width, frame.height))
    return np.asarray(frame.reformat(width, height, "rgb24", interpolation="AREA").to_ndarray(), np.uint8)


def fitted(picture: Picture, like: Picture) -> Picture:
    """A picture at the size of another one, for films that join several clips."""
    height, width = like.shape[:2]
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def steady(pictures: Sequence[Picture], rate: Fraction) -> Film:
    """The pictures one after the other at a constant rate."""
    return Film(
        tuple((picture, float(index / rate)) for index, picture in enumerate(pictures)), float(len(pictures) / rate)
    )


def write(path: Path, film: Film, rate: Fraction, crf: int) -> Path:
    """Encode a film as H.264 in MP4, as an ordinary program does: x264 with a constant quality, B-frames, long groups.

    Args:
        path: where to; the suffix must be .mp4.
        film: what to show.
        rate: nominal rate a second, which the encoder only uses for its group length.
        crf: x264's constant rate factor, 18 (fine) to 28 (coarse); its default is 23.
    """
    height, width = film.shown[0][0].shape[:2]
    ends = [time for _, time in film.shown[1:]] + [film.end_s]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = Fraction(1, _CLOCK)
        stream.options = {"preset": "veryfast", "crf": str(crf)}
        for (picture, time), end in zip(film.shown, ends, strict=True):
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = Fraction(1, _CLOCK)
            frame.pts, frame.duration = round(time * _CLOCK), round((end - time) * _CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def titled(picture: Picture, text: str, *, card: bool = False) -> Picture:
    """The picture with a line of text near its lower edge, or a dark card with the text in its middle."""
    height, width = picture.shape[:2]
    drawn = np.full_like(picture, 24) if card else picture.copy()
    at = (width // 10, height // 2 if card else height - height // 8)
    for colour, weight in (((0, 0, 0), 5), ((255, 255, 255), 2)):
        cv2.putText(drawn, text, at, cv2.FONT_HERSHEY_SIMPLEX, width / 600, colour, weight, cv2.LINE_AA)
    return drawn


def screen(width: int, height: int, rng: np.random.Generator) -> Iterator[Picture]:
    """A drawn desktop without end: text that scrolls and is typed, a pointer that moves, and pauses between."""
    rows = 40
    page = np.full((height * 6, width, 3), 245, np.uint8)
    for row in range(20, page.shape[0] - 10, rows // 2):
        x = 20
        while x < width - 60:
            word = int(rng.integers(12, 60))
            cv2.rectangle(page, (x, row), (x + word, row + 8), (60, 60, 70), -1)
            x += word + 10
    scroll, pointer, aim = 0.0, np.array([width / 2, height / 2]), np.array([width / 2, height / 2])
    doing, left = "wait", 3
    while True:
        if left == 0:
            doing, left = str(rng.choice(["wait", "scroll", "point", "type"])), int(rng.integers(2, 12))
            aim = rng.uniform((20, 20), (width - 20, height - 20))
        left -= 1
        if doing == "scroll":
            scroll = (scroll + rng.uniform(8, 40)) % (page.shape[0] - height)
        elif doing == "point":
            pointer = pointer + 0.4 * (aim - pointer)
        elif doing == "type":
            x, y = int(aim[0]), int(scroll + aim[1]) % (page.shape[0] - 12)
            cv2.rectangle(page, (x, y), (x + 8, y + 10), (20, 20, 160), -1)
            aim = np.array([(aim[0] + 10) % (width - 10), aim[1]])
        shown = page[int(scroll) : int(scroll) + height].copy()
        left_top = (int(pointer[0]), int(pointer[1]))
        cv2.drawMarker(shown, left_top, (0, 0, 0), cv2.MARKER_TRIANGLE_UP, 14, 3)
        yield shown
