"""`doppelwatch export`: one case as one file for a platform, a lawyer, a court."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cases import export_case
from bot.cases.stamping import certificates
from bot.cli.console import out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import load
from storage import Store


@click.command(epilog="Example: doppelwatch export 12 --out case-12.zip")
@click.argument("case", type=int)
@click.option(
    "--out", "target", type=click.Path(path_type=Path, dir_okay=False), help="The zip to make. [default: case-CASE.zip]"
)
@config_option
@json_option
def command(case: int, target: Path | None, config_path: Path, as_json: bool) -> None:
    """Write a case into one zip: page, media, record, custody log, manifest, a draft of the report, how to verify.

    CASE is the number of the post. The case is checked first; nothing is exported that does not fit. The draft is for
    a person to read, complete and send. With secrets.signing_key the manifest is signed.
    """
    config = load(config_path)
    path = target or Path(f"case-{case}.zip")
    key = None if config.secrets.signing_key is None else lambda: config.secret("signing_key")
    authority = config.timestamps.certificates
    with Store.open(config.store, read_only=True) as store:
        pem = certificates(authority) if authority is not None and store.stamps() else None
        sha256 = export_case(store, case, path, signing_key=key, authority=pem)
    if as_json:
        print_json({"case": case, "file": str(path), "sha256": sha256, "signed": key is not None})
        return
    out.print(f"Case {case}: {plain(str(path))}")
    out.print(f"  SHA-256 {sha256}; note it where it cannot be changed together with the file.")
