"""Can a model of another maker say whose a face is, and in which range of values does it want its pictures?

No clips are needed: a picture that was mirrored and made worse must stay nearer to itself than to other pictures.
Landmark models, which also give long vectors of one face, fail that: they say where things lie, not whose they are.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors import yunet
from detectors.embedding_input import FEWEST, SIDE, EmbeddingAdapter, check_vector, embedding_adapter
from detectors.errors import ModelError
from detectors.labelled_faces import made_pictures
from detectors.metrics import auc
from detectors.model_input import ImageInput
from detectors.picture_probe import RANGES, input_lines, layout_of, output_line

LEAST_AUC = 0.8
"""Least chance that a picture and its worse copy are nearer to each other than two pictures are.

Chance alone gives .5 +- .15. On the made pictures a MobileFaceNet reaches .96 to .99 in the ranges that are near its
own and .86 in one that is far from it, a model of 98 landmarks .45 to .67.
"""


def gives_vectors(session: onnxruntime.InferenceSession) -> bool:
    """Whether a file declares one picture in, and one vector as long as an embedding out."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or len(outputs) != 1:
        return False
    shape = outputs[0].shape
    return len(shape) == 2 and isinstance(shape[1], int) and shape[1] >= FEWEST


def identity_facts(
    name: str, session: onnxruntime.InferenceSession, card: Mapping[str, Any] | None
) -> tuple[tuple[str, ...], str]:
    """What was found of an identity model, one line each, and the lines that its card needs beyond the first.

    Args:
        name: the file's name, for messages.
        session: the loaded model.
        card: its card; None where it has none.

    Raises:
        ModelError: why it cannot serve, in one sentence.
    """
    takes = [one.name for one in session.get_inputs()]
    native = takes == ["crop"] and "embedding" in [one.name for one in session.get_outputs()]
    if card is not None or native:
        adapter = embedding_adapter(name, card or {}, session)
        count = check_vector(name, session, adapter)
        area, apart = told_apart(session, adapter)
        if area < LEAST_AUC:
            raise ModelError(f"{name}: {_blind(adapter.output, count, area)}; or its [input] is wrong")
        made_for = ("made for this program: crop in, embedding out",) if adapter.native else ()
        return (*made_for, f"gives {count} values a face", _in_words("as it is fed", area, apart)), ""
    if yunet.serves(session):
        raise ModelError(f"{name}: is a YuNet, which finds faces and cannot say whose they are; its role is faces")
    layout, size = layout_of(name, session, free=SIDE)
    if size != (SIDE, SIDE):
        raise ModelError(
            f"{name}: takes pictures of {size[0]} x {size[1]}; an identity model takes aligned faces of {SIDE} x {SIDE}"
        )
    output = session.get_outputs()[0].name
    tried: list[tuple[float, float, str, ImageInput]] = []
    for words, fed in RANGES:
        adapter = EmbeddingAdapter(replace(fed, layout=layout, size=size), output, native=False)
        count = check_vector(name, session, adapter)
        tried.append((*told_apart(session, adapter), words, adapter.input))
    best = max(tried, key=lambda one: one[:2])
    if best[0] < LEAST_AUC:
        raise ModelError(f"{name}: {_blind(output, count, best[0])}")
    facts = (
        f"takes aligned faces as {layout}, {SIDE} x {SIDE}",
        f"{output} gives {count} values a face",
        *(_in_words(f"values from {words}", area, apart) for area, apart, words, _ in tried),
        f"values from {best[2]} are likely; its maker knows, and a neighbouring range costs quality unnoticed",
    )
    return facts, input_lines(best[3]) + output_line(output)


def told_apart(session: onnxruntime.InferenceSession, adapter: EmbeddingAdapter) -> tuple[float, float]:
    """How well a model tells made pictures apart when a copy of each is mirrored, small, brighter or darker, and noisy.

    Returns:
        The chance that a picture and its copy are nearer than two pictures, 0 to 1; and the distance between the mean
        cosines of both kinds, in standard deviations of the second.
    """
    pictures, worse = _pairs()
    try:
        first, second = adapter.embed(session, pictures), adapter.embed(session, worse)
    except ValueError:
        return 0.5, 0.0  # zero or no numbers: the range is not the one that it wants
    cosines = (first @ second.T).astype(np.float64)
    same = np.eye(len(pictures), dtype=np.bool_)
    spread = float(cosines[~same].std())
    apart = (float(cosines[same].mean()) - float(cosines[~same].mean())) / max(spread, 1e-6)
    return auc(cosines.ravel(), same.ravel()), apart


@functools.cache
def _pairs() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Made pictures and their copies, uint8 [16, 112, 112, 3] each."""
    pictures = [
        np.asarray(cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8) for rgb, _ in made_pictures()
    ]
    random = np.random.default_rng(0)
    return np.stack(pictures), np.stack([_worse(picture, random) for picture in pictures])


def _worse(rgb: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    small = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small[:, ::-1], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).astype(np.float64)
    return np.clip(large * random.uniform(0.8, 1.2) + random.normal(0, 5, large.shape), 0, 255).astype(np.uint8)


def _blind(output: str, count: int, area: float) -> str:
    return (
        f"{output} gives {count} values that do not tell pictures apart (a worse copy is nearer to its picture than "
        f"another picture is in {area:.0%} of the pairs), so it is no model of identity"
    )


def _in_words(start: str, area: float, apart: float) -> str:
    return (
        f"{start}: a worse copy is nearer to its picture than another is in {area:.1%} of the pairs, "
        f"by {apart:.1f} standard deviations"
    )


__all__ = ["LEAST_AUC", "gives_vectors", "identity_facts", "told_apart"]
