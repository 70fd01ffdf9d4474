"""The command line of the trainings: every subject has its module, and what is given arrives."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from training import __main__ as command
from training.settings import Settings


@pytest.mark.parametrize("module", command.SUBJECTS.values())
def test_every_subject_has_a_module_that_trains(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    assert "\ndef train(settings: Settings) -> None:" in Path(spec.origin).read_text(encoding="utf-8")


@pytest.mark.parametrize(("subject", "folder"), [("forgery", "forgery"), ("left-out", "forgery"), ("all", "all")])
def test_what_is_given_arrives_and_left_out_shares_the_folder_of_forgery(
    monkeypatch: pytest.MonkeyPatch, subject: str, folder: str
) -> None:
    given: list[Settings] = []
    monkeypatch.setattr(
        command, "importlib", SimpleNamespace(import_module=lambda name: SimpleNamespace(train=given.append))
    )
    arguments = "--minutes 7 --steps 3 --start identity.onnx --beside forgery.onnx --data some/data"
    monkeypatch.setattr(sys, "argv", ["training", subject, *arguments.split()])
    command.main()
    (settings,) = given
    assert settings.work == Path(".training") / folder
    assert settings.teachers == Path("some/models/teachers")
    assert (settings.minutes, settings.steps, settings.resume) == (7, 3, True)
    assert (settings.start, settings.beside) == (Path("identity.onnx"), Path("forgery.onnx"))


def test_an_unknown_subject_is_refused_with_the_ones_that_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["training", "faces2"])
    with pytest.raises(SystemExit):
        command.main()
    assert "left-out" in capsys.readouterr().err
