"""How commands speak: results to standard output, progress and remarks to standard error.

Rich interprets square brackets as markup; everything that may come from outside goes through
:func:`plain` so that it is neither markup nor a terminal escape.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.visible import visible

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


PIPE_WIDTH = 1000
"""Columns of a table that no terminal shows: a name that was cut short would be searched for in vain."""


def plain(text: str) -> str:
    """Make outside text safe to print through rich: visible controls, no markup."""
    return escape(visible(text))


def counted(number: int, what: str) -> str:
    """A number with its noun: "1 account", "2 accounts"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def print_json(value: Mapping[str, Any]) -> None:
    """Print one object on one line of standard output, ASCII only, and hand it on at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=True, separators=(", ", ": ")) + "\n")
    sys.stdout.flush()


def print_table(table: Table) -> None:
    """Print a table on standard output; in a pipe, which has no width, as wide as it is."""
    (out if out.is_terminal else Console(width=PIPE_WIDTH, highlight=False)).print(table)


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """Show progress bars on standard error; nothing when it is not a terminal, or `quiet`."""
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=quiet or not err.is_terminal,
    )
    with bars:
        yield bars
