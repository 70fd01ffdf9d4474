"""The cost of the ratios behind a verdict: fits that never judge what they saw, and pictures of them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from benchmarks._tippett import POINTS, curves, drawn
from benchmarks._tippett import main as draw
from benchmarks.runner import main
from benchmarks.verdict import Scored, _handle, cross_fitted
from detectors.metrics import cllr


def test_a_fit_across_groups_helps_where_scores_are_overstated_and_keeps_its_bound() -> None:
    random = np.random.default_rng(3)
    positive = np.arange(400) % 2 == 0
    claimed = 4 * random.normal(np.where(positive, 0.5, -0.5), 1.0)  # log odds four times too sure
    groups = [f"g{number // 8}" for number in range(400)]
    after = cross_fitted(claimed, positive, groups, 0.7)
    assert np.abs(after).max() <= 0.7
    assert cllr(after, positive) < 0.95 < 1.2 < cllr(claimed / np.log(10), positive)


def test_a_group_is_never_judged_by_a_fit_that_saw_it() -> None:
    """One group with its labels turned round: a fit that saw it would lean its way."""
    scores = np.array([2.0, -2.0] * 20 + [2.0, -2.0] * 20)
    positive = np.array([True, False] * 20 + [False, True] * 20)
    groups = ["plain"] * 40 + ["turned"] * 40
    after = cross_fitted(scores, positive, groups, 2.0)
    assert (after[:40] * np.where(positive[:40], 1, -1) < 0).all(), "judged by the turned group alone"
    assert (after[40:] * np.where(positive[40:], 1, -1) < 0).all(), "judged by the plain group alone"


def test_figures_of_known_ratios() -> None:
    positive = np.array([True, True, False, False])
    perfect = np.array([9.0, 9.0, -9.0, -9.0])
    told = Scored(np.zeros(4), perfect, positive, ["a", "b", "c", "d"]).figures()
    assert (told["cllr"], told["cllr_before"], told["positive"], told["negative"]) == (0.0, 1.0, 2, 2)
    assert told["misled"]["negative"] == 0.0
    turned = Scored(perfect, -perfect, positive, None).figures()
    assert turned["misled"] == {"positive": 1.0, "negative": 1.0, "from": 0.3}
    assert "cllr_interval" not in turned


def test_the_handle_rules_are_judged_on_the_half_they_never_saw() -> None:
    scored, told = _handle()
    assert told["positive"] + told["negative"] == len(scored.positive) > 100
    assert told["cllr"] < 1
    assert scored.after.max() <= 1.6 < scored.before.max()


def test_curves_are_the_shares_above_and_the_picture_is_whole(tmp_path: Path) -> None:
    values, positive = np.array([-3.0, -1.0, 0.5, 3.0]), np.array([False, False, True, True])
    found = curves(values, positive)
    assert (found["positive"][0], found["negative"][0]) == (1.0, 0.5)
    assert (found["positive"][-1], found["negative"][-1]) == (0.5, 0.0)
    assert len(found["positive"]) == POINTS
    panel = {
        "title": "A <b> & c", "note": "n", "classes": {"positive": "yes", "negative": "no"},
        "before": found, "after": found,
    }  # fmt: skip
    root = ET.fromstring(drawn([panel, panel]))
    assert len(root.findall(".//{*}polyline")) == 8
    assert "A <b> & c" in [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    source = tmp_path / "figures.json"
    source.write_text("progress\n" + json.dumps({"tippett": [panel]}))
    draw(source, tmp_path / "out.svg")
    assert (tmp_path / "out.svg").read_text(encoding="utf-8") == drawn([panel])


def test_without_data_it_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--json", "--data", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err
