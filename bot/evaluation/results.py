"""An evaluation in the documented JSON shape: the contract of `evaluate --json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.evaluation.measuring import Evaluation, Row


def as_json(evaluation: Evaluation, report: Path) -> Iterator[Mapping[str, Any]]:
    """One object a sub-folder, then one with the totals (docs/json.md)."""
    for row in evaluation.rows:
        yield _row(row)
    yield _row(evaluation.total) | {
        "files": evaluation.total.genuine + evaluation.total.synthetic + len(evaluation.not_scored),
        "failed": evaluation.failed,
        "not_applicable": len(evaluation.not_scored) - evaluation.failed,
        "reasons": dict(evaluation.reasons),
        "not_scored": [
            {"file": one.sample.name, "code": one.code, "why": one.why, "failed": one.failed}
            for one in evaluation.not_scored
        ],
        "mistakes": [
            {
                "file": one.sample.name,
                "side": str(one.sample.side),
                "score": _rounded(one.score),
                "log10_lr": _rounded(one.log10_lr),
            }
            for one in evaluation.mistakes
        ],
        "passed_over": evaluation.passed_over,
        "groups": evaluation.groups,
        "models": list(evaluation.models),
        "by_model": [{"model": row.folder, **_counts(row), **_figures(row)} for row in evaluation.by_model],
        "report": str(report),
    }


def _row(row: Row) -> dict[str, Any]:
    return {"group": row.folder, **_counts(row), **_figures(row)}


def _counts(row: Row) -> dict[str, int]:
    return {"genuine": row.genuine, "synthetic": row.synthetic, "left_out": row.left_out}


def _figures(row: Row) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, figure in row.figures.items():
        plain[name] = _rounded(figure.value)
        ends = (figure.low, figure.high)
        plain[f"{name}_interval"] = None if None in ends else [_rounded(end) for end in ends]
    return plain


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
