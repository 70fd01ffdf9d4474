"""Which model files there are: roles, those of a configuration, those that are shipped. Loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

ROLES = ("faces", "forgery", "identity", "voice")
"""What a model file can be used for."""

NEEDED = ("faces", "forgery")
"""Roles without which there is no examination; a model of another role need not be there."""


@dataclass(frozen=True, slots=True)
class ModelSet:
    """Which model files to use; None means the one that is shipped with the package.

    Several `forgery` models vote (:mod:`detectors.voting`); the shipped one is among them where None is.
    `trust_list` is no model but certificates in PEM, by which content credentials are trusted; none is shipped.
    """

    faces: Path | None = None
    forgery: tuple[Path | None, ...] = (None,)
    identity: Path | None = None
    voice: Path | None = None
    trust_list: Path | None = None

    def of(self, role: str) -> tuple[Path | None, ...]:
        """The files for one of :data:`ROLES`, in the order of the configuration."""
        named: Path | tuple[Path | None, ...] | None = getattr(self, role)
        return named if isinstance(named, tuple) else (named,)


def bundled(role: str) -> Path:
    """The model file that is shipped for a role."""
    return Path(str(files("detectors") / "models" / f"{role}.onnx"))


__all__ = ["NEEDED", "ROLES", "ModelSet", "bundled"]
