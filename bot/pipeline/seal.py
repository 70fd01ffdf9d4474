"""verdict --seal--> case: keep a record of what was known of a post with an alert, and bind it into the custody log."""

from __future__ import annotations

import functools
import hashlib
import platform
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bot import __version__
from bot.config import Config
from bot.pipeline.examine import model_set
from bot.verdict import Priority
from detectors.model_set import ROLES, bundled
from storage import Store

KEPT = frozenset({Priority.URGENT, Priority.HIGH, Priority.NORMAL})
"""Posts with these alerts become cases, whose files stay; the media of others go after the configured days."""

_LIBRARIES = ("yt-dlp", "onnxruntime", "av", "opencv-python-headless")


def seal_judged(post_id: int, priority: Priority, *, store: Store, config: Config, now: datetime) -> None:
    """Seal a post that was just judged, if it has an alert or is a case; the caller's transaction holds both.

    A case that a person released is not opened again.
    """
    if store.is_case(post_id) or (priority in KEPT and not store.was_case(post_id)):
        store.seal(post_id, circumstances(config), at=now)


def seal_missing(store: Store, config: Config, now: datetime) -> None:
    """Seal the posts with an alert that were judged before there were cases."""
    for post_id in store.unsealed({str(priority) for priority in KEPT}):
        store.seal(post_id, circumstances(config), at=now)


def circumstances(config: Config) -> Mapping[str, Any]:
    """What a verdict depends on beside the post: versions, models by hash, limits."""
    limits = {name: str(value) for name, value in config.limits}
    named = model_set(config)
    files = [(role, path or bundled(role)) for role in ROLES for path in named.of(role)]
    models = [_model(role, path) for role, path in files if path.is_file()]
    return {"versions": _versions(), "models": models, "limits": limits}


@functools.cache
def _versions() -> Mapping[str, str]:
    found = {"doppelwatch": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _model(role: str, path: Path) -> Mapping[str, Any]:
    state = path.stat()
    return _read_model(role, path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=16)
def _read_model(role: str, path: Path, mtime_ns: int, size: int) -> Mapping[str, Any]:
    """The model's hash, and its card as its thresholds and calibration were; read once for each state of the file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    card = path.with_suffix(".toml")
    told = tomllib.loads(card.read_text(encoding="utf-8")) if card.is_file() else {}
    calibration: dict[str, Any] = {name: told[name] for name in ("calibration", "thresholds") if name in told}
    return {"role": role, "file": path.name, "sha256": sha256, "version": str(told.get("version", "")), **calibration}


__all__ = ["KEPT", "circumstances", "seal_judged", "seal_missing"]
