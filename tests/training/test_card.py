"""Cards as the trainings write them are cards as the detectors read them."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from detectors.model_files import read_card
from training.card import gone_on_from, toml, wilson, write_card


def test_a_written_card_is_read_back_with_its_hash_and_calibration(tmp_path: Path) -> None:
    model = tmp_path / "forgery.onnx"
    model.write_bytes(b"weights")
    path = write_card(
        model,
        {
            "name": "forgery",
            "version": "1.0",
            "quality": {"dfdc": {"auc": 0.7, "interval": [0.6, 0.8]}, "how": 'held "out"\nclips'},
            "calibration": {"method": "platt", "a": 0.25, "b": -0.1, "max_abs_log10_lr": 0.7, "samples": 12},
        },
    )
    card = read_card(path)
    assert (card.name, card.sha256) == ("forgery", hashlib.sha256(b"weights").hexdigest())
    assert card.calibration is not None
    assert (card.calibration.a, card.calibration.b, card.calibration.samples) == (0.25, -0.1, 12)
    assert card.raw["bytes"] == 7
    assert card.raw["quality"] == {"dfdc": {"auc": 0.7, "interval": [0.6, 0.8]}, "how": 'held "out"\nclips'}


def test_a_key_may_be_any_words(tmp_path: Path) -> None:
    model = tmp_path / "forgery.onnx"
    model.write_bytes(b"weights")
    told = {"false alarms": {"age 0-9": [3, 0.5], "a.b": {'say "x"': 1}}}
    path = write_card(model, {"name": "forgery", "version": "1", **told})
    assert read_card(path).raw["false alarms"] == told["false alarms"]


@pytest.mark.parametrize("value", [True, False, 3, -0.5, 'a "quoted" \\ line\nbreak', [1, 2.5], {"a": [True]}])
def test_a_value_survives_toml(value: object) -> None:
    assert tomllib.loads(f"value = {toml(value)}") == {"value": value}


def test_what_toml_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml(None)


def test_the_interval_of_a_share_is_wilsons() -> None:
    # 8 of 10: the textbook interval (Newcombe 1998, method 3)
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=5e-4)
    assert wilson(10, 10)[1] == pytest.approx(1.0)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_card_tells_what_a_run_went_on_from() -> None:
    shipped = Path("detectors/models/identity.onnx")
    told = gone_on_from("identity", shipped)["gone_on_from"]
    assert told["sha256"] == hashlib.sha256(shipped.read_bytes()).hexdigest()
    assert told["faces_seen"] > 0
    assert gone_on_from("identity", None) == {}


def test_a_start_that_is_missing_or_has_no_card_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"gone\.onnx.*needs its card beside it"):
        gone_on_from("identity", tmp_path / "gone.onnx")
    (tmp_path / "bare.onnx").write_bytes(b"weights")
    with pytest.raises(SystemExit, match=r"bare\..*needs its card beside it"):
        gone_on_from("identity", tmp_path / "bare.onnx")
