"""A network's weights, read back out of the ONNX file that it was exported to, so that training can go on with it.

Checkpoints stay on the machine that trained; the ONNX file is what everybody has. Its convolutions hold their batch
norms folded into them, which a network in training needs back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, pairwise
from pathlib import Path

import onnx
import torch
from torch import nn

from training.folded import graph_of, weights_of
from training.loop import device

SPREAD = 0.05
"""Deviation that weights before a norm are brought to, about what training leaves them at.

The norm makes their scale mean nothing to the answer, but Adam's steps are of one length: folded weights, a third of
this in some layers and a hundred times it in others, forget in some what they knew and never learn in others.
"""


SETTLING = 12
"""Batches that norms are settled on."""


def other(path: Path, why: str) -> SystemExit:
    """What is raised about a file that holds another network than the one that is trained now."""
    return SystemExit(
        f"{path}: holds no network as it is trained now ({why}); name a model that this version trained, or train anew"
    )


def take_up(path: Path, net: nn.Module, given: Iterable[torch.Tensor]) -> None:
    """Make a new network the one of an ONNX file, ready to be gone on with.

    Args:
        path: of a file that the training of such a network wrote.
        net: a new network; it is changed, and moved to the device.
        given: batches as the network takes them, of what will be trained on; the first :data:`SETTLING` are used.

    Raises:
        SystemExit: there is no such file, or it holds another network.
    """
    unfold(path, graph_of(path), net)
    settle(net.to(device()), islice(given, SETTLING))


def unfold(path: Path, graph: onnx.GraphProto, net: nn.Module, within: str = "") -> None:
    """Give every convolution and fully connected layer of a network its weights out of a graph.

    A convolution without a bias of its own has the norm behind it folded in: that norm gets mean 0 and deviation 1,
    and what makes it pass the convolution's answer on with the bias, at any scale of the weights (:data:`SPREAD`). See
    :func:`settle`.

    Args:
        path: of the file, for messages.
        graph: what the exporter made of such a network; layers go by the names of its nodes.
        net: a new network; it is changed.
        within: only layers whose name begins so.

    Raises:
        SystemExit: the graph has other layers.
    """
    weights = weights_of(graph)
    modules = dict(net.named_modules())
    wanted = {
        name
        for name, module in modules.items()
        if isinstance(module, nn.Conv2d | nn.Linear) and name.startswith(within)
    }
    for node in graph.node:
        name = _module_of(node.name)
        if node.op_type not in _KEPT or not name.startswith(within):
            continue
        if name not in modules or any(one not in weights for one in node.input[1:]):
            raise other(path, f"it has another {name}")
        own = dict(
            zip(_KEPT[node.op_type], (torch.from_numpy(weights[one].copy()) for one in node.input[1:]), strict=False)
        )
        module = modules[name]
        if isinstance(module, nn.Conv2d) and module.bias is None and "bias" in own:
            norm = _norm_behind(name, modules)
            factor = SPREAD / float(own["weight"].std())
            own["weight"] *= factor
            with torch.no_grad():
                norm.weight.fill_((1 + norm.eps) ** 0.5 / factor)
                norm.bias.copy_(own.pop("bias"))
        try:
            module.load_state_dict(own, strict=False)
        except RuntimeError as error:
            raise other(path, f"{name} is of {tuple(own['weight'].shape)}") from error
        wanted.discard(name)
    if wanted:
        raise other(path, f"it lacks {min(wanted)}")


_KEPT = {
    "Conv": ("weight", "bias"),
    "Gemm": ("weight", "bias"),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"),
}
"""What the nodes with weights read behind their input, by the names that torch has for it."""


def _module_of(node: str) -> str:
    """`trunk.layers.3.body.0` of `/trunk/layers/layers.3/body/body.0/Conv`; the exporter names each place twice."""
    parts = node.strip("/").split("/")[:-1]
    return ".".join(part for part, after in pairwise([*parts, ""]) if not after.startswith(f"{part}."))


def _norm_behind(name: str, modules: dict[str, nn.Module]) -> nn.BatchNorm2d:
    """The norm that follows a convolution: the next of a sequence, or the one called `norm` beside it."""
    parent, _, place = name.rpartition(".")
    norm = modules[f"{parent}.{int(place) + 1}" if place.isdigit() else f"{parent}.norm"]
    assert isinstance(norm, nn.BatchNorm2d)
    return norm


@torch.no_grad()  # type: ignore[untyped-decorator]
def settle(net: nn.Module, given: Iterable[torch.Tensor]) -> None:
    """Give every batch norm the statistics of these inputs, and weights with which the network answers as before.

    A norm that was unfolded has mean 0 and deviation 1, whatever passes through it. In training a norm goes by its
    batch: without this, the first step would meet another network than the one that was read.

    Args:
        net: on any device; left in the mode that it was in.
        given: batches as the network takes them.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    seen: dict[nn.Module, list[torch.Tensor]] = {norm: [] for norm in norms}

    def note(norm: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
        values = given[0].double()
        seen[norm].append(torch.stack([values.mean((0, 2, 3)), values.square().mean((0, 2, 3))]))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    was_training = net.training
    net.eval()
    for batch in given:
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
