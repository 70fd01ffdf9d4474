"""Why there is nothing to compare, before it becomes a finding that is *not applicable*."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.contract import Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason code and one sentence."""

    reason: Reason
    statement: str


__all__ = ["Refusal"]
