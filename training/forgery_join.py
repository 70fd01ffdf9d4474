"""Two forgery networks as one file whose score is the mean of theirs: what they learned apart, they mistake apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper

from training.mirror import CROP

LOGIT = "logit"
"""Name of the one output, of each network and of both."""

BATCH = 32

PART = "part{}/"
"""Prefix of all that belongs to one of the networks in a joined file, by its number."""

LOUDNESS, LOUD = "loudness", "loud"
"""What a network's logit is multiplied by there, and what comes of it."""


def parts(model: onnx.ModelProto) -> list[onnx.ModelProto]:
    """The networks that a file was joined from, as they were before; of another file nothing but itself.

    Args:
        model: with or without its mirror image beside it; it is not changed.
    """
    found: list[onnx.ModelProto] = []
    while any(node.output[0] == f"{PART.format(len(found))}{LOUD}" for node in model.graph.node):
        found.append(_part(model, PART.format(len(found))))
    return found or [model]


def _part(model: onnx.ModelProto, prefix: str) -> onnx.ModelProto:
    """One network of a joined file, without what joins it to the others."""
    joints = {f"{prefix}{CROP}", f"{prefix}{LOUD}", f"{prefix}{LOUDNESS}"}
    own = onnx.ModelProto()
    own.CopyFrom(model)
    graph = own.graph
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(
        node for node in model.graph.node if node.output[0].startswith(prefix) and node.output[0] not in joints
    )
    graph.initializer.extend(
        one for one in model.graph.initializer if one.name.startswith(prefix) and one.name not in joints
    )
    for node in graph.node:
        node.name = node.name.removeprefix(prefix)
        node.input[:] = [name.removeprefix(prefix) for name in node.input]
        node.output[:] = [name.removeprefix(prefix) for name in node.output]
    for one in graph.initializer:
        one.name = one.name.removeprefix(prefix)
    onnx.checker.check_model(own)
    return own


def logits(path: Path, crops: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What one file says of crops uint8 [n, 112, 112, 3]."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    said = []
    for start in range(0, len(crops), BATCH):
        batch = np.ascontiguousarray(crops[start : start + BATCH].transpose(0, 3, 1, 2), np.float32)
        said.append(np.asarray(session.run([LOGIT], {CROP: batch})[0], np.float64).reshape(-1))
    return np.concatenate(said)


def join(paths: Sequence[Path], crops: NDArray[np.uint8], target: Path) -> list[float]:
    """Write the networks as one whose logit is the mean of theirs, each brought to the spread of the first.

    A network that was trained longer, or with less smoothing, speaks louder; it is not right more often for it.

    Args:
        paths: files with one input `crop` and one output `logit`, of one opset; they are not changed.
        crops: faces of the training part, uint8 [n, 112, 112, 3], on which their spreads are compared.
        target: where the file goes; may be one of them.

    Returns:
        The weight of each.

    Raises:
        SystemExit: a file is no such network.
    """
    models = []
    for path in paths:
        model = onnx.load(str(path))
        names = ([one.name for one in model.graph.input], [one.name for one in model.graph.output])
        if names != ([CROP], [LOGIT]):
            raise SystemExit(f"{path}: takes {names[0]} and gives {names[1]}, and not {CROP} and {LOGIT}")
        models.append(model)
    spreads = [float(logits(path, crops).std()) for path in paths]
    weights = [spreads[0] / spread / len(paths) for spread in spreads]
    opset = max(one.opset_import[0].version for one in models)
    nodes, initializers, loud = [], [], []
    for number, (model, weight) in enumerate(zip(models, weights, strict=True)):
        prefix = PART.format(number)
        graph = compose.add_prefix(model, prefix).graph
        nodes.append(helper.make_node("Identity", [CROP], [prefix + CROP]))
        nodes += graph.node
        initializers += graph.initializer
        initializers.append(helper.make_tensor(f"{prefix}{LOUDNESS}", TensorProto.FLOAT, [], [weight]))
        nodes.append(helper.make_node("Mul", [prefix + LOGIT, f"{prefix}{LOUDNESS}"], [f"{prefix}{LOUD}"]))
        loud.append(f"{prefix}{LOUD}")
    nodes.append(helper.make_node("Sum", loud, [LOGIT]))
    whole = helper.make_graph(nodes, "joined", models[0].graph.input, models[0].graph.output, initializers)
    made = helper.make_model(
        whole, opset_imports=[helper.make_opsetid("", opset)], ir_version=max(one.ir_version for one in models)
    )
    onnx.checker.check_model(made)
    onnx.save(made, str(target))
    return weights
