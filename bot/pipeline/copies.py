"""Which other posts show the same pictures: the lookup of a fingerprint among all that are kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bot.config import Config
from bot.pipeline.convert import person_of
from detectors.contract import KnownCopy, Person
from storage import Account, Post, Store, StoredHash

RADIUS = 31
"""Largest distance of two hashes that count as the same picture, of 256 bits: the one that PDQ's makers advise.

On the 34 clips of the data folder the same frame at half the size, or at JPEG quality 25, was at most 8 away, and
frames of different films at least 82.
"""

LEAST_FRAMES = 2
"""Key frames that must be found, where the clip has as many: one alone may be a title card or a stock picture."""

_READ_AT_ONCE = 100_000


@dataclass
class CopyIndex:
    """All hashes of a store in memory, 44 bytes each, searched by comparing with every one of them.

    A scan answers in tens of milliseconds among a million hashes, needs no rebuild, and cannot be out of step with
    its own rules; the store is the truth, and rows that another process added are read before each lookup.
    """

    store: Store
    words: NDArray[np.uint64] = field(default_factory=lambda: np.empty((0, 4), np.uint64))
    posts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    times: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    count: int = 0
    latest: int = 0

    def refresh(self) -> None:
        """Read what was added since the last time."""
        while rows := self.store.hashes_after(self.latest, _READ_AT_ONCE):
            needed = self.count + len(rows)
            if needed > len(self.posts):
                size = max(needed, len(self.posts) * 3 // 2)
                self.words = np.concatenate([self.words[: self.count], np.empty((size - self.count, 4), np.uint64)])
                self.posts = np.concatenate([self.posts[: self.count], np.empty(size - self.count, np.int64)])
                self.times = np.concatenate([self.times[: self.count], np.empty(size - self.count, np.float32)])
            self.words[self.count : needed] = _words([row[3] for row in rows])
            self.posts[self.count : needed] = [row[1] for row in rows]
            self.times[self.count : needed] = [row[2] for row in rows]
            self.count, self.latest = needed, rows[-1][0]

    def near(self, bits: bytes, radius: int = RADIUS) -> list[tuple[int, float, int]]:
        """Post, time and distance of every hash that is at most `radius` bits away."""
        words, (asked,) = self.words[: self.count], _words([bits])
        # the first quarter of the bits rules out half of all rows: no row can be nearer than its quarter is
        quarter = np.bitwise_count(words[:, 0] ^ asked[0])
        rows = np.flatnonzero(quarter <= radius)
        away = np.bitwise_count(words[rows] ^ asked).sum(axis=1, dtype=np.uint16)
        hits = np.flatnonzero(away <= radius)
        return [(int(self.posts[rows[hit]]), float(self.times[rows[hit]]), int(away[hit])) for hit in hits]


def _words(hashes: list[bytes]) -> NDArray[np.uint64]:
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
    frames = sorted({one.time_s for one in own if one.kind == "whole"})
    if not frames:
        return None
    index = index_of(store)
    matches: dict[int, _Match] = defaultdict(_Match)
    for one in own:
        if one.kind == "face":
            continue
        for other, at, away in index.near(one.hash):
            if other != post.id:
                matches[other].take(one, at, away)
    found = []
    for other, match in sorted(matches.items()):
        theirs = store.post(other)
        if len(match.frames) < min(LEAST_FRAMES, len(frames)) or theirs.account_id == account.id:
            continue
        there = store.account(theirs.account_id)
        found.append(
            KnownCopy(
                url=theirs.url,
                platform=there.platform,
                handle=there.handle,
                official=_is_official(there, person_of(config, account.person)),
                matched=len(match.frames) / len(frames),
                distance=min(match.straight, match.mirrored),
                mirrored=match.mirrored < match.straight,
                face_distance=_between_faces(match.pairs, own, store.fingerprint(other)),
                published_at=theirs.published_at,
            )
        )
    return tuple(found)


@dataclass
class _Match:
    """What agrees between two posts: own times, pairs of times, the closest distance straight and mirrored."""

    frames: set[float] = field(default_factory=set)
    pairs: set[tuple[float, float]] = field(default_factory=set)
    straight: int = 257
    mirrored: int = 257

    def take(self, own: StoredHash, at: float, away: int) -> None:
        self.frames.add(own.time_s)
        if own.kind == "mirrored":
            self.mirrored = min(self.mirrored, away)
        else:
            self.straight = min(self.straight, away)
            self.pairs.add((own.time_s, at))


def _is_official(account: Account, person: Person | None) -> bool:
    """The account is one of the person's own."""
    handle = account.handle.casefold().lstrip("@")
    return person is not None and any(
        one.platform == account.platform and one.handle.casefold().lstrip("@") == handle for one in person.official
    )


def _between_faces(pairs: set[tuple[float, float]], own: list[StoredHash], other: list[StoredHash]) -> int | None:
    """How near the faces of frames that match come to each other; None where no such pair has two."""
    # the index keeps times in single precision
    here, there = ({np.float32(one.time_s): one.hash for one in rows if one.kind == "face"} for rows in (own, other))
    away = [
        (int.from_bytes(here[mine]) ^ int.from_bytes(there[theirs])).bit_count()
        for mine, theirs in ((np.float32(mine), np.float32(theirs)) for mine, theirs in pairs)
        if mine in here and theirs in there
    ]
    return min(away, default=None)
