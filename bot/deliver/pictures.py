"""The picture strips of cards, under names by which the HTML shows them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from bot.deliver.cards import Card
from bot.deliver.strips import described, strip
from detectors.picture_headers import declared_size


@dataclass(frozen=True, slots=True)
class Shown:
    """A strip: `name` for the attachment, `cid` for the HTML, `width` in pixels, `alt` for those who do not see it.

    `note` says which of the pictures is no frame of the clip; empty where all are.
    """

    post_id: int
    name: str
    jpeg: bytes
    width: int
    alt: str
    note: str = ""

    @property
    def cid(self) -> str:
        """The content id (RFC 2392) without brackets: of the bytes, so that it is the same in every try."""
        return content_id(self.name)


def content_id(name: str) -> str:
    """The content id of a picture; its domain is one that nobody can own (RFC 2606)."""
    return f"{name}@doppelwatch.invalid"


def illustrate(cards: Sequence[Card], most: int | None = None) -> list[Shown]:
    """The strips of the first cards that have frames, `most` at most."""
    shown: list[Shown] = []
    for card in cards:
        if most is not None and len(shown) >= most:
            break
        jpeg = strip(card.pictures, card.portrait)
        if jpeg is not None:
            name = f"post{card.post_id}-{hashlib.sha256(jpeg).hexdigest()[:12]}"
            note = "" if card.portrait is None else f"On the left a {card.portrait.label}, then the clip."
            alt = described(card.pictures, card.portrait)
            shown.append(Shown(card.post_id, name, jpeg, _width(jpeg), alt, note))
    return shown


def _width(jpeg: bytes) -> int:
    size = declared_size(io.BytesIO(jpeg))
    assert size is not None, "it was encoded just before"
    return size[0]


__all__ = ["Shown", "content_id", "illustrate"]
