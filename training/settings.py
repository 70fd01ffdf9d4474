"""What a training run is told, recorded beside its checkpoints."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths, budget and seed of one run."""

    data: Path
    teachers: Path
    out: Path
    work: Path
    minutes: float
    seed: int
    threads: int
    loaders: int
    resume: bool
    start: Path | None = None
    """Checkpoint of an identity model whose trunk the forgery model starts from; None trains one first."""

    leave_out: str = ""
    """A method or collection that the forgery model is not to be trained on, so that it can be measured as unknown."""

    def record(self) -> None:
        """Write the settings into the work folder, so that a result can be traced to its run."""
        self.work.mkdir(parents=True, exist_ok=True)
        (self.work / "settings.json").write_text(json.dumps(asdict(self), default=str, indent=1) + "\n")
