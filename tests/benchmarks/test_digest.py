"""The digest benchmark in its short form."""

from __future__ import annotations

import json

import pytest

from benchmarks.runner import main


def test_the_short_form_makes_a_day_and_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--json", "--quick"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["posts"], told["alerts"]) == (300, 40)
    assert told["elapsed_s"] > 0
    assert told["next_day_s"] > 0
    assert 20 < told["peak_mb"] < 600
    # two pages of days, the list, one page for each account and case
    assert told["pages"] > 40 + 8
    # the new day, the list, and every account was polled again; of the cases only the new one
    assert told["next_day_pages"] <= 2 + 8 + 3 + 8
    assert told["next_day_pages"] < told["pages"] / 2
    assert 0 < told["mail_html_kb"] < 102
