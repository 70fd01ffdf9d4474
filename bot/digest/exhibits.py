"""From stored findings to what a page shows of them: pictures, the score over time, words quoted."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.digest.foreign import foreign
from bot.digest.model import Picture, Score
from bot.pipeline.convert import finding_of
from bot.verdict.quotes import Quote
from bot.verdict.quotes import quotes as words_of
from detectors.picture_headers import declared_size
from storage import Evidence, StoredFinding

LARGEST_PICTURE = 150_000
"""Bytes; detectors write ten to thirty thousand."""

_LONGEST_SERIES = 240
"""Values drawn of one score: more than a chart has room for, and few enough to be text in a page."""


@dataclass(slots=True)
class Budget:
    """Bytes of pictures that a page may still take, so that a busy day stays a page that opens at once."""

    left: int

    def take(self, size: int) -> bool:
        """Take this many bytes if they are there."""
        if size > self.left:
            return False
        self.left -= size
        return True


def pictures(
    findings: Sequence[StoredFinding], evidence: Evidence, budget: Budget, *, frames: int, crops: int
) -> tuple[tuple[Picture, ...], int]:
    """The pictures of a post: whole frames in order of time, then cut-outs; and how many had to be left out.

    Left out are those beyond the budget, those that are no longer in the evidence, and those whose bytes
    no longer have the hash under which they were kept.
    """
    wanted = [*_of_kind(findings, "frame")[:frames], *_of_kind(findings, "crop")[:crops]]
    shown: list[Picture] = []
    for exhibit in wanted:
        picture = _picture(exhibit, evidence)
        if picture is not None and budget.take(len(picture.jpeg)):
            shown.append(picture)
    return tuple(shown), len(wanted) - len(shown)


def score(findings: Sequence[StoredFinding]) -> Score | None:
    """The score over time of the first synthesis finding that has one with two values or more."""
    for finding in findings:
        if finding.question != "synthesis":
            continue
        for exhibit in _exhibits([finding], "series"):
            points = sorted(_points(exhibit.get("series")))
            if len(points) >= 2:
                return Score(
                    points=tuple(_thinned(points)), mean=finding.score, label=foreign(str(exhibit.get("label")), 120)
                )
    return None


def quotes(findings: Sequence[StoredFinding]) -> tuple[Quote, ...]:
    """The words that disclosure findings rest on, the plainest first, as the judge reads them; safe to show.

    The same words that say several things stand once, with all their kinds.
    """
    merged: dict[tuple[str, str, bool, bool], Quote] = {}
    for one in words_of(finding_of(finding) for finding in findings):
        key = one.field, one.text, one.denied, one.is_hint
        kinds = one.kind if key not in merged else f"{merged[key].kind}; {one.kind}"
        merged[key] = replace(one, kind=kinds)
    return tuple(
        replace(one, kind=foreign(one.kind, 120), field=foreign(one.field, 40), text=foreign(one.text, 200))
        for one in merged.values()
    )


def _exhibits(findings: Sequence[StoredFinding], kind: str) -> Iterator[Mapping[str, Any]]:
    for finding in findings:
        if finding.status == "ok":
            yield from (exhibit for exhibit in finding.exhibits if exhibit.get("kind") == kind)


def _of_kind(findings: Sequence[StoredFinding], kind: str) -> list[Mapping[str, Any]]:
    """The exhibits of a kind that have a picture, each picture once, in order of time."""
    found: dict[str, Mapping[str, Any]] = {}
    for exhibit in _exhibits(findings, kind):
        if exhibit.get("jpeg_sha256"):
            found.setdefault(str(exhibit["jpeg_sha256"]), exhibit)
    return sorted(found.values(), key=lambda exhibit: _number(exhibit.get("start_s")) or 0.0)


def _picture(exhibit: Mapping[str, Any], evidence: Evidence) -> Picture | None:
    sha256 = str(exhibit["jpeg_sha256"])
    path = evidence.path(sha256)
    try:
        if path is None or path.stat().st_size > LARGEST_PICTURE:
            return None
        jpeg = path.read_bytes()
    except OSError:
        # deleted between the look and the reading; the page says that a picture is missing
        return None
    size = declared_size(io.BytesIO(jpeg))
    if hashlib.sha256(jpeg).hexdigest() != sha256 or not jpeg.startswith(b"\xff\xd8\xff") or size is None:
        return None
    return Picture(
        jpeg=jpeg,
        width=max(1, size[0]),
        height=max(1, size[1]),
        label=foreign(str(exhibit.get("label")), 80),
        at_s=_number(exhibit.get("start_s")),
        box=box_within(exhibit.get("box")),
    )


def box_within(value: Any) -> tuple[float, float, float, float] | None:
    """Left, top, width, height within the picture, or None where that is not what stands there."""
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        return None
    left, top, width, height = (_number(part) for part in value)
    if left is None or top is None or width is None or height is None or width <= 0 or height <= 0:
        return None
    left, top = min(1.0, max(0.0, left)), min(1.0, max(0.0, top))
    return left, top, min(width, 1.0 - left), min(height, 1.0 - top)


def _points(series: Any) -> Iterator[tuple[float, float]]:
    for pair in series if isinstance(series, (list, tuple)) else ():
        time, value = (_number(part) for part in pair) if len(pair) == 2 else (None, None)
        if time is not None and value is not None and time >= 0:
            yield time, value


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most 240 values: of each stretch the one farthest from zero, so that no peak is hidden."""
    if len(points) <= _LONGEST_SERIES:
        return points
    return [
        max(points[part * len(points) // _LONGEST_SERIES : (part + 1) * len(points) // _LONGEST_SERIES],
            key=lambda point: abs(point[1]))
        for part in range(_LONGEST_SERIES)
    ]  # fmt: skip


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)
