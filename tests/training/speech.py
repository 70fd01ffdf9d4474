"""A data folder with speech that was made here: one zip with an index, as the shared one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from detectors.sound import RATE
from tests.detectors.voices import voice


def ogg(sound: NDArray[np.float32]) -> bytes:
    """Ogg Opus at 20 kbit/s."""
    held = io.BytesIO()
    with av.open(held, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 20_000
        whole = (np.clip(sound, -1, 1) * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return held.getvalue()


def utterances(speakers: list[str], each: int, seconds: float = 6.0) -> dict[tuple[str, int], NDArray[np.float32]]:
    """Speakers with throats and pitches of their own."""
    return {
        (name, number): voice(
            100 + 14 * place, 0.75 + 0.5 * place / max(len(speakers) - 1, 1), seconds, seed=1000 * place + number
        )
        for place, name in enumerate(speakers)
        for number in range(each)
    }


def write_speech(data: Path, sounds: Mapping[tuple[str, int], NDArray[np.float32]]) -> None:
    """Write voice/speech.zip."""
    folder = data / "voice"
    folder.mkdir(parents=True)
    rows = ["file,source,speaker,kind,seconds,licence"]
    with zipfile.ZipFile(folder / "speech.zip", "w") as archive:
        for (speaker, number), sound in sounds.items():
            file = f"librispeech/{speaker}-{number}.ogg"
            archive.writestr(file, ogg(sound))
            rows.append(f"{file},librispeech,{speaker},real,{len(sound) / RATE:.2f},CC BY 4.0")
        archive.writestr("index.csv", "\n".join(rows) + "\n")
