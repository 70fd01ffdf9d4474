"""A network that also looks at the mirror image: two looks at one face, whose mistakes are not all the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

CROP = "crop"
"""Name of the one input of networks that look at faces."""

BEFORE, AFTER = "mirror/", "mirrored/"
"""Prefixes of what is put before and behind the network; its own names stay, so that training can go on with it."""

LAST = np.iinfo(np.int64).min
"""Where a slice ends that runs backwards to the first column."""


def mirror(path: Path, output: str, values: int = 0) -> None:
    """Make the file answer with the mean of the answers to a crop and to its mirror image.

    Both go through the network as one batch: the file grows by a few bytes, and a face costs twice the time.

    Args:
        path: a file with one input `crop`, float32 [b, 3, 112, 112], and one output; it is overwritten.
        output: name of the output, float32 [b], or [b, values] with rows of unit length, which the mean has, too.
        values: how many values a row has; 0 for one without an axis of its own.

    Raises:
        SystemExit: the file is no such network.
    """
    model = onnx.load(str(path))
    graph = model.graph
    names = ([one.name for one in graph.input], [one.name for one in graph.output])
    if names != ([CROP], [output]):
        raise SystemExit(f"{path}: takes {names[0]} and gives {names[1]}, and not {CROP} and {output}")
    both, answers, mean = f"{BEFORE}both", f"{AFTER}answers", f"{AFTER}mean"
    for node in graph.node:
        node.input[:] = [both if name == CROP else name for name in node.input]
        node.output[:] = [answers if name == output else name for name in node.output]
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(
        [
            helper.make_node("Slice", [CROP, *(BEFORE + name for name in _SLICE)], [f"{BEFORE}turned"]),
            helper.make_node("Concat", [CROP, f"{BEFORE}turned"], [both], axis=0),
            *nodes,
            helper.make_node("Reshape", [answers, f"{AFTER}pairs"], [f"{AFTER}two"]),
            helper.make_node("ReduceMean", [f"{AFTER}two"], [mean if values else output], axes=[0], keepdims=0),
        ]
    )
    if values:
        graph.node.append(helper.make_node("LpNormalization", [mean], [output], axis=1, p=2))
    pairs = [2, -1, values] if values else [2, -1]
    graph.initializer.extend(
        [
            *(numpy_helper.from_array(np.array([value], np.int64), BEFORE + name) for name, value in _SLICE.items()),
            numpy_helper.from_array(np.array(pairs, np.int64), f"{AFTER}pairs"),
        ]
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


_SLICE = {"starts": -1, "ends": LAST, "axes": 3, "steps": -1}
"""In the order in which ONNX's Slice reads them."""
