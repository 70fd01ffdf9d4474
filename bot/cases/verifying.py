"""Checking an exported case with nothing but its file: what does not fit, the first thing first."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.cases import stamping
from bot.cases.archive import SIGNED, SIGNER, SUMS, Opener, same_bytes, sums_of
from bot.cases.signing import signature_fits
from bot.errors import ConfigError
from storage import Store
from storage.cases import FORMAT, files_of
from storage.chain import SEALED, LogEntry, first_break, read_lines

RECORD, LOG = "record.json", "custody.jsonl"
STAMP, AUTHORITY = "timestamp.tsr", "authority.pem"
"""A time stamp over the log, and the certificates by which it is checked; both or neither."""

_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError,
    KeyError, TypeError, IndexError, RecursionError, MemoryError, OverflowError,
)  # fmt: skip
"""What the readers of zip and JSON raise for a file that somebody changed."""

_TEXT = 64 * 1000**2
"""Largest record or log that is read, in bytes."""


def export_faults(path: Path) -> Iterator[str]:
    """What does not fit in an exported case; nothing where it is as it was written.

    Needs no store, no configuration and no network. Whoever can write the whole file anew can also make its hashes
    fit: only a signature by a known key, or the hash noted elsewhere, speaks against that.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _faults(path, archive)
    except _BROKEN as error:
        yield f"{path.name}: is no whole export of a case ({type(error).__name__}: {error})"


def _faults(path: Path, archive: zipfile.ZipFile) -> Iterator[str]:
    folders = {info.filename.partition("/")[0] for info in archive.infolist()}
    if len(folders) != 1 or any(info.compress_type or info.flag_bits & 1 for info in archive.infolist()):
        yield f"{path.name}: is not written as this program writes it"
        return
    (folder,) = folders
    files: dict[str, Opener] = {
        info.filename.partition("/")[2]: partial(archive.open, info.filename) for info in archive.infolist()
    }
    if SUMS not in files or RECORD not in files or LOG not in files:
        yield f"{path.name}: lacks {SUMS}, {RECORD} or {LOG}"
        return
    stated = _read(files[SUMS]).decode("ascii")
    there = sums_of(files)
    for line, real in zip(stated.splitlines(), there.splitlines(), strict=False):
        if line != real:
            yield f"{path.name}: {real[66:]} is not what {SUMS} says"
            return
    if stated != there:
        yield f"{path.name}: {SUMS} does not name the files that are there"
        return
    yield from _inner_faults(path.name, files, {line[66:]: line[:64] for line in there.splitlines()})
    if SIGNED in files and not signature_fits(_read(files[SIGNED]), stated.encode(), _read(files[SIGNER])):
        yield f"{path.name}: the signature is not one of {SUMS} by {SIGNER}"
        return
    if not same_bytes(path, files, folder):
        yield f"{path.name}: bytes beside its files were changed"


def _inner_faults(name: str, files: Mapping[str, Opener], sums: Mapping[str, str]) -> Iterator[str]:
    """Whether the log is whole and binds the record, and the record its files; `sums` are hashes by file name."""
    entries = read_lines(_read(files[LOG]).decode("ascii"))
    if (broken := first_break(entries)) is not None:
        yield f"{name}: {LOG}: {broken}"
        return
    record: Mapping[str, Any] = json.loads(_read(files[RECORD]))
    bound = [one.content_sha256 for one in entries if one.case_id == record["case"] and one.kind == SEALED]
    if record["format"] != FORMAT or not bound or bound[-1] != sums[RECORD]:
        yield f"{name}: {RECORD} is not the latest that {LOG} has of this case"
    there = set(sums.values())
    for sha256 in files_of(record):
        if sha256 not in there:
            yield f"{name}: the file {sha256} of the record is missing"
    if STAMP in files:
        sealed = max(one.id for one in entries if one.content_sha256 == bound[-1]) if bound else 0
        covering = [one for one in entries if one.id >= sealed]
        yield from _stamp_faults(name, _read(files[STAMP]), covering, _read(files[AUTHORITY]))


def _stamp_faults(name: str, response: bytes, covering: Sequence[LogEntry], pem: bytes) -> Iterator[str]:
    """Whether the stamp is one of a line that covers the record."""
    why = "there is no line that it could be of"
    for entry in covering:
        try:
            stamping.check(response, entry.line.encode("ascii"), pem)
        except stamping.StampRefused as error:
            why = str(error)
        else:
            return
    yield f"{name}: {STAMP}: {why}"


def store_stamp_faults(store: Store, pem: bytes | None) -> Iterator[str]:
    """What does not fit in the time stamps of a store; nothing where each is one of the log by this authority.

    Raises:
        ConfigError: there are stamps, and no certificates or no library to check them by.
    """
    stamps = store.stamps()
    if not stamps:
        return
    if pem is None:
        raise ConfigError("the store has time stamps; name the authority's certificates in timestamps.certificates")
    strange = list(store.stamp_faults())
    yield from strange
    if strange:
        return
    entries = {entry.id: entry for entry in store.custody_log()}
    for stamp in stamps:
        try:
            said = stamping.check(b64decode(stamp.response), entries[stamp.entry_id].line.encode("ascii"), pem)
        except (stamping.StampRefused, ValueError) as error:
            yield f"time stamp {stamp.id}: {error}"
            continue
        if said != stamp.at:
            yield f"time stamp {stamp.id}: says {said.isoformat()}, and not what its row says"


def _read(opener: Opener) -> bytes:
    with opener() as file:
        return file.read(_TEXT)


__all__ = ["AUTHORITY", "LOG", "RECORD", "STAMP", "export_faults", "store_stamp_faults"]
