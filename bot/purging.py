"""Purging a person: everything that the watch has of them goes, and then every byte is searched for what is left."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.config.sections import Person
from bot.deliver.feed import atom
from bot.digest import files
from bot.digest.archive import ACCOUNTS, CASES, STATES
from bot.errors import UsageError
from bot.log import log_files
from bot.pipeline.digest import write_pending
from bot.sources.registry import handle_of
from storage import Store
from storage.opening import FILE_NAME
from storage.purging import Holding, Purged, merged
from storage.traces import Marks, files_with

PAGES = (".html", ".txt")
"""Endings of a day's page and its text."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a purge did.

    Attributes:
        person: whose.
        held: what there was.
        gone: what was deleted in the store.
        pages: pages that were deleted or written anew, by path.
        messages: files of delivered messages that were deleted.
        traces: where the person can still be found, a line each; nothing where the purge is complete.
        by_hand: what is outside the watch and a person has to see to.
    """

    person: str
    held: Holding
    gone: Purged
    pages: tuple[Path, ...]
    messages: tuple[Path, ...]
    traces: tuple[str, ...]
    by_hand: tuple[str, ...]


def marks_of(person: str, config: Config, store: Store) -> Marks:
    """By what a person is found: names, handles and addresses of the configuration, and what the store knows.

    The names of reference files count unless somebody else's file has the same.
    """
    told = next((one for one in config.people if one.name == person), None)
    others = {path.name for one in config.people if one.name != person for path in _references(one)}
    if told is None:
        return merged([Marks((person,)), store.person_marks(person)])
    handles = [handle for url in told.official if (handle := handle_of(url))]
    names = [path.name for path in _references(told) if path.name not in others]
    return merged([Marks((person, *told.aliases, *handles), (*told.official, *names)), store.person_marks(person)])


def check_known(person: str, config: Config, store: Store, marks: Marks) -> None:
    """Refuse a name that nothing is known of; one whose purge was cut short still is.

    Raises:
        UsageError: neither configuration nor store nor any file knows the person; the message names those who are.
    """
    people = sorted({one.name for one in config.people} | set(store.known_people()))
    if person in people or store.traces(marks) or files_with(marks, _places(config)):
        return
    known = ", ".join(people) or "nobody"
    raise UsageError(f"nothing is known of {person}; write the name as in the configuration. Known: {known}")


def purge_person(person: str, marks: Marks, *, store: Store, config: Config, now: datetime) -> Report:
    """Delete all that there is of a person, write anew what else stood on the same pages, and search for what is left.

    Given again after a kill it does the rest. The caller holds the store.

    Raises:
        BotError, StorageError: something cannot be deleted or written; the message says what.
    """
    held = store.holding(person)
    # files first: after a kill, what they are known by is still in the store
    pages = _purge_pages(store, config, marks)
    messages = _messages_with(config, marks)
    for left in [*messages, *_beside(config, marks), *files_with(marks, log_files(config))]:
        left.unlink()
    gone = store.purge(person, marks, at=now)
    pages += _purge_pages_of_the_gone(store, config)
    write_pending(store, _without(person, config), now)
    feed = config.deliver.feed
    if feed is not None and feed.exists():
        files.write(
            feed,
            atom(store, ZoneInfo(config.digest.timezone), now),
            what="the feed",
            remedy="choose another deliver.feed",
        )
    store.checkpoint()
    return Report(
        person,
        held,
        gone,
        tuple(pages),
        tuple(messages),
        tuple(_traces(store, config, marks)),
        _by_hand(person, config),
    )


def _references(person: Person) -> tuple[Path, ...]:
    return (*person.photos, *person.recordings)


def _places(config: Config) -> list[Path]:
    """The folders and files that the watch writes."""
    named = (config.store, config.digest.folder, config.deliver.feed, config.deliver.folder)
    return [path for path in named if path is not None and path.exists()] + log_files(config)


def _without(person: str, config: Config) -> Config:
    """The configuration as it will be without the person, so that no photo of theirs gets on a page."""
    return config.model_copy(update={"people": tuple(one for one in config.people if one.name != person)})


def _purge_pages(store: Store, config: Config, marks: Marks) -> list[Path]:
    """Delete the pages that hold a trace; those of days are marked to be written anew."""
    folder = config.digest.folder
    # a file of the user's own is not deleted, but reported
    ours = [folder / STATES, *(page for kind in PAGES for page in folder.glob(f"*{kind}")), *folder.glob(".*.part")]
    going = set(files_with(marks, ours))
    for name in (ACCOUNTS, CASES):
        going.update(files_with(marks, [*(folder / name).glob("*.html"), *(folder / name).glob(".*.part")]))
    for path in sorted(going):
        if path.suffix in PAGES and _is_day(path.stem) and path.parent == folder:
            store.unrender(path.stem)
        path.unlink()
    return sorted(going)


def _purge_pages_of_the_gone(store: Store, config: Config) -> list[Path]:
    """Delete the archive's pages of accounts and cases that are no more."""
    there = {ACCOUNTS: set(store.account_states()), CASES: set(store.case_states())}
    going = [
        path
        for name, numbers in there.items()
        for path in sorted((config.digest.folder / name).glob("*.html"))
        if path.stem.isdecimal() and int(path.stem) not in numbers
    ]
    for path in going:
        path.unlink()
    return going


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _messages_with(config: Config, marks: Marks) -> list[Path]:
    """The files of messages in which the person is told of; mails that were sent are out of reach."""
    folder = config.deliver.folder
    return [path for path in sorted(folder.glob("*.eml")) if _in_message(path, marks)] if folder is not None else []


def _in_message(path: Path, marks: Marks) -> bool:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    texts: Iterable[str] = (str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text")
    headers = " ".join(str(value) for value in message.values())
    return any(marks.text.search(text) for text in (headers, *texts))


def _beside(config: Config, marks: Marks) -> list[Path]:
    """Files of the store beside database and evidence, such as earlier copies of it, that hold a trace."""
    folder = config.store
    others = [path for path in folder.iterdir() if not path.name.startswith(FILE_NAME) and path.name != "evidence"]
    return files_with(marks, others)


def _traces(store: Store, config: Config, marks: Marks) -> Iterator[str]:
    """Where the person can still be found: rows first, then every byte of every file."""
    yield from store.traces(marks)
    for path in dict.fromkeys([*files_with(marks, _places(config)), *_messages_with(config, marks)]):
        yield str(path)


def _by_hand(person: str, config: Config) -> tuple[str, ...]:
    """What is the user's own: the configuration, the references, copies elsewhere."""
    found = []
    for number, told in enumerate(config.people):
        if told.name == person:
            found.append(f"{config.place('people', number)} still names them: the next run would enrol them again")
            found += [f"{path} is a reference of theirs" for path in _references(told)]
    for number, account in enumerate(config.accounts):
        if account.person == person:
            found.append(f"{config.place('accounts', number)} is still watched for them")
    found.append("messages that were sent, exported cases and backups elsewhere are out of reach")
    return tuple(found)


__all__ = ["Report", "check_known", "marks_of", "purge_person"]
