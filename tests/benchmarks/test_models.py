"""The table of foreign files: who is taken, who is refused, and that every refusal is one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.models import SERVES
from benchmarks.runner import default_data, main
from tests.detectors.onnx_bytes import brightness, likeness


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["models", "--json", *arguments]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


def test_every_file_is_offered_for_every_role_and_three_broken_ones_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, name, data in (
        ("peers", "Meso4_DF", brightness(shape=("N", 3, 256, 256))),
        ("teachers", "mobilefacenet_dyn", likeness()),
        ("peers", "lrnet_ffpp", brightness(copies=12)),
        ("peers", "unheard of", brightness()),
    ):
        (tmp_path / "models" / kind).mkdir(parents=True, exist_ok=True)
        (tmp_path / "models" / kind / f"{name}.onnx").write_bytes(data)
    told = figures(capsys, "--data", str(tmp_path / "data"))
    taken = {(one["file"], one["role"]): one["taken"] for one in told["offers"]}
    assert told["files"] == 7
    assert len(taken) == 7 * 5
    assert (taken["Meso4_DF", None], taken["Meso4_DF", "forgery"]) == ("forgery", "forgery")
    assert (taken["mobilefacenet_dyn", None], taken["mobilefacenet_dyn", "identity"]) == ("identity", "identity")
    assert taken["Meso4_DF", "faces"] is taken["Meso4_DF", "voice"] is None
    assert {taken[name, None] for name in ("cut off", "with another's card", "checkpoint", "lrnet_ffpp")} == {None}
    assert told["unknown"] == ["unheard of"]
    assert told["measured"]["judged_rightly"] == 1
    assert set(told["aim"]) == set(told["measured"])
    for one in told["offers"]:
        assert one["said"]
        assert "\n" not in one["said"]


def test_without_files_there_is_nothing_to_offer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--data", str(tmp_path / "data")]) == 1
    assert "--data" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not (default_data().parent / "models").is_dir(), reason="the folder of shared models is not there")
def test_what_is_known_of_each_shared_file_is_what_is_said_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = figures(capsys, "--quick")
    wrong = [one for one in told["offers"] if one["right"] is not True]
    assert wrong == []
    assert told["files"] == len(SERVES)
