"""All models in one budget: each gets its share, and one that cannot run keeps no other from its turn."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.runner import default_data
from detectors.model_files import load_model
from tests.training.shared_sample import write_sample
from training import every
from training.settings import Settings

SHARED = default_data()


def _settings(work: Path) -> Settings:
    return Settings(
        data=work / "data", teachers=work, out=work, work=work, minutes=60, seed=3, threads=1, loaders=1, resume=True
    )


def test_each_model_gets_its_share_in_the_order_in_which_they_build_on_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Settings] = {}
    monkeypatch.setattr(every, "_train", lambda name: lambda settings: given.update({name: settings}))
    every.train(replace(_settings(tmp_path), start=tmp_path / "identity.onnx"))
    assert list(given) == ["faces", "identity", "forgery", "voice"]
    assert [name for name, one in given.items() if one.start is not None] == ["forgery"]
    assert sum(one.minutes for one in given.values()) == pytest.approx(60)
    assert {one.out for one in given.values()} == {tmp_path}, "the next model finds the last one's beside its own"


def test_one_that_cannot_be_trained_is_told_at_the_end_and_the_others_are_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []

    def train(name: str) -> object:
        def one(settings: Settings) -> None:
            if name == "identity":
                raise SystemExit("the teacher is missing")
            trained.append(name)

        return one

    monkeypatch.setattr(every, "_train", train)
    with pytest.raises(SystemExit, match=r"1 of 4 models were not trained\. identity: the teacher is missing"):
        every.train(_settings(tmp_path))
    assert trained == ["faces", "forgery", "voice"]


def test_a_mistake_of_ours_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def train(name: str) -> object:
        def one(settings: Settings) -> None:
            raise ZeroDivisionError(name)

        return one

    monkeypatch.setattr(every, "_train", train)
    with pytest.raises(ZeroDivisionError):
        every.train(_settings(tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "voice").is_dir(), reason="the folder of shared data is not there")
def test_one_command_makes_four_models_that_load(tmp_path: Path) -> None:
    # not imported: of resemblyzer only the weights are needed, and its own dependencies are not there
    if lacking := [name for name in ("torch", "onnx", "resemblyzer") if importlib.util.find_spec(name) is None]:
        pytest.skip(f"training needs {', '.join(lacking)}")
    data = write_sample(SHARED, tmp_path / "data", 240)
    teachers = SHARED.parent / "models" / "teachers"
    command = f"all --data {data} --teachers {teachers} --out {tmp_path / 'models'} --work {tmp_path / 'work'}"
    options = "--minutes 0.5 --threads 1 --loaders 1"
    done = subprocess.run(
        [sys.executable, "-m", "training", *command.split(), *options.split()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for role in every.SHARES:
        _, card = load_model(role, tmp_path / "models" / f"{role}.onnx")
        assert card.raw["quality"], role
