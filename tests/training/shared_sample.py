"""A small data folder out of the folder of shared data: a few of everything, kept out of training or not."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

Rows = list[dict[str, str]]

CLIPS = (
    "ffpp_Deepfakes_654_648.mp4",
    "ffpp_Face2Face_175_159.mp4",
    "ffpp_orig_654.mp4",
    "ffpp_orig_159.mp4",
    "LivePortrait_d12.mp4",
    "LivePortrait_d20.mp4",
)


def write_sample(shared: Path, data: Path, pictures: int) -> Path:
    """Write the sample.

    Args:
        shared: the folder of shared data.
        data: where the sample goes.
        pictures: about how many of each collection.
    """
    for name, key in (("lfw", lambda file: file.split("/")[0]), ("utkface", lambda file: file)):
        _copy(shared / "faces" / f"{name}.zip", data / "faces" / f"{name}.zip", _pictures(key, pictures))
    for name in ("dfdc", "faceforensics", "openforensics"):
        _indexed(shared / "forgery" / f"{name}.zip", data / "forgery" / f"{name}.zip", pictures, "label")
    _indexed(shared / "voice" / "speech.zip", data / "voice" / "speech.zip", pictures, "source")
    (data / "clips").mkdir(parents=True)
    with (shared / "clips" / "index.csv").open(encoding="utf-8") as raw:
        rows = [row for row in csv.DictReader(raw) if row["file"] in CLIPS]
    (data / "clips" / "index.csv").write_text(_table(rows), encoding="utf-8")
    for row in rows:
        (data / "clips" / row["file"]).symlink_to((shared / "clips" / row["file"]).resolve())
    return data


def _pictures(key: Callable[[str], str], count: int) -> Callable[[list[str]], Sequence[str]]:
    """Whole people, one after the other, until there are enough pictures."""

    def choose(names: list[str]) -> Sequence[str]:
        people = {key(name) for name in islice((one for one in names if one.endswith(".webp")), count)}
        return [name for name in names if key(name) in people]

    return choose


def _copy(source: Path, target: Path, choose: Callable[[list[str]], Sequence[str]], index: str = "") -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as written:
        for name in choose(given.namelist()):
            written.writestr(name, given.read(name))
        if index:
            written.writestr("index.csv", index)


def _indexed(source: Path, target: Path, count: int, even: str) -> None:
    """As many rows of each value of a column, evenly over the index."""
    with zipfile.ZipFile(source) as archive, archive.open("index.csv") as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")))
    values = list(dict.fromkeys(row[even] for row in rows))
    chosen: Rows = []
    for value in values:
        own = [row for row in rows if row[even] == value]
        chosen += own[:: max(1, len(own) * len(values) // count)]
    _copy(source, target, lambda _: [row["file"] for row in chosen], _table(chosen))


def _table(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
