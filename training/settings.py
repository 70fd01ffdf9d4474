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
    """ONNX file of an earlier model of the same kind to go on from; for the forgery model also an identity model or a
    checkpoint, and None takes the identity model in `out`, or trains one."""

    leave_out: str = ""
    """A method or collection that the forgery model is not to be trained on, so that it can be measured as unknown."""

    beside: Path | None = None
    """An earlier forgery model whose score is averaged with the new one's, in one file; None joins none."""

    steps: int | None = None
    """Length of the forgery model's second phase, where runs are to be compared; None leaves it to the minutes."""

    @property
    def started(self) -> str:
        """The option that says what the run went on from, as it stands behind the command in a card."""
        return f" --start {self.start.name}" if self.start is not None else ""

    def record(self, subject: str) -> None:
        """Write the settings into the work folder, so that a result can be traced to its run.

        Args:
            subject: what is trained; several may share a folder, and what one prepares the next need not.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        path = self.work / f"{subject}-settings.json"
        path.write_text(json.dumps(asdict(self), default=str, indent=1) + "\n")
