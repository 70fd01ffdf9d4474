"""What a list says of a model: its card's figures with their counts, and what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from bot.models.listing import listed, quality_in_short
from bot.models.placing import safe_name, yaml_lines
from detectors.calibration import Platt
from detectors.model_files import Card, ModelSet
from tests.detectors.onnx_bytes import brightness

QUALITY = """
how = "in words"
pictures = { faces = 1763, found_share = 0.9557 }
dfdc = { genuine = 1712, synthetic = 1125, auc = 0.621 }
clean = { pairs = 2841, ours = { fnmr = 0.031 }, teacher = { fnmr = 0.028 } }
ms_a_face = 2.4
"""


def test_figures_stand_with_their_counts() -> None:
    raw = {"quality": tomllib.loads(QUALITY)}
    told = quality_in_short(Card("a", "1", "", Platt(1.0, 0.0, 0.7, 50), raw))
    assert told == "pictures found 0.96 (1763); dfdc AUC 0.62 (1712 + 1125); clean FNMR 0.03 (2841); calibrated on 50"
    assert quality_in_short(Card("a", "1", "")) == "nothing measured"


def test_a_model_without_a_card_and_one_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(brightness())
    own = next(one for one in listed(ModelSet(forgery=(path,))) if one.origin == "user")
    assert (own.name, own.size, own.in_use) == ("own", len(brightness()), True)
    assert own.problem is not None
    assert "the model's card cannot be read" in own.problem
    path.unlink()
    gone = next(one for one in listed(ModelSet(forgery=(path,))) if one.origin == "user")
    assert (gone.sha256, gone.size, gone.problem) == (None, None, "own.onnx: there is no such file")


@pytest.mark.parametrize(
    ("text", "name"), [("a b: [c]", "a-b-c"), ("../../etc/x", "etc-x"), ("ä", "model"), ("v1.2_x", "v1.2_x")]
)
def test_a_name_needs_no_quotes_and_leads_nowhere_else(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_model_elsewhere_is_named_in_full(tmp_path: Path) -> None:
    config = tmp_path / "watch" / "config.yaml"
    assert yaml_lines("faces", [tmp_path / "watch" / "models" / "a.onnx"], config) == "models:\n  faces: models/a.onnx"
    assert yaml_lines("faces", [tmp_path / "a.onnx"], config) == f"models:\n  faces: {tmp_path}/a.onnx"


def test_several_models_are_written_as_a_list(tmp_path: Path) -> None:
    models = [tmp_path / "models" / f"{name}.onnx" for name in "ab"]
    written = yaml_lines("forgery", models, tmp_path / "config.yaml")
    assert yaml.safe_load(written) == {"models": {"forgery": ["models/a.onnx", "models/b.onnx"]}}


def test_several_forgery_models_are_listed_in_their_order(tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    own.write_bytes(brightness())
    told = [one for one in listed(ModelSet(forgery=(own, None))) if one.role == "forgery"]
    assert [(one.origin, one.in_use) for one in told] == [("bundled", True), ("user", True)]
    (alone, _) = [one for one in listed(ModelSet(forgery=(own,))) if one.role == "forgery"]
    assert (alone.origin, alone.in_use) == ("bundled", False)
