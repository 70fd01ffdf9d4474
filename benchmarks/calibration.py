"""`doppelwatch models calibrate` on real labelled clips: what it is worth for people whom it did not see.

Clips of half of the people are cut into pieces and given to the command as a user's own; the card that it writes is
then measured by `doppelwatch evaluate` on pieces of the other half, beside the card that is shipped. The pieces of a
clip are not independent, and the clips are few, so the intervals are those that `evaluate` draws by folder: one folder
a clip's group here. About half of the FaceForensics++ pairs were trained on, so the ranking is no figure of the model.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av

from benchmarks.runner import CannotRun, Figures, Options
from detectors.errors import DetectorError
from detectors.model_files import load_model
from training.data import ClipRow, read_clips

AIM = {"cllr_gained": 0.0}
"""At least: by how much the cost (Cllr) is lower with the card of the command than with the shipped one, on people that
the fit did not see. The calibration error cannot be small where a score tells nearly all clips apart: no
calibration may claim more than five to one.
"""

PIECES, FRAMES = 3, 50
"""Pieces of a clip, one after the other from its start, and pictures of each."""

_QUICK_FRAMES = 12


def run(options: Options) -> Figures:
    """Calibrate on some people's clips, evaluate on others', and compare with the shipped card.

    Figures: `aim`, `measured` (see :data:`AIM`), `fitted` and `judged` (`genuine`,
    `synthetic` pieces, `groups`), `calibrated` and `shipped` (on the judged pieces `auc`, `cllr`, `ece`, each with
    `_interval`), `calibration` (what the command wrote), `model`, `quick`.

    Raises:
        CannotRun: the clips or the model are missing, or a command failed.
    """
    folder = options.data / "clips"
    if not (folder / "index.csv").is_file():
        raise CannotRun(f"there are no labelled clips in {folder}; name the folder of shared data with --data")
    rows = read_clips(folder)
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        halves = {"fitted": _half(rows, 1), "judged": _half(rows, 0)}  # the former has more synthetic clips
        task = options.progress.add_task("cut", total=len(rows))
        for name, own in halves.items():
            for row in own:
                _cut(folder / row.file, top / name, row, _QUICK_FRAMES if options.quick else FRAMES)
                options.progress.advance(task)
        plain, with_new = top / "plain.yaml", top / "config.yaml"
        plain.write_text("people: []\n")
        with_new.write_text("people: []\n")
        _ask("models", "calibrate", str(top / "fitted"), "-c", str(with_new))
        with_new.write_text("people: []\nmodels:\n  forgery: models/forgery-calibrated.onnx\n")
        told = {
            name: _figures(_ask("evaluate", str(top / "judged"), "-c", str(config), "--out", str(top / name), "--json"))
            for name, config in (("calibrated", with_new), ("shipped", plain))
        }
        try:
            card = load_model("forgery", top / "models" / "forgery-calibrated.onnx")[1]
        except DetectorError as error:
            raise CannotRun(str(error)) from error
    return {
        "aim": AIM,
        "measured": {"cllr_gained": round(told["shipped"]["cllr"] - told["calibrated"]["cllr"], 4)},
        **{name: _counts(own) for name, own in halves.items()},
        **told,
        "calibration": card.raw["calibration"],
        "model": card.version,
        "quick": options.quick,
    }


def _half(rows: Sequence[ClipRow], which: int) -> list[ClipRow]:
    """Every other group in the order of their names: nobody stands in both halves."""
    groups = sorted({row.group for row in rows})
    return [row for row in rows if groups.index(row.group) % 2 == which]


def _counts(rows: Sequence[ClipRow]) -> dict[str, int]:
    return {
        "genuine": PIECES * sum(not row.fake for row in rows),
        "synthetic": PIECES * sum(row.fake for row in rows),
        "groups": len({row.group for row in rows}),
    }


def _cut(source: Path, folder: Path, row: ClipRow, frames: int) -> None:
    """Write the pieces of a clip to `real/` or `fake/`, in a folder of its group."""
    own = folder / ("fake" if row.fake else "real") / "all" / row.group.replace(":", "_")
    own.mkdir(parents=True, exist_ok=True)
    with av.open(str(source)) as given:
        stream = given.streams.video[0]
        pictures = given.decode(stream)
        for number in range(PIECES):
            piece = own / f"{source.stem}-{number}.mp4"
            _write(piece, islice(pictures, frames), stream)


def _write(path: Path, pictures: Iterator[av.VideoFrame], like: av.VideoStream) -> None:
    """Encode pictures nearly without loss, at the rate of the stream that they are from."""
    rate = like.average_rate or Fraction(25)
    with av.open(str(path), "w") as written:
        stream = written.add_stream("libx264", rate=rate)
        stream.width, stream.height = like.width // 2 * 2, like.height // 2 * 2
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "17", "preset": "veryfast"}
        for number, picture in enumerate(pictures):
            shown = picture.reformat(width=stream.width, height=stream.height, format="yuv420p")
            shown.pts, shown.time_base = number, 1 / rate
            written.mux(stream.encode(shown))
        written.mux(stream.encode(None))


def _ask(*command: str) -> str:
    """What a command says on standard output.

    Raises:
        CannotRun: it failed; says how.
    """
    program = [sys.executable, "-c", "from bot.cli import main; main()"]
    done = subprocess.run([*program, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"doppelwatch {' '.join(command[:2])} failed ({done.returncode}): {done.stderr.strip()[-500:]}")
    return done.stdout


def _figures(said: str) -> dict[str, Any]:
    """The totals, which are the last line of `evaluate --json`."""
    total = json.loads(said.splitlines()[-1])
    names = [name for figure in ("auc", "cllr", "ece") for name in (figure, f"{figure}_interval")]
    return {name: total[name] for name in (*names, "genuine", "synthetic", "left_out")}
