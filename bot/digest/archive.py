"""The archive: a page for each account and each case, written again only where something changed."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import bot
from bot.digest import files
from bot.digest.archive_build import account_page, case_page
from bot.digest.build import Portraits
from bot.digest.html import render_account, render_case
from storage import Store

log = logging.getLogger(__name__)

STATES = "archive.json"
"""What each page was made from; without it, or where it cannot be read, everything is written again."""

ACCOUNTS, CASES = "accounts", "cases"


@dataclass(frozen=True, slots=True)
class Written:
    """How many pages there are, and how many of them had to be written."""

    pages: int
    written: int


def write_archive(store: Store, folder: Path, *, zone: ZoneInfo, portraits: Portraits) -> Written:
    """Bring the pages of accounts and cases up to the store; those whose state is the one on record are left alone.

    What pages were made from is written last: a run that is killed before that writes some pages once more.

    Raises:
        BotError: the folder or a file cannot be written.
    """
    cases = store.case_states()
    wanted = {
        f"{ACCOUNTS}/{number}.html": ("account", number, state) for number, state in store.account_states().items()
    }
    wanted |= {f"{CASES}/{number}.html": ("case", number, state) for number, state in cases.items()}
    for name in (ACCOUNTS, CASES):
        files.prepare(folder / name)
    before = _recorded(folder / STATES)
    # an account's page links its cases, so that it must follow where one is added
    common = f"{_made_by()} {zone}"
    states = {name: _state(common, state) for name, (_, _, state) in wanted.items()}
    written = 0
    for name, (kind, number, _) in wanted.items():
        path = folder / name
        if before.get(name) == states[name] and path.is_file():
            continue
        if kind == "case":
            text = render_case(case_page(store, number, zone=zone, portraits=portraits))
        else:
            text = render_account(account_page(store, number, zone=zone, cases=cases.keys()))
        files.write(path, text, durable=False)
        written += 1
    if written:
        files.settle()
    if written or before.keys() != states.keys():
        files.write(folder / STATES, json.dumps(states, indent=0, sort_keys=True) + "\n")
    return Written(len(wanted), written)


def _recorded(path: Path) -> Mapping[str, str]:
    """What the pages were made from when they were last written; nothing where that cannot be known."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("%s cannot be read (%s); every page of the archive is written again", path, error)
        return {}
    return {str(name): str(state) for name, state in found.items()} if isinstance(found, dict) else {}


def _state(common: str, state: str) -> str:
    return hashlib.sha256(f"{common} {state}".encode()).hexdigest()[:32]


@functools.cache
def _made_by() -> str:
    """What all pages are made with: another version or another template writes them anew."""
    made = hashlib.sha256(bot.__version__.encode())
    for file in sorted(resources.files("templates").iterdir(), key=lambda one: one.name):
        if file.name.endswith((".html", ".css")):
            made.update(file.read_bytes())
    return made.hexdigest()


__all__ = ["ACCOUNTS", "CASES", "STATES", "Written", "write_archive"]
