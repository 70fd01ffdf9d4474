"""A data folder in which a red square is a face, a teacher that knows it, and YuNet's place taken by both."""

from __future__ import annotations

import zipfile
from itertools import count
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.faces import FaceFinder
from detectors.model_files import load_model
from tests.conftest import STAND_INS, square_clip
from training.data import Image, held_out
from training.faces_measure import Peers
from training.faces_split import HELD_OUT, TUNED
from training.teachers import YuNet


class RedSquares:
    """A teacher that answers with the red square of a picture, and with a face in the corner of bright ones."""

    def __call__(self, rgb: Image) -> NDArray[np.float32]:
        rows, columns = np.nonzero((rgb[..., 0] > 150) & (rgb[..., 1] < 120))
        told = []
        if rows.size:
            x, y, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            points = [[x, y], [right, y], [(x + right) / 2, (y + bottom) / 2], [x, bottom], [right, bottom]]
            told.append([x, y, right - x, bottom - y, *np.ravel(points), 0.9])
        if rgb[2, 2, 2] > 150:
            side = min(rgb.shape[:2]) // 4
            told.append([0, 0, side, side, *([1.0] * 10), 0.8])
        return np.asarray(told, np.float32).reshape(-1, 15)


def picture(gray: int, left: int = 60) -> bytes:
    rgb = np.full((200, 200, 3), gray, np.uint8)
    rgb[60:140, left : left + 80] = (235, 20, 20)
    done, data = cv2.imencode(".webp", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, 101])
    assert done
    return data.tobytes()


def names(side: str, form: str, salt: str) -> list[str]:
    """Six names that are "held out", "tuned" on or "trained" on."""
    found: list[str] = []
    for number in count():
        name = form.format(number)
        own = "held out" if held_out(name, HELD_OUT, salt) else "tuned" if held_out(name, TUNED, salt) else "trained"
        if own == side:
            found.append(name)
        if len(found) == 6:
            return found
    raise AssertionError


def write_data(data: Path) -> None:
    """Six held-out people: in four pictures the teacher sees the square alone, in two another face, too.

    Of six people that the threshold is chosen on it sees the square alone. Pictures of people trained on would add
    misses.
    """
    (data / "faces").mkdir(parents=True)
    with zipfile.ZipFile(data / "faces" / "lfw.zip", "w") as archive:
        for number, name in enumerate(names("held out", "Person_{}", "faces")):
            archive.writestr(f"{name}/{name}_0001.webp", picture(190 if number < 2 else 90))
        for name in names("tuned", "Person_{}", "faces"):
            archive.writestr(f"{name}/{name}_0001.webp", picture(90))
        for name in names("trained", "Person_{}", "faces"):
            archive.writestr(f"{name}/{name}_0001.webp", picture(190))
    with zipfile.ZipFile(data / "faces" / "utkface.zip", "w") as archive:
        for number, name in enumerate(names("held out", "30_0_1_{}.webp", "faces")):
            archive.writestr(name, picture(90, left=60 if number else 110))  # one square beside the middle
        for name in names("trained", "70_1_2_{}.webp", "faces"):
            archive.writestr(name, picture(90))
    square_clip(data / "clips" / "one.mp4", 20)
    group = names("held out", "clip {}", "clips")[0]
    (data / "clips" / "index.csv").write_text(f"file,label,method,group\none.mp4,real,,{group}\n")


def take_places(monkeypatch: pytest.MonkeyPatch, module: str, folder: Path) -> None:
    """Let a module compare with the stand-ins: YuNet cannot be part of the tests."""
    session, card = load_model("faces", STAND_INS / "faces.onnx")
    finder = FaceFinder(session, card)
    peers = Peers(cast(YuNet, RedSquares()), finder, session, folder)
    monkeypatch.setattr(f"{module}.Peers.load", lambda teachers: peers)
    times = {name: {"network": ms, "search": 2 * ms} for name, ms in (("ours", 3.0), ("yunet", 2.0))}
    monkeypatch.setattr(f"{module}.milliseconds", lambda *_: times)
