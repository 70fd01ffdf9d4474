"""From stored findings to what a page shows of them: pictures, the score over time, words quoted."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.digest.foreign import Link, foreign, link
from bot.digest.model import Mark, Picture, Score, Strip
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
    """The contact sheet of a post: the face that was compared, whole frames in order of time, another cut-out.

    Of the frames those with a marked face come first, and one that lies at a glitch has a place of its own. The second
    value is how many had to be left out: those beyond the budget, those that are no longer in the evidence, and those
    whose bytes no longer have the hash under which they were kept.
    """
    likeness = [("likeness", one) for one in _of_kind(_by(findings, "identity"), "crop")[:crops]]
    glitches = [("glitch", one) for one in _of_kind(_by(findings, "glitches"), "frame")[: min(1, frames)]]
    others = [finding for finding in findings if finding.detector != "glitches"]
    whole = [("frame", one) for one in _spread(_of_kind(others, "frame"), frames - len(glitches))]
    sheet = sorted([*whole, *glitches], key=lambda one: _number(one[1].get("start_s")) or 0.0)
    others = [finding for finding in others if finding.detector != "identity"]
    cuts = [("crop", one) for one in _of_kind(others, "crop")[: crops - len(likeness)]]
    wanted: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for kind, one in (*likeness, *sheet, *cuts):
        wanted.setdefault(str(one["jpeg_sha256"]), (kind, one))
    shown: list[Picture] = []
    for kind, exhibit in wanted.values():
        picture = _picture(exhibit, evidence, kind)
        if picture is not None and budget.take(len(picture.jpeg)):
            shown.append(picture)
    return tuple(shown), len(wanted) - len(shown)


def all_pictures(findings: Sequence[StoredFinding], evidence: Evidence, budget: Budget) -> tuple[list[Picture], int]:
    """Every picture that findings rest on, each once, in their order; and how many had to be left out."""
    wanted: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for finding in findings:
        for exhibit in finding.exhibits:
            if exhibit.get("jpeg_sha256"):
                wanted.setdefault(str(exhibit["jpeg_sha256"]), (str(exhibit.get("kind")), exhibit))
    found = (_picture(exhibit, evidence, kind) for kind, exhibit in wanted.values())
    shown = [picture for picture in found if picture is not None and budget.take(len(picture.jpeg))]
    return shown, len(wanted) - len(shown)


def score(findings: Sequence[StoredFinding]) -> Score | None:
    """The forgery score over time where it has two values or more; None where no face was scored."""
    for finding in _by(findings, "forgery"):
        for label, points in _series([finding]):
            if len(points) >= 2:
                return Score(points=tuple(_thinned(points)), mean=finding.score, label=label)
    return None


def strip(findings: Sequence[StoredFinding], duration_s: float | None) -> Strip | None:
    """What was measured over the clip's time; None where nothing was, neither of a face nor of the picture."""
    scored = score(findings)
    changes = next((points for _, points in _series(_by(findings, "glitches")) if len(points) >= 2), [])
    marks = [
        *_marks(_by(findings, "glitches"), None),
        *_marks(_by(findings, "drift"), "other face"),
    ]
    times = [*(one.end_s for one in marks), *(at for at, _ in changes)]
    if scored is not None:
        times += [at for at, _ in scored.points]
    if not times:
        return None
    return Strip(
        score=scored,
        changes=tuple(_thinned(changes)),
        marks=tuple(sorted(marks, key=lambda one: (one.start_s, one.end_s))),
        end_s=max(*times, duration_s or 0.0, 0.1),
    )


def series(findings: Sequence[StoredFinding]) -> Iterator[Score]:
    """Every series over the clip's time that has two values or more; reach is no such series."""
    for finding in findings:
        for label, points in _series([finding]):
            if len(points) >= 2 and finding.question != "spread":
                yield Score(tuple(_thinned(points)), finding.score, label)


def texts(finding: StoredFinding) -> Iterator[tuple[str, str]]:
    """Label and words of every exhibit in words, each once."""
    seen: set[tuple[str, str]] = set()
    for exhibit in _exhibits([finding], "text"):
        place = f" ({foreign(str(exhibit['field']), 40)})" if exhibit.get("field") else ""
        told = foreign(str(exhibit.get("label")), 120) + place, foreign(str(exhibit.get("text") or ""), 280)
        if told not in seen:
            seen.add(told)
            yield told


def stretches(finding: StoredFinding) -> Iterator[tuple[str, float, float]]:
    """Label, start and end of every stretch of time."""
    for mark in _marks([finding], None):
        yield mark.label, mark.start_s, mark.end_s


def copies(findings: Sequence[StoredFinding]) -> tuple[Link, ...]:
    """The addresses of other posts that show the same pictures, each once."""
    found = (
        str(one.get("text")) for one in _exhibits(_by(findings, "copies"), "text") if one.get("field") == "address"
    )
    return tuple(link(address) for address in dict.fromkeys(found))


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


def _by(findings: Sequence[StoredFinding], detector: str) -> list[StoredFinding]:
    return [finding for finding in findings if finding.detector == detector]


def _series(findings: Sequence[StoredFinding]) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Label and points, in order of time, of every series."""
    for exhibit in _exhibits(findings, "series"):
        yield foreign(str(exhibit.get("label")), 120), sorted(_points(exhibit.get("series")))


def _marks(findings: Sequence[StoredFinding], kind: str | None) -> Iterator[Mark]:
    """The stretches of time that findings name; without a `kind` it is the label's first word or words."""
    for exhibit in _exhibits(findings, "range"):
        start, end = _number(exhibit.get("start_s")), _number(exhibit.get("end_s"))
        if start is None or start < 0:
            continue
        label = foreign(str(exhibit.get("label")), 120)
        yield Mark(kind or label.partition(":")[0][:24], label, start, max(start, start if end is None else end))


def _spread(some: list[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """At most so many, those with a marked face before others, evenly over the time."""
    if len(some) <= most:
        return some
    faces = [one for one in some if one.get("box")]
    pool = faces if len(faces) >= most else some
    if most < 2:
        return pool[len(pool) // 2 :][:most]
    return [pool[round(place * (len(pool) - 1) / (most - 1))] for place in range(most)]


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


def _picture(exhibit: Mapping[str, Any], evidence: Evidence, kind: str) -> Picture | None:
    picture = kept_picture(str(exhibit["jpeg_sha256"]), evidence, str(exhibit.get("label")), kind)
    if picture is None:
        return None
    return replace(picture, at_s=_number(exhibit.get("start_s")), box=box_within(exhibit.get("box")))


def kept_picture(sha256: str, evidence: Evidence, label: str, kind: str) -> Picture | None:
    """A JPEG of the evidence; None where it is no longer there, or its bytes no longer have the hash of its name."""
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
    return Picture(jpeg, max(1, size[0]), max(1, size[1]), foreign(label, 80), kind=kind)


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
