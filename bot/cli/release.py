"""`doppelwatch release`: let a case go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.console import out
from bot.cli.options import config_option
from bot.config import load
from storage import Store


@click.command(epilog="Example: doppelwatch release 12")
@click.argument("case", type=int)
@config_option
def command(case: int, config_path: Path) -> None:
    """Let a case go: its records are deleted now, its media when they are older than retention.media.

    CASE is the number of the post. The custody log keeps a line that says so, and stays whole. The post is not
    sealed again. Export the case first if it may still be needed. May be used beside a running watch.
    """
    config = load(config_path)
    Store.open(config.store, read_only=True).close()  # a store that is not there is said so, and not made
    with Store.open(config.store) as store:
        store.release(case, at=datetime.now(UTC))
    out.print(f"Case {case} is released.")
