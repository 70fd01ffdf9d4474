"""The report: one HTML page that holds its pictures, loads nothing and runs nothing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.digest import files
from bot.digest.exhibits import box_within
from bot.digest.foreign import foreign
from bot.digest.formats import plural
from bot.digest.html import render
from bot.digest.model import Picture, Score
from bot.evaluation import drawing
from bot.evaluation.examining import WORST, Outcome
from bot.evaluation.material import Side
from bot.evaluation.measuring import Evaluation, Figure
from detectors.contract import Exhibit, ExhibitKind, Reason
from detectors.picture_headers import declared_size

NAME = "report.html"

SHOWN_FRAMES = 2
"""Whole frames shown of a mistake: with the cut-out of the highest score they fit one row, tall or wide."""

MOST_LISTED = 200
"""Files without a score that the page lists; all are in the JSON."""

COLUMNS: Mapping[str, str] = {
    "auc": "ROC AUC",
    "eer": "EER",
    "tpr_at_fpr_1": "caught at 1 % false alarms",
    "tpr_at_fpr_5": "caught at 5 % false alarms",
    "cllr": "Cllr, bits",
    "ece": "ECE",
}
"""What each figure is called, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake as the page's building blocks take it: they know a post by its number, pictures and score."""

    post_id: int
    name: str
    side: str
    value: float
    log10_lr: float
    duration_s: float
    pictures: tuple[Picture, ...]
    pictures_left_out: int
    score: Score | None


def prepare(folder: Path) -> None:
    """Make the folder of the report, before hours of work are spent on it.

    Raises:
        BotError: it cannot be made.
    """
    files.prepare(folder, what="the report", remedy="choose another folder with --out")


def write(evaluation: Evaluation, folder: Path, evaluated: Path) -> Path:
    """Write the report of an evaluation into a folder and return its path; an older report there is replaced.

    Raises:
        BotError: it cannot be written.
    """
    path = folder / NAME
    files.write(path, page(evaluation, evaluated), what="the report", remedy="choose another folder with --out")
    return path


def page(evaluation: Evaluation, evaluated: Path) -> str:
    """The report as a whole HTML document; names of files are outside text."""
    return render(
        "evaluation.html",
        evaluation=evaluation,
        name=foreign(str(evaluated), 120),
        columns=COLUMNS,
        shown=shown,
        between=between,
        remarks=remarks(evaluation),
        headline_text=headline(evaluation),
        not_scored=[
            (foreign(one.sample.name, 160), foreign(one.why, 300)) for one in evaluation.not_scored[:MOST_LISTED]
        ],
        mistakes=[_mistake(number, outcome) for number, outcome in enumerate(evaluation.mistakes, 1)],
        worst=WORST,
        draw=drawing,
        curve=drawing.polyline(evaluation.curve),
        dots=drawing.dots(evaluation.bins),
        folder_name=lambda text: foreign(text, 80),
    )


def shown(figure: Figure) -> str:
    """A figure with its interval: "0.71 (0.63–0.79)"; "–" where it cannot be told."""
    if figure.value is None:
        return "–"
    return f"{figure.value:.2f} {between(figure)}".rstrip()


def between(figure: Figure) -> str:
    """The interval of a figure: "(0.63–0.79)"; nothing where there is none."""
    return "" if figure.low is None or figure.high is None else f"({figure.low:.2f}–{figure.high:.2f})"


def headline(evaluation: Evaluation) -> str:
    """The evaluation in one sentence."""
    area = evaluation.total.figures["auc"]
    if area.value is None:
        missing = [
            side
            for side, count in (("genuine", evaluation.total.genuine), ("synthetic", evaluation.total.synthetic))
            if not count
        ]
        return f"No {' and no '.join(missing)} clip got a score, so there is nothing to compare"
    if area.low is None or area.high is None:
        return f"ROC AUC {area.value:.2f}, from too few clips to say how sure"
    if area.high < 0.5:
        return f"ROC AUC {shown(area)}: worse than chance"
    return f"ROC AUC {shown(area)}: {'better than chance' if area.low > 0.5 else 'not shown to be better than chance'}"


def remarks(evaluation: Evaluation) -> list[str]:
    """What a reader must know to read the figures rightly."""
    total = evaluation.total
    rows = (*evaluation.rows, total)
    said = []
    stills = evaluation.reasons.get(Reason.STILL_IMAGE, 0)
    if stills:
        said.append(
            f"{plural(stills, 'single picture')} got no score: the forgery model was made and calibrated for video, "
            "the product does not ask it about pictures, and neither does this evaluation."
        )
    if 0 < total.genuine < 100:
        said.append(
            f"With {plural(total.genuine, 'genuine clip')}, 1 % false alarms means no false alarm at all; "
            "that figure needs a hundred or more."
        )
    if any(figure.value is not None and figure.low is None for figure in total.figures.values()):
        said.append("There are no intervals: they need at least two groups of clips on each side.")
    if any(one.low is not None and one.low == one.high for row in rows for one in row.figures.values()):
        said.append(
            "An interval without width says only that every draw of these clips gives the same figure, not what other "
            "clips would give."
        )
    if evaluation.bins and all(abs(one.stated - 0.5) < 1e-9 for one in evaluation.bins):
        said.append(
            "The model has no calibration, so its findings count for nothing: Cllr is 1 and says no more than that."
        )
    if evaluation.passed_over:
        said.append(f"Passed over: {plural(evaluation.passed_over, 'file')} with no suffix of a clip or picture.")
    return said


def _mistake(number: int, outcome: Outcome) -> Mistake:
    frames = [one for one in outcome.exhibits if one.kind is ExhibitKind.FRAME][:SHOWN_FRAMES]
    crops = [one for one in outcome.exhibits if one.kind is ExhibitKind.CROP][:1]
    wanted = [*frames, *crops]
    pictures = [picture for picture in map(_picture, wanted) if picture is not None]
    series = next((one.series for one in outcome.exhibits if one.kind is ExhibitKind.SERIES), ())
    return Mistake(
        post_id=number,
        name=foreign(outcome.sample.name, 160),
        side="genuine" if outcome.sample.side is Side.REAL else "synthetic",
        value=outcome.score or 0.0,
        log10_lr=outcome.log10_lr,
        duration_s=outcome.duration_s,
        pictures=tuple(pictures),
        pictures_left_out=len(wanted) - len(pictures),
        score=Score(series, outcome.score, "forgery score over time") if len(series) >= 2 else None,
    )


def _picture(exhibit: Exhibit) -> Picture | None:
    """The picture of an exhibit, or None where its bytes are no JPEG."""
    jpeg = exhibit.jpeg
    size = declared_size(io.BytesIO(jpeg)) if jpeg is not None else None
    if jpeg is None or size is None or not jpeg.startswith(b"\xff\xd8\xff"):
        return None
    return Picture(
        jpeg=jpeg,
        width=max(1, size[0]),
        height=max(1, size[1]),
        label=foreign(exhibit.label, 80),
        at_s=exhibit.start_s,
        box=box_within(exhibit.box),
    )
