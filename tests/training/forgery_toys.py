"""Small stand-ins for what the forgery model learns from: noisy squares, some of which carry a stain."""

from __future__ import annotations

import numpy as np

from training.forgery_batches import Pool
from training.forgery_data import Collection
from training.forgery_material import Material

POINTS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.75], [0.65, 0.75]], np.float32)


def collection(name: str, methods: list[str], each: int, *, seed: int = 0) -> Collection:
    """So many genuine crops, and as many of each method, every other one kept out."""
    random = np.random.default_rng(seed)
    count = each * (1 + len(methods))
    pixels = random.integers(60, 200, (count, 160, 160, 3)).astype(np.uint8)
    pixels[each:, 60:100, 60:100] = 255
    return Collection(
        name=name,
        pixels=pixels,
        fake=np.arange(count) >= each,
        group=[f"g{number % each}" for number in range(count)],
        method=["original/0"] * each + [f"{method}/{number}" for method in methods for number in range(each)],
        points=np.tile(POINTS, (count, 1, 1)),
        kept_out=np.arange(count) % 2 == 1,
    )


def material() -> Material:
    """Photographs, one collection of two methods, and one that is its own only method."""
    genuine = collection("genuine", [], 12, seed=1)
    labelled = [collection("faceforensics", ["Deepfakes", "FaceSwap"], 8), collection("dfdc", ["DFDC"], 8, seed=2)]
    pools = []
    for one in (genuine, *labelled):
        rows = np.flatnonzero(~one.fake & ~one.kept_out)
        pools.append(Pool(one, rows, one.pixels[rows]))
    return Material(genuine, labelled, [one.pixels for one in labelled], pools)
