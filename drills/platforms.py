"""Every platform in every state: what the stand-in serves, and by which name the source calls it.

The real extractors of yt-dlp and our own listers run against the loopback stand-in, over TLS. A wrong name is one that
a person would be misled by: blocked taken for quiet, throttled for gone. `unknown` is no wrong name, but it is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from benchmarks.runner import Figures, Options
from bot.demo.platforms import StandIn, State
from bot.sources.contract import Listing, ListRequest, Outcome, Source
from bot.sources.registry import SourceSettings, source_for
from tests.platforms.everything import STAGES, some_posts
from tests.platforms.model import Account, Stage

HANDLE = "someone"
DRIP_DEADLINE_S = 0.8
POSTS = 20
NEW = 3

FAILING: dict[State, Outcome] = {
    State.EMPTY: Outcome.EMPTY,
    State.GONE: Outcome.GONE,
    State.RATE_LIMITED: Outcome.RATE_LIMITED,
    State.FORBIDDEN: Outcome.BLOCKED,
    State.LEGAL: Outcome.GEO,
    State.SERVER_ERROR: Outcome.NETWORK,
    State.CHALLENGE: Outcome.CHALLENGED,
    State.FIREWALL: Outcome.CHALLENGED,
    State.EMPTY_BODY: Outcome.CHALLENGED,
    State.RESET: Outcome.NETWORK,
    State.DRIP: Outcome.TIMEOUT,
    State.INTERNAL_REDIRECT: Outcome.NETWORK,
    State.NO_DATA: Outcome.EXTRACTOR_BROKEN,
}
"""States that look alike on every platform, or that every platform has, and their right names."""

OWN: dict[State, Outcome] = {State.PRIVATE: Outcome.PRIVATE}
"""States that only some platforms have; a wall for clients without a login is told apart below."""

LOGIN_WALL: dict[str, Outcome] = {"youtube": Outcome.CHALLENGED}
"""YouTube's words are "Sign in to confirm you're not a bot": a challenge, and no wish for a login."""

BY_ID = frozenset({"tiktok", "youtube", "odysee", "bluesky"})
"""Platforms whose accounts are listed by their stable id, so that a new handle does not hide them."""

QUICK = ("kick", "rumble", "bluesky")
"""The platforms of the quick form: JSON and pages through yt-dlp, and a lister of our own."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One platform in one state: the right name, the name that was given, and what else was wrong."""

    platform: str
    state: str
    expected: Outcome
    called: Outcome
    fault: str = ""

    @property
    def wrong(self) -> bool:
        """A name that misleads, or posts that should not be as they are."""
        return bool(self.fault) or self.called not in (self.expected, Outcome.UNKNOWN)


class _Trial:
    """One platform on its own server."""

    def __init__(self, stage: Stage, server: StandIn, now: datetime) -> None:
        self.stage = stage
        self.now = now
        self._server = server
        self.account = Account(HANDLE, posts=some_posts(POSTS, now, first=NEW), followers=4321)
        self.newer = replace(self.account, posts=(*some_posts(NEW, now), *self.account.posts))
        self.url = stage.url(self.account)
        self._source: Source = source_for(self.url, SourceSettings(server.dialer()))

    def listing(self, **request: object) -> Listing:
        """Ask the source."""
        self._server.clear()
        wanted = ListRequest(self.url, limit=100, deadline_s=20)
        return self._source.list_posts(replace(wanted, **request))  # type: ignore[arg-type]

    def known(self) -> frozenset[str]:
        """The ids that an earlier look saw."""
        return frozenset(self.stage.post_id(self.account, post) for post in self.account.posts)

    def reset(self) -> None:
        """The account as it was at first, alone."""
        for handle in (HANDLE, "renamed"):
            self.stage.remove(handle)
        self.stage.put(self.account)


def _failing(trial: _Trial, state: State, expected: Outcome) -> Cell:
    trial.stage.put(replace(trial.account, state=state, retry_after_s=1800))
    started = time.monotonic()
    limit = DRIP_DEADLINE_S if state is State.DRIP else 20.0
    listing = trial.listing(deadline_s=limit)
    faults = []
    if listing.posts:
        faults.append(f"{len(listing.posts)} posts")
    if state is State.RATE_LIMITED and listing.retry_after_s != 1800:
        faults.append(f"retry after {listing.retry_after_s}")
    if state is State.INTERNAL_REDIRECT and "169.254.169.254" not in listing.detail:
        faults.append(f"the door is not named: {listing.detail}")
    if time.monotonic() - started > limit + 1.5:
        faults.append(f"took {time.monotonic() - started:.1f} s")
    return Cell(trial.stage.name, str(state), expected, listing.outcome, "; ".join(faults))


def _normal(trial: _Trial) -> Cell:
    listing = trial.listing()
    fault = "" if {post.platform_id for post in listing.posts} == trial.known() else "not all posts"
    return Cell(trial.stage.name, "normal", Outcome.OK, listing.outcome, fault)


def _grown(trial: _Trial) -> Cell:
    trial.stage.put(trial.newer)
    known = trial.known()
    listing = trial.listing(known=known)
    new = [post.platform_id for post in listing.posts if post.platform_id not in known]
    wanted = [trial.stage.post_id(trial.newer, post) for post in trial.newer.posts[:NEW]]
    return Cell(trial.stage.name, "grown", Outcome.OK, listing.outcome, "" if new == wanted else f"new: {new}")


def _grown_beside(trial: _Trial) -> Cell | None:
    """Something new in the second list of an account whose first one is longer than what a look reads."""
    if not trial.stage.two_lists:
        return None
    newer = replace(trial.account, posts=(*some_posts(1, trial.now, short=True), *trial.account.posts))
    trial.stage.put(newer)
    listing = trial.listing(known=trial.known(), limit=POSTS - 5)
    new = [post.platform_id for post in listing.posts if post.platform_id not in trial.known()]
    wanted = [trial.stage.post_id(newer, newer.posts[0])]
    return Cell(trial.stage.name, "grown_beside", Outcome.OK, listing.outcome, "" if new == wanted else f"new: {new}")


def _post_deleted(trial: _Trial) -> Cell:
    trial.stage.put(replace(trial.account, posts=trial.account.posts[1:]))
    listing = trial.listing(known=trial.known())
    fresh = {post.platform_id for post in listing.posts} - trial.known()
    return Cell(trial.stage.name, "post_deleted", Outcome.OK, listing.outcome, f"new: {fresh}" if fresh else "")


def _renamed(trial: _Trial) -> Cell | None:
    stable = trial.stage.stable_id(trial.account)
    trial.stage.rename(HANDLE, "renamed")
    listing = trial.listing(stable_id=stable)
    by_id = trial.stage.name in BY_ID
    expected = Outcome.OK if by_id else Outcome.GONE
    fault = "" if not by_id or {post.platform_id for post in listing.posts} == trial.known() else "not all posts"
    return Cell(trial.stage.name, "renamed", expected, listing.outcome, fault)


def _handle_taken(trial: _Trial) -> Cell | None:
    """The account leaves its handle and a stranger takes it, whose posts must not be taken for the account's."""
    stable = trial.stage.stable_id(trial.account)
    if stable is None:
        return None
    trial.stage.rename(HANDLE, "renamed")
    stranger = Account(HANDLE, "A stranger", uid="stranger", posts=some_posts(4, datetime.now(UTC), first=50))
    trial.stage.put(stranger)
    listing = trial.listing(stable_id=stable)
    theirs = {trial.stage.post_id(stranger, post) for post in stranger.posts}
    expected = Outcome.OK if trial.stage.name in BY_ID else Outcome.GONE
    fault = "a stranger's posts" if theirs & {post.platform_id for post in listing.posts} else ""
    if listing.profile is not None and listing.profile.display_name == "A stranger":
        fault = "a stranger's words"
    if expected is Outcome.GONE and listing.successor is None:
        fault = fault or "the new owner is not named"
    return Cell(trial.stage.name, "handle_taken", expected, listing.outcome, fault)


LIVES: tuple[Callable[[_Trial], Cell | None], ...] = (
    _normal,
    _grown,
    _grown_beside,
    _post_deleted,
    _renamed,
    _handle_taken,
)


def run(options: Options) -> Figures:
    """Serve every state on every platform and compare the names.

    Figures: `platforms`, `states` (different ones), `cells` (pairs of both that exist), `wrong` (names that mislead),
    `unknown`, `faults` (what was wrong), `table` (platform to state to the name that was given), `seconds`.
    """
    started = time.monotonic()
    now = datetime.now(UTC).replace(microsecond=0)
    cells: list[Cell] = []
    stages = [make for make in STAGES if not options.quick or make.name in QUICK]
    task = options.progress.add_task("platforms", total=len(stages))
    for make in stages:
        cells += _all_states(make(), now)
        options.progress.advance(task)
    table: dict[str, dict[str, str]] = {}
    for cell in cells:
        table.setdefault(cell.platform, {})[cell.state] = str(cell.called)
    return {
        "platforms": len(table),
        "states": len({cell.state for cell in cells}),
        "cells": len(cells),
        "wrong": sum(cell.wrong for cell in cells),
        "unknown": sum(cell.called is Outcome.UNKNOWN for cell in cells),
        "faults": [
            f"{cell.platform}, {cell.state}: {cell.called} instead of {cell.expected} {cell.fault}".strip()
            for cell in cells
            if cell.wrong
        ],
        "table": table,
        "seconds": round(time.monotonic() - started, 1),
    }


def _all_states(stage: Stage, now: datetime) -> list[Cell]:
    with StandIn(stage) as server:
        trial = _Trial(stage, server, now)
        cells: list[Cell | None] = []
        states = dict(FAILING) | {state: OWN[state] for state in stage.states if state in OWN}
        if State.LOGIN_WALL in stage.states:
            states[State.LOGIN_WALL] = LOGIN_WALL.get(stage.name, Outcome.LOGIN_NEEDED)
        for life in LIVES:
            trial.reset()
            cells.append(life(trial))
        for state, expected in states.items():
            trial.reset()
            cells.append(_failing(trial, state, expected))
    return [cell for cell in cells if cell is not None]


__all__ = ["run"]
