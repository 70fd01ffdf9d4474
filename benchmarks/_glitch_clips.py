"""The clips of the benchmark of glitches: faults at known times, and what looks like one and is none.

Everything is drawn from one seed. A clip is a plan over an excerpt (which picture when), so that faults and benign
clips go through the same encoder at the same qualities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.random import Generator

from benchmarks._glitch_film import Excerpt, Film, Picture, excerpt, fitted, length, screen, steady, titled, write
from benchmarks._glitch_sight import off_px
from detectors.clip import decode
from detectors.cuts import cut_times

KINDS = ("freeze", "stutter", "drop")
SHORTEST, LONGEST = 3, 15
"""Frames of a freeze, and of a dropped run."""

QUALITIES = (20, 28)
"""Lowest and highest x264 constant rate factor; 23 is the default, platforms use 23 to 28."""

FAULTY_S, BENIGN_S = 5.0, 8.0
"""Length of an excerpt that gets a fault, and of a benign one."""

_MARGIN_S = 1.0  # a fault keeps this distance from both ends
_FROM_CUT_S = 0.5  # ... and this from every cut


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done to a clip: from when to when in seconds, how many frames, and in which way."""

    kind: str
    way: str
    frames: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that was made.

    Attributes:
        path: the file.
        source: the clip it was made from.
        fault: what was done to it, or None.
        benign: the name of the benign kind, or "".
        off_px: how far the fault puts the picture off, see :func:`benchmarks._glitch_sight.off_px`.
    """

    path: Path
    source: str
    fault: Fault | None = None
    benign: str = ""
    off_px: float = 0.0


def faulty(sources: Sequence[Path], count: int, folder: Path, rng: Generator) -> Iterator[Made]:
    """Make so many clips with one fault each, the three kinds in turn, the sources in turn.

    The time of the fault is drawn evenly over the excerpt, whether the picture moves there or not.
    """
    cuts = {path: cut_times(decode(path, steps=False)) for path in sources}
    for number in range(count):
        path = sources[number // len(KINDS) % len(sources)]
        kind = KINDS[number % len(KINDS)]
        taken, own_cuts = _excerpt(path, FAULTY_S, rng, cuts[path])
        start = _start(taken, own_cuts, rng)
        film, fault = FAULTS[kind](taken, start, rng)
        crf = int(rng.integers(QUALITIES[0], QUALITIES[1] + 1))
        written = write(folder / f"{number:03d}_{kind}.mp4", film, taken.rate, crf)
        yield Made(written, path.stem, fault, off_px=off_px(taken.pictures, fault.way, start, fault.frames))


def benign(sources: Sequence[Path], folder: Path, rng: Generator, kinds: Sequence[str] = ()) -> Iterator[Made]:
    """Make one clip of every benign kind (or of those named) from each source."""
    for path in sources:
        for kind in kinds or BENIGN:
            taken, _ = _excerpt(path, BENIGN_S, rng, ())
            others = [one for one in sources if one != path] or [path]
            other, _ = _excerpt(others[int(rng.integers(len(others)))], BENIGN_S, rng, ())
            film, rate = BENIGN[kind](taken, other, rng)
            crf = int(rng.integers(QUALITIES[0], QUALITIES[1] + 1))
            yield Made(write(folder / f"{path.stem}_{kind}.mp4", film, rate, crf), path.stem, benign=kind)


def _excerpt(path: Path, seconds: float, rng: Generator, cuts: Sequence[float]) -> tuple[Excerpt, list[float]]:
    """A random stretch of a clip, and the cuts in it by its own clock."""
    whole = length(path)
    with_rate = excerpt(path, 0, 1).rate
    count = min(whole, round(seconds * with_rate))
    first = int(rng.integers(whole - count + 1))
    taken = excerpt(path, first, count)
    return taken, [time - float(first / taken.rate) for time in cuts]


def _start(taken: Excerpt, cuts: Sequence[float], rng: Generator) -> int:
    """The frame before the fault: anywhere but at the ends and at cuts."""
    margin = round(_MARGIN_S * taken.rate)
    free = [
        index
        for index in range(margin, len(taken.pictures) - margin - LONGEST)
        if all(abs(float((index + shift) / taken.rate) - cut) > _FROM_CUT_S for cut in cuts for shift in (0, LONGEST))
    ]
    return int(rng.choice(free))


def _freeze(taken: Excerpt, start: int, rng: Generator) -> tuple[Film, Fault]:
    """One frame stands for 3 to 15 more; then the film goes on where it stopped, or where it would have been."""
    count = int(rng.integers(SHORTEST, LONGEST + 1))
    way = "inserted" if rng.random() < 0.5 else "held"
    pictures = list(taken.pictures)
    after = start + 1 if way == "inserted" else start + 1 + count
    shown = pictures[: start + 1] + [pictures[start]] * count + pictures[after:]
    return steady(shown, taken.rate), _fault(("freeze", way), count, start, start + count, taken)


def _stutter(taken: Excerpt, start: int, rng: Generator) -> tuple[Film, Fault]:
    """For 0.4 to 0.8 s only every second or third frame comes; or the frames come at uneven times."""
    count = round(float(rng.uniform(0.4, 0.8)) * taken.rate)
    way = str(rng.choice(["every second", "every third", "uneven times"]))
    pictures = list(taken.pictures)
    if way != "uneven times":
        step = 2 if way == "every second" else 3
        for index in range(start, min(start + count, len(pictures))):
            pictures[index] = taken.pictures[start + (index - start) // step * step]
        return steady(pictures, taken.rate), _fault(("stutter", way), count, start, start + count, taken)
    film = steady(pictures, taken.rate)
    step_s = float(1 / taken.rate)
    shown = list(film.shown)
    for index in range(start, start + count):  # up to 0.9 of a step late, never out of order
        late = float(rng.uniform(0.3, 0.9)) if (index - start) % 2 == 0 else 0.0
        shown[index] = (shown[index][0], shown[index][1] + late * step_s)
    return Film(tuple(shown), film.end_s), _fault(("stutter", way), count, start, start + count, taken)


def _drop(taken: Excerpt, start: int, rng: Generator) -> tuple[Film, Fault]:
    """3 to 15 frames are missing; the times of the others tell it, or were closed up."""
    count = int(rng.integers(SHORTEST, LONGEST + 1))
    way = "gap in the times" if rng.random() < 0.5 else "closed up"
    kept = list(taken.pictures[: start + 1]) + list(taken.pictures[start + 1 + count :])
    if way == "closed up":
        return steady(kept, taken.rate), _fault(("drop", way), count, start, start + 1, taken)
    film = steady(taken.pictures, taken.rate)
    shown = film.shown[: start + 1] + film.shown[start + 1 + count :]
    return Film(shown, film.end_s), _fault(("drop", way), count, start, start + 1 + count, taken)


def _fault(named: tuple[str, str], frames: int, first: int, last: int, taken: Excerpt) -> Fault:
    return Fault(*named, frames, float(first / taken.rate), float(last / taken.rate))


FAULTS: dict[str, Callable[[Excerpt, int, Generator], tuple[Film, Fault]]] = {
    "freeze": _freeze,
    "stutter": _stutter,
    "drop": _drop,
}

Benign = tuple[Film, Fraction]


def _encoded(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """Only encoded once more."""
    return steady(taken.pictures, taken.rate), taken.rate


def _converted(taken: Excerpt, source: int, target: int) -> Benign:
    """As if filmed at `source` frames a second, then brought to `target` by repeating or leaving out frames."""
    count = int(len(taken.pictures) * target / source)
    return steady([taken.pictures[index * source // target] for index in range(count)], Fraction(target)), Fraction(
        target
    )


def _phone(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """A phone: every frame at its own time, and a slower rate while it is dark."""
    step = float(1 / taken.rate)
    dark = float(rng.uniform(0.2, 0.5)) * len(taken.pictures)
    shown, time, due = [], 0.0, 0.0
    for index, picture in enumerate(taken.pictures):
        slow = dark <= index < dark + len(taken.pictures) / 4
        if slow and index % 2:
            continue
        time = max(index * step + float(rng.normal(0, 0.002)), due)
        due = time + 0.005
        shown.append((picture, time))
    return Film(tuple(shown), time + step), taken.rate


def _cuts(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """Two clips, cut against each other every one to two seconds."""
    like, shown, turn, at = taken.pictures[0], [], 0, 0
    end = min(len(taken.pictures), len(other.pictures))
    while at < end:
        until = min(end, at + round(float(rng.uniform(1, 2)) * taken.rate))
        part = (taken, other)[turn % 2].pictures[at:until]
        shown += [fitted(picture, like) for picture in part]
        at, turn = until, turn + 1
    return steady(shown, taken.rate), taken.rate


def _faded(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """From black, over a dissolve into another clip, to black."""
    like, rate, long = taken.pictures[0], taken.rate, round(0.5 * taken.rate)
    half = min(len(taken.pictures), len(other.pictures)) // 2
    one = list(taken.pictures[:half])
    two = [fitted(picture, like) for picture in other.pictures[:half]]
    black = np.zeros_like(like)
    for index in range(long):
        share = (index + 1) / (long + 1)
        one[index] = _blend(black, one[index], share)
        two[half - 1 - index] = _blend(black, two[half - 1 - index], share)
    middle = [_blend(one[half - long + index], two[index], (index + 1) / (long + 1)) for index in range(long)]
    return steady(one[: half - long] + middle + two[long:] + [black] * 8, rate), rate


def _blend(one: Picture, two: Picture, share: float) -> Picture:
    return np.asarray(np.rint(one * (1 - share) + two * share), np.uint8)


def _title(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """A card, some film, a card, some film, and the last frame held."""
    rate, like = taken.rate, taken.pictures[0]
    cards = [[titled(like, text, card=True)] * round(float(rng.uniform(0.6, 2)) * rate) for text in ("ONE", "TWO")]
    half = len(taken.pictures) // 2
    end = [taken.pictures[-1]] * round(float(rng.uniform(0.2, 1)) * rate)
    return steady([*cards[0], *taken.pictures[:half], *cards[1], *taken.pictures[half:], *end], rate), rate


def _slides(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """Pictures, each for 0.7 to 2.5 s: some stand, some are zoomed into slowly."""
    rate, shown = taken.rate, []
    for picture in (*taken.pictures[::40], *other.pictures[::40]):
        like = fitted(picture, taken.pictures[0])
        count = round(float(rng.uniform(0.7, 2.5)) * rate)
        moves = rng.random() < 0.5
        height, width = like.shape[:2]
        for index in range(count):
            cut = int(0.15 * index / count * height) if moves else 0
            across = cut * width // height
            shown.append(fitted(like[cut : height - cut, across : width - across], like) if cut else like)
    return steady(shown[: round(12 * rate)], rate), rate


def _desktop(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """A desktop, filmed at 8 to 15 frames a second into a file of 30."""
    height, width = taken.pictures[0].shape[:2]
    pictures = islice(screen(width, height, rng), 400)
    return _slowly(pictures, int(rng.integers(8, 16)), round(BENIGN_S * 30), rng)


def _call(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """A talking head on a screen, filmed at 8 to 15 frames a second into a file of 30."""
    rate = int(rng.integers(8, 16))
    return _slowly(iter(taken.pictures[:: max(1, round(taken.rate / rate))]), rate, round(BENIGN_S * 30), rng)


def _slowly(pictures: Iterator[Picture], rate: int, count: int, rng: Generator) -> Benign:
    """Repeat pictures so that about `rate` new ones come a second, up to one frame early or late."""
    shown: list[Picture] = []
    for number, picture in enumerate(pictures):
        due = (number + 1) * 30 / rate + float(rng.uniform(-1, 1))
        shown += [picture] * max(1, round(due) - len(shown))
        if len(shown) >= count:
            break
    return steady(shown[:count], Fraction(30)), Fraction(30)


def _captions(taken: Excerpt, other: Excerpt, rng: Generator) -> Benign:
    """Words that come and go at the lower edge."""
    words, shown, at = ["so I said", "no way", "and then he", "just left", "OK?", ""], [], 0
    while at < len(taken.pictures):
        until = at + round(float(rng.uniform(0.3, 1.2)) * taken.rate)
        text = str(rng.choice(words))
        shown += [titled(picture, text) if text else picture for picture in taken.pictures[at:until]]
        at = until
    return steady(shown, taken.rate), taken.rate


BENIGN: dict[str, Callable[[Excerpt, Excerpt, Generator], Benign]] = {
    "encoded": _encoded,
    "24 to 30": lambda taken, other, rng: _converted(taken, 24, 30),
    "25 to 30": lambda taken, other, rng: _converted(taken, 25, 30),
    "30 to 60": lambda taken, other, rng: _converted(taken, 30, 60),
    "25 to 60": lambda taken, other, rng: _converted(taken, 25, 60),
    "30 to 25": lambda taken, other, rng: _converted(taken, 30, 25),
    "phone": _phone,
    "cuts": _cuts,
    "fades": _faded,
    "title cards": _title,
    "slide show": _slides,
    "screen recording": _desktop,
    "filmed call": _call,
    "captions": _captions,
}
