"""Subtitles as plain text: what is said in a clip, for the detectors that read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

LARGEST = 2_000_000
"""Bytes of a subtitle file that are read; two hours of speech have a tenth of it."""

MOST_LETTERS = 50_000
"""Letters that are kept: about an hour of fast speech."""

FORMATS = ("vtt", "srt")
"""Extensions that are read, the best first: WebVTT and SubRip."""

_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")


def text_of_subtitles(data: bytes, extension: str) -> str | None:
    """The words of a subtitle file in their order, a line a cue; None where it holds none or is of another format.

    Automatic captions roll: each cue repeats the line before. A line that was just said is not said again.
    """
    if extension.lower().lstrip(".") not in FORMATS:
        return None
    return "\n".join(_unrolled(_lines(data[:LARGEST])))[:MOST_LETTERS].strip() or None


def sidecar(clip: Path) -> str | None:
    """The words of the subtitle file that lies beside a clip under its name: clip.mp4, clip.srt.

    None where there is none, or none that can be read: a clip without subtitles is the usual case.
    """
    for extension in FORMATS:
        beside = clip.with_suffix(f".{extension}")
        try:
            if beside.is_symlink() or not beside.is_file():
                continue
            with beside.open("rb") as file:
                text = text_of_subtitles(file.read(LARGEST), extension)
        except OSError:
            continue
        if text is not None:
            return text
    return None


def _lines(data: bytes) -> Iterator[str]:
    """The lines of all cues without markup. Both formats put a cue's lines below its times, up to an empty line."""
    in_cue = False
    for line in data.decode("utf-8-sig", errors="replace").splitlines():
        if not line.strip():
            in_cue = False
        elif "-->" in line:
            in_cue = True
        elif in_cue and (words := " ".join(html.unescape(_TAG.sub("", line)).split())):
            yield words


def _unrolled(lines: Iterable[str]) -> Iterator[str]:
    """The lines without those that repeat one of the two before."""
    before = ["", ""]
    for line in lines:
        if line not in before:
            yield line
        before = [before[1], line]


__all__ = ["FORMATS", "LARGEST", "sidecar", "text_of_subtitles"]
