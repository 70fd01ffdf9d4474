"""`doppelwatch check`: validate everything that can be without polling."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import err, out, plain, print_json, progress
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.errors import BotError, ConfigError
from bot.workers import LimitedExecutor

if TYPE_CHECKING:
    from bot.check import Checked

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
"""How each :class:`bot.check.Level` is shown; that module loads the detectors, so it waits until it is needed."""


def run_checks(config: Config, *, as_json: bool) -> list[Checked]:
    """Run every check and print each when it is known."""
    from bot.check import Checker

    results = []
    limits = config.limits
    with (
        LimitedExecutor(limits.workers, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds()) as executor,
        progress(quiet=as_json) as bars,
    ):
        steps = Checker(config, executor, datetime.now(UTC)).steps()
        task = bars.add_task("check", total=len(steps))
        for step in steps:
            checked = step()
            results.append(checked)
            _say(config, checked, as_json=as_json)
            bars.advance(task)
    return results


def _say(config: Config, checked: Checked, *, as_json: bool) -> None:
    if as_json:
        print_json({"what": checked.what, "level": str(checked.level), "message": checked.message})
        return
    # what is right needs no line to go to
    place = checked.what if checked.level == "ok" else config.place(*checked.path)
    out.print(f"[{COLOURS[checked.level]}]{checked.level:8}[/]{plain(place)}: {plain(checked.message)}")


@click.command(epilog="Example: doppelwatch check --json | jq 'select(.level == \"error\")'")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> None:
    """Validate configuration, folders, secrets, models and references without polling.

    Exit code 2 says that the configuration is wrong, 1 that a model, a reference or a folder is.
    """
    try:
        config = load(config_path)
    except ConfigError as error:
        if not as_json:
            raise
        for line in str(error).splitlines():
            print_json({"what": "config", "level": "error", "message": line})
        raise SystemExit(ConfigError.exit_code) from error
    results = run_checks(config, as_json=as_json)
    if not as_json:
        counts = Counter(str(checked.level) for checked in results)
        err.print(", ".join(f"{counts[level]} {level}" for level in COLOURS))
    wrong = [checked for checked in results if checked.level == "error"]
    if any(checked.path[:1] == ("secrets",) for checked in wrong):
        raise SystemExit(ConfigError.exit_code)
    if wrong:
        raise SystemExit(BotError.exit_code)
