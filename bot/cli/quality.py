"""`doppelwatch quality`: how good the alerts were, by what people decided on them."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Column, Table

from bot.cli.console import plain, print_json, print_table
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.quality import Quality, quality
from bot.quality import as_json as quality_json
from storage import Store


@click.command(epilog="Example: doppelwatch quality --json")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> None:
    """Tell for each protected person how many alerts were confirmed, dismissed or are open.

    The share of false alarms is that of dismissed and official ones among those on which somebody decided
    (`doppelwatch review`), with its 95 % interval.
    """
    config = load(config_path)
    with Store.open(config.store, read_only=True) as store:
        found = quality(store, [person.name for person in config.people])
    if as_json:
        for one in found:
            print_json(quality_json(one))
        return
    columns = ("alerts", "confirmed", "imitation", "dismissed", "official", "open", "missed", "false alarms")
    table = Table(Column("person", overflow="fold"), *columns, box=None, pad_edge=False)
    for one in found:
        numbers = (one.alerts, one.confirmed, one.imitation, one.dismissed, one.official, one.open, one.missed)
        table.add_row(plain(one.person or "(nobody named)"), *map(str, numbers), _share(one))
    print_table(table)


def _share(one: Quality) -> str:
    """The share of false alarms with its interval: "20 % (6 to 51 %)"."""
    if one.false_share is None or one.interval is None:
        return "not known"
    low, high = one.interval
    return f"{100 * one.false_share:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"
