"""Put a model and its card into the user's folder of models; nothing that lies there is ever overwritten."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError

FOLDER = "models"
"""The user's folder of models, beside the configuration file."""


def folder_beside(config: Path) -> Path:
    """The folder of models that belongs to a configuration file."""
    return config.absolute().parent / FOLDER


def safe_name(text: str) -> str:
    """A file name without a suffix that needs no quoting in YAML."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "model"


def place(name: str, model: bytes, card: bytes, folder: Path) -> Path:
    """Write NAME.onnx and NAME.toml into a folder, which is made; the same files may already lie there.

    Returns:
        The path of the model.

    Raises:
        BotError: other files of that name lie there, or the folder cannot be written.
    """
    path = folder / f"{safe_name(name)}.onnx"
    wanted = {path.with_suffix(".toml"): card, path: model}  # the card first: a model without one cannot be used
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in wanted.items():
            if os.path.lexists(file) and not (file.is_file() and file.read_bytes() == content):
                raise BotError(f"{file}: another file of this name lies there; move it away, or give --name")
        for file, content in wanted.items():
            if not file.exists():
                _write(file, content)
    except OSError as error:
        raise BotError(f"{folder}: cannot be written ({error.strerror})") from error
    return path


def _write(file: Path, content: bytes) -> None:
    """Write beside and move into place, so that a half-written model is never seen."""
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


def sha256(data: bytes) -> str:
    """The hash that a card names."""
    return hashlib.sha256(data).hexdigest()


def yaml_lines(role: str, models: Sequence[Path], config: Path) -> str:
    """The lines of the configuration that put a model in use, or a list of several that vote."""
    base = config.absolute().parent
    shown = [(one.relative_to(base) if one.is_relative_to(base) else one).as_posix() for one in models]
    if len(shown) == 1:
        return f"models:\n  {role}: {shown[0]}"
    return "\n".join([f"models:\n  {role}:", *(f"    - {one}" for one in shown)])


__all__ = ["FOLDER", "folder_beside", "place", "safe_name", "sha256", "yaml_lines"]
