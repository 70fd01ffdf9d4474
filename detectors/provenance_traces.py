"""Traces in a container of what made the file: labels of synthetic content, generators, editors, cameras, encoders.

All of it is plain text that anybody can write and that platforms remove, so that it is told, and little is made of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from detectors.container import ClipLimits, open_container, shown_name
from detectors.errors import ClipError


class Kind(StrEnum):
    """What a trace is of; the earlier, the more it says."""

    LABEL = "label of synthetic content"
    GENERATOR = "generator"
    EDITOR = "editor"
    CAMERA = "camera"
    ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class Trace:
    """A field of the container and what it holds, as received; `name` is what was recognised in it."""

    kind: Kind
    field: str
    text: str
    name: str


_GENERATORS = (
    "AnimateDiff", "ComfyUI", "D-ID", "DeepFaceLab", "DeepFaceLive", "Deforum", "FaceFusion", "Haiper", "HeyGen",
    "HunyuanVideo", "Hailuo", "Kling", "LivePortrait", "Luma Dream Machine", "Midjourney", "OpenAI", "Pika Labs",
    "PixVerse", "Reface", "Roop", "Runway", "RunwayML", "SadTalker", "Stable Diffusion", "Stable Video Diffusion",
    "Synthesia", "Vidu", "Wan2", "Wav2Lip",
)  # fmt: skip
"""Programs and services that make or swap faces, voices or whole videos, by the name that they sign with."""

_EDITORS = (
    "Adobe", "After Effects", "Avid", "Blender", "CapCut", "Camtasia", "ClipChamp", "DaVinci", "Filmora", "Final Cut",
    "HandBrake", "iMovie", "InShot", "Kdenlive", "KineMaster", "Movavi", "Nuke", "OBS", "OpenShot", "PowerDirector",
    "Premiere", "Resolve", "Shotcut", "VEGAS", "VLLO", "VN Video", "YouCut",
)  # fmt: skip

_WRITERS = frozenset(
    {"encoder", "software", "com.apple.quicktime.software", "writer", "tool", "encoding_tool", "handler_name",
     "vendor_id", "app", "creator_tool"}
)  # fmt: skip
"""Fields that programs write; titles and comments are people's words, where a name of a program may be a topic."""

_CAMERAS = frozenset(
    {"com.android.version", "com.android.manufacturer", "com.android.model", "com.apple.quicktime.make",
     "com.apple.quicktime.model", "make", "model"}
)  # fmt: skip

_BRANDS = {
    "ARRI": "ARRI", "CAEP": "Canon", "LCAG": "Leica", "XAVC": "Sony XAVC", "caqv": "Casio", "niko": "Nikon",
    "pana": "Panasonic",
}  # fmt: skip
"""Major brands of makers of cameras, as registered for ISO base media files (mp4ra.org); all others are shared by
every program that writes such files, so that they tell nothing of what made one."""

_DULL = frozenset({"videohandler", "soundhandler", "video media handler", "audio media handler", "stereo", "mono"})


def traces(path: Path) -> tuple[Trace, ...]:
    """The traces of a file, those that say most first; empty where there are none, or the file cannot be opened.

    Raises:
        OSError: the file cannot be read.
    """
    found: dict[tuple[Kind, str], Trace] = {}
    for field, text in _fields(path):
        trace = _trace(field, text)
        if trace is not None:
            found.setdefault((trace.kind, trace.name), trace)
    return tuple(sorted(found.values(), key=lambda one: list(Kind).index(one.kind)))


def _fields(path: Path) -> Iterator[tuple[str, str]]:
    """Every field of the container and of its streams."""
    with path.open("rb") as stream:
        try:
            container = open_container(stream, shown_name(path), ClipLimits())
        except ClipError:
            return
        with container:
            yield from ((name.lower(), text) for name, text in container.metadata.items())
            for one in container.streams:
                yield from ((name.lower(), text) for name, text in one.metadata.items())


def _trace(field: str, text: str) -> Trace | None:
    if _is_label(field, text):
        return Trace(Kind.LABEL, field, text, field)
    if field in ("prompt", "workflow", "comment") and _is_workflow(text):
        return Trace(Kind.GENERATOR, field, text, "ComfyUI")
    if field in _WRITERS:
        for kind, names in ((Kind.GENERATOR, _GENERATORS), (Kind.EDITOR, _EDITORS)):
            name = next((one for one in names if _holds(text, one)), None)
            if name is not None:
                return Trace(kind, field, text, name)
    camera = text if field in _CAMERAS else _BRANDS.get(text.strip()) if field == "major_brand" else None
    if camera is not None:
        return Trace(Kind.CAMERA, field, text, camera)
    if field in ("encoder", "handler_name") and text.strip() and text.strip().lower() not in _DULL:
        return Trace(Kind.ENCODER, field, text, text)
    return None


def _is_label(field: str, text: str) -> bool:
    """A label that says synthetic: `AIGC` (GB 45438-2025: 1 is, 2 may be, 3 is suspected to be generated), or TikTok's
    and CapCut's `aigc_info`, whose type is 0 where nothing was labelled."""
    key = {"aigc": "Label", "aigc_info": "aigc_label_type"}.get(field.rsplit(".", 1)[-1])
    if key is None:
        return False
    found = re.search(rf'"{key}"\s*:\s*"?(\d+)', text)
    return found is not None and (int(found[1]) == 1 if key == "Label" else int(found[1]) > 0)


def _is_workflow(text: str) -> bool:
    """The nodes that ComfyUI writes into what it saves: a mapping of numbers to mappings with a `class_type`."""
    if '"class_type"' not in text and '\\"class_type\\"' not in text:
        return False
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _holds(text: str, name: str) -> bool:
    """The name stands in the text as a word of its own."""
    return re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z])", text.lower()) is not None
