"""Whose picture a profile shows: its hash beside those of the protected people's pictures and of all other profiles."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config import Config
from bot.pipeline.happened import same_address
from bot.sources.registry import handle_of, platform_of, same_account
from detectors.specimen import KnownPicture
from storage import Account, Avatar, PersonPicture, Store

RADIUS = 31
"""Largest distance of two hashes that count as the same picture, of 256 bits: the one that PDQ's makers advise."""


def pictures_of(account: Account, *, store: Store, config: Config) -> tuple[KnownPicture, ...] | None:
    """The kept pictures that equal an account's profile picture; None where nothing of it can be compared.

    Nor is a person's own account compared, which may show all of them.
    Of another account's picture it is told once whose it is: of an official one by that, although the account is
    watched as well.
    """
    owners = official_accounts(config)
    if same_account(account.url) in owners:
        return None
    avatars = store.latest_avatars()
    own = avatars.get(account.id)
    if own is None or own.hash is None:
        return None
    found = list(_of_people(own, store.person_pictures()))
    for other in store.accounts(enabled_only=False):
        avatar = avatars.get(other.id)
        if other.id == account.id or avatar is None:
            continue
        near = _shared(own, avatar)
        if near is not None:
            owner = owners.get(same_account(other.url))
            kind = "account" if owner is None else "official"
            found.append(KnownPicture(kind, other.url, owner, near[0], other.platform, other.handle, near[1]))
    return tuple(found)


def accounts_with(avatar: Avatar, store: Store) -> list[int]:
    """The numbers of other accounts that show the picture."""
    return sorted(
        number
        for number, other in store.latest_avatars().items()
        if number != avatar.account_id and _shared(avatar, other) is not None
    )


def _shared(own: Avatar, other: Avatar) -> tuple[int, bool] | None:
    """How near two profiles' pictures are, as :func:`nearest` tells it; None where a platform gave both of them one.

    What everybody shows who chose no picture lies at one address; a picture that somebody chose has one of its own.
    """
    if other.hash is None or same_address(own.address, other.address):
        return None
    return nearest(own, other.hash)


def official_accounts(config: Config) -> dict[str, str]:
    """What tells an official account apart (:func:`bot.sources.registry.same_account`), to its person's name."""
    return {same_account(url): person.name for person in config.people for url in person.official}


def _of_people(own: Avatar, pictures: list[PersonPicture]) -> Iterator[KnownPicture]:
    for one in pictures:
        hashes = (one.hashes[start : start + 32] for start in range(0, len(one.hashes), 32))
        near = min((match for bits in hashes if (match := nearest(own, bits)) is not None), default=None)
        if near is None:
            continue
        where = (platform_of(one.source), handle_of(one.source)) if one.kind == "official" else ("", "")
        yield KnownPicture(one.kind, one.name, one.person, near[0], *where, near[1])


def nearest(own: Avatar, bits: bytes) -> tuple[int, bool] | None:
    """Distance to a hash, and whether it is that of the mirrored picture; None where they are of different pictures."""
    if own.hash is None:
        return None
    straight = _differing(own.hash, bits)
    mirrored = _differing(own.mirrored, bits) if own.mirrored is not None else 257
    best = min(straight, mirrored)
    return (best, mirrored < straight) if best <= RADIUS else None


def _differing(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


__all__ = ["RADIUS", "accounts_with", "nearest", "official_accounts", "pictures_of"]
