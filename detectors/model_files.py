"""Model files and the cards beside them: read, checked against each other, loaded once per process."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import onnxruntime

from detectors import yunet
from detectors.calibration import Platt, QualityTerms
from detectors.embedding_input import embedding_adapter
from detectors.errors import ModelError
from detectors.model_input import adapter_of
from detectors.model_set import NEEDED, ROLES, ModelSet, bundled
from detectors.onnx_file import check_onnx
from detectors.voice_calibration import VOICE_METHOD, voice_calibration_of
from detectors.voice_input import check_voice

_FACES_INPUT = "image"
_FACES_OUTPUTS = ("scores", "boxes", "landmarks")


@dataclass(frozen=True, slots=True)
class Card:
    """What the card beside a model says, as far as the detectors read it; `raw` is all of it."""

    name: str
    version: str
    sha256: str
    calibration: Platt | None = None
    raw: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def load_model(role: str, path: Path | None = None) -> tuple[onnxruntime.InferenceSession, Card]:
    """Load a model with one thread, after checking it against its card; kept until the file or its card changes.

    Args:
        role: one of :data:`ROLES`.
        path: the .onnx file, with its card (same name, .toml) beside it; None for the shipped one.

    Raises:
        ModelError: the file or its card is missing or damaged, or they do not fit together or the role.
    """
    chosen = bundled(role) if path is None else path
    try:
        state = chosen.stat()
    except OSError as error:
        remedy = "reinstall the package" if path is None else f"correct models.{role} in the configuration"
        raise ModelError(f"the {role} model {chosen} cannot be read ({error.strerror}); {remedy}") from error
    return _load(role, chosen, state.st_mtime_ns, state.st_size, _last_change(chosen.with_suffix(".toml")))


def _last_change(card: Path) -> int:
    """When a card was written, in ns; 0 for one that cannot be looked at, which reading it will tell."""
    try:
        return card.stat().st_mtime_ns
    except OSError:
        return 0


@functools.lru_cache(maxsize=16)
def _load(
    role: str, path: Path, _changed: int, _size: int, _card_changed: int
) -> tuple[onnxruntime.InferenceSession, Card]:
    card = read_card(path.with_suffix(".toml"))
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != card.sha256:
        raise ModelError(
            f"{path}: its SHA-256 is {found[:16]}..., its card says {card.sha256[:16]}...; "
            "the file was changed or cut off: fetch it again, or correct the card if the change was yours"
        )
    session = open_session(path, data)
    check_role(role, path, session, card)
    if role == "faces" and yunet.serves(session):
        return yunet.Yunet(session), card
    return session, card


def open_session(path: Path, data: bytes) -> onnxruntime.InferenceSession:
    """A session with one thread for a model's bytes; `path` stands in messages.

    Raises:
        ModelError: it is no self-contained ONNX model, or the runtime cannot load it.
    """
    check_onnx(str(path), data)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # parallel work is for parallel clips
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors are raised; the log would print names from the file on the terminal
    options.enable_cpu_mem_arena = False  # the arena never gives memory back, and workers have a limit
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises classes of its own that share no public base
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{path}: ONNX Runtime cannot load it: {line}") from error


def check_role(role: str, path: Path, session: onnxruntime.InferenceSession, card: Card) -> None:
    """Refuse a model that cannot serve a role as its card describes it.

    Raises:
        ModelError: what does not fit.
    """
    if role == "forgery":
        adapter_of(str(path.with_suffix(".toml")), card.raw, session)
        return
    if role == "identity":
        embedding_adapter(str(path.with_suffix(".toml")), card.raw, session)
        return
    if role == "voice":
        check_voice(path, session)
        voice_calibration_of(str(path.with_suffix(".toml")), card.raw)
        return
    if yunet.serves(session):
        return
    inputs = [value.name for value in session.get_inputs()]
    outputs = [value.name for value in session.get_outputs()]
    if inputs != [_FACES_INPUT] or not set(_FACES_OUTPUTS) <= set(outputs):
        raise ModelError(
            f"{path}: a {role} model takes {_FACES_INPUT} and gives {', '.join(_FACES_OUTPUTS)}, or is a YuNet; "
            f"this one takes {', '.join(inputs)} and gives {_listed(outputs)}"
        )


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{len(names)} outputs ({', '.join(names[:3])} ...)"


def read_card(path: Path) -> Card:
    """Read a card.

    Raises:
        ModelError: it is missing, is no TOML, or lacks name, version or sha256.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{path}: the model's card cannot be read ({error.strerror}); put it beside the model"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: the card is not valid TOML: {error}") from error
    lacking = [key for key in ("name", "version", "sha256") if not isinstance(raw.get(key), str)]
    if lacking:
        raise ModelError(f"{path}: the card lacks {', '.join(lacking)}")
    return Card(
        name=raw["name"],
        version=raw["version"],
        sha256=raw["sha256"].lower(),
        calibration=_calibration(path, raw.get("calibration")),
        raw=MappingProxyType(raw),
    )


def _calibration(path: Path, table: object) -> Platt | None:
    if table is None or (isinstance(table, dict) and table.get("method") == VOICE_METHOD):
        return None  # a voice's is read by detectors.voice_calibration
    if not isinstance(table, dict) or table.get("method") != "platt":
        raise ModelError(f'{path}: [calibration] needs method = "platt" with a, b and max_abs_log10_lr')
    try:
        return Platt(
            a=float(table["a"]),
            b=float(table["b"]),
            max_abs_log10_lr=float(table["max_abs_log10_lr"]),
            samples=int(table.get("samples", 0)),
            quality=_quality_terms(table.get("quality")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: [calibration] is incomplete: {error}") from error


def _quality_terms(table: object) -> QualityTerms | None:
    """Read calibration.quality; raises KeyError, TypeError or ValueError as its parent does."""
    if table is None:
        return None
    if not isinstance(table, dict):
        raise TypeError("quality must be a table with slope, offset, low, middle and high")
    return QualityTerms(*(float(table[key]) for key in ("slope", "offset", "low", "middle", "high")))


__all__ = [
    "NEEDED",
    "ROLES",
    "Card",
    "ModelSet",
    "bundled",
    "check_role",
    "load_model",
    "open_session",
    "read_card",
]
