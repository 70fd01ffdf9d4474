"""`doppelwatch lookalikes`: which handles that resemble a person's exist, and whose pictures they show."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Column, Table

from bot.cli.console import counted, err, out, plain, print_json, print_table, progress
from bot.cli.once import stop_on_signals
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.config.adding import NewAccount, add_accounts
from bot.errors import EXIT_PARTIAL, UsageError
from bot.lookalikes import (
    ABSENT,
    EXISTS,
    PAUSE_S,
    PLACES,
    WALL,
    Asked,
    Pace,
    Question,
    ask,
    avatars_of,
    questions,
    unanswered,
)
from bot.pipeline.convert import person_of
from bot.sources.registry import same_account, settings_of
from bot.sources.worker import SourceWorker
from bot.visible import visible
from bot.workers import LimitedExecutor
from detectors.specimen import Person
from storage import Lookalike, Store

MOST = 60


def _person(config: Config, name: str) -> Person:
    """The person of the configuration by name, whatever its case.

    Raises:
        UsageError: nobody is called so; the message lists who is known.
    """
    known = next((one.name for one in config.people if one.name.casefold() == name.casefold()), None)
    person = person_of(config, known)
    if person is None:
        names = ", ".join(one.name for one in config.people) or "nobody"
        raise UsageError(f'"{name}" is not in the configuration, which protects {names}')
    return person


@click.command(epilog='Example: doppelwatch lookalikes "Jane Example" --platform tiktok --platform youtube')
@click.argument("name", metavar="PERSON")
@click.option(
    "--platform", "platforms", multiple=True, type=click.Choice(list(PLACES)), help="Ask this one; may be repeated."
)
@click.option("--most", type=click.IntRange(1, 2000), default=MOST, show_default=True, help="Handles on each platform.")
@click.option("--add", is_flag=True, help="Ask for each account that exists whether to watch it.")
@click.option("--yes", is_flag=True, help="With --add: watch all of them without asking.")
@click.option("--dry-run", is_flag=True, help="Ask nobody; tell which handles would be asked for.")
@click.option("--shown", "only_shown", is_flag=True, help="Ask nobody; tell what earlier searches found.")
@config_option
@json_option
def command(
    *,
    name: str,
    platforms: tuple[str, ...],
    most: int,
    add: bool,
    yes: bool,
    dry_run: bool,
    only_shown: bool,
    config_path: Path,
    as_json: bool,
) -> None:
    """Make handles that resemble PERSON's by the rules of the handle signal, and ask each platform which exist.

    One profile is asked for at a time, seconds apart on each platform, through the same door as the watch. Each answer
    is kept: a search that was stopped, or met a wall (a throttle, a captcha, a login), goes on where it was. A wall
    tells nothing about a handle. May be used beside a running watch.

    Exit code 5 says that a platform put up a wall, or that questions are left.
    """
    if yes and not add:
        raise UsageError("--yes goes with --add")
    if add and as_json and not yes:
        raise UsageError("--add asks a person; with --json it needs --yes")
    config = load(config_path)
    person = _person(config, name)
    wanted = questions(person, config, platforms or tuple(PLACES), most)
    if dry_run:
        _print_questions(wanted, as_json)
        return
    with Store.open(config.store) as store:
        asked = Asked() if only_shown else _search(person, wanted, config, store)
        answers = store.lookalikes(person.name)
    found = sorted((one for one in answers if one.state == EXISTS), key=_rank)
    watched = {same_account(account.url) for account in config.accounts}
    if as_json:
        for one in found:
            print_json(answer_json(one, watched))
    else:
        _print_found(found, watched)
    if add:
        _add(config_path, [one for one in found if same_account(one.url) not in watched], ask_first=not yes)
    _conclude(person, wanted, answers, asked, as_json)
    if asked.left or any(one.state == WALL for one in asked.answers):
        raise SystemExit(EXIT_PARTIAL)


def _search(person: Person, wanted: Collection[Question], config: Config, store: Store) -> Asked:
    """Ask what has no answer yet."""
    left = unanswered(wanted, store.lookalikes(person.name), datetime.now(UTC))
    if not left:
        return Asked()
    stopping = threading.Event()
    pace = Pace(PAUSE_S, random.random, stopping)
    limits = config.limits
    with (
        stop_on_signals(stopping),
        SourceWorker(settings_of(config), memory_bytes=limits.memory) as sources,
        LimitedExecutor(1, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds()) as executor,
        avatars_of(
            person.name, config, sources=sources, executor=executor, store=store, before_request=pace.wait
        ) as avatars,
        progress() as bars,
    ):
        task = bars.add_task("handles", total=len(left))
        return ask(
            person.name,
            left,
            config=config,
            store=store,
            sources=sources,
            pace=pace,
            clock=lambda: datetime.now(UTC),
            avatars=avatars,
            stopping=stopping,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )


def _rank(one: Lookalike) -> tuple[float, float, str, str]:
    """Pictures that are the person's first, then by what the handle is worth."""
    return -_of_theirs(one), -one.log10_lr, one.platform, one.handle


def _of_theirs(one: Lookalike) -> float:
    from detectors.pdq import SAME_PICTURE

    same = one.avatar_distance is not None and one.avatar_distance <= SAME_PICTURE
    return 3.0 if same else max(one.avatar_log10_lr or 0.0, 0.0)


def answer_json(one: Lookalike, watched: Collection[str]) -> Mapping[str, Any]:
    """One account that exists in the documented shape (docs/json.md)."""
    return {
        "platform": one.platform,
        "handle": one.handle,
        "url": one.url,
        "state": one.state,
        "outcome": one.outcome,
        "rules": list(one.rules),
        "log10_lr": one.log10_lr,
        "watched": same_account(one.url) in watched,
        "shown_handle": one.shown_handle,
        "display_name": one.display_name,
        "bio": one.bio,
        "followers": one.followers,
        "verified": one.verified,
        "avatar": {
            "distance": one.avatar_distance,
            "like": one.avatar_like,
            "log10_lr": one.avatar_log10_lr,
            "note": one.avatar_note,
        },
        "asked_at": one.asked_at.isoformat(),
    }


def _print_found(found: Collection[Lookalike], watched: Collection[str]) -> None:
    columns = ("platform", Column("handle", overflow="fold"), "name", "followers", "picture", "resembles by", "watched")
    table = Table(*columns, box=None, pad_edge=False)
    for one in found:
        table.add_row(
            one.platform,
            plain(f"@{one.handle}"),
            plain((one.display_name or "")[:40]),
            "" if one.followers is None else f"{one.followers:,}",
            plain(_picture(one)),
            plain(", ".join(one.rules)),
            "yes" if same_account(one.url) in watched else "",
        )
    if found:
        print_table(table)


def _picture(one: Lookalike) -> str:
    from detectors.pdq import SAME_PICTURE

    if one.avatar_distance is not None and one.avatar_distance <= SAME_PICTURE:
        return f"the same as {one.avatar_like}"
    if one.avatar_log10_lr is not None:
        return f"a face: log10 {one.avatar_log10_lr:+.1f}"
    return "another" if one.avatar_distance is not None else ""


def _print_questions(wanted: Collection[Question], as_json: bool) -> None:
    for one in wanted:
        if as_json:
            print_json(
                {
                    "platform": one.platform,
                    "handle": one.candidate.handle,
                    "url": one.url,
                    "rules": list(one.candidate.keys),
                    "log10_lr": one.candidate.log10_lr,
                }
            )
        else:
            out.print(f"{one.platform:12} {plain(one.url)}  ({plain(one.candidate.rule)})")


def _conclude(
    person: Person, wanted: Collection[Question], answers: Collection[Lookalike], asked: Asked, as_json: bool
) -> None:
    """One object, or one line for each platform that put up a wall and one for all."""
    of_wanted = {(one.platform, one.candidate.handle) for one in wanted}
    now = [one for one in answers if (one.platform, one.handle) in of_wanted]
    counts = {state: sum(one.state == state for one in now) for state in (EXISTS, ABSENT, WALL)}
    if as_json:
        walls = {one.platform: one.outcome for one in now if one.state == WALL}
        print_json(
            {
                "person": person.name,
                "candidates": len(wanted),
                "asked": len(asked.answers),
                **counts,
                "left": dict(asked.left),
                "why_left": asked.why_left,
                "walls": walls,
            }
        )
        return
    for platform, why in asked.why_left.items():
        err.print(f"{platform}: {counted(asked.left[platform], 'handle')} not asked for ({plain(why)})")
    for one in (one for one in asked.answers if one.state == WALL):
        err.print(f"{one.platform}: a wall at {plain(one.handle)} ({one.outcome}: {plain(one.detail)})")
    out.print(
        f"{plain(person.name)}: of {counted(len(wanted), 'handle')} {counts[EXISTS]} exist, {counts[ABSENT]} do not, "
        f"{counts[WALL]} met a wall, {len(wanted) - len(now)} were not asked for."
    )


def _add(path: Path, found: Collection[Lookalike], *, ask_first: bool) -> None:
    """Add accounts to the watch, each after a yes."""
    chosen = [
        NewAccount(one.url, one.person)
        for one in found
        if not ask_first or click.confirm(visible(f"Watch @{one.handle} on {one.platform}?"), default=False, err=True)
    ]
    add_accounts(path, chosen)
    if chosen:
        added = counted(len(chosen), "account")
        err.print(f"{added} added to {plain(str(path))}; a running watch reads it at its next start.")


__all__ = ["answer_json", "command"]
