"""The pictures of profiles over time, and those of the protected people with which they are compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.references import References
from storage.rows import Row, to_row

PHOTO, OFFICIAL = "photo", "official"
"""What a picture of a person is: one of the reference photos, or the profile picture of an official account."""

PictureKey = tuple[str, str, str]
"""Person, kind, and what it was made of: the SHA-256 of a photo's file, or the address of an official account."""


@dataclass(frozen=True, slots=True)
class Avatar:
    """The picture that a profile announced at `seen_at`; append-only, one row a try.

    Attributes:
        account_id: whose.
        seen_at: when it was asked for.
        address: as the profile named it.
        sha256: of its bytes, as they came, in the evidence; None where it could not be had or is no picture.
        shown_sha256: of a small JPEG of it in the evidence, made for pages.
        hash, mirrored: perceptual hashes, 32 bytes each; None where it is too plain to tell it by.
        problem: why there is none, one line; empty otherwise.
    """

    account_id: int
    seen_at: datetime
    address: str
    sha256: str | None = None
    shown_sha256: str | None = None
    hash: bytes | None = None
    mirrored: bytes | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PersonPicture:
    """What profile pictures are compared with: hashes of one picture of a protected person.

    Attributes:
        person: name in the configuration.
        kind: `photo` or `official`.
        source: SHA-256 of the photo's file, or address of the official account.
        name: what people know it by: the name of the file, or the address.
        made_at: when it was made, or tried.
        hashes: perceptual hashes of 32 bytes one behind the other: the whole, and its middle square; empty where there
            is none to compare.
    """

    person: str
    kind: str
    source: str
    name: str
    made_at: datetime
    hashes: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> PictureKey:
        """What tells it from others."""
        return (self.person, self.kind, self.source)


class Avatars(References):
    """Reading and writing of pictures; the files lie in the evidence."""

    def record_avatar(self, avatar: Avatar, *, copies: Sequence[int] = ()) -> None:
        """Keep a try at a profile's picture.

        Args:
            avatar: what came of it.
            copies: numbers of other accounts that show the same picture; their posts are judged again
                (:meth:`storage.reviews.Reviews.outdated_verdicts`).
        """
        row = _with_bytes(avatar, ("hash", "mirrored"))
        with self.transaction():
            self.insert("avatars", row)
            for other in copies:
                found = {"account_id": avatar.account_id, "other_id": other, "found_at": row["seen_at"]}
                self.insert_new("avatar_copies", "account_id, other_id", found)

    def avatars(self, account_id: int) -> list[Avatar]:
        """Every try at an account's picture, oldest first."""
        return self.read(Avatar, "SELECT * FROM avatars WHERE account_id = ? ORDER BY seen_at, id", [account_id])

    def latest_tries(self) -> dict[int, Avatar]:
        """The latest try at each account's picture, by the account's number, whatever came of it."""
        sql = "SELECT * FROM avatars WHERE id IN (SELECT max(id) FROM avatars GROUP BY account_id)"
        return {one.account_id: one for one in self.read(Avatar, sql)}

    def latest_avatars(self) -> dict[int, Avatar]:
        """The picture that each account showed last, by the account's number; where one could be had."""
        rows = self.read(
            Avatar,
            """
            SELECT * FROM avatars WHERE id IN (
                SELECT max(id) FROM avatars WHERE sha256 IS NOT NULL GROUP BY account_id
            )
            """,
        )
        return {one.account_id: one for one in rows}

    def announced_avatars(self) -> list[tuple[int, str]]:
        """Account and address of the picture that each watched account's profile names now."""
        rows = self.rows(
            """
            SELECT account_id, avatar_url FROM profiles JOIN accounts ON accounts.id = account_id
            WHERE enabled = 1 AND avatar_url IS NOT NULL
                AND profiles.id IN (SELECT max(id) FROM profiles GROUP BY account_id)
            ORDER BY account_id
            """
        )
        return [(row["account_id"], row["avatar_url"]) for row in rows]

    def person_pictures(self) -> list[PersonPicture]:
        """All pictures of protected people, in the order in which they were first made."""
        return self.read(PersonPicture, "SELECT * FROM person_pictures ORDER BY id")

    def record_person_picture(self, made: PersonPicture) -> None:
        """Keep a picture of a person, in the place of what there was of the same key."""
        self.replace("person_pictures", "person, kind, source", _with_bytes(made, ("hashes",)))

    def retain_person_pictures(self, wanted: Collection[PictureKey]) -> int:
        """Delete, and overwrite in the file, every picture of a person but these; returns how many rows went."""
        going = [one.key for one in self.person_pictures() if one.key not in wanted]
        if going:
            with self._overwriting(), self.transaction():
                for key in going:
                    self.write("DELETE FROM person_pictures WHERE (person, kind, source) = (?, ?, ?)", list(key))
        return len(going)


def _with_bytes(record: Avatar | PersonPicture, names: tuple[str, ...]) -> Row:
    """A record as a row; its hashes are bytes, for which there is no other column type."""
    return to_row(record, **dict.fromkeys(names)) | {name: getattr(record, name) for name in names}


__all__ = ["OFFICIAL", "PHOTO", "Avatar", "Avatars", "PersonPicture", "PictureKey"]
