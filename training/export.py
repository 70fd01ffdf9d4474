"""From torch to ONNX, checked: the exported file must answer as the network does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET = 17

LARGE = 1000
"""Values in a weight from which half its bytes are worth a cast; biases stay as they are."""


def export(
    model: nn.Module,
    example: torch.Tensor,
    path: Path,
    inputs: list[str],
    outputs: list[str],
    dynamic: dict[str, dict[int, str]],
) -> float:
    """Write the model and return the largest difference between torch and ONNX Runtime on the example.

    Raises:
        SystemExit: the exported file answers differently; the file is left for inspection.
    """
    model = model.cpu().eval()
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model,
        (example,),
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=dynamic,
        opset_version=OPSET,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = model(example)
    got = session.run(None, {inputs[0]: example.numpy()})
    pairs = zip(wanted if isinstance(wanted, tuple) else (wanted,), got, strict=True)
    worst = max(float(np.abs(ours.numpy() - theirs).max()) for ours, theirs in pairs)
    if worst > 0.05:
        raise SystemExit(f"{path}: ONNX Runtime differs from torch by {worst:.3g}")
    return worst


def halve(path: Path) -> float:
    """Keep the large weights of an exported model as float16; ONNX Runtime widens them once, when it loads the file.

    Returns:
        The largest difference of any output between before and after, on noise from 0 to 255 for pictures.
    """
    model = onnx.load(str(path))
    before = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    casts = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < LARGE:
            continue
        wide, narrow = weight.name, f"{weight.name}.half"
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), narrow))
        casts.append(helper.make_node("Cast", [narrow], [wide], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    after = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(0)
    feed = {
        one.name: random.uniform(0, 255, [side if isinstance(side, int) else 64 for side in one.shape]).astype(
            np.float32
        )
        for one in before.get_inputs()
    }
    pairs = zip(before.run(None, feed), after.run(None, feed), strict=True)
    return max(float(np.abs(one - other).max()) for one, other in pairs)
