"""All that the forgery model may be shown and is measured on, prepared once in the work folder."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.forgery_batches import Pool, usable
from training.forgery_codec import compressed
from training.forgery_data import COLLECTIONS, Collection, load, load_genuine, with_points
from training.forgery_render import rendered
from training.settings import Settings


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from.

    Attributes:
        genuine: LFW and UTKFace.
        collections: those with labels.
        copies: the compressed copy of each of them, row by row.
        pools: genuine faces that fakes are made from; the first is of `genuine`.
    """

    genuine: Collection
    collections: list[Collection]
    copies: list[NDArray[np.uint8]]
    pools: list[Pool]

    def without(self, method: str) -> Material:
        """Leave one method out of training: its fakes, or all of a collection that has no other.

        Raises:
            SystemExit: no fake that may be trained on is of this method.
        """
        collections = [_without(one, method) for one in self.collections]
        if all(before is after for before, after in zip(self.collections, collections, strict=True)):
            raise SystemExit(f'"{method}": there is nothing of this method or collection to leave out')
        return replace(
            self, collections=collections, pools=[pool for pool in self.pools if pool.collection.name != method]
        )

    def only_made(self) -> Material:
        """Nothing but genuine photographs, of which fakes are made: no method and no video has been seen."""
        return replace(self, collections=[], copies=[], pools=self.pools[:1])


def _without(collection: Collection, method: str) -> Collection:
    if method == collection.name:
        return replace(collection, kept_out=np.ones_like(collection.kept_out))
    left_out = np.array([name.split("/")[0] == method for name in collection.method])
    return replace(collection, kept_out=collection.kept_out | left_out) if left_out.any() else collection


def gather(settings: Settings) -> Material:
    """Read, cut, compress and re-render everything, or take what an earlier run has left of it."""
    collections = [
        with_points(load(name, settings.data, settings.work), settings.teachers, settings.work) for name in COLLECTIONS
    ]
    sources = [load_genuine(settings.data, settings.teachers, settings.work), *collections]
    rows = [usable(one) for one in sources]
    pictures = rendered(sources, rows, settings)
    return Material(
        genuine=sources[0],
        collections=collections,
        copies=[compressed(one, settings.work, settings.seed) for one in collections],
        pools=[Pool(one, chosen, made) for one, chosen, made in zip(sources, rows, pictures, strict=True)],
    )
