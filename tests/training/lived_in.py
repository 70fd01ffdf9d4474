"""Networks as after a training, for tests of what is read back out of their files."""

from __future__ import annotations

from typing import Any

import torch


def lived_in(net: Any) -> Any:
    """A network whose norms have statistics and weights of their own, as after a training."""
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d | torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.6, 1.2)
            module.bias.data.normal_(0, 0.2)
    return net.eval()
