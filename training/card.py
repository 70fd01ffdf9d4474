"""The card that lies beside each model: what it takes and gives, what it was made from, what it really scores."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detectors.errors import ModelError
from detectors.metrics import wilson
from detectors.model_files import load_model


def write_card(model: Path, card: Mapping[str, Any]) -> Path:
    """Write MODEL.toml beside MODEL.onnx; hash and size are taken from the file itself."""
    path = model.with_suffix(".toml")
    filled = {**card, "sha256": sha256(model), "bytes": model.stat().st_size}
    flat = {key: value for key, value in filled.items() if not isinstance(value, Mapping)}
    lines = [f"{_key(key)} = {toml(value)}" for key, value in flat.items()]
    for key, value in filled.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]", *(f"{_key(name)} = {toml(item)}" for name, item in value.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sha256(path: Path) -> str:
    """Hash of a file, as it stands in the card."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


_HISTORY = ("command", "start", "history", "gone_on_from", "scenes_seen", "faces_seen", "crops_seen", "windows_seen")


def earlier(role: str, path: Path) -> dict[str, Any]:
    """What the card of an earlier model says of how it came about, for the card of one that goes on from it.

    Raises:
        SystemExit: the file or its card is missing, they do not fit together, or are of another role.
    """
    try:
        card = load_model(role, path)[1]
    except ModelError as error:
        raise SystemExit(f"{error} (to go on from it, a model needs its card beside it)") from error
    training = card.raw.get("training", {})
    told = {key: training[key] for key in _HISTORY if key in training}
    return {"version": card.version, "sha256": card.sha256, **told}


def gone_on_from(role: str, start: Path | None) -> dict[str, Any]:
    """The entry for [training] of a run that started from the ONNX file of a model of the same role; else none."""
    return {} if start is None else {"gone_on_from": earlier(role, start)}


def _key(name: str) -> str:
    """A key as it stands in TOML: bare where it may be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)


def toml(value: Any) -> str:
    """One value in TOML; a mapping becomes an inline table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(round(value, 6)) if isinstance(value, float) else str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    raise TypeError(f"a card cannot hold {type(value).__name__}")


__all__ = ["earlier", "gone_on_from", "sha256", "toml", "wilson", "write_card"]
