"""`doppelwatch purge`: delete everything of a protected person, and prove it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.console import counted, err, out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.errors import EXIT_PARTIAL, BotError, UsageError
from bot.lock import hold
from bot.purging import Report, check_known, marks_of, purge_person
from storage import Store
from storage.purging import Holding

_MOST = 20
"""Traces that are printed; --json has all."""


@click.command(epilog='Example: doppelwatch purge "Jane Example"')
@click.argument("person")
@click.option("--cases", "with_cases", is_flag=True, help="Also cases that were not released; export them before.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@json_option
@click.pass_context
def command(ctx: click.Context, person: str, config_path: Path, *, with_cases: bool, yes: bool, as_json: bool) -> None:
    """Delete all that there is of a person for good, then search every byte of the watch for what is left.

    What goes: embeddings of faces and voices, the accounts that are watched for the person with their posts, findings,
    verdicts, cases and files, look-alikes, messages that wait; the name in what stays of others; digests and pages of
    the archive are written anew. The custody log keeps a line for each case, without a name, and stays whole. The
    configuration, the reference files and what was sent or exported are your own: the command names them.

    Stop a running watch first. Exit code 5 says that something could still be found.
    """
    config = load(config_path)
    Store.open(config.store, read_only=True).close()  # a store that is not there is said so, and not made
    with hold(config.store), Store.open(config.store) as store:
        marks = marks_of(person, config, store)
        check_known(person, config, store, marks)
        held = store.holding(person)
        if held.cases and not with_cases:
            numbers = ", ".join(map(str, held.cases))
            raise BotError(
                f"{person}: {counted(len(held.cases), 'case')} not released ({numbers}); export what may still be "
                "needed (doppelwatch export CASE), then release them, or give --cases"
            )
        if not yes:
            _ask(person, held)
        report = purge_person(person, marks, store=store, config=config, now=datetime.now(UTC))
    if as_json:
        print_json(_row(report))
    else:
        _print(report)
    if report.traces:
        ctx.exit(EXIT_PARTIAL)


def _ask(person: str, held: Holding) -> None:
    """Ask a person; a script has to say --yes.

    Raises:
        UsageError: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on; give --yes to delete without a question")
    err.print(f"Of {plain(person)}: {_told(held)}")
    for url in held.accounts:
        err.print(f"  {plain(url)}")
    click.confirm("Delete all of this for good?", abort=True, err=True)


def _told(held: Holding) -> str:
    parts = (
        counted(held.references, "embedding"),
        counted(len(held.accounts), "account"),
        counted(held.posts, "post"),
        counted(len(held.cases), "case"),
        counted(held.lookalikes, "look-alike"),
    )
    return ", ".join(parts) + "."


def _print(report: Report) -> None:
    out.print(f"Purged: {plain(report.person)}. {_told(report.held)}")
    redacted = sum(report.gone.redacted.values())
    out.print(
        f"  {counted(report.gone.files, 'file')} of evidence and {counted(len(report.messages), 'message')} deleted, "
        f"{counted(len(report.pages), 'page')} deleted or written anew; "
        f"the name was replaced in {counted(redacted, 'text')}"
    )
    if report.traces:
        out.print(f"[bold red]Still found in {counted(len(report.traces), 'place')}:[/]")
        for trace in report.traces[:_MOST]:
            out.print(f"  {plain(trace)}")
    else:
        out.print("Every byte of store, pages and messages was searched: nothing is left.")
    out.print("By hand:")
    for line in report.by_hand:
        out.print(f"  {plain(line)}")


def _row(report: Report) -> dict[str, object]:
    held = report.held
    return {
        "person": report.person,
        "references": held.references,
        "accounts": list(held.accounts),
        "posts": held.posts,
        "cases": list(held.cases),
        "lookalikes": held.lookalikes,
        "rows": report.gone.rows,
        "files": report.gone.files,
        "redacted": report.gone.redacted,
        "pages": [str(path) for path in report.pages],
        "messages": [str(path) for path in report.messages],
        "traces": list(report.traces),
        "by_hand": list(report.by_hand),
    }
