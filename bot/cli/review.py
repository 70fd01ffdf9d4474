"""`doppelwatch review`: keep what a person decided on a post, and judge it anew by that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.console import out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.errors import UsageError
from bot.explain import find_post
from bot.pipeline.judge import review_post
from bot.verdict import Decision
from storage import Store


@click.command(epilog="Example: doppelwatch review 12 --dismiss --note namesake")
@click.argument("post", metavar="POST")
@click.option("--confirm", is_flag=True, help="It is what the alert says.")
@click.option("--dismiss", is_flag=True, help="It is no case: somebody else, or nothing of interest.")
@click.option("--imitation", is_flag=True, help="An imitation that may stay: parody, a fan.")
@click.option("--official", is_flag=True, help="The person's own, or posted with their leave.")
@click.option("--note", default="", metavar="TEXT", help="Why, in your own words; shown in explain and digest.")
@config_option
@json_option
def command(post: str, note: str, config_path: Path, as_json: bool, **chosen: bool) -> None:
    """Decide on a post; the decision overrides the rules and is kept when the post is judged again.

    POST is the post's number, its address, or the platform's id of it. Decisions are never deleted: a new one
    takes the place of the one before, and both stay in the history. May be used beside a running watch.
    """
    named = [Decision(name) for name, is_set in chosen.items() if is_set]
    if len(named) != 1:
        raise UsageError("name one decision: --confirm, --dismiss, --imitation or --official")
    config = load(config_path)
    Store.open(config.store, read_only=True).close()  # a store that is not there is said so, and not made
    with Store.open(config.store) as store:
        found = find_post(store, post)
        review, verdict = review_post(found, named[0], note, store=store, config=config, now=datetime.now(UTC))
    if as_json:
        print_json(
            {
                "post": found.id,
                "url": found.url,
                "decision": review.decision,
                "note": review.note,
                "at": review.at.isoformat() if review.at is not None else None,
                "before": {"label": review.label, "priority": review.priority},
                "label": str(verdict.label),
                "priority": str(verdict.priority),
            }
        )
        return
    out.print(f"Post {found.id}: {review.decision}, kept in the history. {plain(found.url)}")
    out.print(
        f"  {plain(review.label)} / {plain(review.priority)} before, now {verdict.label} / {verdict.priority}; "
        f"see: doppelwatch explain {found.id}"
    )
