"""The `screen_text` detector: what the pictures show in writing, for those who read words.

It needs the `ocr` extra (RapidOCR: small text models by PaddleOCR that lie in its wheel, so that nothing is fetched).
A few sampled frames are read; the finding quotes the lines, says nothing of what they mean and carries no likelihood
ratio.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.errors import DetectorError
from detectors.specimen import Frame, Specimen
from detectors.spelling import joined, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIELD = "on screen"
"""How exhibits and the detectors of words call this field."""

FRAMES = 4
"""Frames that are read, evenly spread: what has to be read by people stands for some seconds."""

_SIDE = 736  # long side in pixels at which lines are looked for; letters of a twentieth of the height are still read
_SURE = 0.6  # mean certainty of a line's letters, from 0 to 1, below which it is left out
_LINES = 24
_LENGTH = 160  # letters of a line

Reader = Callable[["NDArray[np.uint8]"], "Sequence[str]"]
"""From an RGB picture, uint8 [height, width, 3], to its lines of writing from top to bottom."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    time_s: float


class ScreenText:
    """Reads the writing in a few frames of the clip.

    Args:
        reader: reads one picture; None for the one of the `ocr` extra.
    """

    name = "screen_text"
    version = "1"
    question: ClassVar[Question] = Question.SPREAD
    reads_tracks: ClassVar[bool] = False

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader

    def examine(self, specimen: Specimen) -> Finding:
        """Read; not applicable without a picture or without the extra."""
        clip = specimen.clip
        if clip is None or not clip.frames:
            return self._nothing(Reason.NO_VIDEO, "There is no picture in which writing could be read.")
        if self._reader is None and not installed():
            return self._nothing(
                Reason.NO_READER,
                "Writing on the screen was not read, because the extra for it is not installed "
                "(pip install 'doppelwatch[ocr]').",
            )
        frames = spread(clip.frames)
        lines = _read(frames, self._reader or _rapid())
        if not lines:
            statement = f"No writing was found in {_frames(len(frames))}."
        else:
            quoted = "; ".join(f'"{shown(line.text)}"' for line in lines[:4])
            more = f" and {len(lines) - 4} more" if len(lines) > 4 else ""
            statement = f"Writing on the screen in {_frames(len(frames))}: {quoted}{more}."
        return Finding(
            self.name, self.version, self.question, Status.OK, statement,
            score=float(len(lines)), unit="lines of writing",
            exhibits=tuple(
                Exhibit(ExhibitKind.TEXT, "writing on the screen", start_s=line.time_s, field=FIELD, text=line.text)
                for line in lines
            ),
        )  # fmt: skip

    def _nothing(self, reason: Reason, statement: str) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, statement, reason)


def installed() -> bool:
    """Whether the `ocr` extra is there."""
    return importlib.util.find_spec("rapidocr") is not None


def text_of(findings: Iterable[Finding]) -> str | None:
    """The writing that a finding of this detector quotes, a line each, for :attr:`Specimen.screen_text`.

    None where it was not read; an empty text where it was and there was none.
    """
    for finding in findings:
        if finding.detector == ScreenText.name and finding.status is Status.OK:
            return "\n".join(exhibit.text or "" for exhibit in finding.exhibits if exhibit.field == FIELD)
    return None


def spread(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """At most :data:`FRAMES` frames from the middles of equal parts of the clip."""
    parts = min(FRAMES, len(frames))
    return tuple(frames[(2 * part + 1) * len(frames) // (2 * parts)] for part in range(parts))


def _read(frames: Sequence[Frame], reader: Reader) -> list[_Line]:
    """The lines of all frames, each once, where it was seen first."""
    lines: dict[str, _Line] = {}
    for frame in frames:
        for text in reader(frame.rgb):
            key = joined(text.casefold())
            if len(key) > 1 and len(lines) < _LINES:
                lines.setdefault(key, _Line(shown(text, _LENGTH), frame.time_s))
    return list(lines.values())


def _frames(count: int) -> str:
    return "one frame" if count == 1 else f"{count} frames"


@cache
def _rapid() -> Reader:
    """The reader of the extra on one thread, with the models that lie in its package.

    Raises:
        DetectorError: the package lies there without its models.
    """
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    paths = {role: next(iter(sorted(models.glob(f"*{role}*.onnx"))), None) for role in ("det", "rec")}
    if None in paths.values():
        # it would fetch them; a detector opens no connection
        raise DetectorError("the package rapidocr has no models in it; install it anew")
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "Det.model_path": str(paths["det"]),
            "Rec.model_path": str(paths["rec"]),
        }
    )

    def read(rgb: NDArray[np.uint8]) -> Sequence[str]:
        told: Any = engine(rgb[:, :, ::-1].copy())  # it takes BGR, as OpenCV reads pictures
        pairs = zip(told.txts or (), told.scores or (), strict=True)
        return [text for text, sure in pairs if sure >= _SURE]

    return read
