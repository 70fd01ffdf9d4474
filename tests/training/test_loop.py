"""The optimisation loop: what a step costs of the budget, where a resumed run goes on, and which precision it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only")

from training import loop  # noqa: E402 - only after torch is known to be there


class _Clock:
    """A clock that goes on by a fixed time whenever it is read."""

    def __init__(self, seconds: float) -> None:
        self._now, self._seconds = 0.0, seconds

    def monotonic(self) -> float:
        self._now += self._seconds
        return self._now


def _batches() -> Iterator[object]:
    while True:
        yield torch.ones(2, 3)


def _loss(model: object, batch: object) -> object:
    return model(batch).pow(2).mean()  # type: ignore[operator]


def _train(checkpoint: Path, minutes: float, *, resume: bool = True) -> object:
    return loop.optimise(
        torch.nn.Linear(3, 1), _batches(), _loss, loop.Plan(minutes=minutes, rate=1e-2), checkpoint, resume
    )


@pytest.mark.parametrize(("step_s", "steps"), [(1.0, 60), (2.0, 30), (3600.0, 30)])
def test_a_step_counts_at_most_two_seconds_of_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step_s: float, steps: int
) -> None:
    monkeypatch.setattr(loop, "time", _Clock(step_s))
    _train(tmp_path / "a.ckpt", minutes=1)
    assert loop.steps_of(tmp_path / "a.ckpt") == steps


def test_a_resumed_run_counts_on_and_a_missing_checkpoint_has_no_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "time", _Clock(1.0))
    checkpoint = tmp_path / "a.ckpt"
    assert loop.steps_of(checkpoint) == 0
    _train(checkpoint, minutes=1)
    _train(checkpoint, minutes=2)
    assert loop.steps_of(checkpoint) == 120
    _train(checkpoint, minutes=0.5, resume=False)
    assert loop.steps_of(checkpoint) == 30


@pytest.mark.parametrize(
    ("features", "wanted"),
    [
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False}, "float32"),
        ({"avx2": True, "avx512_bf16": True}, "bfloat16"),
        ({"amx_bf16": True}, "bfloat16"),
        ({}, "float32"),
    ],
)
def test_bfloat16_is_taken_only_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, features: dict[str, bool], wanted: str
) -> None:
    monkeypatch.setattr(loop, "device", lambda: torch.device("cpu"))
    monkeypatch.setattr(torch, "cpu", SimpleNamespace(get_capabilities=lambda: features))
    loop._bfloat16_pays.cache_clear()
    try:
        with loop.precision():
            product = torch.ones(2, 2) @ torch.ones(2, 2)
    finally:
        loop._bfloat16_pays.cache_clear()
    assert str(product.dtype) == f"torch.{wanted}"


def test_a_length_in_steps_is_kept_whatever_the_clock_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "time", _Clock(1.0))
    checkpoint = tmp_path / "a.ckpt"
    plan = loop.Plan(minutes=0, rate=1e-2, steps=7)
    loop.optimise(torch.nn.Linear(3, 1), _batches(), _loss, plan, checkpoint, True)
    assert loop.steps_of(checkpoint) == 7
    loop.optimise(torch.nn.Linear(3, 1), _batches(), _loss, plan, checkpoint, True)
    assert loop.steps_of(checkpoint) == 7, "nothing is left to do"


def test_a_checkpoint_of_another_network_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "time", _Clock(1.0))
    _train(tmp_path / "a.ckpt", minutes=0.2)
    plan = loop.Plan(minutes=1, rate=1e-2)
    with pytest.raises(SystemExit, match="is of another network"):
        loop.optimise(torch.nn.Linear(3, 2), _batches(), _loss, plan, tmp_path / "a.ckpt", True)
