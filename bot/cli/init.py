"""`doppelwatch init`: write a starter configuration."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path

import click

from bot.cli.console import out, plain
from bot.config import default_text
from bot.config.values import is_folder
from bot.errors import BotError, UsageError

NEXT = (
    ("check", "finds mistakes"),
    ("once", "polls, examines, writes the digest"),
    ("run", "stays, and does so on schedule"),
)
"""What to call after the file was filled in, and why."""


def write_starter(path: Path, *, force: bool = False) -> None:
    """Write the commented example, readable by this user alone: whom one protects and watches is private.

    Raises:
        UsageError: there is something at the path already, or no folder to put it in.
        BotError: it cannot be written.
    """
    if is_folder(path):
        raise UsageError(f"{path}: is a folder; name a file in it, such as {path / 'config.yaml'}")
    try:
        if force:
            descriptor, name = tempfile.mkstemp(prefix=".doppelwatch-", dir=path.parent)  # made with mode 0600
        else:
            descriptor, name = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), str(path)
        made = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(default_text())
            made.replace(path)
        except OSError:
            made.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise UsageError(f"{path}: is there already; name another file, or replace it with --force") from None
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no folder {path.parent}; make it first") from None
    except OSError as error:
        raise BotError(f"{path}: cannot be written: {error.strerror}") from error


@click.command(epilog="Example: doppelwatch init /etc/doppelwatch/config.yaml")
@click.argument("path", type=click.Path(path_type=Path), default=Path("config.yaml"))
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def command(path: Path, force: bool) -> None:
    """Write a commented configuration to PATH (config.yaml unless named); it watches nobody yet."""
    write_starter(path, force=force)
    option = "" if path == Path("config.yaml") else f" --config {shlex.quote(str(path))}"
    out.print(f"Wrote {plain(str(path))}, readable by you alone. Next:")
    out.print("  1. Name the people to protect and the accounts to watch in it.")
    for number, (name, purpose) in enumerate(NEXT, 2):
        out.print(f"  {number}. {plain(f'doppelwatch {name}{option}'):{len(option) + 18}}  {purpose}")
