"""How an identity model is fed and read: one made for this program, or one of another maker as its card describes it.

The card of another maker's model has these keys (docs/models.md explains them)::

    [input]
    layout = "NCHW"          # or "NHWC"
    size = [112, 112]        # the only size: faces are aligned to the template of this size
    colours = "RGB"          # or "BGR"
    scale = 255.0            # the model sees (pixel / scale - mean) / std
    mean = [0.485, 0.456, 0.406]
    std = [0.229, 0.224, 0.225]

    [output]
    name = "output"          # one vector a face; it is brought to unit length here; needed where there are several

A card without `size` is of a model that was made for this program: `crop` in, `embedding` out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.errors import ModelError
from detectors.model_input import ImageInput, Session, first_line, image_input, run_batch, shapes

SIDE = 112
"""Side of an aligned face in pixels."""

FEWEST, MOST = 32, 4096
"""Values that an embedding may have; fewer are classes or points, more are a map of features."""

_INPUT, _OUTPUT = "crop", "embedding"
_NATIVE = ImageInput("NCHW", (SIDE, SIDE), scale=1.0)


@dataclass(frozen=True, slots=True)
class EmbeddingAdapter:
    """What goes in and what comes out.

    Attributes:
        input: how aligned faces are scaled.
        output: name of the output with one vector a face.
        native: whether the model was made for this program.
    """

    input: ImageInput
    output: str
    native: bool

    def embed(self, session: Session, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Unit embeddings float32 [n, d] of aligned faces, uint8 [n, 112, 112, 3] RGB.

        Raises:
            ValueError: a vector is zero, or holds what is not a number.
        """
        given = np.asarray(run_batch(session, self.output, self.input.batch(crops)), np.float32)
        vectors = given.reshape(len(crops), -1)
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(length).all() or (length == 0).any():
            raise ValueError("the identity model gave a vector that is zero or not a number")
        return np.asarray(vectors / length, np.float32)


def embedding_adapter(place: str, card: Mapping[str, Any], session: Session) -> EmbeddingAdapter:
    """How a card says that an identity model is fed and read, checked against the model itself.

    Args:
        place: the card's path, for messages.
        card: the card as TOML gave it.
        session: the loaded model.

    Raises:
        ModelError: a key is missing, cannot be right, or does not fit the model.
    """
    takes, gives = ([one.name for one in values] for values in (session.get_inputs(), session.get_outputs()))
    table = card.get("input", {})
    if isinstance(table, Mapping) and "size" in table:
        told = image_input(place, table)
        if told.size != (SIDE, SIDE):
            raise ModelError(
                f"{place}: input.size is {list(told.size)}; faces for an identity model are aligned to 112 x 112"
            )
        output = card.get("output", {})
        name = output.get("name", gives[0] if len(gives) == 1 else None) if isinstance(output, Mapping) else None
        if name not in gives:
            raise ModelError(f"{place}: output.name must be " + " or ".join(f'"{one}"' for one in gives[:6]))
        adapter = EmbeddingAdapter(told, str(name), native=False)
    elif takes == [_INPUT] and _OUTPUT in gives:
        adapter = EmbeddingAdapter(_NATIVE, _OUTPUT, native=True)
    else:
        raise ModelError(
            f"{place}: an identity model takes crop and gives embedding; this one takes {', '.join(takes[:4])} and "
            f"gives {', '.join(gives[:4])}, so its card must say how it is fed: [input] lacks size "
            "(`doppelwatch models check` prints the lines)"
        )
    check_vector(place, session, adapter)
    return adapter


def check_vector(place: str, session: Session, adapter: EmbeddingAdapter) -> int:
    """Run two gray faces through a model; shapes that a file declares are not always those it gives.

    Returns:
        The number of values of one embedding.

    Raises:
        ModelError: it cannot be run so, or does not give one vector a face.
    """
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)":
        raise ModelError(f"{place}: the model must take one float32 picture, and takes {shapes(inputs)}")
    batch = adapter.input.batch(np.full((2, SIDE, SIDE, 3), 128, np.uint8))
    try:
        values = run_batch(session, adapter.output, batch)
    except Exception as error:  # the runtime raises classes of its own that share no public base
        raise ModelError(
            f"{place}: the model cannot be run on faces of {SIDE} x {SIDE} ({adapter.input.layout}): "
            f"{first_line(error)}"
        ) from error
    count = int(np.prod(values.shape[1:])) if values.ndim else 0
    if values.ndim < 2 or len(values) != 2 or max(values.shape[1:]) != count:
        raise ModelError(f"{place}: {adapter.output} gives {list(values.shape)} for two faces, not one vector a face")
    if not FEWEST <= count <= MOST:
        raise ModelError(
            f"{place}: {adapter.output} gives {count} value{'s' * (count != 1)} a face; an embedding has "
            f"{FEWEST} to {MOST}"
        )
    return count


__all__ = ["FEWEST", "MOST", "SIDE", "EmbeddingAdapter", "check_vector", "embedding_adapter"]
