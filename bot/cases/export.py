"""Writing a case into one zip: page, media, pictures, record, log, manifest, signature, draft, how to verify."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.cases.archive import SIGNED, SIGNER, SUMS, Opener, opener, sums_of, write_zip
from bot.cases.draft import report_draft
from bot.cases.page import Shot, case_page
from bot.cases.signing import private_key, public_pem
from bot.cases.verifying import AUTHORITY, LOG, RECORD, STAMP
from bot.errors import BotError
from storage import Store
from storage.cases import files_of
from storage.chain import write_lines

STAMPED = """
An authority outside saw the log's line {line} (RFC 3161), and so this line and all before it existed at the time that
the stamp says, {at}:
       sed -n {line}p {log} > line.txt && openssl ts -verify -data line.txt -in {stamp} -CAfile {authority}
   Compare {authority} with the certificates that the authority publishes ({address}).
   The time alone, and what else the stamp holds:
       openssl ts -reply -in {stamp} -text
"""

HOW = f"""How to check this case with standard tools

1. Every file is the one that was exported:
       sha256sum --strict -c {SUMS}
2. The record is the one that was sealed: the hash that this prints
       sha256sum {RECORD}
   is the content_sha256 of the latest line of {LOG} with "kind":"sealed" and this case's number.
3. The log is whole: each line holds, as "before", the hash of the line before it. For line 5:
       sed -n 4p {LOG} | sha256sum
   The lines of other cases are there for that reason alone; they hold numbers and hashes only.
4. The media are the ones that were examined, the metadata what the platform told of the post then: their names are
   their hashes, and {RECORD} names them.

Where there is a file {SIGNED}, the manifest is signed (Ed25519). With OpenSSL 3:
       openssl pkeyutl -verify -pubin -inkey {SIGNER} -rawin -in {SUMS} -sigfile {SIGNED}
   Compare {SIGNER} with the key that the sender gave you another way: a key that comes with the file alone proves
   nothing.

The whole zip has one hash too; whoever noted it when it was made can compare:
       sha256sum FILE.zip

"doppelwatch verify FILE.zip" does all of this at once, and needs no network.
What stands in these files is graded support for a proposition, and no proof.
"""


def export_case(
    store: Store,
    case_id: int,
    target: Path,
    *,
    signing_key: Callable[[], str] | None = None,
    authority: bytes | None = None,
) -> str:
    """Write the case into a new zip and return the SHA-256 of the zip.

    The store is only read. The file appears when it is whole, closed to others.

    Args:
        store: where the case lies.
        case_id: number of the post.
        target: the file to make; there must be none.
        authority: certificates (PEM) of the time-stamping authority; None exports no time stamp.
        signing_key: gives the private key (Ed25519, PEM), read when it is needed; None signs nothing.

    Raises:
        BotError: it is no case, a file of it is missing or does not fit, or the target cannot be written.
    """
    entry = store.case(case_id)
    if entry is None:
        raise BotError(f"post {case_id} is no case; posts become cases when they are judged with an alert")
    fault = next(store.faults(case_id), None)
    record = store.record(entry.content_sha256)
    if fault is not None or record is None:
        raise BotError(f"{fault}; nothing was exported, because it could not be trusted")
    media = {row["sha256"] for row in record["rows"]["media"]}
    metadata = {row["metadata_sha256"] for row in record["rows"]["posts"]}
    files: dict[str, Opener] = {}
    shots = []
    for sha256 in files_of(record):
        path = store.evidence.path(sha256)
        assert path is not None, "the check has just seen it"
        folder = "media" if sha256 in media else "metadata" if sha256 in metadata else "pictures"
        name = f"{folder}/{path.name}"
        files[name] = opener(path)
        if folder == "pictures":
            shots.append(Shot(name, path.read_bytes()))
    record_path = store.evidence.path(entry.content_sha256)
    assert record_path is not None
    files[RECORD] = opener(record_path)
    texts = {
        LOG: write_lines(store.custody_log()),
        "case.html": case_page(record, shots),
        "report-draft.txt": report_draft(record),
        "HOW-TO-VERIFY.txt": HOW,
    }
    stamp = None if authority is None else store.stamp_over(entry.id)
    if stamp is not None and authority is not None:
        files[STAMP], files[AUTHORITY] = _opener(base64.b64decode(stamp.response)), _opener(authority)
        texts["HOW-TO-VERIFY.txt"] += STAMPED.format(
            line=stamp.entry_id,
            at=f"{stamp.at:%Y-%m-%d %H:%M:%S} UTC",
            log=LOG,
            stamp=STAMP,
            authority=AUTHORITY,
            address=stamp.authority,
        )
    files |= {name: _opener(text.encode()) for name, text in texts.items()}
    key = None if signing_key is None else private_key(signing_key())
    if key is not None:
        files[SIGNER] = _opener(public_pem(key))
    manifest = sums_of(files).encode()
    files[SUMS] = _opener(manifest)
    if key is not None:
        files[SIGNED] = _opener(key.sign(manifest))
    return _written(target, files, f"case-{case_id}")


def _opener(data: bytes) -> Opener:
    return partial(io.BytesIO, data)


def _written(target: Path, files: dict[str, Opener], folder: str) -> str:
    """Write under a temporary name, then give it its own; an existing file is never replaced."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w+b") as file:
                write_zip(file, files, folder)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.link(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError as error:
        raise BotError(f"{target}: is already there; name another file or move it away") from error
    except OSError as error:
        raise BotError(f"{target}: cannot be written ({error.strerror}); choose another place") from error
    return sha256


__all__ = ["HOW", "export_case"]
