"""Which handles are asked for, on which platforms, and in which order."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.config import Config
from bot.lookalikes.places import PLACES
from bot.sources.registry import same_account
from detectors.handle_candidates import Candidate, candidates
from detectors.specimen import Person
from storage import Lookalike
from storage.lookalikes import WALL

FRESH = timedelta(days=30)
"""An answer that is younger is not asked for again; a wall is none."""


@dataclass(frozen=True, slots=True)
class Question:
    """One handle on one platform."""

    platform: str
    candidate: Candidate
    url: str


def questions(person: Person, config: Config, platforms: Collection[str], most: int) -> tuple[Question, ...]:
    """All handles that are worth asking for, the platforms taking turns, so that none has to be waited for.

    The person's own accounts are left out, and those that are watched already.

    Args:
        person: who is protected.
        config: names the watched accounts.
        platforms: keys of :data:`bot.lookalikes.places.PLACES`.
        most: handles on each platform at most.
    """
    own = (url for one in config.people if one.name == person.name for url in one.official)
    known = {same_account(url) for url in (*own, *(account.url for account in config.accounts))}
    by_platform: list[list[Question]] = []
    for name in platforms:
        place = PLACES[name]
        made = candidates(person, place.grammar, most + len(known))
        asked = (Question(name, one, place.url(one.handle)) for one in made)
        by_platform.append([one for one in asked if same_account(one.url) not in known][:most])
    return tuple(itertools.chain.from_iterable(_rounds(by_platform)))


def _rounds(lists: list[list[Question]]) -> Iterator[list[Question]]:
    for number in range(max(map(len, lists), default=0)):
        yield [one[number] for one in lists if number < len(one)]


def unanswered(
    asked: Collection[Question], answers: Collection[Lookalike], now: datetime, fresh: timedelta = FRESH
) -> tuple[Question, ...]:
    """The questions that have no answer yet, or none that is fresh; a wall tells nothing and is asked again."""
    known: Mapping[tuple[str, str], Lookalike] = {(one.platform, one.handle): one for one in answers}

    def is_open(question: Question) -> bool:
        answer = known.get((question.platform, question.candidate.handle))
        return answer is None or answer.state == WALL or answer.asked_at < now - fresh

    return tuple(question for question in asked if is_open(question))


__all__ = ["FRESH", "Question", "questions", "unanswered"]
