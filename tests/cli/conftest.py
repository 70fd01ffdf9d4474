"""The real command, in this process on shared workers or in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.demo.platforms import StandIn
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor

ENTRY = [sys.executable, "-c", "from bot.cli import main; main(prog_name='doppelwatch')"]
CONTRACTS = Path(__file__).parents[1] / "contracts"

Invoke = Callable[..., Result]


def doppelwatch(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [*ENTRY, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, **more
    )


def invoke(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="doppelwatch")


def lines(output: str) -> list[dict[str, Any]]:
    """The JSON objects of an output, which holds nothing else."""
    return [json.loads(line) for line in output.splitlines()]


def check_contract(name: str, objects: list[dict[str, Any]]) -> None:
    """Hold each object against tests/contracts/NAME.schema.json."""
    schema = json.loads((CONTRACTS / f"{name}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for one in objects:
        validator.validate(one)


@pytest.fixture(scope="session")
def shared_workers(platform: StandIn) -> Iterator[tuple[LimitedExecutor, SourceWorker]]:
    """One process that examines and one that asks the loopback platform, for all commands of these tests."""
    with (
        LimitedExecutor(1, memory_bytes=3_000_000_000, timeout_s=60) as executor,
        SourceWorker(SourceSettings(platform.dialer()), memory_bytes=3_000_000_000) as worker,
    ):
        yield executor, worker


@pytest.fixture
def scan(shared_workers: tuple[LimitedExecutor, SourceWorker], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """`doppelwatch scan`, which starts no processes of its own: those take a second each."""
    from bot.cli import scan as module

    executor, worker = shared_workers

    def take_executor(*_: object, **__: object) -> AbstractContextManager[LimitedExecutor]:
        return nullcontext(executor)

    def take_worker(*_: object, **__: object) -> AbstractContextManager[SourceWorker]:
        return nullcontext(worker)

    monkeypatch.setattr(module, "LimitedExecutor", take_executor)
    monkeypatch.setattr(module, "SourceWorker", take_worker)
    return lambda *arguments: invoke("scan", *arguments)
