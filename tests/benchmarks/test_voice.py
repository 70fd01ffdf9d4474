"""The voice benchmark on speech that was made here, with the stand-in and with the shipped model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.runner import default_data, main
from benchmarks.voice import CALLED, MS, POINTS
from detectors.model_files import bundled
from tests.conftest import STAND_INS
from tests.training.speech import utterances, write_speech
from training.voice_split import MEASURED


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of the ten speakers, two utterances each, and one of the training's, who would be found at once."""
    data = tmp_path_factory.mktemp("shared") / "data"
    write_speech(data, utterances([*sorted(MEASURED)[:4], "19"], 2, 5.4))
    return data


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["voice", "--json", *arguments]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


def test_each_aim_has_its_figure(
    speech: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: STAND_INS / f"{role}.onnx")
    told = figures(capsys, "--data", str(speech), "--quick")
    assert set(told["aim"]) == set(told["measured"])
    assert told["aim"]["eer_5s_above_teacher_clean"] == POINTS
    assert told["aim"]["genuine_called_mismatch_degraded"] == CALLED
    assert 0 < told["measured"]["ms_a_second"] < 50 * MS
    assert told["model"] == "stand-in"
    line = told["lines"]["clean 5s"]
    assert (line["pairs"], line["same"], line["speakers"]) == (8 * 7 // 2, 4, 4), "one segment an utterance"
    assert line["ours"]["interval"][0] <= line["ours"]["eer"] <= line["ours"]["interval"][1]
    called = told["mismatch"]["degraded"]
    assert called["genuine"] + called["others"] + called["too_little_speech"] == 8 * 4
    assert called["genuine_share"] == told["measured"]["genuine_called_mismatch_degraded"]
    for condition, name in (("clean", "eer"), ("aac64", "eer_aac64"), ("degraded", "eer_degraded")):
        rates = {seconds: told["lines"][f"{condition} {seconds}s"]["ours"]["eer"] for seconds in ("2", "5", "10")}
        assert told[name] == rates
    clips = told["clips"]["by_condition"]["music10"]
    assert clips["genuine"] + clips["too_little_speech"] + clips["refused_as_music"] == 8
    assert told["measured"]["genuine_clips_called_music10"] == clips["genuine_share"]
    assert told["clips"]["interviews"]["clips"] <= 4 * 3
    assert 0 < told["clips"]["music"]["refused"] <= told["clips"]["music"]["clips"]
    if told["teacher"] is not None:
        assert "cannot be imported" in told["teacher"]
        assert line["teacher"] is None
        assert told["measured"]["eer_5s_above_teacher_clean"] is None
    else:
        assert told["measured"]["eer_5s_above_teacher_clean"] == line["above_teacher"]


def test_without_speech_it_says_what_to_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not bundled("voice").is_file():
        pytest.skip("the voice model is not in this checkout")
    assert main(["voice", "--data", str(tmp_path)]) == 1
    assert "name the folder of shared data with --data" in capsys.readouterr().err


def test_without_the_model_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.model_files.bundled", lambda role: tmp_path / f"{role}.onnx")
    assert main(["voice", "--data", str(tmp_path)]) == 1
    assert "the voice model" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "voice" / "speech.zip").is_file(), reason="the shared speech is not there")
@pytest.mark.skipif(not bundled("voice").is_file(), reason="the voice model is not in this checkout")
def test_the_shipped_model_on_speakers_it_never_heard(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    assert told["lines"]["clean 5s"]["ours"]["eer"] < 0.08
    assert told["lines"]["degraded 5s"]["ours"]["eer"] < 0.2
    assert told["measured"]["genuine_called_mismatch_degraded"] <= 0.1
    for condition in ("clean", "music10"):
        clips = told["clips"]["by_condition"][condition]
        assert clips["genuine"] >= 10
        assert clips["genuine_share"] <= 0.1
        assert clips["others_share"] >= 0.7
