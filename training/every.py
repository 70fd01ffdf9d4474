"""All four models, one after the other, within one budget: for a machine that is there for some hours.

They share a work folder, so that what is unpacked for one is there for the next, and each goes on from its checkpoint
when the command is given again. The forgery model starts from the identity model that this run has just written, and
its measurement uses this run's faces model, as the product would. A training that cannot run does not keep the others
from theirs.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from training.settings import Settings

SHARES = {"faces": 0.2, "identity": 0.4, "forgery": 0.25, "voice": 0.15}
"""Of the budget, in the order in which one is needed by the next; identity gains most from longer training."""


def _train(name: str) -> Callable[[Settings], None]:
    trains: Callable[[Settings], None] = importlib.import_module(f"training.{name}").train
    return trains


def train(settings: Settings) -> None:
    """Train, measure and write all four models.

    The budget is one of optimisation: preparing the data and measuring come on top, about 20 and 30 minutes on two
    slow cores for all four.

    Raises:
        SystemExit: some could not be trained; told at the end, after all others were.
    """
    failed: dict[str, str] = {}
    for name, share in SHARES.items():
        # a start is one of the forgery model: the others are trained anew
        own = replace(settings, minutes=settings.minutes * share, start=settings.start if name == "forgery" else None)
        print(f"all: {name}, {own.minutes:.3g} of {settings.minutes:g} minutes", file=sys.stderr, flush=True)
        started = time.monotonic()
        try:
            _train(name)(own)
        except (SystemExit, OSError) as error:  # a missing teacher or collection: the others may have theirs
            failed[name] = str(error)
            print(f"all: {name} was not trained: {error}", file=sys.stderr, flush=True)
        else:
            minutes = (time.monotonic() - started) / 60
            print(f"all: {name} is written, after {minutes:.1f} minutes in all", file=sys.stderr, flush=True)
    if failed:
        told = "; ".join(f"{name}: {why}" for name, why in failed.items())
        raise SystemExit(f"{len(failed)} of {len(SHARES)} models were not trained. {told}")
