"""When watching fails: what is wrong now, told once by the same ways as alerts until it is over."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config import Config
from bot.config.values import write_size
from bot.deliver.channels import channel_names
from bot.deliver.contract import Kind
from bot.deliver.queueing import deliveries_of
from bot.digest.formats import plural, span
from bot.digest.wording import outcome_words, platform_name
from bot.pipeline.breaker import door_of
from bot.pipeline.examine import model_set
from bot.sources.contract import Outcome
from detectors.model_set import NEEDED, ROLES, bundled
from storage import Delivery, DeliveryState, Observed, Store

SETTLED = timedelta(hours=6)
"""A trouble that is back within this time of its end is the same one, and not told again."""

TRIED = timedelta(hours=1)
"""Silence counts only if the watch tried for this long since: after a week without power the first minute is none."""

REMEMBERED = timedelta(days=30)
"""How long a delivery that failed keeps its channel among the troubles, where nothing was sent there since."""

CLOCK_TOLD = timedelta(days=1)
"""How long a clock that went back is among the troubles."""

STAMPS_FAILED = 3
"""Tries in a row after which it is told that no time stamp can be had."""

REFUSALS = frozenset({Outcome.BLOCKED, Outcome.CHALLENGED, Outcome.RATE_LIMITED, Outcome.LOGIN_NEEDED})
"""Outcomes by which a platform refuses the watch, and not an account."""


def observe(store: Store, config: Config, now: datetime) -> list[Observed]:
    """Everything that is wrong now."""
    refusing = {one.subject: one for one in _platforms(store)}
    return [
        *refusing.values(),
        *_accounts(store, config, frozenset(refusing)),
        *_silence(store, config, now),
        *_clock(store, now),
        *_disk(config),
        *_models(config),
        *_deliveries(store, config, now),
        *_timestamps(store, config),
    ]


def queue_troubles(store: Store, config: Config, now: datetime) -> int:
    """Bring the store's troubles to what is wrong now, and queue one message on the new ones; returns how many."""
    store.observe_troubles(observe(store, config, now), now, settled=SETTLED)
    new = store.troubles(now_only=True, untold=True)
    if not new:
        return 0
    items = [one.id for one in new]
    key = "trouble " + " ".join(map(str, items))
    store.tell_troubles(new, deliveries_of(config, Kind.TROUBLE, key, items=items), now)
    return len(new)


def _platforms(store: Store) -> Iterator[Observed]:
    """Platforms that the watch leaves alone because they refuse it; a single refusal is the breaker's affair."""
    watched = Counter(door_of(account.url) for account in store.accounts())
    for state in store.platform_states():
        if state.outcome in set(map(str, REFUSALS)) and state.trips and watched[state.door]:
            words = outcome_words(state.outcome)
            hit = f"{plural(watched[state.door], 'account')} there cannot be seen"
            yield Observed("platform", platform_name(state.door), f"{words.meaning} {hit}.", words.remedy)


def _accounts(store: Store, config: Config, refusing: frozenset[str]) -> Iterator[Observed]:
    """Accounts whose looks failed too often in a row, where the platform does not refuse all of them."""
    for account in store.accounts():
        door = door_of(account.url)
        if account.error_count < config.deliver.failures or (door and platform_name(door) in refusing):
            continue
        words = outcome_words(account.outcome or "")
        detail = f" In detail: {account.detail}." if account.detail else ""
        many = plural(account.error_count, "look")
        yield Observed(
            "account",
            f"@{account.handle} ({platform_name(account.platform)})",
            f"{words.word}: the last {many} failed. {words.meaning}{detail}",
            words.remedy,
        )


def _silence(store: Store, config: Config, now: datetime) -> Iterator[Observed]:
    """No account could be seen for too long, although the watch tried."""
    accounts = store.accounts()
    seen = max((account.last_ok_at for account in accounts if account.last_ok_at), default=None)
    first = store.first_poll_after(seen)
    if first is None or now - first < TRIED:
        return
    since = seen or first
    if now - since > config.deliver.silence:
        yield Observed(
            "silence",
            "all accounts",
            f"None of {plural(len(accounts), 'account')} could be seen for {span(now - since)}.",
            "Check this machine's connection, then `doppelwatch status`.",
        )


def _clock(store: Store, now: datetime) -> Iterator[Observed]:
    """Looks that are dated ahead, for a day from the first one after the clock went back."""
    since = store.right_since(now)
    if since is not None and now - since < CLOCK_TOLD:
        yield Observed(
            "clock",
            "this machine",
            "Some looks are dated later than now, and digests and cases of that time say so, too.",
            "Check that this machine's clock is set from the network (timedatectl); a digest of a later day stays.",
        )


def _disk(config: Config) -> Iterator[Observed]:
    folder = config.store
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < config.deliver.free_space:
        yield Observed(
            "disk",
            str(config.store),
            f"Only {free / 1e6:,.0f} MB are free where the store lies, less than "
            f"{write_size(config.deliver.free_space)} (deliver.free_space).",
            "Free some, or shorten retention.media; without space nothing new can be kept.",
        )


def _models(config: Config) -> Iterator[Observed]:
    """Model files that are not there; whether one fits its card is found when it is loaded."""
    models = model_set(config)
    for role in ROLES:
        for file in models.of(role):
            path = file if file is not None else bundled(role)
            if (file is not None or role in NEEDED) and not path.is_file():
                remedy = f"Put the file back, or correct models.{role}" if file else "Install Doppelwatch again"
                yield Observed(
                    "model",
                    role,
                    f"There is no file {path}; clips are examined without it or not at all.",
                    f"{remedy}.",
                )


def _timestamps(store: Store, config: Config) -> Iterator[Observed]:
    """An authority that gives no stamps; what it would cover waits for it and is not lost."""
    state = store.stamping()
    if config.timestamps.authority is None or state is None or state.failures < STAMPS_FAILED:
        return
    yield Observed(
        "timestamps",
        config.timestamps.authority,
        f"No time stamp could be had {plural(state.failures, 'time')} in a row: {state.problem}.",
        "Correct timestamps.authority or timestamps.certificates; the log is stamped as soon as that works.",
    )


def _deliveries(store: Store, config: Config, now: datetime) -> Iterator[Observed]:
    """Channels whose latest delivery failed for good."""
    names = set(channel_names(config))
    latest: dict[str, Delivery] = {}
    for delivery in store.deliveries(ended_since=now - REMEMBERED):
        if delivery.ended_at is not None and delivery.channel in names:
            before = latest.get(delivery.channel)
            if before is None or before.ended_at is None or delivery.ended_at > before.ended_at:
                latest[delivery.channel] = delivery
    for channel, delivery in latest.items():
        if delivery.state is DeliveryState.FAILED:
            yield Observed(
                "delivery",
                channel,
                f"Given up after {plural(delivery.attempts, 'try', 'tries')}: {delivery.problem}",
                "Mend it, prove it with `doppelwatch deliver --test`, then `doppelwatch deliver --again`.",
            )


__all__ = ["observe", "queue_troubles"]
