"""The frames of a post as one small picture for a mail: side by side, with a box around each face.

The photo of the protected person stands before them where there is one, so that faces can be compared at a glance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.digest.formats import clip_time
from bot.digest.model import Picture

HEIGHT = 220
"""Pixels; a phone shows the strip in its own width, a desktop at this height."""

WIDEST = 544
"""Pixels; the column of the mail is 600 wide, with 28 on each side."""

MOST = 3
"""Frames of one strip."""

_ROOM_BESIDE_A_PORTRAIT = 720
"""Pixels before the strip is made smaller: so the compared face and two upright frames still find room."""

_QUALITY = 78
_GAP = 4
_LINE = (60, 200, 255)  # blue, green, red: amber is seen on skin, hair and sky


def strip(pictures: Sequence[Picture], portrait: Picture | None = None) -> bytes | None:
    """The frames as one JPEG of at most :data:`WIDEST` by :data:`HEIGHT` pixels; None where none can be read.

    A `portrait` is the first picture, and never the only one: without the clip there is nothing to compare it with.
    """
    import cv2  # not with the module: the commands' help loads no decoder

    frames = [frame for picture in pictures if (frame := _frame(picture)) is not None][:MOST]
    beside = _frame(portrait) if portrait is not None and frames else None
    row, room = (frames, WIDEST) if beside is None else ([beside, *frames], _ROOM_BESIDE_A_PORTRAIT)
    surely = len(row) - len(frames) + 1  # the first frame is shown however wide it is
    chosen: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = []
    width = 0
    for place, frame in enumerate(row):
        if place >= surely and width + _GAP + frame.shape[1] > room:
            break
        if chosen:
            chosen.append(np.full((HEIGHT, _GAP, 3), 255, np.uint8))
        chosen.append(frame)
        width = sum(part.shape[1] for part in chosen)
    if not chosen:
        return None
    joined = np.hstack(chosen)
    if width > WIDEST:
        joined = cv2.resize(joined, (WIDEST, HEIGHT * WIDEST // width), interpolation=cv2.INTER_AREA).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", joined, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(jpeg.tobytes())


def described(pictures: Sequence[Picture], portrait: Picture | None = None) -> str:
    """What the strip shows, for those who do not see it."""
    shown = pictures[:MOST]
    times = [clip_time(picture.at_s) for picture in shown if picture.at_s is not None]
    at = f" at {', '.join(times)}" if times else ""
    boxes = ", each with a box around the face" if any(picture.box for picture in shown) else ""
    frames = f"rames of the clip{at}{boxes}"
    return f"F{frames}" if portrait is None else f"A {portrait.label}, then f{frames}"


def _frame(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None:
    import cv2

    decoded = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return None
    width = max(1, round(decoded.shape[1] * HEIGHT / decoded.shape[0]))
    frame = cv2.resize(decoded, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    if picture.box is not None:
        left, top, wide, high = picture.box
        corner = (int(left * width), int(top * HEIGHT))
        opposite = (int((left + wide) * width), int((top + high) * HEIGHT))
        cv2.rectangle(frame, corner, opposite, _LINE, 2)
    return np.ascontiguousarray(frame, dtype=np.uint8)


__all__ = ["HEIGHT", "WIDEST", "described", "strip"]
