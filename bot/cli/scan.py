"""`doppelwatch scan`: examine files or addresses now, without a store."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.console import err, out, plain, print_json, progress
from bot.cli.options import json_option
from bot.config import Config, default, load
from bot.errors import EXIT_PARTIAL, UsageError
from bot.pipeline.convert import person_of
from bot.scan import Scanned, Scanner
from bot.scan import as_json as scanned_json
from bot.sources.registry import settings_of
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from detectors.contract import Status
from detectors.specimen import Person


def _person(config: Config, name: str | None) -> Person | None:
    """The named person of the configuration, or a clear error that lists who is known."""
    if name is None:
        return None
    person = person_of(config, name)
    if person is None:
        known = ", ".join(person.name for person in config.people) or "nobody"
        raise UsageError(f'--person: "{name}" is not in the configuration, which protects {known}')
    return person


def _print(scanned: Scanned) -> None:
    """Say one result for people."""
    if scanned.examination is None or scanned.verdict is None:
        err.print(f"[red]error[/] {plain(scanned.error or '')}")
        return
    verdict = scanned.verdict
    out.print(f"[bold]{plain(scanned.source)}[/]  {verdict.label} / {verdict.priority}")
    out.print(f"  {plain(verdict.summary)}")
    for finding in scanned.examination.findings:
        mark = {Status.OK: " ", Status.NOT_APPLICABLE: "-", Status.FAILED: "!"}[finding.status]
        out.print(f"  {mark} {finding.detector}: {plain(finding.statement)}")


@click.command(epilog="Example: doppelwatch scan --json clip.mp4 https://www.tiktok.com/@name/video/123")
@click.argument("sources", nargs=-1, required=True, metavar="FILE_OR_URL...")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    envvar="DOPPELWATCH_CONFIG",
    help="Take limits, models and people from this configuration.",
)
@click.option("-p", "--person", "name", default=None, help="Whom the clips might show; a name in the configuration.")
@json_option
def command(sources: tuple[str, ...], config_path: Path | None, name: str | None, as_json: bool) -> None:
    """Examine clips now and say what was found; nothing is stored.

    A file that cannot be examined is named, the others go on, and the exit code is 5.
    """
    config = load(config_path) if config_path is not None else default()
    person = _person(config, name)
    limits = config.limits
    failed = 0
    with (
        LimitedExecutor(1, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds()) as executor,
        SourceWorker(settings_of(config), memory_bytes=limits.memory) as worker,
        progress(quiet=as_json) as bars,
    ):
        scanner = Scanner(config, executor, worker, person)
        task = bars.add_task("scan", total=len(sources))
        for source in sources:
            scanned = scanner.scan(source)
            failed += scanned.error is not None
            if as_json:
                print_json(scanned_json(scanned))
            else:
                _print(scanned)
            bars.advance(task)
    if failed:
        raise SystemExit(EXIT_PARTIAL)
