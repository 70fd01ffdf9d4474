"""The card of a face detector: a threshold chosen on people of its own, figures of others."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.faces import FaceFinder
from detectors.model_files import read_card
from detectors.specimen import FaceSighting
from tests.conftest import STAND_INS
from tests.training.red_squares import RedSquares, picture, take_places, write_data
from training.data import decode_picture
from training.faces_card import MOST_FALSE_BOXES, THRESHOLDS, choose_threshold, measure_and_write
from training.settings import Settings
from training.teachers import YuNet


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    take_places(monkeypatch, "training.faces_card", tmp_path)
    write_data(tmp_path / "data")
    shutil.copy(STAND_INS / "faces.onnx", tmp_path / "faces.onnx")
    return Settings(tmp_path / "data", tmp_path, tmp_path, tmp_path, 3.0, 7, 1, 0, True)


def test_a_card_tells_what_was_measured_on_people_who_were_held_out(settings: Settings) -> None:
    path = settings.out / "faces.onnx"
    measure_and_write(settings, path, pictures=10, frames=4, seen=99, history={})
    card = read_card(path.with_suffix(".toml"))
    assert card.version == "3.7"
    assert card.raw["output"]["score_threshold"] == THRESHOLDS[0], "no false box on the people it is chosen on"
    assert card.raw["quality"]["pictures"]["faces"] == 8
    assert card.raw["quality"]["pictures"]["found_share"] == 0.75
    assert card.raw["quality"]["clip_frames"]["found_share"] == 1
    assert card.raw["groups"]["Black"]["found"] == 5
    assert card.raw["groups"]["age_20-39"]["faces"] == 6
    assert card.raw["training"]["scenes_seen"] == 99
    assert card.raw["milliseconds"]["ours"]["network"] == 3
    assert card.raw["bytes"] == path.stat().st_size


def test_figures_are_those_of_the_threshold_that_was_chosen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.faces_card.choose_threshold", lambda *_: 1.5)  # above every score
    path = settings.out / "faces.onnx"
    measure_and_write(settings, path, pictures=10, frames=4, seen=99, history={})
    card = read_card(path.with_suffix(".toml"))
    assert card.raw["output"]["score_threshold"] == 1.5
    assert card.raw["quality"]["pictures"]["found"] == 0


class Doubtful:
    """Finds the red square surely, and a false face beside it with a score of 0.55."""

    def find(self, rgb: NDArray[np.uint8]) -> list[FaceSighting]:
        points = np.zeros((5, 2), np.float32)
        return [
            FaceSighting(0, 0.0, (60.0, 60.0, 80.0, 80.0), points, 0.95),
            FaceSighting(0, 0.0, (0.0, 0.0, 30.0, 30.0), points, 0.55),
        ]


def test_the_threshold_is_the_lowest_with_few_false_boxes() -> None:
    pictures = [decode_picture(picture(90))] * 3
    chosen = choose_threshold(cast(FaceFinder, Doubtful()), cast(YuNet, RedSquares()), pictures)
    assert chosen == 0.56
    assert MOST_FALSE_BOXES < 1
