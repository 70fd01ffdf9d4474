"""A faces model that finds next to nothing is not measured with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detectors.model_files import Card, bundled, load_model
from training import measured_with
from training.card import write_card


@pytest.fixture(autouse=True)
def card_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The card in place of the finder that is made with it."""
    monkeypatch.setattr(measured_with, "FaceFinder", lambda session, card: card)


@pytest.mark.parametrize(("found", "chosen"), [(0.95, "beside"), (0.2, "bundled"), (None, "beside")])
def test_the_model_beside_the_output_serves_where_it_finds_faces(
    tmp_path: Path, found: float | None, chosen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "faces.onnx"
    shutil.copy(bundled("faces"), path)
    quality = {} if found is None else {"quality": {"pictures": {"found_share": found}}}
    write_card(path, {"name": "faces", "version": "beside", **quality})
    assert (_version(tmp_path) == "beside") is (chosen == "beside")
    assert ("the bundled model is measured with" in capsys.readouterr().err) is (chosen == "bundled")


def test_without_one_the_bundled_model_serves(tmp_path: Path) -> None:
    assert _version(tmp_path) == load_model("faces")[1].version


def _version(out: Path) -> str:
    card = measured_with.face_finder(out)
    assert isinstance(card, Card)
    return card.version
