"""Which other posts show the same pictures: the lookup of a fingerprint among all that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bot.config import Config
from bot.pipeline.convert import person_of
from detectors.specimen import KnownCopy, Person
from storage import Account, Post, Store, StoredHash

RADIUS = 31
"""Largest distance of two hashes that count as the same picture, of 256 bits: the one that PDQ's makers advise.

On the 34 clips of the data folder the same frame at half the size, or at JPEG quality 25, was at most 8 away, and
frames of different films at least 82.
"""

LEAST_FRAMES = 2
"""Key frames that must be found, where the clip has as many: one alone may be a title card or a stock picture."""

_READ_AT_ONCE = 50_000
_BLOCK = 1 << 16
"""Hashes that are compared at once: few enough for what is counted to stay in a core's cache."""


@dataclass
class CopyIndex:
    """All hashes of a store in memory, 40 bytes each, searched by comparing with every one of them.

    A scan answers in some milliseconds among a million hashes (`python -m benchmarks copies`). A multi-index hash of
    sixteen parts took half of that, and more than twice the memory and a rebuild whenever something is added. The
    store is the truth: rows that another process added are read before each lookup, and what is found is compared with
    the store's rows before it is told.
    """

    store: Store
    words: NDArray[np.uint64] = field(default_factory=lambda: np.empty((4, 0), np.uint64))
    posts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    count: int = 0
    latest: int = 0

    def refresh(self) -> None:
        """Read what was added since the last time."""
        while rows := self.store.hashes_after(self.latest, _READ_AT_ONCE):
            needed = self.count + len(rows)
            if needed > len(self.posts):
                more = max(needed, self.count * 5 // 4) - self.count
                self.words = np.concatenate([self.words[:, : self.count], np.empty((4, more), np.uint64)], axis=1)
                self.posts = np.concatenate([self.posts[: self.count], np.empty(more, np.int64)])
            self.words[:, self.count : needed] = _words([row[2] for row in rows]).T
            self.posts[self.count : needed] = [row[1] for row in rows]
            self.count, self.latest = needed, rows[-1][0]

    def near(self, bits: bytes, radius: int = RADIUS) -> list[tuple[int, int]]:
        """Post and distance of every hash that is at most `radius` bits away."""
        (asked,) = _words([bits])
        differing = np.empty(_BLOCK, np.uint64)
        part, half = np.empty(_BLOCK, np.uint8), np.empty(_BLOCK, np.uint8)
        hits = []
        for start in range(0, self.count, _BLOCK):
            end = min(self.count, start + _BLOCK)
            size = end - start
            np.bitwise_xor(self.words[0, start:end], asked[0], out=differing[:size])
            np.bitwise_count(differing[:size], out=half[:size])
            np.bitwise_xor(self.words[1, start:end], asked[1], out=differing[:size])
            np.bitwise_count(differing[:size], out=part[:size])
            half[:size] += part[:size]
            # no hash is nearer than its first half is, and the halves of strangers differ in about 64 bits
            rows = start + np.flatnonzero(half[:size] <= radius)
            if len(rows):
                away = np.bitwise_count(self.words[:, rows] ^ asked[:, None]).sum(axis=0, dtype=np.uint16)
                found = np.flatnonzero(away <= radius)
                hits += [(int(self.posts[rows[hit]]), int(away[hit])) for hit in found]
        return hits


def _words(hashes: Sequence[bytes]) -> NDArray[np.uint64]:
    """Hashes as uint64 [n, 4]."""
    return np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, 4)


_indexes: WeakKeyDictionary[Store, CopyIndex] = WeakKeyDictionary()
"""One index a store, for as long as the store is open: reading a million hashes takes seconds."""


def index_of(store: Store) -> CopyIndex:
    """The index of an open store, with all that is in the store now."""
    index = _indexes.setdefault(store, CopyIndex(store))
    index.refresh()
    return index


def copies_of(post: Post, account: Account, *, store: Store, config: Config) -> tuple[KnownCopy, ...] | None:
    """Posts of other accounts that show the same pictures; None where nothing of this post can be looked up."""
    own = store.fingerprint(post.id)
    frames = len({one.time_s for one in own if one.kind == "whole"})
    if not frames:
        return None
    index = index_of(store)
    asked = {one.hash for one in own if one.kind != "face"}
    found = []
    for other in sorted({number for bits in asked for number, _ in index.near(bits)} - {post.id}):
        theirs = store.post(other)
        if theirs.account_id == account.id:
            continue
        kept = store.fingerprint(other)
        match = _compared(own, kept)
        if match is None or len(match.frames) < min(LEAST_FRAMES, frames):
            continue
        there = store.account(theirs.account_id)
        found.append(
            KnownCopy(
                url=theirs.url,
                platform=there.platform,
                handle=there.handle,
                official=_is_official(there, person_of(config, account.person)),
                matched=len(match.frames) / frames,
                distance=min(match.straight, match.mirrored),
                mirrored=match.mirrored < match.straight,
                face_distance=_between_faces(match.pairs, own, kept),
                published_at=theirs.published_at,
                number=other,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Match:
    """What agrees between two posts: own times, pairs of times, the closest distance straight and mirrored."""

    frames: frozenset[float]
    pairs: frozenset[tuple[float, float]]
    straight: int
    mirrored: int


def _compared(own: Sequence[StoredHash], theirs: Sequence[StoredHash]) -> _Match | None:
    """Compare two fingerprints hash by hash; None where nothing agrees, or there is nothing to compare with."""
    asked = [one for one in own if one.kind != "face"]
    kept = [one for one in theirs if one.kind in ("whole", "inner")]
    if not kept:
        return None
    differing = _words([one.hash for one in asked])[:, None] ^ _words([one.hash for one in kept])[None]
    away = np.bitwise_count(differing).sum(axis=2, dtype=np.uint16)
    near = [(asked[row], kept[column], int(away[row, column])) for row, column in np.argwhere(away <= RADIUS)]
    if not near:
        return None
    far = 257  # farther than any two hashes are
    return _Match(
        frames=frozenset(mine.time_s for mine, _, _ in near),
        pairs=frozenset((mine.time_s, other.time_s) for mine, other, _ in near if mine.kind != "mirrored"),
        straight=min((bits for mine, _, bits in near if mine.kind != "mirrored"), default=far),
        mirrored=min((bits for mine, _, bits in near if mine.kind == "mirrored"), default=far),
    )


def _is_official(account: Account, person: Person | None) -> bool:
    """The account is one of the person's own."""
    handle = account.handle.casefold().lstrip("@")
    return person is not None and any(
        one.platform == account.platform and one.handle.casefold().lstrip("@") == handle for one in person.official
    )


def _between_faces(
    pairs: frozenset[tuple[float, float]], own: Sequence[StoredHash], other: Sequence[StoredHash]
) -> int | None:
    """How near the faces of frames that match come to each other; None where no such pair has two."""
    here, there = ({one.time_s: one.hash for one in rows if one.kind == "face"} for rows in (own, other))
    away = [
        (int.from_bytes(here[mine]) ^ int.from_bytes(there[theirs])).bit_count()
        for mine, theirs in pairs
        if mine in here and theirs in there
    ]
    return min(away, default=None)
