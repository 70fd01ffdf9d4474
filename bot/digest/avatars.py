"""The pictures of profiles on pages: what an account looked like before and after it changed its picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.digest.exhibits import Budget, kept_picture
from bot.digest.model import Change, Picture
from bot.pipeline.happened import same_address
from bot.pipeline.likenesses import nearest
from storage import AccountEvent, Avatar, Store

PAGE_BYTES = 400_000
"""Bytes of profile pictures on one page; one of them has three to eight thousand."""


@dataclass(slots=True)
class ProfilePictures:
    """The kept pictures of profiles, read for one page."""

    store: Store
    budget: Budget = field(default_factory=lambda: Budget(PAGE_BYTES))
    _kept: dict[int, list[Avatar]] = field(default_factory=dict)

    def now(self, account_id: int) -> Picture | None:
        """The picture that an account showed last, None where there is none to show."""
        kept = self._of(account_id)
        return self._shown(kept[-1], "the profile's picture") if kept else None

    def illustrated(self, change: Change, event: AccountEvent) -> Change:
        """A change of the picture with both pictures, as far as they are kept, and whether they look the same."""
        if event.kind != "avatar":
            return change
        before, after = (self._at(event.account_id, address) for address in (event.before, event.after))
        alike = before is not None and after is not None and after.hash is not None and nearest(before, after.hash)
        return replace(
            change,
            picture_before=None if before is None else self._shown(before, "picture before"),
            picture_after=None if after is None else self._shown(after, "picture after"),
            alike=bool(alike),
        )

    def _at(self, account_id: int, address: str | None) -> Avatar | None:
        """The latest picture of an account that lay at an address."""
        if address is None:
            return None
        return next((one for one in reversed(self._of(account_id)) if same_address(one.address, address)), None)

    def _of(self, account_id: int) -> list[Avatar]:
        if account_id not in self._kept:
            tries = self.store.avatars(account_id)
            self._kept[account_id] = [one for one in tries if one.shown_sha256 is not None]
        return self._kept[account_id]

    def _shown(self, avatar: Avatar, label: str) -> Picture | None:
        assert avatar.shown_sha256 is not None
        picture = kept_picture(avatar.shown_sha256, self.store.evidence, label, "profile")
        return picture if picture is not None and self.budget.take(len(picture.jpeg)) else None


__all__ = ["PAGE_BYTES", "ProfilePictures"]
