"""`doppelwatch deliver`: send what waits, prove a channel, look at the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.console import counted, err, out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.errors import EXIT_PARTIAL, BotError, UsageError
from bot.lock import hold
from bot.log import keep_log
from storage import Delivery, DeliveryState, Store

MOST = 30
"""Deliveries that are listed; the store has all."""


@click.command(epilog="Example: doppelwatch deliver --test 'mail jane@example.org'")
@config_option
@click.option("--test", is_flag=True, help="Send a test message by every channel, or by those named; needs no store.")
@click.option("--list", "list_only", is_flag=True, help=f"List the latest {MOST} deliveries; send nothing.")
@click.option("--again", is_flag=True, help="Also try those that were given up.")
@json_option
@click.argument("channels", nargs=-1, metavar="[CHANNEL]...")
def command(
    config_path: Path, *, test: bool, list_only: bool, again: bool, as_json: bool, channels: tuple[str, ...]
) -> None:
    """Hand out the digest that was written, and send what waits in the outbox.

    The daemon and `once` do so themselves; this is for timers of your own, and to see that a channel works.
    Exit code 5 says that something could not be sent.
    """
    config = load(config_path)
    if test:
        _test(config, channels, as_json=as_json)
        return
    if channels:
        raise UsageError(f"{channels[0]}: channels are named with --test alone")
    if list_only:
        with Store.open(config.store, read_only=True) as store:
            for delivery in store.deliveries()[:MOST]:
                _show(delivery, config, as_json=as_json)
        return
    _send(config, again=again, as_json=as_json)


def _send(config: Config, *, again: bool, as_json: bool) -> None:
    from bot.deliver import channel_names, hand_out
    from bot.deliver import deliver as deliver_all

    if not channel_names(config):
        raise UsageError(f"{config.place('deliver')}: no channel is configured; set mail, secrets.apprise or deliver")
    now = datetime.now(UTC)
    with hold(config.store), keep_log(config), Store.open(config.store) as store:
        if again:
            store.try_failed_again(now)
        hand_out(store, config, now, early=True)
        done = deliver_all(store, config, now)
        waiting = store.deliveries(DeliveryState.WAITING)
        failed = [one for one in store.deliveries(DeliveryState.FAILED, ended_since=now) if one.ended_at == now]
    if as_json:
        print_json({"sent": done.sent, "delayed": done.delayed, "failed": done.failed, "waiting": len(waiting)})
    else:
        out.print(f"{counted(done.sent, 'message')} sent, {len(waiting)} waiting, {done.failed} given up.")
        for delivery in (*failed, *waiting):
            err.print(f"{plain(delivery.channel)}: {plain(delivery.problem or 'waits for its time')}")
    if done.delayed or done.failed:
        raise SystemExit(EXIT_PARTIAL)


def _test(config: Config, wanted: tuple[str, ...], *, as_json: bool) -> None:
    """Send a test message by each channel, at once and past the outbox."""
    from bot.deliver import open_channels
    from bot.deliver.compose import proof_message
    from bot.deliver.contract import Kind, Outcome
    from bot.deliver.envelope import domain_of, new_message_id

    now = datetime.now(UTC)
    channels = open_channels(config, None, now)
    if not channels:
        what = "the feed needs no test" if config.deliver.feed else "no channel is configured"
        raise UsageError(f"{config.place('deliver')}: {what}; set mail, secrets.apprise or deliver.folder")
    unknown = [name for name in wanted if name not in channels]
    if unknown:
        raise UsageError(f"there is no channel {unknown[0]}; those configured are: {', '.join(channels)}")
    well = True
    for name, channel in channels.items():
        if wanted and name not in wanted:
            continue
        message = replace(proof_message(now), message_id=new_message_id(Kind.TEST, domain_of(config.mail.sender)))
        receipt = channel.send(message)
        sent = receipt.outcome is Outcome.SENT
        well = well and sent
        if as_json:
            print_json({"channel": name, "sent": sent, "problem": receipt.problem})
        else:
            colour, word = ("green", "sent") if sent else ("red", "not sent")
            problem = f": {plain(receipt.problem)}" if receipt.problem else ""
            out.print(f"[{colour}]{word:8}[/] {plain(name)}{problem}")
    if not well:
        raise SystemExit(BotError.exit_code)


def delivery_json(delivery: Delivery) -> dict[str, object]:
    """A delivery in the documented shape (docs/json.md)."""
    return {
        "key": delivery.key,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "state": str(delivery.state),
        "attempts": delivery.attempts,
        "queued_at": delivery.queued_at.isoformat(),
        "next_try_at": None if delivery.next_try_at is None else delivery.next_try_at.isoformat(),
        "ended_at": None if delivery.ended_at is None else delivery.ended_at.isoformat(),
        "message_id": delivery.message_id,
        "problem": delivery.problem,
    }


def _show(delivery: Delivery, config: Config, *, as_json: bool) -> None:
    if as_json:
        print_json(delivery_json(delivery))
        return
    at = (delivery.ended_at or delivery.queued_at).astimezone(ZoneInfo(config.digest.timezone))
    colour = {"sent": "green", "failed": "red"}.get(str(delivery.state), "yellow")
    problem = f"  {plain(delivery.problem)}" if delivery.problem else ""
    out.print(
        f"{at:%Y-%m-%d %H:%M}  [{colour}]{delivery.state:8}[/] {delivery.kind:8} {plain(delivery.channel)}{problem}"
    )


__all__ = ["command", "delivery_json"]
