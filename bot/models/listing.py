"""Which models there are: those that come with Doppelwatch, and the user's in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detectors.errors import ModelError
from detectors.model_files import NEEDED, ROLES, Card, ModelSet, bundled, read_card
from detectors.onnx_file import read_onnx


@dataclass(frozen=True, slots=True)
class Listed:
    """One model file.

    Attributes:
        name, version: of its card; the file's name and "" where the card cannot be read.
        role: what it is for.
        origin: "bundled" or "user".
        in_use: whether examinations use it.
        path: where it lies.
        sha256, size: of the file, size in bytes; None where it cannot be read.
        quality: what its card says was measured, in short.
        problem: why it cannot be used, or None.
    """

    name: str
    version: str
    role: str
    origin: str
    in_use: bool
    path: Path
    sha256: str | None
    size: int | None
    quality: str
    problem: str | None = None

    def as_json(self) -> Mapping[str, Any]:
        """The documented object (docs/json.md)."""
        return {
            "name": self.name,
            "role": self.role,
            "sha256": self.sha256,
            "bytes": self.size,
            "origin": self.origin,
            "version": self.version,
            "in_use": self.in_use,
            "path": str(self.path),
            "quality": self.quality,
            "problem": self.problem,
        }


def listed(models: ModelSet) -> list[Listed]:
    """Every model by role: the bundled one, then the user's in the order of the configuration.

    A bundled model that is not there is listed as a fault only where no examination can do without its role.
    """
    found = []
    for role in ROLES:
        chosen = models.of(role)
        if role in NEEDED or bundled(role).is_file():
            found.append(_listed(role, bundled(role), "bundled", in_use=None in chosen))
        found += [_listed(role, own, "user", in_use=True) for own in chosen if own is not None]
    return found


def _listed(role: str, path: Path, origin: str, *, in_use: bool) -> Listed:
    try:
        data = read_onnx(path)
    except ModelError as error:
        return Listed(path.stem, "", role, origin, in_use, path, None, None, "", str(error))
    digest = hashlib.sha256(data).hexdigest()
    try:
        card = read_card(path.with_suffix(".toml"))
    except ModelError as error:
        return Listed(path.stem, "", role, origin, in_use, path, digest, len(data), "", str(error))
    problem = None if card.sha256 == digest else "its SHA-256 is not the one of its card; fetch it again"
    return Listed(
        card.name, card.version, role, origin, in_use, path, digest, len(data), quality_in_short(card), problem
    )


def quality_in_short(card: Card) -> str:
    """The main figures of a card's [quality] with the counts behind them, and whether it is calibrated."""
    told = []
    table = card.raw.get("quality")
    for source, told_of in table.items() if isinstance(table, Mapping) else ():
        if not isinstance(told_of, Mapping):
            continue
        beside_teacher = told_of.get("ours")
        figures = {**told_of, **beside_teacher} if isinstance(beside_teacher, Mapping) else told_of
        for key, words in (("auc", "AUC"), ("found_share", "found"), ("fnmr", "FNMR"), ("eer", "EER")):
            if isinstance(figures.get(key), int | float) and (key != "eer" or "auc" not in figures):
                told.append(f"{source} {words} {figures[key]:.2f}{_of(figures)}")
    samples = _calibration_samples(card)
    if samples is not None:
        told.append(f"calibrated on {samples}")
    return "; ".join(told) or "nothing measured"


def _calibration_samples(card: Card) -> int | None:
    """How many samples the calibration saw; None without one. That of a voice is no Platt scaling."""
    if card.calibration is not None:
        return card.calibration.samples
    table = card.raw.get("calibration")
    samples = table.get("samples") if isinstance(table, Mapping) else None
    return samples if isinstance(samples, int) else None


def _of(figures: Mapping[str, Any]) -> str:
    """The counts behind a figure."""
    if "genuine" in figures and "synthetic" in figures:
        return f" ({figures['genuine']} + {figures['synthetic']})"
    counted = next((key for key in ("faces", "pairs") if key in figures), None)
    return f" ({figures[counted]})" if counted is not None else ""


__all__ = ["Listed", "listed", "quality_in_short"]
