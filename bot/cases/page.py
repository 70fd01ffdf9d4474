"""The page of a case: its record for people, in one file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.digest.html import render


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a finding; `name` is its file's in the export."""

    name: str
    jpeg: bytes


def case_page(record: Mapping[str, Any], pictures: Sequence[Shot]) -> str:
    """The page as a whole HTML document; everything of the record is escaped."""
    rows = record["rows"]
    return render(
        "exported_case.html",
        record=record,
        post=rows["posts"][0],
        account=rows["accounts"][0],
        verdict=rows["verdicts"][0],
        pictures=pictures,
    )


__all__ = ["Shot", "case_page"]
