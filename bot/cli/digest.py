"""`doppelwatch digest`: write the pages of what has been judged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.console import out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.lock import hold
from bot.pipeline.digest import make_digest
from storage import Store


@click.command(epilog="Example: doppelwatch digest --list --json")
@config_option
@click.option("--list", "list_only", is_flag=True, help="List the digests there are, newest first; write nothing.")
@json_option
def command(config_path: Path, list_only: bool, as_json: bool) -> None:
    """Gather what was judged since the last digest into today's page, without polling."""
    config = load(config_path)
    if not list_only:
        with hold(config.store), Store.open(config.store) as store:
            path = make_digest(store, config, datetime.now(UTC))
        if as_json:
            print_json({"digest": str(path)})
        else:
            out.print(f"Digest: {plain(str(path))}")
        return
    with Store.open(config.store, read_only=True) as store:
        for record in store.digests():
            posts = len(store.digest_posts(record.id))
            if as_json:
                print_json({"day": record.day, "path": record.path, "posts": posts})
            else:
                out.print(f"{record.day}  {posts:4d} posts  {plain(record.path or 'not written yet')}")
