"""What several rooms' tests stand on: a loopback platform, real clips, configurations with the stand-in models."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Config, load
from bot.demo.platforms import StandIn, TikTok
from bot.log import redaction

STAND_INS = Path(__file__).parent / "detectors" / "stand_ins"
"""Models whose right answer is known: a red square is a face, and brightness is synthesis."""

PERSON = "Aurelio Vantor"
OFFICIAL = "https://www.tiktok.com/@aureliovantor"

MakeConfig = Callable[..., Path]
"""Writes a configuration into a folder and returns its path; keywords replace or add sections."""


def configuration(folder: Path, **sections: object) -> dict[str, Any]:
    """A configuration as plain values: one protected person, the stand-in models, everything below `folder`."""
    values: dict[str, Any] = {
        "store": str(folder / "store"),
        "people": [{"name": PERSON, "official": [OFFICIAL]}],
        "digest": {"folder": str(folder / "digests"), "timezone": "UTC", "time": "07:30"},
        "models": {name: str(STAND_INS / f"{name}.onnx") for name in ("faces", "forgery")},
        "limits": {"time": "20 s"},
    }
    for name, value in sections.items():
        before = values.get(name)
        values[name] = {**before, **value} if isinstance(before, dict) and isinstance(value, Mapping) else value
    return values


def write_config(folder: Path, **sections: object) -> Path:
    """The configuration as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(configuration(folder, **sections)), encoding="utf-8")
    return path


def make_config(folder: Path, **sections: object) -> Config:
    """The configuration as the watch reads it."""
    return load(write_config(folder, **sections))


def settle(folder: Path, age_s: float = 3600) -> None:
    """Make the files of a folder as old as a finished copy is, so that the folder source takes them."""
    then = time.time() - age_s
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (then + number, then + number))


@pytest.fixture(autouse=True)
def no_secret_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a process that has read no secret: one that was would be taken out of what others expect."""
    monkeypatch.setattr(redaction, "_known", set())
    monkeypatch.setattr(redaction, "_pattern", None)


@pytest.fixture(scope="session")
def platform() -> Iterator[StandIn]:
    """A loopback TikTok without any account; each test puts its own there, under handles of its own."""
    with StandIn(TikTok()) as made:
        yield made


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second and a half in which the stand-in models find one dark, hence genuine, face."""
    from tests.detectors.media import write_video, written_square

    frames = [written_square(index) for index in range(30)]
    return write_video(tmp_path_factory.mktemp("clips") / "face.mp4", frames, rate=20)


@pytest.fixture(scope="session")
def empty_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of gray, without sound and without a face."""
    import numpy as np

    from tests.detectors.media import SIZE, write_video

    frames = [np.full((*SIZE, 3), 60 + index, np.uint8) for index in range(12)]
    return write_video(tmp_path_factory.mktemp("clips") / "empty.mp4", frames, rate=25)


DARK, BRIGHT = 10, 140
"""Green and blue of the square: the mean brightness is then well below and well above the model's middle of 128."""


def square_clip(path: Path, shade: int) -> Path:
    """Twelve frames in which the stand-in models find one face of this shade."""
    from tests.detectors.media import write_video, written_square

    frames = []
    for index in range(12):
        picture = written_square(index)
        picture[(picture[..., 0] > 200) & (picture[..., 1] < 60)] = (235, shade, shade)
        frames.append(picture)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_video(path, frames, rate=12)


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Genuine clips are dark but for one, synthetic ones bright but for one; three files cannot have a score."""
    import cv2
    import numpy as np

    from tests.detectors.media import SIZE, write_video, written_square

    root = tmp_path_factory.mktemp("labelled")
    dark = square_clip(root / "dark.mp4", DARK).read_bytes()
    bright = square_clip(root / "bright.mp4", BRIGHT).read_bytes()
    for name, content in {
        "real/one.mp4": dark,
        "real/two.mp4": dark,
        "real/wrong.mp4": bright,
        "fake/swap/anna/one.mp4": bright,
        "fake/swap/anna/two.mp4": bright,
        "fake/swap/bob/<b>one</b>.mp4": bright,
        "fake/other/one.mp4": bright,
        "fake/other/wrong.mp4": dark,
        "fake/other/broken.mp4": b"not a clip",
        "real/notes.txt": b"not looked at",
        "real/.hidden.mp4": dark,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    cv2.imwrite(str(root / "real" / "still.jpg"), cv2.cvtColor(written_square(0), cv2.COLOR_RGB2BGR))
    write_video(root / "real" / "nobody.mp4", [np.full((*SIZE, 3), 60 + index, np.uint8) for index in range(12)])
    return root
