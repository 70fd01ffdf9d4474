"""Where the forgery model starts: a network that knows faces, out of a checkpoint or out of a shipped ONNX file.

Checkpoints stay on the machine that trained; the ONNX file is what everybody has. Its convolutions hold their batch
norms folded into them, which a network in training needs back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from training.folded import Folded, graph_of, weights_of
from training.forgery_model import ForgeryNet
from training.identity_stages import net_of
from training.loop import device
from training.residual import Trunk

TRUNK = "trunk."

RATE, RATE_FOLDED = 8e-4, 3e-4
"""Of learning. Twice the first undid what the trunk knew; without norms of its own a network bears less."""


@dataclass(frozen=True, slots=True)
class Start:
    """A network to start from.

    Attributes:
        net: crops float32 [b, 3, 112, 112], RGB, 0 to 255, to logits [b].
        knows_fakes: whether it comes from a forgery model, so that it has seen all methods.
        unsettled: whether its norms were read out of a file, see :func:`settle`.
        rate: at which it can learn.
        layout: in which it is fast.
    """

    net: nn.Module
    knows_fakes: bool
    unsettled: bool = False
    rate: float = RATE
    layout: torch.memory_format = torch.channels_last


def start_from(path: Path) -> Start:
    """The network of a checkpoint or ONNX file of an identity or an earlier forgery model.

    Of an identity model the trunk is taken. A forgery model is taken whole: as the network that is trained now, or, if
    it is another one, with its norms folded away.

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
        return Start(net, knows_fakes=True)
    return Start(ForgeryNet(net_of(path).trunk), knows_fakes=False)


def _from_onnx(path: Path) -> Start:
    graph = graph_of(path)
    weights = weights_of(graph)
    knows_fakes = [one.name for one in graph.output] == ["logit"]
    try:
        net = _unfolded(path, graph, weights)
    except SystemExit:
        if not knows_fakes:
            raise
        return Start(Folded(path), True, rate=RATE_FOLDED, layout=torch.contiguous_format)
    if knows_fakes:
        head = {one.removeprefix("head."): torch.from_numpy(weights[one]) for one in ("head.1.weight", "head.1.bias")}
        net.head.load_state_dict(head)
    return Start(net, knows_fakes, unsettled=True)


def _unfolded(path: Path, graph: onnx.GraphProto, weights: Mapping[str, NDArray[np.float32]]) -> ForgeryNet:
    """The forgery network with the trunk of a graph.

    Raises:
        SystemExit: the graph has another trunk.
    """
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
    return net


def _other(path: Path, why: str) -> SystemExit:
    return SystemExit(f"{path}: holds no network as it is trained now ({why}); name identity.onnx or train one anew")


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
