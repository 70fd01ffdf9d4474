"""`doppelwatch verify`: check the evidence, offline, and name the first thing that does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cases.stamping import certificates
from bot.cases.verifying import export_faults, store_stamp_faults
from bot.cli.console import counted, err, out, plain, print_json, progress
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.errors import UsageError
from bot.pipeline.seal import KEPT
from storage import Store


@click.command(epilog="Example: doppelwatch verify case-12.zip")
@click.argument("case", metavar="[CASE]", required=False)
@click.option("--all", "everything", is_flag=True, help="Name everything that does not fit, not only the first.")
@config_option
@json_option
def command(case: str | None, everything: bool, config_path: Path, as_json: bool) -> None:
    """Check the custody log, the sealed records, rows, files and time stamps of all cases, of one, or of an export.

    CASE is the number of a case, or the file that `doppelwatch export` wrote, for which no configuration is needed.
    Nothing is written and nothing is asked of the network. Exit code 1 says that something does not fit.
    """
    faults: list[str] = []
    checked = 1
    with progress(as_json) as bars:
        bars.add_task("checking", total=None)
        if case is not None and not case.isdecimal():
            path = Path(case)
            if not path.is_file():
                raise UsageError(f"{case}: is neither the number of a case nor a file that `doppelwatch export` wrote")
            _take(faults, export_faults(path), everything)
        else:
            config = load(config_path)
            with Store.open(config.store, read_only=True) as store:
                cases = store.cases()
                if case is not None and int(case) not in cases:
                    raise UsageError(f"{case}: is no case; `doppelwatch verify` without a number checks them all")
                checked = 1 if case is not None else len(cases)
                kept = {str(priority) for priority in KEPT}
                _take(faults, store.faults(None if case is None else int(case), must_have=kept), everything)
                if store.stamps() and (everything or not faults):
                    file = config.timestamps.certificates
                    pem = None if file is None else certificates(file)
                    _take(faults, store_stamp_faults(store, pem), everything)
    if as_json:
        print_json({"fits": not faults, "cases": checked, "faults": faults})
    elif faults:
        for fault in faults:
            err.print(f"Does not fit: {plain(fault)}")
    else:
        out.print(f"{counted(checked, 'case')} checked; everything fits.")
    if faults:
        raise SystemExit(1)


def _take(faults: list[str], found: Iterator[str], everything: bool) -> None:
    for fault in found:
        faults.append(fault)
        if not everything:
            return
