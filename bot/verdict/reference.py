"""The tables of docs/verdict.md, made from the families and rules themselves."""

from __future__ import annotations

import re

from bot.verdict.families import FAMILIES
from bot.verdict.rules import RULES


def families_table() -> str:
    """Every family with its bounds and their reason, as a markdown table."""
    rows = [
        f"| {family.question} | {family.name} | {', '.join(f'`{name}`' for name in sorted(family.detectors))} "
        f"| {family.least:+.1f} to {family.most:+.1f} | {family.why} |"
        for family in FAMILIES
    ]
    return "\n".join(("| question | family | detectors | bounds | why |", "| --- | --- | --- | --- | --- |", *rows))


def rules_table() -> str:
    """Every rule in its order with its conditions and label, as a markdown table."""
    rows = [
        f"| {place} | {rule.name} | {'; '.join(one.words for one in rule.conditions) or 'always'} | `{rule.label}` |"
        for place, rule in enumerate(RULES, 1)
    ]
    return "\n".join(("| | rule | fires where | label |", "| --- | --- | --- | --- |", *rows))


def renewed(page: str) -> str:
    """The page with both tables as they are now.

    Raises:
        ValueError: a pair of marks is missing.
    """
    for name, table in (("families", families_table()), ("rules", rules_table())):
        pattern = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if pattern.search(page) is None:
            raise ValueError(f"the page has no marks for {name}")
        page = pattern.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", page)  # type: ignore[misc]
    return page
