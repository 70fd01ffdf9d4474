"""`doppelwatch restore`: a store out of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.console import counted, out, plain, print_json, progress
from bot.cli.options import config_option, json_option
from bot.config import load
from storage import Store
from storage.backup import restore


@click.command(epilog="Example: doppelwatch restore /media/usb/watch-2026-11-25.tar")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@json_option
def command(source: Path, config_path: Path, as_json: bool) -> None:
    """Make the configuration's store of a backup; each file is checked, and nothing is ever overwritten.

    The store's folder must not be there, or be empty: move a damaged store away first. The next `once` or `run` goes on
    from the backup's state.
    """
    config = load(config_path)
    with progress(quiet=as_json) as bars:
        task = bars.add_task("evidence", total=None)
        made = restore(source, config.store, progress=lambda done, _: bars.update(task, completed=done))
    with Store.open(config.store) as store:  # whose it is, and of which version; an older one is brought up to date
        posts = len(store.posts())
    if as_json:
        print_json({"store": str(config.store), "evidence": made.evidence, "posts": posts, "made_at": made.made_at})
        return
    out.print(f"Store: {plain(str(config.store))}")
    out.print(
        f"  {counted(posts, 'post')} and {counted(made.evidence, 'evidence file')}, as they were at {made.made_at}; "
        "check them with: doppelwatch verify"
    )
