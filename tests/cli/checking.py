"""What tests of `doppelwatch check` share: the command as it is called, and the checks that need no worker."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from bot.check import Checked, Checker
from bot.cli import main
from bot.config import load
from bot.workers import LimitedExecutor

ROOT = Path(__file__).parents[2]
STAND_INS = ROOT / "tests" / "detectors" / "stand_ins"
MODELS = f"models: {{forgery: {STAND_INS / 'forgery.onnx'}}}\n"
SCHEMA = json.loads((ROOT / "tests" / "contracts" / "check.schema.json").read_text(encoding="utf-8"))


def check(text: str, *arguments: str) -> Result:
    Path("config.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["check", *arguments])


def checked(text: str) -> tuple[dict[str, tuple[str, str]], int]:
    """What `check --json` says, by what was checked, and its exit code; every line keeps the contract."""
    result = check(text, "--json")
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    for found in objects:
        Draft202012Validator(SCHEMA).validate(found)
    assert len({found["what"] for found in objects}) == len(objects)
    return {found["what"]: (found["level"], found["message"]) for found in objects}, result.exit_code


def written(text: str) -> Path:
    Path("config.yaml").write_text(text, encoding="utf-8")
    return Path("config.yaml")


def results(text: str, now: datetime | None = None) -> dict[str, Checked]:
    """The checks that need no worker, without one."""
    config = load(written(MODELS + text))
    with LimitedExecutor(1) as executor:
        checker = Checker(config, executor, now or datetime.now(UTC))
        results = [
            checker._store(),
            checker._folder(("digest", "folder"), config.digest.folder),
        ]
        results.append(checker._time_zone())
        accounts = [step() for index, one in enumerate(config.accounts) for step in checker._account(index, one.url)]
    return {result.what: result for result in results + accounts}
