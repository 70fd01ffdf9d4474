"""From torch to ONNX, checked: the exported file must answer as the network does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

OPSET = 17


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
