"""The handle benchmark: its figures follow from the table, and a missing table is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import handles
from benchmarks.runner import CannotRun, main


def test_figures_follow_from_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handles", "--json", "--quick"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["handles"] == sum(row.part == "held_out" for row in handles.table())
    assert told["precision"] == pytest.approx(told["right"] / told["flagged"], abs=1e-4)
    assert told["recall"] == pytest.approx(told["right"] / told["impersonations"], abs=1e-4)
    assert told["precision_interval"][0] < told["precision"] < told["precision_interval"][1]
    for rule in ("claim_word", "digit_swap", "script_mixing", "transposition", "repeated_letter", "missing_letter"):
        assert told["by_rule"][rule]["impersonations"] >= 6
        assert told["by_rule"][rule]["recall"] > 0.5
    assert told["strangers"]["pairs"] == 200 * len(handles.people())
    assert told["quick"] is True


def test_a_row_that_is_told_wrong_is_counted_against_precision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handle_people.csv").write_text("person,aliases,official\nNova Quill,,tiktok:novaquill\n")
    (tmp_path / "handles.csv").write_text(
        "part,person,platform,handle,display_name,kind,rule\n"
        "held_out,Nova Quill,tiktok,realnovaquill,Nova Quill,impersonation,claim_word\n"
        "held_out,Nova Quill,tiktok,thenovaquill,Nova Quill,namesake,\n"
        "held_out,Nova Quill,tiktok,bread,Bread,impersonation,exact\n"
    )
    read = handles.table
    monkeypatch.setattr(handles, "table", lambda: read(tmp_path))
    assert main(["handles", "--json", "--quick"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["precision"], told["recall"]) == (0.5, 0.5)
    assert told["false_by_kind"] == {"namesake": [1, 1]}
    assert told["by_rule"]["claim_word"]["precision"] == 0.5


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"handle_people\.csv"):
        handles.table(tmp_path)
