"""Fit the forgery score to labelled clips of the user's own, scored as the watch would score them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.errors import BotError
from bot.evaluation.examining import Outcome
from bot.evaluation.material import Side
from detectors.calibration import LARGEST_LR, Platt, fit_platt
from detectors.metrics import auc

FEWEST = 20
"""Clips a class: with fewer, the slope of the fit is mostly chance."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration and what it rests on.

    Attributes:
        platt: the calibration.
        genuine, made: clips that were scored.
        auc: of those clips, with the score as it was before.
    """

    platt: Platt
    genuine: int
    made: int
    auc: float


def fit(outcomes: Sequence[Outcome], model: int = 0) -> Fit:
    """Fit Platt's logistic calibration at equal priors.

    Args:
        outcomes: clips as the watch would score them.
        model: which of the models that voted is calibrated, from 0.

    Raises:
        BotError: there are fewer than 20 scored clips in a class, or the score does not rise with forgery.
    """
    values = [(one.votes[model].score, one.sample.side is Side.FAKE) for one in outcomes if one.votes]
    scores = np.array([score for score, _ in values], np.float64)
    fake = np.array([made for _, made in values], np.bool_)
    made, genuine = int(fake.sum()), int((~fake).sum())
    if min(made, genuine) < FEWEST:
        raise BotError(
            f"a calibration needs at least {FEWEST} clips a class in which the forgery model scores a face; "
            f"here are {genuine} in real/ and {made} in fake/"
        )
    area = auc(scores, fake)
    a, b = fit_platt(scores, fake, np.ones_like(scores))
    if a <= 0:
        raise BotError(
            f"on these clips the score does not rise with forgery (AUC {area:.2f} on {genuine} genuine and {made} made "
            "clips), so there is nothing to calibrate; if it is far below .5, output.positive in the card is wrong"
        )
    return Fit(Platt(round(a, 6), round(b, 6), LARGEST_LR, made + genuine), genuine, made, area)


def recalibrated(card: str, found: Fit) -> str:
    """A card's text with this calibration in the place of its own, under a version of its own.

    Findings carry the card's version, so that those before and after a calibration can be told apart.

    Raises:
        BotError: the card is written in a way that cannot be edited safely.
    """
    before = tomllib.loads(card)
    version = f"{before['version'].partition('-calibrated')[0]}-calibrated-{found.made}+{found.genuine}"
    text = re.sub(r"(?ms)^[ \t]*\[calibration\][^\n]*\n.*?(?=^[ \t]*\[|\Z)", "", card)
    text = re.sub(r"(?m)^version\s*=.*$", lambda _: f"version = {json.dumps(version)}", text, count=1)
    text = text.rstrip() + (
        f'\n\n[calibration]\nmethod = "platt"\na = {found.platt.a}\nb = {found.platt.b}\n'
        f"max_abs_log10_lr = {found.platt.max_abs_log10_lr}\nsamples = {found.platt.samples}\n"
        f"genuine = {found.genuine}\nmade = {found.made}\nauc = {found.auc:.4f}\n"
        'made_by = "doppelwatch models calibrate"\n'
    )
    try:
        after = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BotError(f"the card cannot be edited ({error}); write its [calibration] as a table of its own") from error
    for one in (before, after):
        one.pop("calibration", None)
        one.pop("version")
    if before != after:
        raise BotError("the card cannot be edited without a change to other keys; write it plainly, a key a line")
    return text


__all__ = ["FEWEST", "Fit", "fit", "recalibrated"]
