"""`doppelwatch evaluate`: measure the forgery finding on labelled clips."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Column, Table

from bot.cli.console import counted, err, out, plain, print_json, print_table, progress
from bot.cli.options import json_option
from bot.config import default, load
from bot.errors import EXIT_PARTIAL
from bot.evaluation import report
from bot.evaluation.examining import examine_all
from bot.evaluation.material import find
from bot.evaluation.measuring import Evaluation, measure, steps
from bot.evaluation.results import as_json as evaluation_json
from bot.workers import LimitedExecutor


def _print(evaluation: Evaluation, path: Path) -> None:
    """Say the figures for people."""
    total = evaluation.total
    headings = (Column(name, overflow="fold") for name in ("folder", "genuine", "synthetic", "no score"))
    table = Table(*headings, *(Column(name) for name in report.COLUMNS.values()), box=None, pad_edge=False)
    for row in (*evaluation.rows, total):
        counts = (str(row.genuine), str(row.synthetic), str(row.left_out))
        table.add_row(plain(row.folder), *counts, *(report.shown(row.figures[key]) for key in report.COLUMNS))
    out.print(f"[bold]{plain(report.headline(evaluation))}[/]")
    for row in evaluation.by_model:
        counts = (str(row.genuine), str(row.synthetic), str(row.left_out))
        table.add_row(
            plain(f"all, by {row.folder}"), *counts, *(report.shown(row.figures[key]) for key in report.COLUMNS)
        )
    print_table(table)
    for remark in report.remarks(evaluation):
        out.print(f"- {plain(remark)}")
    if evaluation.mistakes:
        out.print("Worst mistakes:")
        for one in evaluation.mistakes:
            out.print(f"  {one.score:+.2f}  {plain(one.sample.name)}")
    for one in evaluation.not_scored:
        colour = "red" if one.failed else "default"
        err.print(f"[{colour}]no score[/] {plain(one.sample.name)}: {plain(one.why)}")
    out.print(f"Report: {plain(str(path))}")


@click.command(epilog="Example: doppelwatch evaluate clips --out evaluation")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    envvar="DOPPELWATCH_CONFIG",
    help="Take limits and models from this configuration.",
)
@click.option(
    "--out",
    "out_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("evaluation"),
    show_default=True,
    help="Where the report is written.",
)
@json_option
def command(folder: Path, config_path: Path | None, out_folder: Path, as_json: bool) -> None:
    """Measure the forgery finding on the clips under DIR/real/ and DIR/fake/.

    Each clip is examined as the watch does it. Sub-folders get a row each, folders below them are drawn
    together for the intervals. A clip without a score is listed with its reason and counts nowhere; where one
    could not be examined, or a side has no score at all, the exit code is 5.
    """
    config = load(config_path) if config_path is not None else default()
    material = find(folder)
    report.prepare(out_folder)
    limits = config.limits
    with progress(quiet=as_json) as bars:
        task = bars.add_task("examine", total=len(material.samples))
        with LimitedExecutor(
            limits.workers, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds()
        ) as executor:
            outcomes = examine_all(material.samples, executor, config, lambda: bars.advance(task))
        measuring = bars.add_task("measure", total=steps(material))
        evaluation = measure(material, outcomes, lambda: bars.advance(measuring))
    path = report.write(evaluation, out_folder, folder)
    if as_json:
        for one in evaluation_json(evaluation, path):
            print_json(one)
    else:
        _print(evaluation, path)
        if evaluation.failed:
            err.print(f"[red]{counted(evaluation.failed, 'file')} could not be examined[/]")
    if not evaluation.is_whole:
        raise SystemExit(EXIT_PARTIAL)
