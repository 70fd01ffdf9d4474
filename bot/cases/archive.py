"""The zip of a case: files in their order, uncompressed, without times, so that the same files give the same bytes.

That makes every single byte checkable: whoever has the files can write the zip again and compare.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, BinaryIO

SUMS = "SHA256SUMS"
"""The manifest, as `sha256sum -c` reads it."""

SIGNED = "SHA256SUMS.sig"
"""The manifest's signature (Ed25519, raw), where a key is configured."""

SIGNER = "signer.pem"
"""The public key by which the signature is checked."""

Opener = Callable[[], BinaryIO | IO[bytes]]
"""Opens a file for reading."""


def opener(path: Path) -> Opener:
    """Opens this file."""
    return lambda: path.open("rb")


_CHUNK = 1 << 20


def sums_of(files: Mapping[str, Opener]) -> str:
    """The manifest of all files but itself and its signature."""
    lines = []
    for name in sorted(files):
        if name in (SUMS, SIGNED):
            continue
        with files[name]() as file:
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        lines.append(f"{digest.hexdigest()}  {name}\n")
    return "".join(lines)


def write_zip(target: BinaryIO | IO[bytes], files: Mapping[str, Opener], folder: str) -> None:
    """Write the files below one folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o100444 << 16
            info.create_system = 3
            with files[name]() as source, made.open(info, "w", force_zip64=True) as entry:
                shutil.copyfileobj(source, entry, _CHUNK)


def same_bytes(path: Path, files: Mapping[str, Opener], folder: str) -> bool:
    """Whether the zip is, byte for byte, the one that these files give."""
    with tempfile.TemporaryFile() as again, path.open("rb") as there:
        write_zip(again, files, folder)
        again.seek(0)
        while True:
            ours, theirs = again.read(_CHUNK), there.read(_CHUNK)
            if ours != theirs:
                return False
            if not ours:
                return True


__all__ = ["SIGNED", "SIGNER", "SUMS", "Opener", "opener", "same_bytes", "sums_of", "write_zip"]
