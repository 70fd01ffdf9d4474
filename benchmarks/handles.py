"""How often the handle rules name an impersonation, and whom they accuse by accident, on a table with a kept-out half.

The table (tests/detectors/handles.csv) holds made-up people, the handles and display names of accounts, what each
account is (impersonation, fan, namesake, unrelated, official) and by which rule an impersonation was made. The half
`held_out` was written before the rules were deepened and had no part in choosing them; the figures at the top are of
that half. Strangers are drawn at random from frequent names, in the forms in which people write handles.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.runner import CannotRun, Figures, Options
from detectors.handle import Handle, is_official, likeness
from detectors.handle_names import GIVEN, SURNAMES
from detectors.specimen import OfficialAccount, Person, ProfileText, Specimen
from training.card import wilson

FLAGGED = 1.0
"""log10 likelihood ratio from which an account is taken to present itself as the person: more than weak support."""

_TABLE = Path(__file__).resolve().parents[1] / "tests" / "detectors"
_STRANGERS, _QUICK_STRANGERS = 4000, 200
_SEED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the table; `rule` is the key by which an impersonation was made, or empty."""

    part: str
    person: Person
    profile: ProfileText
    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the detector says of one row: the rules that it names, and whether it reports the account."""

    row: Row
    keys: frozenset[str]
    flagged: bool


def people(folder: Path = _TABLE) -> dict[str, Person]:
    """The protected people of the table by name.

    Raises:
        CannotRun: there is no table.
    """
    return {
        row["person"]: Person(
            row["person"],
            tuple(alias for alias in row["aliases"].split(";") if alias),
            tuple(OfficialAccount(*account.split(":", 1)) for account in row["official"].split()),
        )
        for row in _read(folder / "handle_people.csv")
    }


def table(folder: Path = _TABLE) -> tuple[Row, ...]:
    """All rows.

    Raises:
        CannotRun: there is no table.
    """
    known = people(folder)
    return tuple(
        Row(
            row["part"], known[row["person"]], ProfileText(row["platform"], row["handle"], row["display_name"]),
            row["kind"], row["rule"],
        )
        for row in _read(folder / "handles.csv")
    )  # fmt: skip


def answers(rows: Iterable[Row]) -> tuple[Answer, ...]:
    """Ask the detector about every row."""
    return tuple(_asked(row) for row in rows)


def run(options: Options) -> Figures:
    """Ask about every row of the table and about strangers.

    Figures: `precision` and `recall` of the kept-out half with 95 % Wilson intervals (`_interval`) and the counts
    behind them, `false_by_kind` (of the kept-out half: flagged and all), `tuned` (the same of the other half),
    `by_rule` (both halves: of the accounts flagged by this rule the share that impersonate; of the impersonations made
    by it the share that is flagged, and flagged by this name), `strangers` (accounts compared with all people, flagged,
    share), `flagged_from` (log10), `ms_a_profile`, `quick`.

    Raises:
        CannotRun: there is no table.
    """
    given = answers(table())
    kept_out = [one for one in given if one.row.part == "held_out"]
    tuned = [one for one in given if one.row.part != "held_out"]
    return {
        **_quality(kept_out),
        "false_by_kind": _by_kind(kept_out),
        "tuned": {**_quality(tuned), "false_by_kind": _by_kind(tuned)},
        "by_rule": _by_rule(given),
        "strangers": _strangers(_QUICK_STRANGERS if options.quick else _STRANGERS, options),
        "flagged_from": FLAGGED,
        "ms_a_profile": _milliseconds([one.row for one in given]),
        "quick": options.quick,
    }


def _read(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError as error:
        raise CannotRun(f"there is no {path}; run the benchmark from a checkout") from error


def _asked(row: Row) -> Answer:
    finding = Handle().examine(Specimen(profile=row.profile, person=row.person))
    if is_official(row.profile, row.person):
        return Answer(row, frozenset({"official"}), finding.log10_lr >= FLAGGED)
    found = likeness(row.profile, row.person)
    # the handle's rules where it resembles, because most display names are the bare name
    return Answer(row, frozenset(found.likes[0].by.keys if found is not None else ()), finding.log10_lr >= FLAGGED)


def _quality(given: Sequence[Answer]) -> dict[str, Any]:
    flagged = [one for one in given if one.flagged]
    impersonations = [one for one in given if one.row.kind == "impersonation"]
    right = sum(one.row.kind == "impersonation" for one in flagged)
    return {
        "precision": _share(right, len(flagged)),
        "precision_interval": _interval(right, len(flagged)),
        "recall": _share(right, len(impersonations)),
        "recall_interval": _interval(right, len(impersonations)),
        "handles": len(given),
        "impersonations": len(impersonations),
        "flagged": len(flagged),
        "right": right,
    }


def _by_kind(given: Sequence[Answer]) -> dict[str, list[int]]:
    kinds = sorted({one.row.kind for one in given} - {"impersonation"})
    return {
        kind: [sum(one.flagged for one in given if one.row.kind == kind), sum(one.row.kind == kind for one in given)]
        for kind in kinds
    }


def _by_rule(given: Sequence[Answer]) -> dict[str, dict[str, Any]]:
    rules = sorted({key for one in given for key in one.keys} | {one.row.rule for one in given if one.row.rule})
    told = {}
    for rule in rules:
        flagged = [one for one in given if one.flagged and rule in one.keys]
        right = sum(one.row.kind == "impersonation" for one in flagged)
        made = [one for one in given if one.row.kind == "impersonation" and one.row.rule == rule]
        found = sum(one.flagged for one in made)
        told[rule] = {
            "precision": _share(right, len(flagged)),
            "precision_interval": _interval(right, len(flagged)),
            "flagged": len(flagged),
            "recall": _share(found, len(made)),
            "recall_interval": _interval(found, len(made)),
            "named": _share(sum(one.flagged and rule in one.keys for one in made), len(made)),
            "impersonations": len(made),
        }
    return told


def _strangers(count: int, options: Options) -> dict[str, Any]:
    """Random people of frequent names against everybody protected."""
    chance = random.Random(_SEED)
    given, surnames = sorted(GIVEN), sorted(SURNAMES)
    protected = list(people().values())
    detector = Handle()
    flagged = 0
    task = options.progress.add_task("strangers", total=count)
    for _ in range(count):
        first, last = chance.choice(given), chance.choice(surnames)
        year, mark = chance.randrange(1960, 2012), chance.choice(("", ".", "_"))
        handle = chance.choice(
            (f"{first}{mark}{last}", f"{first}{last}{year}", f"{first[0]}{mark}{last}", f"{last}{mark}{first}",
             f"real{first}{last}", f"{first}{mark}{last}{year % 100:02}", f"the{mark}{last}s", f"{first}{mark}official")
        )  # fmt: skip
        profile = ProfileText("tiktok", handle, f"{first.capitalize()} {last.capitalize()}")
        flagged += sum(
            detector.examine(Specimen(profile=profile, person=person)).log10_lr >= FLAGGED for person in protected
        )
        options.progress.advance(task)
    pairs = count * len(protected)
    return {"pairs": pairs, "flagged": flagged, "share": flagged / pairs, "share_interval": _interval(flagged, pairs)}


def _milliseconds(rows: Sequence[Row]) -> float:
    detector = Handle()
    start = time.perf_counter()
    for row in rows:
        detector.examine(Specimen(profile=row.profile, person=row.person))
    return round(1000 * (time.perf_counter() - start) / len(rows), 3)


def _share(hits: int, trials: int) -> float | None:
    return round(hits / trials, 4) if trials else None


def _interval(hits: int, trials: int) -> list[float]:
    return [round(end, 4) for end in wilson(hits, trials)]
