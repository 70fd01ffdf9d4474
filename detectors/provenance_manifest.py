"""Content credentials: the C2PA manifest in a file, read and validated offline with `c2pa-python` (the extra `c2pa`).

A manifest says who made a file with what, and is signed. Whether the signer may be believed is another question, since
anybody can make a certificate. So a signature is *intact* where it fits the bytes, and *trusted* only where its
certificate goes back to one of the list that the caller names. Nothing is fetched: no manifest that lies elsewhere, no
revocation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The vocabulary of what a picture comes from (IPTC NewsCodes, Digital Source Type), which C2PA 2.x uses."""

GENERATED = frozenset({"trainedAlgorithmicMedia"})
PARTLY_GENERATED = frozenset({"compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"})
CAPTURED = frozenset({"digitalCapture", "computationalCapture"})

_KEEPS_CONTENT = frozenset(
    f"c2pa.{name}"
    for name in (
        "created", "opened", "published", "transcoded", "repackaged", "converted", "resized", "resized.proportional",
        "cropped", "trimmed", "orientation", "watermarked", "watermarked.bound", "watermarked.unbound",
    )
)  # fmt: skip
"""Actions of the C2PA specification (2.2, table of actions) that do not change what a picture shows."""

_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Type of the box that holds the manifest in an ISO base media file (C2PA 2.2, A.5)."""

_READ = 1 << 20
_DEEPEST = 8
"""Manifests that are followed from one to the ingredient it was made from."""

SETTINGS: Mapping[str, Any] = {
    "verify": {"verify_after_reading": True, "verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}
}
"""For the reader: validate everything, fetch nothing."""


class State(StrEnum):
    """How far a manifest can be believed."""

    TRUSTED = "trusted"
    INTACT = "intact"
    INVALID = "invalid"
    NO_READER = "no reader"


class Origin(StrEnum):
    """What the manifest says that the pictures are."""

    GENERATED = "generated"
    PARTLY_GENERATED = "partly generated"
    CAPTURED = "captured"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a manifest says; text from outside.

    Attributes:
        state: how far it can be believed.
        origin: what it says that the pictures are; UNSAID unless it is intact.
        made_with: the program that wrote it.
        signer: who signed it.
        problem: why it is not valid.
    """

    state: State
    origin: Origin = Origin.UNSAID
    made_with: str = ""
    signer: str = ""
    problem: str = ""


def credentials(path: Path, trust_list: Path | None = None) -> Credentials | None:
    """The content credentials of a file, None without any.

    Args:
        path: the file.
        trust_list: certificates that signers may go back to, in PEM; without them no signer is trusted.

    Raises:
        OSError: a file cannot be read.
    """
    with path.open("rb") as stream:
        if not _carries(stream):
            return None
        stream.seek(0)
        return _read(stream, None if trust_list is None else trust_list.read_text("ascii"))


def _carries(stream: BinaryIO) -> bool:
    """Whether the file seems to hold a manifest: a quick look that spares nearly all files the reader's 23 MB."""
    head = stream.read(_READ)
    if head[4:8] == b"ftyp":
        return any(kind == b"uuid" and user == _UUID for kind, user in _boxes(stream))
    return b"jumb" in head and b"c2pa" in head


def _boxes(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Type and user type of the outer boxes (ISO/IEC 14496-12, 4.2), as far as they can be followed."""
    position = 0
    for _ in range(1000):  # fragments are boxes, too
        stream.seek(position)
        head = stream.read(32)
        if len(head) < 8:
            return
        size, begins = int.from_bytes(head[:4]), 8
        if size == 1:
            size, begins = int.from_bytes(head[8:16]), 16
        yield head[4:8], head[begins : begins + 16]
        if size < begins:
            return
        position += size


def _read(stream: BinaryIO, anchors: str | None) -> Credentials | None:
    try:
        import c2pa
    except ImportError:
        return Credentials(State.NO_READER)
    settings = dict(SETTINGS) | ({"trust": {"trust_anchors": anchors}} if anchors else {})
    try:
        with c2pa.Context(c2pa.Settings.from_dict(settings)) as context:
            reader = c2pa.Reader.try_create(stream, context=context)
            if reader is None:
                return None
            with reader:
                return _told(json.loads(reader.json()))
    except c2pa.C2paError.NotSupported:
        return None
    except (c2pa.C2paError, ValueError) as error:
        return Credentials(State.INVALID, problem=f"{error}")


def _told(store: Mapping[str, Any]) -> Credentials:
    """What the active manifest of a store says."""
    manifests = _mapping(store.get("manifests"))
    active = _mapping(manifests.get(str(store.get("active_manifest"))))
    signature = _mapping(active.get("signature_info"))
    made_with = next((_name(one) for one in _list(active.get("claim_generator_info")) if _name(one)), "")
    signer = str(signature.get("issuer") or signature.get("common_name") or "")
    state = {"Trusted": State.TRUSTED, "Valid": State.INTACT}.get(str(store.get("validation_state")), State.INVALID)
    if state is State.INVALID:
        return Credentials(state, Origin.UNSAID, made_with, signer, _problem(store))
    return Credentials(state, _origin(manifests, active), made_with or str(active.get("claim_generator") or ""), signer)


def _problem(store: Mapping[str, Any]) -> str:
    """The first complaint of the validation that is not merely about trust."""
    complaints = [_mapping(one) for one in _list(store.get("validation_status"))]
    told = [str(one.get("explanation") or one.get("code") or "") for one in complaints if not _is_about_trust(one)]
    return next((one for one in told if one), "it does not say why")


def _is_about_trust(complaint: Mapping[str, Any]) -> bool:
    return str(complaint.get("code")).startswith("signingCredential.untrusted")


def _origin(manifests: Mapping[str, Any], manifest: Mapping[str, Any], depth: int = 0) -> Origin:
    """What a manifest says of the pictures, by its own actions and by what it was made from."""
    actions = list(_actions(manifest))
    types = {str(one.get("digitalSourceType", "")).rsplit("/", 1)[-1]: one.get("action") for one in actions}
    created = {name for name, action in types.items() if action == "c2pa.created"}
    if created & GENERATED:
        return Origin.GENERATED
    parents: list[Origin] = []
    parts: list[Origin] = []
    if depth < _DEEPEST:
        for one in _list(manifest.get("ingredients")):
            ingredient = _mapping(one)
            inner = _mapping(manifests.get(str(ingredient.get("active_manifest"))))
            origin = _origin(manifests, inner, depth + 1) if inner else Origin.UNSAID
            (parents if ingredient.get("relationship") == "parentOf" else parts).append(origin)
    if Origin.GENERATED in parents:
        return Origin.GENERATED
    if types.keys() & (GENERATED | PARTLY_GENERATED) or {Origin.GENERATED, Origin.PARTLY_GENERATED} & {
        *parents,
        *parts,
    }:
        return Origin.PARTLY_GENERATED
    kept = all(one.get("action") in _KEEPS_CONTENT for one in actions)
    if kept and not parts and (created & CAPTURED or (parents and set(parents) == {Origin.CAPTURED})):
        return Origin.CAPTURED
    return Origin.UNSAID


def _actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in _list(manifest.get("assertions")):
        assertion = _mapping(one)
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            yield from (_mapping(action) for action in _list(_mapping(assertion.get("data")).get("actions")))


def _name(value: Any) -> str:
    named = _mapping(value)
    return " ".join(str(named[key]) for key in ("name", "version") if named.get(key))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
