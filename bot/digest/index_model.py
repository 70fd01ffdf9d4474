"""What the list of all digests says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One digest in the list of all: `file` is None where its page does not lie in the folder."""

    day: date
    file: str | None
    priorities: Mapping[str, int]
    is_loud: bool
    """It holds a post that needs somebody."""

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.day.replace(day=1)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An alert that nobody has decided on."""

    post_id: int
    handle: str
    label_text: str
    priority: str


@dataclass(frozen=True, slots=True)
class IndexedAccount:
    """An account with a page of its own."""

    account_id: int
    handle: str
    platform: str
    person: str | None
    watched: bool


@dataclass(frozen=True, slots=True)
class Index:
    """The list of all digests, newest first, of the cases that are open, most pressing first, and of all accounts."""

    entries: tuple[IndexEntry, ...]
    cases: tuple[OpenCase, ...] = ()
    cases_left_out: int = 0
    accounts: tuple[IndexedAccount, ...] = ()
