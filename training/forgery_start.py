"""Where the forgery model starts: a network that knows faces, out of a checkpoint or out of a shipped ONNX file.

Checkpoints stay on the machine that trained; the ONNX file is what everybody has. Its convolutions hold their batch
norms folded into them, which a network in training needs back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from training.forgery_model import ForgeryNet
from training.identity_stages import net_of
from training.loop import device
from training.residual import Trunk

TRUNK = "trunk."


def starting_net(path: Path) -> ForgeryNet:
    """The forgery network with the trunk of a checkpoint or ONNX file, of an identity or an earlier forgery model.

    The head is taken along where the file has one. After an ONNX file, :func:`settle` the norms before training.

    Raises:
        SystemExit: there is no such file, or it holds another network; says what would do.
    """
    if not path.is_file():
        raise SystemExit(f"{path}: there is no such file to start from; name identity.onnx or a checkpoint")
    if path.suffix == ".onnx":
        return _from_onnx(path)
    net = ForgeryNet(Trunk())
    average = torch.load(path, map_location="cpu", weights_only=True).get("average", {})
    if any(name.startswith(TRUNK) for name in average):
        try:
            net.load_state_dict(average)
        except RuntimeError as error:
            raise _other(path, "its layers differ") from error
        return net
    return ForgeryNet(net_of(path).trunk)


def _from_onnx(path: Path) -> ForgeryNet:
    try:
        graph = onnx.load(str(path)).graph
    except DecodeError as error:
        raise SystemExit(f"{path}: is no ONNX file; name identity.onnx or a checkpoint") from error
    weights = _weights(graph)
    net = ForgeryNet(Trunk())
    modules = dict(net.named_modules())
    wanted = {name for name, module in modules.items() if isinstance(module, nn.Conv2d)}
    for node in graph.node:
        name = _module_of(node.name)
        if node.op_type != "Conv" or not name.startswith(TRUNK):
            continue
        if name not in wanted or len(node.input) != 3 or any(one not in weights for one in node.input[1:]):
            raise _other(path, f"it has another {name}")
        wanted.remove(name)
        _unfold(path, modules, name, *(weights[one] for one in node.input[1:]))
    if wanted:
        raise _other(path, f"it lacks {min(wanted)}")
    head = {one.removeprefix("head."): weights[one] for one in ("head.1.weight", "head.1.bias") if one in weights}
    if len(head) == 2 and head["1.weight"].shape == (1, Trunk.width):
        net.head.load_state_dict({one: torch.from_numpy(value) for one, value in head.items()})
    return net


def _other(path: Path, why: str) -> SystemExit:
    return SystemExit(f"{path}: holds no network as it is trained now ({why}); name identity.onnx or train one anew")


def _weights(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """All weights by name, those kept as float16 widened, as the file's own casts do."""
    found = {one.name: numpy_helper.to_array(one).astype(np.float32) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return found


def _module_of(node: str) -> str:
    """`trunk.layers.3.body.0` of `/trunk/layers/layers.3/body/body.0/Conv`; the exporter names each place twice."""
    parts = node.strip("/").split("/")[:-1]
    return ".".join(part for part, after in pairwise([*parts, ""]) if not after.startswith(f"{part}."))


def _unfold(
    path: Path, modules: dict[str, nn.Module], name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
) -> None:
    """Give a convolution its weights, and the norm behind it what makes it pass them on with the bias."""
    parent, _, place = name.rpartition(".")
    convolution, norm = modules[name], modules[f"{parent}.{int(place) + 1}"]
    assert isinstance(convolution, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    if weight.shape != tuple(convolution.weight.shape):
        raise _other(path, f"{name} is of {weight.shape}")
    with torch.no_grad():
        convolution.weight.copy_(torch.from_numpy(weight))
        norm.weight.fill_((1 + norm.eps) ** 0.5)
        norm.bias.copy_(torch.from_numpy(bias))


@torch.no_grad()  # type: ignore[untyped-decorator]
def settle(net: nn.Module, crops: Iterable[torch.Tensor]) -> None:
    """Give every batch norm the statistics of these crops, and weights with which the network answers as before.

    A norm that was unfolded has mean 0 and deviation 1, whatever passes through it. In training a norm goes by its
    batch: without this, the first step would meet another network than the one that was read.

    Args:
        net: on any device; left in the mode that it was in.
        crops: batches float32 [b, 3, 112, 112], RGB, 0 to 255.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    seen: dict[nn.Module, list[torch.Tensor]] = {norm: [] for norm in norms}

    def note(norm: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
        values = given[0].double()
        seen[norm].append(torch.stack([values.mean((0, 2, 3)), values.square().mean((0, 2, 3))]))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    was_training = net.training
    net.eval()
    for batch in crops:
        net(batch.to(device()))
    net.train(was_training)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        mean, square = torch.stack(seen[norm]).mean(0)
        variance = (square - mean.square()).clamp_min(0)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        before = (norm.running_var.double() + norm.eps).sqrt()
        norm.bias += (norm.weight * (mean - norm.running_mean) / before).to(norm.bias.dtype)
        norm.weight *= ((variance + norm.eps).sqrt() / before).to(norm.weight.dtype)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
