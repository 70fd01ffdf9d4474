"""Looking for accounts by handles that resemble: what of the impostors that there are is found, and what is invented.

The stand-in platforms hold the impersonations of three made-up people from the table of handles, which was written
without a look at the maker of candidates; namesakes and fans are there too. On TikTok every other impostor shows the
person's reference photo, made smaller and worse, and all others show pictures of their own. On one platform a captcha
begins in the middle, and every search is stopped and started again.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.handles import Row, people, table
from benchmarks.runner import Figures, Options
from bot.config import Config
from bot.demo.platforms import StandIn, State
from bot.lookalikes import ABSENT, EXISTS, PLACES, WALL, Avatars, Pace, Question, ask, questions, unanswered
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from detectors.handle_candidates import Grammar
from detectors.pdq import SAME_PICTURE
from detectors.specimen import Person
from drills._album import Album
from storage import Lookalike, Store
from tests.platforms.bluesky import BlueskyStage
from tests.platforms.model import Account, Stage
from tests.platforms.tiktok import TikTokStage
from tests.platforms.twitch import TwitchStage
from tests.platforms.youtube import YouTubeStage

NAMES = ("Aurelio Vantor", "Dmitri Halvorsen", "Kestrel")
STAGES: tuple[type[Stage], ...] = (TikTokStage, YouTubeStage, BlueskyStage)
WALL_AFTER = 6
"""Handles that the walled platform answers for before it puts up its wall."""

MOST, QUICK_MOST = 60, 15
"""Handles on each platform: as many as the command asks for where nobody says otherwise, and few."""

MOST_DAYS = 9
"""Days on which the search is gone on with, if questions are left: the budget of a day ends it before."""


class _Walled(TwitchStage):
    """Answers some questions, then only a captcha, until it is told to answer again."""

    walled = False

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        super().__init__(accounts)
        self._asked: set[str] = set()

    def named(self, handle: str) -> Account:
        self._asked.add(handle)
        if self.walled and len(self._asked) > WALL_AFTER:
            return self._shown(Account(handle, state=State.CHALLENGE))
        return super().named(handle)


def run(options: Options) -> Figures:
    """Search for three people, meet a wall, come back after it, and compare with what there is.

    Figures: `candidates` (handles that were asked for, on all platforms), `present` (accounts of impostors that the
    stand-in holds under handles that its platforms allow), `found` (of these), `false` (reported accounts that nobody
    has, and accounts reported as not there that exist), `made` (present ones that were among the candidates),
    `walls_met`, `walls_as_answers` (walls told as anything else), `asked_twice` (questions that were asked again
    although they had an answer), `of_others` (found accounts of fans and namesakes), `pictures` (accounts found that
    show the person's photo), `pictures_found` (of these, told to do so), `pictures_false` (others told to),
    `requests`, `missed` (handles), `seconds`.
    """
    started = time.monotonic()
    most = QUICK_MOST if options.quick else MOST
    with tempfile.TemporaryDirectory() as folder:
        figures = _searched(options, most, Path(folder))
    return {**figures, "seconds": round(time.monotonic() - started, 1)}


def _searched(options: Options, most: int, folder: Path) -> dict[str, object]:
    protected = [person for name, person in people().items() if name in NAMES]
    stages: list[Stage] = [make() for make in STAGES]
    walled = _Walled()
    _Walled.walled = True
    album = Album(folder, [person.name for person in protected])
    present = _fill([*stages, walled], protected, album)
    config = Config.model_validate({"people": [{"name": person.name} for person in protected]})
    with (
        StandIn(*stages, walled) as server,
        Store.open(folder / "store") as store,
        SourceWorker(SourceSettings(server.dialer()), memory_bytes=None) as sources,
        LimitedExecutor(1, memory_bytes=config.limits.memory, timeout_s=60) as executor,
    ):
        avatars = {
            name: Avatars(
                sources=sources,
                executor=executor,
                config=config,
                folder=folder,
                known=[("the photo", photo)],
                face=None,
            )
            for name, photo in album.photos.items()
        }
        search = _Search(config, store, sources, avatars)
        wanted = {
            person.name: questions(person, config, [stage.name for stage in (*stages, walled)], most)
            for person in protected
        }
        task = options.progress.add_task("searches", total=len(wanted))
        first: list[Lookalike] = []
        for person, asked in wanted.items():
            first += search.run(person, asked)
            options.progress.advance(task)
        _Walled.walled = False
        again: list[Lookalike] = []
        for _ in range(MOST_DAYS):
            search.now += timedelta(days=1)
            for person, asked in wanted.items():
                again += search.run(person, asked)
        kept = [one for person in wanted for one in store.lookalikes(person)]
        requests = len(server.requests())
    return _figures(wanted, present, first, again, kept) | _pictures(kept, album) | {"requests": requests}


class _Search:
    """The search as the command makes it, on a clock that stands still, without pauses."""

    def __init__(self, config: Config, store: Store, sources: SourceWorker, avatars: Mapping[str, Avatars]) -> None:
        self._config = config
        self._store = store
        self._sources = sources
        self._avatars = avatars
        self.now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def run(self, person: str, wanted: Sequence[Question]) -> list[Lookalike]:
        """Ask what is open, in two parts with a stop between them."""
        answers: list[Lookalike] = []
        for part in (len(wanted) // 2, len(wanted)):
            stopping = threading.Event()

            def progress(done: int, total: int, part: int = part, stopping: threading.Event = stopping) -> None:
                if done >= part:
                    stopping.set()

            left = unanswered(wanted, self._store.lookalikes(person), self.now)
            asked = ask(
                person,
                left,
                config=self._config,
                store=self._store,
                sources=self._sources,
                pace=Pace(0, random.Random(1).random, stopping),
                clock=lambda: self.now,
                avatars=self._avatars[person],
                stopping=stopping,
                progress=progress,
            )
            answers += asked.answers
        return answers


def _fill(stages: Sequence[Stage], protected: Sequence[Person], album: Album) -> dict[tuple[str, str], Row]:
    """Put the accounts of the table on every platform whose grammar allows their handle, with pictures where it can."""
    names = {person.name for person in protected}
    rows = [row for row in table() if row.person.name in names and row.kind in ("impersonation", "fan", "namesake")]
    present: dict[tuple[str, str], Row] = {}
    for stage in stages:
        for row in rows:
            handle = (row.profile.handle or "").casefold()
            if not handle or not _allowed(PLACES[stage.name].grammar, handle):
                continue
            avatar = album.avatar(handle, row) if stage.name == TikTokStage.name else None
            name = row.profile.display_name or handle
            stage.put(Account(handle, name, followers=1000 + len(present), avatar=avatar))
            present[stage.name, handle] = row
    return present


def _allowed(grammar: Grammar, handle: str) -> bool:
    """Whether a platform would hold it: what may stand in a handle there, wherever in it."""
    marks = set(grammar.separators)
    return (
        grammar.shortest <= len(handle) <= grammar.longest
        and handle.isascii()
        and all(letter.isalnum() or letter in marks for letter in handle)
    )


def _pictures(kept: Sequence[Lookalike], album: Album) -> dict[str, object]:
    found = [one for one in kept if one.state == EXISTS and one.platform == TikTokStage.name]
    told = {one.handle for one in found if one.avatar_distance is not None and one.avatar_distance <= SAME_PICTURE}
    theirs = {one.handle for one in found} & album.stolen
    return {
        "pictures": len(theirs),
        "pictures_found": len(theirs & told),
        "pictures_false": len(told - album.stolen),
    }


def _figures(
    wanted: dict[str, tuple[Question, ...]],
    present: dict[tuple[str, str], Row],
    first: list[Lookalike],
    again: list[Lookalike],
    kept: list[Lookalike],
) -> dict[str, object]:
    asked = {(one.platform, one.candidate.handle) for many in wanted.values() for one in many}
    impostors = {key for key, row in present.items() if row.kind == "impersonation"}
    exist = {(one.platform, one.handle) for one in kept if one.state == EXISTS}
    absent = {(one.platform, one.handle) for one in kept if one.state == ABSENT}
    walls = [one for one in first if one.outcome in ("challenged", "blocked", "rate_limited", "unknown")]
    answered = Counter((one.person, one.platform, one.handle) for one in (*first, *again) if one.state != WALL)
    return {
        "candidates": len(asked),
        "present": len(impostors),
        "found": len(impostors & exist),
        "false": len(exist - present.keys()) + len(absent & present.keys()),
        "made": len(impostors & asked),
        "walls_met": sum(one.state == WALL for one in first),
        "walls_as_answers": sum(one.state != WALL for one in walls),
        "asked_twice": sum(count > 1 for count in answered.values()),
        "of_others": sorted(f"{platform}: {handle}" for platform, handle in (exist & present.keys()) - impostors),
        "missed": sorted({handle for _, handle in impostors - exist}),
    }


__all__ = ["run"]
