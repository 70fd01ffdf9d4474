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
    nodes, initializers, parts = [], [], []
    for number, (model, weight) in enumerate(zip(models, weights, strict=True)):
        prefix = f"part{number}/"
        graph = compose.add_prefix(model, prefix).graph
        nodes.append(helper.make_node("Identity", [CROP], [prefix + CROP]))
        nodes += graph.node
        initializers += graph.initializer
        initializers.append(helper.make_tensor(f"{prefix}loudness", TensorProto.FLOAT, [], [weight]))
        nodes.append(helper.make_node("Mul", [prefix + LOGIT, f"{prefix}loudness"], [f"{prefix}loud"]))
        parts.append(f"{prefix}loud")
    nodes.append(helper.make_node("Sum", parts, [LOGIT]))
    whole = helper.make_graph(nodes, "joined", models[0].graph.input, models[0].graph.output, initializers)
    made = helper.make_model(
        whole, opset_imports=[helper.make_opsetid("", opset)], ir_version=max(one.ir_version for one in models)
    )
    onnx.checker.check_model(made)
    onnx.save(made, str(target))
    return weights
