"""Figures by hand from outcomes by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bot.evaluation.examining import Outcome
from bot.evaluation.material import Material
from bot.evaluation.measuring import Evaluation, measure, steps
from bot.evaluation.results import as_json
from tests.evaluation.conftest import MakeOutcome


def measured(outcomes: list[Outcome], passed_over: int = 0) -> Evaluation:
    material = Material(tuple(one.sample for one in outcomes), passed_over)
    calls: list[int] = []
    evaluation = measure(material, outcomes, lambda: calls.append(1))
    assert len(calls) == steps(material)
    return evaluation


@pytest.fixture
def evaluation(outcome: MakeOutcome) -> Evaluation:
    return measured(
        [
            outcome("real/a.mp4", 1.0),
            outcome("real/b.mp4", 2.0),
            outcome("real/c.mp4", None),
            outcome("fake/easy/a.mp4", 3.0),
            outcome("fake/easy/b.mp4", 4.0),
            outcome("fake/hard/a.mp4", 0.0),
            outcome("fake/hard/b.mp4", 1.5),
            outcome("fake/hard/c.mp4", None, failed=True),
        ],
        passed_over=3,
    )


def test_each_sub_folder_is_held_against_the_whole_other_side(evaluation: Evaluation) -> None:
    rows = {row.folder: row for row in evaluation.rows}
    assert list(rows) == ["fake/easy", "fake/hard"], "one genuine folder alone is the whole other side"
    assert [(row.genuine, row.synthetic, row.left_out) for row in rows.values()] == [(2, 2, 0), (2, 2, 1)]
    assert rows["fake/easy"].figures["auc"].value == 1
    assert rows["fake/hard"].figures["auc"].value == 0.25, "1.5 beats 1 alone: one of four pairs"
    assert evaluation.total.figures["auc"].value == pytest.approx(5 / 8)
    assert (evaluation.total.genuine, evaluation.total.synthetic, evaluation.total.left_out) == (2, 4, 2)
    assert evaluation.total.figures["tpr_at_fpr_5"].value == 0.5
    for row in (*evaluation.rows, evaluation.total):
        for name, figure in row.figures.items():
            assert figure.value is not None
            assert figure.low is not None
            assert figure.high is not None
            assert figure.low <= figure.value <= figure.high, name


def test_the_calibrated_finding_has_its_own_figures(evaluation: Evaluation) -> None:
    def cost(score: float, sign: int) -> float:
        return math.log2(1 + 10 ** (-sign * score / 10))

    ups = sum(cost(score, 1) for score in (3, 4, 0, 1.5)) / 4
    downs = sum(cost(score, -1) for score in (1, 2)) / 2
    assert evaluation.total.figures["cllr"].value == pytest.approx((ups + downs) / 2)
    assert sum(one.count for one in evaluation.bins) == 6


def test_genuine_folders_get_rows_where_there_are_several(outcome: MakeOutcome) -> None:
    evaluation = measured(
        [outcome("real/tv/a.mp4", 0.0), outcome("real/web/a.mp4", 2.0), outcome("fake/a.mp4", 1.0)],
    )
    assert [row.folder for row in evaluation.rows] == ["fake", "real/tv", "real/web"]
    assert [row.figures["auc"].value for row in evaluation.rows] == [0.5, 1, 0]


def test_one_group_on_a_side_has_figures_but_no_interval(outcome: MakeOutcome) -> None:
    evaluation = measured(
        [outcome(f"real/tv/anna/{number}.mp4", float(number)) for number in range(4)]
        + [outcome(f"fake/{number}.mp4", float(number) + 1) for number in range(4)]
    )
    figure = evaluation.total.figures["auc"]
    assert figure.value == pytest.approx(0.71875)
    assert (figure.low, figure.high) == (None, None)


def test_without_a_score_on_a_side_there_are_no_figures(outcome: MakeOutcome) -> None:
    evaluation = measured([outcome("real/a.mp4", None), outcome("fake/a.mp4", 1.0)])
    assert {figure.value for figure in evaluation.total.figures.values()} == {None}
    assert (evaluation.curve, evaluation.bins) == ((), ())
    assert not evaluation.failed
    assert not evaluation.is_whole


def test_what_was_left_out_is_told(evaluation: Evaluation) -> None:
    assert evaluation.reasons == {"no_face": 2}
    assert evaluation.failed == 1
    assert not evaluation.is_whole
    assert evaluation.passed_over == 3
    assert evaluation.models == ("1+test",)
    *rows, total = list(as_json(evaluation, Path("out/report.html")))
    assert [row["group"] for row in rows] == ["fake/easy", "fake/hard"]
    assert (total["group"], total["files"], total["failed"], total["not_applicable"]) == ("all", 8, 1, 1)
    assert [(one["file"], one["failed"]) for one in total["not_scored"]] == [
        ("real/c.mp4", False),
        ("fake/hard/c.mp4", True),
    ]
    assert [one["file"] for one in total["mistakes"]] == ["real/b.mp4", "real/a.mp4"]
    assert total["auc_interval"][0] <= total["auc"] <= total["auc_interval"][1]
    json.dumps([*rows, total], allow_nan=False)
