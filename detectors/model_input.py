"""How a forgery model of another maker is fed and read, as its card describes it.

A card of such a model has these keys (docs/models.md explains them)::

    [input]
    layout = "NCHW"          # or "NHWC"
    size = [256, 256]        # height and width in pixels
    colours = "RGB"          # or "BGR"
    scale = 255.0            # the model sees (pixel / scale - mean) / std
    mean = [0.0, 0.0, 0.0]
    std = [1.0, 1.0, 1.0]
    crop = "tight"           # or a number: a square of so many times the longer side of the face box

    [output]
    name = "output"
    kind = "probability"     # or "logit" (one value), "logits" (one a class)
    index = 0                # which value of the output
    positive = "real"        # what a high value there means: "real" or "fake"

mean, std and crop may be left out, and index where there is one value. A card without `size` is of a model that
was made for this program: `crop` in, `logit` out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.errors import ModelError
from detectors.geometry import Box, forgery_crop, forgery_region, region_square

_CERTAIN = 1e-6  # a probability of exactly 0 or 1 would be an infinite logit
_LARGEST_SIDE = 1024
_AT_ONCE = 16  # pictures
_LARGEST_LOGIT = 30.0
KINDS = ("probability", "logit", "logits")


class Session(Protocol):
    """What is used of an ONNX Runtime session."""

    def get_inputs(self) -> Sequence[Any]:
        """The inputs, each with `name`, `type` and `shape`."""

    def get_outputs(self) -> Sequence[Any]:
        """The outputs, each with `name`, `type` and `shape`."""

    def run(self, names: list[str], inputs: dict[str, Any]) -> Sequence[Any]:
        """The outputs of these names."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """How a face becomes a model's input.

    Attributes:
        layout: "NCHW" or "NHWC".
        size: height and width in pixels.
        colours: "RGB" or "BGR".
        scale, mean, std: the model sees (pixel / scale - mean) / std, with mean and std in the order of `colours`.
        crop: None for the tight cut of :func:`detectors.geometry.forgery_region`, else a square of so many times the
            longer side of the face box.
    """

    layout: str
    size: tuple[int, int]
    colours: str = "RGB"
    scale: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    crop: float | None = None

    def region(self, box: Box) -> Box:
        """The part of the picture that the model is shown of a face."""
        if self.crop is None:
            return forgery_region(box)
        x, y, width, height = box
        side = self.crop * max(width, height)
        return (x + width / 2 - side / 2, y + height / 2 - side / 2, side, side)

    def picture(self, rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
        """A face as uint8 [height, width, 3] RGB, not yet scaled."""
        return region_square(rgb, self.region(box), self.size)

    def batch(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pictures, uint8 [n, height, width, 3] RGB, as the model takes them."""
        ordered = pictures[..., ::-1] if self.colours == "BGR" else pictures
        mean, std = (np.array(three, np.float32) for three in (self.mean, self.std))
        scaled: NDArray[np.float32] = (ordered.astype(np.float32) / np.float32(self.scale) - mean) / std
        if self.layout == "NCHW":
            scaled = scaled.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(scaled, np.float32)


@dataclass(frozen=True, slots=True)
class ScoreOutput:
    """How a model's output becomes a logit that is positive for synthetic faces.

    Attributes:
        name: of the output.
        kind: "probability" (0 to 1), "logit" (one value), or "logits" (one a class).
        index: which value a picture, from 0.
        positive: what a high value there means, "fake" or "real".
    """

    name: str
    kind: str
    index: int
    positive: str

    def logits(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Logits, float64 [n], of an output [n] or [n, classes].

        Raises:
            ValueError: a value is not a number.
        """
        table = np.asarray(values, np.float64).reshape(len(values), -1)
        if not np.isfinite(table).all():
            raise ValueError("the forgery model gave a score that is not a number")
        one = table[:, self.index]
        if self.kind == "probability":
            inside = np.clip(one, _CERTAIN, 1 - _CERTAIN)
            one = np.log(inside / (1 - inside))
        elif self.kind == "logits":
            others = np.delete(table, self.index, axis=1)
            top = others.max(axis=1)
            one = one - top - np.log(np.exp(others - top[:, None]).sum(axis=1))
        # an overconfident model must not carry the mean of a whole clip with one frame
        one = np.clip(one, -_LARGEST_LOGIT, _LARGEST_LOGIT)
        return np.asarray(-one if self.positive == "real" else one, np.float64)


@dataclass(frozen=True, slots=True)
class Native:
    """A model made for this program: float32 [b, 3, 112, 112] RGB 0 to 255 in, a logit out."""

    def picture(self, rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
        """A face as uint8 [112, 112, 3] RGB."""
        return forgery_crop(rgb, box)

    def region(self, box: Box) -> Box:
        """The part of the picture that the model is shown of a face."""
        return forgery_region(box)

    def scores(self, session: Session, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Logits of pictures, positive is synthetic."""
        batch = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32)
        logits = np.asarray(session.run(["logit"], {"crop": batch})[0], np.float64).reshape(-1)
        if not np.isfinite(logits).all():
            raise ValueError("the forgery model gave a score that is not a number")
        return logits


@dataclass(frozen=True, slots=True)
class Described:
    """A model of another maker, fed and read as its card says."""

    input: ImageInput
    output: ScoreOutput

    def picture(self, rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
        """A face as uint8 [height, width, 3] RGB."""
        return self.input.picture(rgb, box)

    def region(self, box: Box) -> Box:
        """The part of the picture that the model is shown of a face."""
        return self.input.region(box)

    def scores(self, session: Session, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Logits of pictures, positive is synthetic."""
        return self.output.logits(run_batch(session, self.output.name, self.input.batch(pictures)))


Adapter = Native | Described


def run_batch(session: Session, output: str, batch: NDArray[np.float32]) -> NDArray[Any]:
    """One output for a batch, in parts that fit a worker's memory; a model that takes one picture is given one."""
    taken = session.get_inputs()[0]
    step = 1 if taken.shape[0] == 1 else _AT_ONCE
    parts = [batch[row : row + step] for row in range(0, len(batch), step)]
    return np.concatenate([np.asarray(session.run([output], {taken.name: part})[0]) for part in parts])


def adapter_of(place: str, card: Mapping[str, Any], session: Session) -> Adapter:
    """How a card says that a forgery model is fed and read, checked against the model itself.

    Args:
        place: the card's path, for messages.
        card: the card as TOML gave it.
        session: the loaded model.

    Raises:
        ModelError: a key is missing, cannot be right, or does not fit the model.
    """
    tables = {key: card.get(key, {}) for key in ("input", "output")}
    names = ([one.name for one in session.get_inputs()], [one.name for one in session.get_outputs()])
    described = isinstance(tables["input"], Mapping) and "size" in tables["input"]
    if not described:
        if names[0] == ["crop"] and "logit" in names[1]:
            return Native()
        raise ModelError(
            f"{place}: a forgery model takes crop and gives logit; this one takes {', '.join(names[0])} and gives "
            f"{', '.join(names[1])}, so its card must say how it is fed: [input] lacks size "
            "(`doppelwatch models check` prints the lines)"
        )
    adapter = Described(image_input(place, tables["input"]), _output(place, tables["output"], session))
    _fits(place, adapter, session)
    return adapter


def _lacking(place: str, section: str, table: object, keys: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(table, Mapping):
        raise ModelError(f"{place}: [{section}] must be a table with {', '.join(keys)}")
    lacking = [key for key in keys if key not in table]
    if lacking:
        raise ModelError(
            f"{place}: [{section}] lacks {', '.join(lacking)} (`doppelwatch models check` prints the lines)"
        )
    return table


def image_input(place: str, given: object) -> ImageInput:
    """The [input] of a card; `place` stands in messages.

    Raises:
        ModelError: a key is missing or cannot be right.
    """
    table = _lacking(place, "input", given, ("layout", "size", "colours", "scale"))
    size = table["size"]
    if not (
        isinstance(size, list)
        and len(size) == 2
        and all(type(side) is int and 16 <= side <= _LARGEST_SIDE for side in size)
    ):
        raise ModelError(f"{place}: input.size must be height and width, such as [256, 256], 16 to {_LARGEST_SIDE}")
    crop = table.get("crop", "tight")
    if crop != "tight" and not (_number(crop) and 0.5 <= crop <= 5):
        raise ModelError(f'{place}: input.crop must be "tight" or a number from 0.5 to 5')
    scale = table["scale"]
    if not (_number(scale) and scale > 0):
        raise ModelError(f"{place}: input.scale must be a number above 0, such as 255.0 (1.0 for 0 to 255)")
    std = _three(place, "std", table.get("std", [1.0, 1.0, 1.0]))
    if min(std) <= 0:
        raise ModelError(f"{place}: input.std must be three numbers above 0")
    return ImageInput(
        layout=_one_of(place, "input.layout", table["layout"], ("NCHW", "NHWC")),
        size=(size[0], size[1]),
        colours=_one_of(place, "input.colours", table["colours"], ("RGB", "BGR")),
        scale=float(scale),
        mean=_three(place, "mean", table.get("mean", [0.0, 0.0, 0.0])),
        std=std,
        crop=None if crop == "tight" else float(crop),
    )


def _output(place: str, given: object, session: Session) -> ScoreOutput:
    table = _lacking(place, "output", given, ("name", "kind", "positive"))
    names = tuple(one.name for one in session.get_outputs())
    index = table.get("index", 0)
    if type(index) is not int or index < 0:
        raise ModelError(f"{place}: output.index must be a number from 0")
    kind = _one_of(place, "output.kind", table["kind"], KINDS)
    return ScoreOutput(
        name=_one_of(place, "output.name", table["name"], names),
        kind=kind,
        index=index,
        positive=_one_of(place, "output.positive", table["positive"], ("fake", "real")),
    )


def _fits(place: str, adapter: Described, session: Session) -> None:
    """Run one gray picture through the model; shapes that a file declares are not always those it gives."""
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)":
        raise ModelError(f"{place}: the model must take one float32 picture, and takes {shapes(inputs)}")
    batch = adapter.input.batch(np.full((1, *adapter.input.size, 3), 128, np.uint8))
    declared = inputs[0].shape
    if len(declared) != 4 or any(
        isinstance(side, int) and side != given for side, given in zip(declared[1:], batch.shape[1:], strict=True)
    ):
        raise ModelError(
            f"{place}: [input] describes {list(batch.shape)} ({adapter.input.layout}), "
            f"and the model takes {shapes(inputs)}"
        )
    try:
        values = run_batch(session, adapter.output.name, batch)
    except Exception as error:  # the runtime raises classes of its own that share no public base
        raise ModelError(f"{place}: the model cannot be run as [input] says: {first_line(error)}") from error
    count = int(np.prod(values.shape[1:])) if values.ndim else 0
    if values.ndim == 0 or len(values) != 1 or count <= adapter.output.index:
        raise ModelError(
            f"{place}: output.index is {adapter.output.index}, and {adapter.output.name} gives {list(values.shape)}"
        )
    wrong = {"logit": count != 1, "logits": count < 2}.get(adapter.output.kind, False)
    if wrong or count > 2:
        raise ModelError(
            f"{place}: {adapter.output.name} gives {count} values a picture, which does not fit kind = "
            f'"{adapter.output.kind}" of a model that tells real from fake'
        )
    if adapter.output.kind == "probability" and not ((values >= -1e-3) & (values <= 1 + 1e-3)).all():
        raise ModelError(
            f'{place}: output.kind is "probability", and the model gives {float(values.flat[0]):.3g}; '
            f'write "{"logit" if count == 1 else "logits"}"'
        )


def shapes(values: Sequence[Any]) -> str:
    """Inputs or outputs in words: `input float [N, 3, 256, 256]`; a long list is cut."""
    told = [
        f"{one.name} {one.type.removeprefix('tensor(').removesuffix(')')} "
        f"[{', '.join('?' if side is None else str(side) for side in one.shape)}]"
        for one in values[:4]
    ]
    more = len(values) - len(told)
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def first_line(error: Exception) -> str:
    """The first line of what a runtime says, at most 200 characters."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _one_of(place: str, key: str, value: object, allowed: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ModelError(f"{place}: {key} must be " + " or ".join(f'"{one}"' for one in allowed[:6]))
    return value


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _three(place: str, key: str, value: object) -> tuple[float, float, float]:
    if not (isinstance(value, list) and len(value) == 3 and all(_number(one) for one in value)):
        raise ModelError(f"{place}: input.{key} must be three numbers, one a colour")
    return (float(value[0]), float(value[1]), float(value[2]))


__all__ = [
    "KINDS",
    "Adapter",
    "Described",
    "ImageInput",
    "Native",
    "ScoreOutput",
    "Session",
    "adapter_of",
    "first_line",
    "image_input",
    "run_batch",
    "shapes",
]
