"""`doppelwatch demo`: watch a made-up platform on this machine, offline."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bot.cli.console import err, out, plain, print_json, progress
from bot.cli.once import Bars, stop_on_signals
from bot.cli.options import json_option
from bot.demo.results import Seen
from bot.demo.run import Demo, run_demo
from bot.digest.formats import short_count, signed_count
from bot.digest.wording import outcome_words

_PIPED_WIDTH = 120
"""Characters of a line where no terminal tells its own."""

_COLOURS: Mapping[str | None, str] = {"urgent": "bold red", "high": "red", "normal": "yellow", "low": "cyan"}


def account_json(seen: Seen) -> Mapping[str, Any]:
    """One watched account in the documented shape (docs/json.md)."""
    return {
        "handle": seen.handle,
        "state": seen.state,
        "label": seen.label,
        "priority": seen.priority,
        "declared": seen.declared,
    }


def _table(demo: Demo) -> Table:
    """What was found, in the digest's order."""
    table = Table(box=None, pad_edge=False)
    for name in ("account", "state", "label", "priority", "declared", "views"):
        table.add_column(name, overflow="fold")  # a narrow terminal must not cut a handle
    for seen in demo.found:
        colour = _COLOURS.get(seen.priority, "default")
        state = outcome_words(seen.state).word
        table.add_row(
            plain(f"@{seen.handle}"),
            state if seen.posts else f"[magenta]{state}[/]",
            (seen.label or "-").replace("_", " "),
            f"[{colour}]{seen.priority or '-'}[/]",
            "" if seen.label is None else "yes" if seen.declared else "no",
            "" if seen.views is None else f"{short_count(seen.views)} ({signed_count(seen.grown)})",
        )
    return table


def show(demo: Demo) -> None:
    """Print the table and where the digest lies; the remark on how it went goes to standard error."""
    (out if out.is_terminal else Console(width=_PIPED_WIDTH)).print(_table(demo))
    out.print(f"\nDigest: {plain(str(demo.digest))}")
    err.print(f"{len(demo.requests)} requests to the loopback platform, {demo.elapsed_s:.1f} s. "
              f"More: doppelwatch status --config {plain(str(demo.config))}")  # fmt: skip


def _can_show() -> bool:
    """A browser would open in a window of its own: somebody is there, and so is a screen."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return False
    # without a screen the module falls back to browsers that take the terminal over
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


@click.command(epilog="Example: doppelwatch demo --out /tmp/demo --no-open")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where store and digest go: a new folder, or an earlier demo's, which is cleared.  [default: a temporary one]",
)
@click.option("--no-open", is_flag=True, help="Do not open the digest in a browser.")
@json_option
def command(folder: Path | None, no_open: bool, as_json: bool) -> None:
    """Watch a made-up TikTok on this machine, and show what the digest of such a day looks like.

    The pipeline is the real one; nobody in the clips exists, and nothing leaves this machine. Two of the
    accounts cannot be seen, on purpose: one is gone, one is rate-limited.
    """
    stopping = threading.Event()
    place = folder if folder is not None else Path(tempfile.mkdtemp(prefix="doppelwatch-demo-"))
    with stop_on_signals(stopping), progress(quiet=as_json) as bars:
        demo = run_demo(place.absolute(), progress=Bars(bars), stopping=stopping)
    if as_json:
        for seen in demo.found:
            print_json(account_json(seen))
        print_json({"digest": str(demo.digest), "elapsed_s": round(demo.elapsed_s, 3)})
        return
    show(demo)
    if not no_open and _can_show():
        webbrowser.open(demo.digest.as_uri())
