"""docs/verdict.md is true: its tables are those of the code."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from bot.verdict import Case, judge
from bot.verdict.contract import Priority
from bot.verdict.families import HANDLES, MAX_SUM, family_of, rule_of_three
from bot.verdict.reference import renewed
from bot.verdict.rules import RULES
from detectors.contract import Finding, Question
from tests.verdict.cases import VANTOR, disclosure, face, forgery, glitches, identity

PAGE = Path(__file__).parents[2] / "docs" / "verdict.md"


def test_the_tables_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "renew it with: python -m bot.verdict"
    assert all(f"| {rule.name} |" in page for rule in RULES)
    assert f"bounded to {MAX_SUM:g}" in page


def test_a_page_without_marks_is_told() -> None:
    with pytest.raises(ValueError, match="no marks for families"):
        renewed("nothing")


def test_the_bound_of_names_rests_on_as_many_accounts_as_it_says() -> None:
    with (PAGE.parents[1] / "tests" / "detectors" / "handles.csv").open(encoding="utf-8") as table:
        others = sum(row["kind"] in ("namesake", "fan", "unrelated") for row in csv.DictReader(table))
    assert others == pytest.approx(HANDLES, abs=5)
    assert family_of("handle", Question.IDENTITY).most <= rule_of_three(others) + 0.05


PRESENTS, SHOWS = (identity(1.5),), (identity(-1.0), face(2.0))
ROWS: dict[str, tuple[tuple[Finding, ...], ...]] = {
    "claims to be the person, or shows them and was clearly made": (
        (*PRESENTS, forgery(0.5)),
        (*SHOWS, forgery(0.7), glitches(0.7)),
    ),
    "claims to be the person, synthesis not supported": (PRESENTS,),
    "declared imitation": ((*PRESENTS, disclosure(1.7)),),
    "shows the person under another name, synthesis weakly supported": ((*SHOWS, forgery(0.5)),),
    "shows the person under another name": (SHOWS,),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_priorities_of_the_page_are_those_of_the_judge(row: str) -> None:
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {row} |"))
    said = [Priority(word) for word in re.findall(r"\| (low|normal|high|urgent)(?= )", line)]
    for findings in ROWS[row]:
        found = [
            judge(Case(findings, VANTOR, "tiktok", "somebody", views)).priority for views in (10, 10**4, 10**5, 10**6)
        ]
        assert found == said
