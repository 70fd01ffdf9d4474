"""`doppelwatch backup`: the whole store as one file, beside a running watch."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.console import counted, out, plain, print_json, progress
from bot.cli.options import config_option, json_option
from bot.config import load
from storage.backup import back_up


@click.command(epilog="Example: doppelwatch backup /media/usb/watch-2026-11-25.tar")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@json_option
def command(target: Path, config_path: Path, as_json: bool) -> None:
    """Write database and evidence into one file, a plain tar archive that only this user can read.

    A running watch is not disturbed. The file holds faces, voices and judgements: keep it as carefully as the store,
    and remember it when a person is purged. The pages of digests are not in it.
    """
    config = load(config_path)
    with progress(quiet=as_json) as bars:
        task = bars.add_task("evidence", total=None)
        made = back_up(
            config.store,
            target,
            at=datetime.now(UTC),
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    if as_json:
        print_json({"file": str(target), "evidence": made.evidence, "bytes": made.bytes, "made_at": made.made_at})
        return
    out.print(f"Backup: {plain(str(target))}")
    out.print(f"  database and {counted(made.evidence, 'evidence file')}, {made.bytes / 1e6:.1f} MB")
