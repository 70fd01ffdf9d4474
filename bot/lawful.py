"""What the configuration says of the right to process a person's face and voice: on what basis, and how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.config import Config, Person

SOON = timedelta(days=30)
"""How long before the last day of a person's references it is told."""


def lapsed(config: Config, now: datetime) -> list[Person]:
    """The people whose photos and recordings are not used any more, because their last day is over."""
    kept = config.in_force(now).people
    return [person for person, left in zip(config.people, kept, strict=True) if person != left]


def basis(person: Person, config: Config) -> tuple[bool, str]:
    """Whether a basis is noted, for the person or for all, and one line; whether it holds, no program can say."""
    noted = person.basis or config.retention.basis
    if noted is not None:
        return True, f"{person.name}: {noted}"
    return False, (
        f"{person.name}: faces and voices are biometric data, and nothing says on what basis they are processed; "
        "write it here, or to retention.basis for everybody"
    )


def period(person: Person, config: Config, now: datetime) -> tuple[bool, str]:
    """Whether a last day is named and lies at least :data:`SOON` ahead, and one line.

    Args:
        person: one of the configuration's, with photos or recordings.
        config: the people, and the time zone in which a day begins.
        now: an aware moment.
    """
    if person.until is None:
        return (
            False,
            f"{person.name}: no last day is named, so what models make of face and voice has no end; write one",
        )
    if person in lapsed(config, now):
        renew = f'renew it, or run doppelwatch purge "{person.name}"'
        return False, f"{person.name}: {person.until} is over, so the references are not used; {renew}"
    used = f"{person.name}: photos and recordings are used up to {person.until}"
    soon = person in lapsed(config, now + SOON)
    return not soon, f"{used}; renew it if they may be used longer" if soon else used


__all__ = ["SOON", "basis", "lapsed", "period"]
