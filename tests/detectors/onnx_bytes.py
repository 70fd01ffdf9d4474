"""ONNX models written byte by byte, so that tests can make foreign ones without the `onnx` package.

Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64 = 1, 7
Shape = Sequence[int | str]


def varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def message(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name: str, value: object, kind: type = np.float32, extra: bytes = b"") -> bytes:
    array: NDArray[Any] = np.asarray(value, kind)
    dims = b"".join(number(1, side) for side in array.shape)
    code = FLOAT if kind is np.float32 else INT64
    return dims + number(2, code) + message(8, name) + message(9, array.tobytes()) + extra


def described(name: str, shape: Shape) -> bytes:
    sides = b"".join(message(1, number(1, one) if isinstance(one, int) else message(2, one)) for one in shape)
    return message(1, name) + message(2, message(1, number(1, FLOAT) + message(2, sides)))


def node(kind: str, inputs: Sequence[str], output: str, **attributes: int) -> bytes:
    told = b"".join(
        message(5, message(1, name) + number(3, value) + number(20, 2)) for name, value in attributes.items()
    )
    return b"".join(message(1, one) for one in inputs) + message(2, output) + message(4, kind) + told


def model(
    nodes: Sequence[bytes], values: Sequence[bytes], takes: tuple[str, Shape], gives: Sequence[tuple[str, Shape]]
) -> bytes:
    graph = b"".join(message(1, one) for one in nodes) + message(2, "g")
    graph += b"".join(message(5, one) for one in values) + message(11, described(*takes))
    graph += b"".join(message(12, described(*one)) for one in gives)
    return number(1, 9) + message(7, graph) + message(8, message(1, "") + number(2, 18))


def brightness(
    *, shape: Shape = ("N", 3, 64, 64), middle: float = 0.5, steep: float = 8.0, end: str = "Sigmoid", copies: int = 1
) -> bytes:
    """A model that scores how bright a picture is: steep * (mean - middle), through `end` ("" for a logit).

    With `end` "Softmax" it gives two values: that the picture is dark, that it is bright.
    """
    nodes = [
        node("ReduceMean", ["input", "axes"], "mean", keepdims=0),
        node("Sub", ["mean", "middle"], "centred"),
        node("Mul", ["centred", "steep"], "score"),
        node("Reshape", ["score", "column"], "one"),
    ]
    columns = copies
    last = "one"
    if end == "Softmax":
        nodes += [node("Neg", ["one"], "other"), node("Concat", ["other", "one"], "both", axis=1)]
        nodes += [node("Softmax", ["both"], "output", axis=1)]
        columns = 2
    else:
        if copies > 1:
            nodes.append(node("Concat", ["one"] * copies, "many", axis=1))
            last = "many"
        nodes.append(node(end or "Identity", [last], "output"))
    values = [
        tensor("axes", [1, 2, 3], np.int64), tensor("middle", middle), tensor("steep", steep),
        tensor("column", [-1, 1], np.int64),
    ]  # fmt: skip
    return model(nodes, values, ("input", shape), [("output", (shape[0], columns))])


def likeness(
    *, takes: str = "data", gives: str = "fc1", shape: Shape = ("N", 3, 112, 112), blind: bool = False
) -> bytes:
    """A model that embeds a picture as the means of 8 x 16 blocks and of their mirror image, less the mean of all.

    It wants values from 0 to 255: it rounds to steps of 8. A blind one says of every picture where on a fixed grid
    things would lie, as a landmark model does.
    """
    nodes = [
        node("Mul", [takes, "eighth"], "coarse"),
        node("Floor", ["coarse"], "steps"),
        node("Relu", ["steps"], "seen"),
        node("Reshape", ["seen", "blocks"], "parts"),
        node("ReduceMean", ["parts", "within"], "means", keepdims=0),
        node("Gather", ["means", "backwards"], "mirrored", axis=2),
        node("Add", ["means", "mirrored"], "both"),
        node("Reshape", ["both", "flat"], "vector"),
        node("ReduceMean", ["vector", "across"], "middle", keepdims=1),
        node("Sub", ["vector", "middle"], "centred"),
    ]
    if blind:
        nodes += [node("Mul", ["centred", "zero"], "nothing"), node("Add", ["nothing", "grid"], gives)]
    else:
        nodes.append(node("Mul", ["centred", "seven"], gives))
    values = [
        tensor("zero", 0.0), tensor("eighth", 0.125), tensor("seven", 7.0),
        tensor("grid", np.linspace(0, 1, 128)[None]),
        tensor("blocks", [-1, 3, 8, 14, 16, 7], np.int64), tensor("within", [1, 3, 5], np.int64),
        tensor("backwards", list(range(15, -1, -1)), np.int64), tensor("flat", [-1, 128], np.int64),
        tensor("across", [1], np.int64),
    ]  # fmt: skip
    return model(nodes, values, (takes, shape), [(gives, (shape[0], 128))])


def with_external_weights(path: Path) -> Path:
    """A model one of whose weights lies, by its own words, in another file."""
    place = message(13, message(1, "location") + message(2, "weights.bin")) + number(14, 1)
    outside = number(1, 1) + number(2, FLOAT) + message(8, "weight") + place
    data = model([node("Mul", ["input", "weight"], "output")], [outside], ("input", (1, 3, 8, 8)), [("output", (1,))])
    path.write_bytes(data)
    return path
