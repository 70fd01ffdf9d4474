"""The identity benchmark on portraits made here, with stand-in models whose right answer is known."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.runner import default_data, main
from detectors.model_files import bundled
from tests.conftest import STAND_INS
from tests.training.portraits import names, write_lfw

PEOPLE = 28


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """28 people with two pictures each, two of whom do not look alike; people of the training set would ruin it all."""
    data = tmp_path_factory.mktemp("shared") / "data"
    people = {name: [number, number] for number, name in enumerate(islice(names("lfw", kept=True), PEOPLE))}
    wrong = list(people)[3]
    people[wrong] = [900, 901]
    people |= {name: [902 + number, 500] for number, name in enumerate(islice(names("lfw", kept=False), 10))}
    alone = list(islice(names("lfw", kept=True, suffix="-alone"), 5))
    people |= {name: [500] for name in alone}
    write_lfw(data, people)
    return data


@pytest.fixture
def data(portraits: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    return portraits


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["identity", "--json", *arguments]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


def test_misses_are_those_of_people_who_were_kept_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--data", str(data))
    clean = told["lines"]["clean"]["our_finder"]
    pictures = 2 * PEOPLE
    assert (clean["pairs"], clean["people"]) == (PEOPLE, PEOPLE)
    assert clean["impostor_pairs"] == pictures * (pictures - 1) // 2 - PEOPLE
    assert clean["ours"]["fnmr"] == pytest.approx(1 / PEOPLE, abs=1e-4)
    assert clean["ours"]["interval"][0] <= clean["ours"]["fnmr"] <= clean["ours"]["interval"][1]
    assert clean["ours"]["fmr_at_threshold"] <= told["fmr"]
    for condition in ("h264", "small"):
        photo, both = (told["lines"][name]["our_finder"] for name in (condition, f"{condition}_both"))
        assert (photo["pairs"], photo["impostor_pairs"]) == (2 * PEOPLE, 2 * clean["impostor_pairs"])
        assert (both["pairs"], both["impostor_pairs"]) == (PEOPLE, clean["impostor_pairs"])
        assert photo["pictures_without_face"] == 0
        assert photo["ours"]["fnmr"] >= clean["ours"]["fnmr"] - 1e-4, "who does not look alike never does"
    assert told["fnmr_at_fmr_1e3"] == clean["ours"]["fnmr"]
    assert "teacher" not in clean
    assert told["teacher"] is not None
    assert "mobilefacenet_dyn.onnx" in told["teacher"]
    assert set(told["aim"]) == set(told["measured"])
    assert set(told["measured"].values()) == {None}, "without a teacher there is nothing to stand beside"
    assert told["ms_a_face"]["ours"] > 0


def test_the_quick_form_is_of_the_same_shape(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick", "--data", str(data))
    assert told["quick"] is True
    assert set(told["lines"]) == {"clean", "h264", "h264_both", "small", "small_both"}


def test_missing_data_and_a_missing_model_are_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identity", "--data", str(tmp_path / "nowhere")]) == 1
    assert "--data" in capsys.readouterr().err
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: tmp_path / f"{role}.onnx")
    assert main(["identity", "--data", str(data)]) == 1
    assert "identity.onnx" in capsys.readouterr().err


def test_too_few_people_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    write_lfw(tmp_path, {name: [1, 1] for name in islice(names("lfw", kept=False), 3)})
    assert main(["identity", "--data", str(tmp_path)]) == 1
    assert "no kept-out person with two pictures" in capsys.readouterr().err
    write_lfw(tmp_path, {name: [number, number] for number, name in enumerate(islice(names("lfw", kept=True), 3))})
    assert main(["identity", "--data", str(tmp_path)]) == 1
    assert "too few for an FMR of 0.001" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "faces").is_dir(), reason="the folder of shared data is not there")
@pytest.mark.skipif(not bundled("identity").is_file(), reason="the checkout has no identity model")
def test_the_shipped_model_is_measured_beside_its_teacher(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    assert told["teacher"] is None
    assert all(value is not None for value in told["measured"].values())
