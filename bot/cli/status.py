"""`doppelwatch status`: how the watch is going, account by account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.table import Column, Table

from bot.cli.console import counted, out, plain, print_json, print_table
from bot.cli.deliver import delivery_json
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.errors import EXIT_PARTIAL
from bot.pipeline.breaker import door_of
from bot.pipeline.budget import why_waits
from bot.sandbox import Enforced, enforceable
from bot.sources.contract import Outcome
from bot.sources.told import what_control_says
from storage import Account, DeliveryState, PlatformState, Store, Trouble

TOLD_FOR = timedelta(days=30)
"""How long a message that was given up is named; `deliver --list` has the older ones."""


def _time(value: datetime | None) -> str | None:
    """A time as text, or None."""
    return None if value is None else value.isoformat()


def account_json(account: Account) -> Mapping[str, Any]:
    """One watched account in the documented shape (docs/json.md)."""
    return {
        "handle": account.handle,
        "platform": account.platform,
        "url": account.url,
        "person": account.person,
        "state": account.outcome or "never_polled",
        "detail": account.detail,
        "since": _time(account.outcome_since),
        "last_ok_at": _time(account.last_ok_at),
        "next_check_at": _time(account.next_check_at),
        "errors": account.error_count,
    }


def trouble_json(trouble: Trouble) -> Mapping[str, Any]:
    """Something that keeps the watch from seeing, in the documented shape (docs/json.md)."""
    return {
        "kind": trouble.kind,
        "subject": trouble.subject,
        "detail": trouble.detail,
        "remedy": trouble.remedy,
        "since": _time(trouble.since),
    }


def sandbox_json(enforced: Enforced) -> Mapping[str, Any]:
    """What the kernel enforces on workers, in the documented shape (docs/json.md)."""
    return {"landlock": enforced.landlock, "seccomp": enforced.seccomp, "lacking": dict(enforced.lacking)}


def _sandbox(enforced: Enforced) -> str:
    """The same in words."""
    if enforced.complete:
        return "no network, no files written, no programs started (Landlock, seccomp)"
    return "resource limits; " + "; ".join(f"no {what}: {why}" for what, why in enforced.lacking.items())


def platform_json(state: PlatformState) -> Mapping[str, Any]:
    """How a platform answers, in the documented shape (docs/json.md)."""
    return {
        "platform": state.door,
        "state": state.outcome,
        "detail": state.detail,
        "held_until": _time(state.held_until),
        "control": state.control_outcome,
        "control_at": _time(state.control_at),
    }


def _waits(store: Store, config: Config, accounts: Sequence[Account]) -> dict[str, str]:
    """The platforms of accounts that are asked nothing now although they may answer, each with why."""
    names = dict.fromkeys(one.platform for one in accounts if door_of(one.url) is not None)
    now = datetime.now(UTC)
    return {name: why for name in names if (why := why_waits(store, config, name, now)) is not None}


def _stamped(store: Store, config: Config) -> Mapping[str, Any] | None:
    """How far the custody log is stamped, in the documented shape (docs/json.md); None where nobody is to be asked."""
    if config.timestamps.authority is None:
        return None
    stamps, state, head = store.stamps(), store.stamping(), store.unstamped()
    return {
        "entries": stamps[-1].entry_id if stamps else 0,
        "at": _time(stamps[-1].at if stamps else None),
        "waiting": head is not None,
        "problem": state.problem if state is not None else "",
        "next_try_at": _time(state.next_try_at if state is not None else None),
    }


def _stamps_told(stamped: Mapping[str, Any]) -> str:
    """The same in words."""
    told = f"the log's first {counted(stamped['entries'], 'line')}, {stamped['at']}" if stamped["at"] else "none yet"
    waits = "; later lines wait" if stamped["waiting"] else ""
    failed = f"; asked again {stamped['next_try_at']}, because {stamped['problem']}" if stamped["problem"] else ""
    return f"Time stamps: {told}{waits}{failed}"


def _troubled(account: Account) -> bool:
    """The latest poll did not succeed."""
    return account.outcome is not None and not Outcome(account.outcome).succeeded


@click.command(epilog="Example: doppelwatch status --json | jq 'select(.state == \"gone\")'")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> None:
    """Tell for each account whether it can be seen, then the posts by state, the latest digest, and what was not sent.

    Exit code 5 says that at least one account cannot be seen.
    """
    config = load(config_path)
    with Store.open(config.store, read_only=True) as store:
        accounts = store.accounts()
        counts = dict(store.counts())
        digests = store.digests()
        waiting = len(store.deliveries(DeliveryState.WAITING))
        failed = store.deliveries(DeliveryState.FAILED, ended_since=datetime.now(UTC) - TOLD_FOR)
        troubles = store.troubles(now_only=True)
        platforms = store.platform_states()
        waiting_for = _waits(store, config, accounts)
        stamped = _stamped(store, config)
    latest = digests[0] if digests else None
    if as_json:
        for account in accounts:
            print_json(account_json(account))
        print_json(
            {
                "store": str(config.store),
                "posts": counts,
                "digest": None if latest is None else {"day": latest.day, "path": latest.path},
                "deliveries": {"waiting": waiting, "failed": [delivery_json(one) for one in failed]},
                "troubles": [trouble_json(one) for one in troubles],
                "sandbox": sandbox_json(enforceable()),
                "platforms": [platform_json(one) for one in platforms],
                "waits": waiting_for,
                "timestamps": stamped,
            }
        )
    else:
        account_column = Column("account", overflow="fold")
        table = Table(account_column, "platform", "state", "since", "next look", box=None, pad_edge=False)
        for account in accounts:
            colour = "red" if _troubled(account) else "default"
            table.add_row(
                plain(f"@{account.handle}"),
                account.platform,
                f"[{colour}]{account.outcome or 'never polled'}[/]",
                f"{account.outcome_since:%Y-%m-%d %H:%M}" if account.outcome_since else "",
                f"{account.next_check_at:%Y-%m-%d %H:%M}" if account.next_check_at else "now",
            )
        print_table(table)
        out.print("Posts: " + (", ".join(f"{count} {state}" for state, count in counts.items()) or "none yet"))
        out.print(f"Latest digest: {plain(latest.path or latest.day) if latest else 'none yet'}")
        if waiting:
            out.print(f"Deliveries: {waiting} waiting")
        for delivery in failed:
            told = f"{delivery.kind} to {delivery.channel}, {delivery.ended_at:%Y-%m-%d %H:%M}: {delivery.problem}"
            out.print(f"[red]Not delivered:[/] {plain(told)}")
        if stamped is not None:
            out.print(plain(_stamps_told(stamped)))
        for name, why in waiting_for.items():
            out.print(plain(f"{name} is not asked now: {why}"))
        for platform in platforms:
            if platform.control_outcome is not None and platform.control_at is not None:
                answer = what_control_says(platform.door, platform.control_outcome)
                out.print(plain(f"Asked {platform.control_at:%Y-%m-%d %H:%M}: {answer}"))
        for trouble in troubles:
            told = f"since {trouble.since:%Y-%m-%d %H:%M}, {trouble.subject}: {trouble.detail} {trouble.remedy}"
            out.print(f"[red]Trouble:[/] {plain(told)}")
        out.print(f"Sandbox of what reads clips: {_sandbox(enforceable())}")
    if any(_troubled(account) for account in accounts):
        raise SystemExit(EXIT_PARTIAL)
