"""Reading the speech of the data folder; without torch, so that the product's own environment can measure on it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.voice_sounds import Sound, decoded, levelled
from training.voice_split import part

SHORTEST_S = 1.5
LEVEL_DB = -27.0
"""Level of the clean recordings, in dB below full scale; LibriSpeech lies about there."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of index.csv.

    Attributes:
        file: name in the zip.
        source: collection, such as "librispeech".
        speaker: "" where nobody knows.
        kind: "real", "synthetic" or "unlabelled".
        licence: terms of the recording.
    """

    file: str
    source: str
    speaker: str
    kind: str
    licence: str

    @property
    def part(self) -> str:
        """Whether it is for training, calibration or measuring."""
        return part(self.speaker, self.file)


def read_recordings(data: Path) -> list[Recording]:
    """Read the index of the speech in a data folder.

    Raises:
        SystemExit: it is not there.
    """
    path = data / "voice" / "speech.zip"
    if not path.is_file():
        raise SystemExit(f"{path}: the speech is missing; name the data folder with --data")
    with zipfile.ZipFile(path) as archive, archive.open("index.csv") as raw:
        rows = csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8"))
        return [
            Recording(row["file"], row["source"], row["speaker"], row["kind"], row["licence"])
            for row in rows
            if float(row["seconds"]) >= SHORTEST_S
        ]


def read_sounds(data: Path, recordings: Sequence[Recording]) -> list[Sound]:
    """Decode recordings to 16 kHz mono at one level."""
    with zipfile.ZipFile(data / "voice" / "speech.zip") as archive:
        return [levelled(decoded(io.BytesIO(archive.read(one.file))), LEVEL_DB) for one in recordings]
