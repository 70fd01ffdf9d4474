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
from bot.errors import EXIT_PARTIAL, BotError, ConfigError
from bot.workers import LimitedExecutor

if TYPE_CHECKING:
    from bot.check import Checked

REMEDIES = {
    "extractor_broken": "upgrade yt-dlp (pip install --upgrade yt-dlp), which is mended several times a month",
    "login_needed": "name cookies of a login in secrets.cookies, where the platform takes them",
    "blocked": "wait some hours, or watch from another network",
    "challenged": "wait some hours; poll less often",
    "rate_limited": "poll less often",
    "network": "look whether this machine reaches the platform at all",
}
"""What to do where a platform does not answer as it should."""

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


def ask_platforms(config: Config, *, as_json: bool) -> list[str]:
    """Ask every control account; returns the platforms that did not answer as they should."""
    from bot.check import Checked, Level
    from bot.pipeline.controls import ask, control_of
    from bot.sources.contract import Outcome
    from bot.sources.registry import capabilities, settings_of
    from bot.sources.worker import SourceWorker

    silent = []
    platforms = {name: url for name in capabilities() if (url := control_of(name)) is not None}
    with (
        SourceWorker(settings_of(config), memory_bytes=config.limits.memory) as sources,
        progress(quiet=as_json) as bars,
    ):
        task = bars.add_task("sources", total=len(platforms))
        for platform, url in platforms.items():
            listing = ask(url, sources)
            good = listing.outcome is Outcome.OK
            words = f"{url} answers {listing.outcome}" + (f": {listing.detail}" if listing.detail else "")
            remedy = "" if good else REMEDIES.get(str(listing.outcome), "look at it with a browser: it may have left")
            level = Level.OK if good else Level.WARNING
            _say(
                config, Checked(("sources", platform), level, "; ".join(filter(None, (words, remedy)))), as_json=as_json
            )
            if not good:
                silent.append(platform)
            bars.advance(task)
    return silent


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
@click.option("--sources", "ask_sources", is_flag=True, help="Ask one large public account of each platform, too.")
def command(config_path: Path, as_json: bool, ask_sources: bool) -> None:
    """Validate configuration, folders, secrets, models and references without polling.

    With --sources one large public account of each platform is asked for its newest post, which tells whether the
    platform answers this machine. Nothing is kept.

    Exit code 2 says that the configuration is wrong, 1 that a model, a reference or a folder is, 5 that a platform
    does not answer.
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
    silent = ask_platforms(config, as_json=as_json) if ask_sources else []
    if not as_json:
        counts = Counter(str(checked.level) for checked in results)
        err.print(", ".join(f"{counts[level]} {level}" for level in COLOURS))
    wrong = [checked for checked in results if checked.level == "error"]
    if any(checked.path[:1] == ("secrets",) for checked in wrong):
        raise SystemExit(ConfigError.exit_code)
    if wrong:
        raise SystemExit(BotError.exit_code)
    if silent:
        raise SystemExit(EXIT_PARTIAL)
