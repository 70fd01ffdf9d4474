"""The optimisation loop that all models share: budget, warm-up and cosine, moving average, checkpoints, precision."""

from __future__ import annotations

import copy
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import nn

CHECKPOINT_EVERY_S = 60.0

LONGEST_STEP_S = 2.0
"""Most of the budget that one step may cost: a machine that slept, or gave its time to others, trained nothing."""

FAST_BFLOAT16 = ("avx512_bf16", "amx_bf16")
"""CPU features that multiply bfloat16 natively; without them it is emulated, 8 times slower than float32 on AVX2."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast: the learning rate follows the share of the budget that is spent.

    The budget is one of time, unless `steps` says how many steps are taken: runs that are to be compared must be of
    the same length on a machine whose other work comes and goes.
    """

    minutes: float
    rate: float
    weight_decay: float = 1e-2
    warm_up: float = 0.05
    average: float = 0.998
    steps: int | None = None

    def spent(self, seconds: float, steps: int) -> float:
        """Share of the budget that is spent, 0 to 1 or a little more."""
        if self.steps is not None:
            return steps / self.steps if self.steps else 1.0
        return seconds / (self.minutes * 60) if self.minutes else 1.0


def device() -> torch.device:
    """CUDA when it is there, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@cache
def _bfloat16_pays() -> bool:
    """Tell whether the device multiplies bfloat16 faster than float32; every CUDA device we name does."""
    if device().type == "cuda":
        return True
    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in FAST_BFLOAT16)


def precision() -> AbstractContextManager[object]:
    """Automatic bfloat16 where the device has it natively; float32, a context that does nothing, elsewhere."""
    if not _bfloat16_pays():
        return nullcontext()
    context: AbstractContextManager[object] = torch.autocast(device().type, torch.bfloat16)
    return context


def layout() -> torch.memory_format:
    """In which order a trunk of dense convolutions trains fastest.

    Channels last where bfloat16 is native; in float32 on AVX2 channels first takes 12 % less time with one thread and
    23 % less with two (forward and back through the identity model, batches of 32).
    """
    return torch.channels_last if _bfloat16_pays() else torch.contiguous_format


def steps_of(checkpoint: Path) -> int:
    """Optimisation steps that a checkpoint has behind it; 0 without one.

    A resumed run seeds its stream by them, so that it goes on with data that it has not seen yet.
    """
    return int(torch.load(checkpoint, weights_only=True, map_location="cpu")["steps"]) if checkpoint.is_file() else 0


def optimise(
    model: nn.Module,
    batches: Iterator[Any],
    loss_of: Callable[[nn.Module, Any], torch.Tensor],
    plan: Plan,
    checkpoint: Path,
    resume: bool,
) -> nn.Module:
    """Train until the budget is spent and return the moving average of the weights.

    A step counts as at most `LONGEST_STEP_S` of the budget. The state (weights, average, optimiser, seconds
    spent, steps) is written every minute by rename, so that a killed run goes on where it was.

    Raises:
        SystemExit: the checkpoint is of another network.
    """
    average = copy.deepcopy(model).eval()
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=plan.weight_decay)
    spent, steps = 0.0, 0
    if resume and checkpoint.is_file():
        state = torch.load(checkpoint, map_location=device(), weights_only=True)
        try:
            model.load_state_dict(state["model"])
        except RuntimeError as error:  # torch's own message names every layer
            raise SystemExit(f"{checkpoint}: is of another network; use another --work, or --fresh") from error
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        spent, steps = float(state["spent"]), int(state["steps"])
    shown, saved, smooth = 0.0, spent, math.nan
    model.train()
    while (share := plan.spent(spent, steps)) < 1:
        started = time.monotonic()
        rate = plan.rate * min(1.0, share / plan.warm_up) * 0.5 * (1 + math.cos(math.pi * share))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, plan.rate * 1e-3)
        loss = loss_of(model, next(batches))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        steps += 1
        _follow(average, model, min(plan.average, (1 + steps) / (10 + steps)))
        spent += min(time.monotonic() - started, LONGEST_STEP_S)
        value = float(loss.detach())
        smooth = value if math.isnan(smooth) else 0.98 * smooth + 0.02 * value
        over = plan.spent(spent, steps) >= 1
        if spent - shown > 10 or over:
            shown = spent
            goal = (
                f"spent, step {steps} of {plan.steps}"
                if plan.steps is not None
                else f"of {plan.minutes:g} min, step {steps}"
            )
            print(
                f"{checkpoint.stem}: {spent / 60:5.1f} min {goal}, loss {smooth:.4f}",
                file=sys.stderr,
                flush=True,
            )
        if spent - saved > CHECKPOINT_EVERY_S or over:
            saved = spent
            state = {
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "spent": spent,
                "steps": steps,
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    return average


@torch.no_grad()  # type: ignore[untyped-decorator]
def _follow(average: nn.Module, model: nn.Module, keep: float) -> None:
    """Move the average a step toward the model; running statistics are copied."""
    for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)
    for slow, fast in zip(average.buffers(), model.buffers(), strict=True):
        slow.copy_(fast)
