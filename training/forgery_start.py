"""Where the forgery model starts: a network that knows faces, out of a checkpoint or out of a shipped ONNX file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from training.folded import Folded, model_of
from training.forgery_join import parts
from training.forgery_model import ForgeryNet
from training.identity_stages import net_of
from training.loop import layout
from training.residual import Trunk
from training.unfolded import other, unfold

TRUNK = "trunk."

RATE, RATE_GONE_ON, RATE_FOLDED = 8e-4, 5e-4, 3e-4
"""Of learning, from an identity model, from a forgery model and from one whose norms are folded away.

Twice the first undid what the trunk knew; what already tells fakes apart has more to lose, and without norms of its own
a network bears less.
"""


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
    layout: torch.memory_format = field(default_factory=layout)


def start_from(path: Path) -> Start:
    """The network of a checkpoint or ONNX file of an identity or an earlier forgery model.

    Of an identity model the trunk is taken. A forgery model is taken whole: as the network that is trained now, or, if
    it is another one, with its norms folded away; of a file that two were joined to, the first.

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
            raise other(path, "its layers differ") from error
        return Start(net, knows_fakes=True, rate=RATE_GONE_ON)
    return Start(ForgeryNet(net_of(path).trunk), knows_fakes=False)


def _from_onnx(path: Path) -> Start:
    graph = parts(model_of(path))[0].graph
    knows_fakes = [one.name for one in graph.output] == ["logit"]
    net = ForgeryNet(Trunk())
    try:
        unfold(path, graph, net, "" if knows_fakes else TRUNK)
    except SystemExit:
        if not knows_fakes:
            raise
        return Start(Folded(path, graph), True, rate=RATE_FOLDED, layout=torch.contiguous_format)
    return Start(net, knows_fakes, unsettled=True, rate=RATE_GONE_ON if knows_fakes else RATE)
