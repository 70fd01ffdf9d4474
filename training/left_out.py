"""What the forgery model makes of a method that it has never seen: each method left out of training in turn.

All runs begin with the same first phase, which knows no method, and are of the same number of steps, as is one that
leaves nothing out and one more of that kind with other seeds, whose distance says what chance does. They are far
shorter than a training that is shipped: what counts is how far a line is below that of the run with nothing left out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace

import torch

from detectors.model_files import load_model
from training.card import write_card
from training.forgery import BATCH, FIRST, begin, learn, write
from training.forgery_material import Material, gather
from training.forgery_measure import held_out_samples
from training.forgery_samples import Sample
from training.forgery_start import Start
from training.left_out_table import AGAIN, FILE, METHODS, NOTHING, table
from training.loop import steps_of
from training.settings import Settings

STEPS = 180
"""Length of each run, if the settings name none."""


def _run(name: str, start: Start, seen: Material, everything: Material, settings: Settings) -> list[Sample]:
    """Train one of the runs and score the held-out samples, or read what is kept of both."""
    run = f"forgery-without-{name}"
    kept = settings.work / f"{run}.json"
    if kept.is_file() and settings.resume:
        return [Sample(**one) for one in json.loads(kept.read_text())]
    path = write(learn(start, seen, settings, run, 0.0), settings.work / f"{run}.onnx")
    write_card(path, {"name": "forgery", "version": "unmeasured"})
    session, _ = load_model("forgery", path)
    samples = held_out_samples(session, everything)
    kept.write_text(json.dumps([asdict(one) for one in samples]))
    return samples


def train(settings: Settings) -> None:
    """Train and measure all runs, and write the table into the work folder after each."""
    settings = replace(settings, steps=settings.steps or STEPS)
    assert settings.steps is not None
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    settings.record("left-out")
    material = gather(settings)
    start, _ = begin(material, settings)
    if start.knows_fakes:
        raise SystemExit(f"{settings.start}: is a forgery model, which has seen every method; start from identity.onnx")
    first = steps_of(settings.work / f"{FIRST}.ckpt")
    runs: dict[str, list[Sample]] = {}
    for name in (NOTHING, *METHODS, AGAIN):
        own = replace(settings, seed=settings.seed + 1) if name == AGAIN else settings
        torch.manual_seed(own.seed)
        seen = material if name in {NOTHING, AGAIN} else material.without(name)
        runs[name] = _run(name, start, seen, material, own)
        told = table(runs, BATCH * first, BATCH * settings.steps)
        (settings.work / FILE).write_text(json.dumps(told, indent=1) + "\n")
        if name in METHODS:
            print(f"left out: {name} {told[name]}", file=sys.stderr, flush=True)
