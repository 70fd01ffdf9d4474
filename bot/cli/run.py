"""`doppelwatch run`: the daemon."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from bot.cli.console import counted, err
from bot.cli.once import stop_on_signals
from bot.cli.options import config_option
from bot.config import load
from bot.schedule import serve
from bot.sources.registry import settings_of


def _told(accounts: int) -> str:
    """What the daemon says when it has begun."""
    return f"Watching {counted(accounts, 'account')}; stop with Ctrl-C."


@click.command(epilog="Example: doppelwatch run --config /etc/doppelwatch/config.yaml")
@config_option
def command(config_path: Path) -> None:
    """Watch until stopped: poll, examine, write the daily digest, measure reach again, keep house.

    SIGTERM or Ctrl-C ends it cleanly: the item in hand is committed, the rest waits for the next start.
    """
    config = load(config_path)
    stopping = threading.Event()
    with stop_on_signals(stopping):
        serve(config, settings_of(config), stopping, started=lambda: err.print(_told(len(config.accounts))))
    err.print("Stopped.")
