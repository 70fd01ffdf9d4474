"""Which networks of an earlier file are averaged with the new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch belongs to the training extra")

import onnx

from training.forgery import beside
from training.forgery_join import logits, parts
from training.settings import Settings

SHIPPED = Path("detectors/models/forgery.onnx")


def _settings(work: Path, start: Path) -> Settings:
    return Settings(work, work, work, work, minutes=1, seed=0, threads=1, loaders=0, resume=True, start=start)


def test_what_was_gone_on_with_is_not_averaged_with_itself(tmp_path: Path) -> None:
    files, told = beside(_settings(tmp_path, SHIPPED), SHIPPED)
    assert len(files) == 1
    crops = np.random.default_rng(0).integers(0, 256, (4, 112, 112, 3), np.uint8)
    second = tmp_path / "second.onnx"
    onnx.save(parts(onnx.load(str(SHIPPED)))[1], str(second))
    assert np.array_equal(logits(files[0], crops), logits(second, crops))
    assert told["version"] == "1.0"


def test_of_another_joined_file_all_networks_are_averaged(tmp_path: Path) -> None:
    for suffix in (".onnx", ".toml"):
        shutil.copyfile(SHIPPED.with_suffix(suffix), tmp_path / f"forgery{suffix}")
    files, told = beside(_settings(tmp_path, SHIPPED), tmp_path / "forgery.onnx")
    assert len(files) == 2
    assert told["sha256"]
