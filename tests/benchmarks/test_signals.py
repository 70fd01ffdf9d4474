"""The cost of all signals, on the demo's clips and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.runner import main
from benchmarks.signals import AIM, ALONE, PLAIN, _ratio
from detectors.model_files import ModelSet
from detectors.registry import clip_detectors


def test_the_whole_is_told_as_a_multiple_of_faces_and_forgery_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["signals", "--json", "--quick", "--data", str(tmp_path)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["clips_from"] == "demo"
    assert figures["clips"] == 3
    assert set(figures["stages_s"]) >= {*ALONE, "speech", "context"} | {one.name for one in clip_detectors(ModelSet())}
    assert not {"identity", "drift", "voice"} & set(figures["silent"]), "what lacks a reference costs nothing here"
    alone = sum(figures["stages_s"][stage] for stage in ALONE)
    whole = sum(figures["stages_s"].values()) - figures["stages_s"][PLAIN]
    assert figures["ratio_to_faces_and_forgery"] == pytest.approx(whole / alone, abs=0.01)
    assert figures["measured"]["ratio_to_faces_and_forgery"] < AIM + 1, "the aim is held by the whole benchmark"


def test_the_ratio_by_hand() -> None:
    assert _ratio({"decode": 3.0, PLAIN: 2.0, "tracks": 1.0, "faces": 0.5, "forgery": 0.5, "voice": 4.0}) == 2.25
