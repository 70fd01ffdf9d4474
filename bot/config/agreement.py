"""What no single key can tell: names that refer to each other, things that stand twice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.delivery import is_this_machine
from bot.config.faults import meant
from bot.config.places import Fault, KeyPath, dotted
from bot.config.sections import Account, Config
from bot.config.values import shown


def disagreements(config: Config) -> Iterator[Fault]:
    """Everything in a configuration that does not fit together."""
    yield from _people(config)
    yield from _accounts(config)
    yield from _mail(config)
    yield from _timestamps(config)
    polling = config.polling
    if polling.first_examine > polling.first_index:
        yield Fault(
            ("polling", "first_examine"),
            f"is {polling.first_examine}, more than polling.first_index ({polling.first_index}); "
            "no more posts can be examined than are recorded",
        )
    names = [one.name for one in polling.platforms]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault(("polling", "platforms", index, "name"), f"{shown(name)} stands twice; write it once")
    if config.store == config.digest.folder:
        yield Fault(("digest", "folder"), "is the store's folder, too; choose another one for the digests")


def _mail(config: Config) -> Iterator[Fault]:
    mail = config.mail
    needed = {"server": mail.server, "sender": mail.sender, "to": mail.to}
    lacking = [name for name, value in needed.items() if not value]
    if len(lacking) in (1, 2):
        there = next(name for name in needed if name not in lacking)
        yield Fault(
            ("mail", there), f"needs mail.{' and mail.'.join(lacking)}, too; write it, or leave all of mail out"
        )
    if mail.user is not None and config.secrets.mail_password is None:
        yield Fault(("mail", "user"), "has no password; write under secrets: mail_password: {file: PATH}")
    if mail.user is None and config.secrets.mail_password is not None:
        yield Fault(("secrets", "mail_password"), "belongs to mail.user, which is not written")
    if mail.security == "none" and mail.user is not None and not is_this_machine(mail.server or ""):
        yield Fault(("mail", "security"), "is none, so the password would travel readable; write starttls or tls")


def _timestamps(config: Config) -> Iterator[Fault]:
    stamps = config.timestamps
    if stamps.authority is not None and stamps.certificates is None:
        yield Fault(("timestamps", "authority"), "needs timestamps.certificates, too: its stamps are checked by them")


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
