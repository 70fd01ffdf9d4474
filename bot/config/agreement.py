"""What no single key can tell: names that refer to each other, things that stand twice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.faults import meant
from bot.config.places import Fault, KeyPath, dotted
from bot.config.sections import Account, Config
from bot.config.values import shown


def disagreements(config: Config) -> Iterator[Fault]:
    """Everything in a configuration that does not fit together."""
    yield from _people(config)
    yield from _accounts(config)
    polling = config.polling
    if polling.first_examine > polling.first_index:
        yield Fault(
            ("polling", "first_examine"),
            f"is {polling.first_examine}, more than polling.first_index ({polling.first_index}); "
            "no more posts can be examined than are recorded",
        )
    if config.store == config.digest.folder:
        yield Fault(("digest", "folder"), "is the store's folder, too; choose another one for the digests")


def _people(config: Config) -> Iterator[Fault]:
    seen: dict[str, KeyPath] = {}
    for index, person in enumerate(config.people):
        path: KeyPath = ("people", index, "name")
        first = seen.setdefault(person.name.casefold(), path)
        if first != path:
            yield Fault(path, f"{shown(person.name)} is already at {dotted(first)}; write each person once")


def _accounts(config: Config) -> Iterator[Fault]:
    names = [person.name for person in config.people]
    seen: dict[str, KeyPath] = {}
    for index, account in enumerate(config.accounts):
        path: KeyPath = ("accounts", index, "url")
        first = seen.setdefault(_same(account), path)
        if first != path:
            yield Fault(path, f"is the same account as {dotted(first)}; watch it once")
        if account.person is not None and account.person not in names:
            yield Fault(("accounts", index, "person"), _stranger(account.person, config))


def _same(account: Account) -> str:
    """What tells accounts apart: platform and handle, or a folder's path."""
    from bot.sources.registry import same_account

    return same_account(account.url)


def _stranger(name: str, config: Config) -> str:
    for person in config.people:
        if name.casefold() in {alias.casefold() for alias in person.aliases}:
            return f'{shown(name)} is an alias; write the name, "{person.name}"'
    names = [person.name for person in config.people]
    near = meant(name, names)
    if near is not None:
        return f'{shown(name)} is not in people; did you mean "{near}"?'
    known = ", ".join(f'"{known}"' for known in names[:10])
    return f"{shown(name)} is not in people; add the person there" + (f", or write one of {known}" if known else "")
