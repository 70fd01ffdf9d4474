"""One byte or one row changed in a store or an export: `doppelwatch verify` must name it every time."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from benchmarks.runner import Figures, Options
from bot.cases import export_case, export_faults
from bot.cases.archive import SIGNED, SIGNER, SUMS
from bot.config import Config
from bot.pipeline.seal import KEPT, circumstances
from storage import PollRecord, SeenPost, Store, StoredFinding, StoredVerdict, WantedAccount
from storage.opening import FILE_NAME

CHANGES = 1000
QUICK_CHANGES = 60

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

COLUMNS = {
    "posts": ("url", "platform_id", "first_seen_at", "media_sha256"),
    "accounts": ("url", "platform"),
    "media": ("bytes", "suffix"),
    "findings": ("detector", "statement", "log10_lr", "score", "exhibits"),
    "verdicts": ("label", "priority", "summary", "judged_at", "counter"),
    "profiles": ("handle", "display_name", "bio", "seen_at"),
    "account_metrics": ("followers", "at"),
    "post_metrics": ("views", "at"),
    "judgements": ("label", "rule", "judged_at"),
    "custody_log": ("at", "kind", "case_id", "content_sha256", "before", "entry_sha256"),
}
"""What is changed: the columns that a sealed record binds. Others, such as a caption, follow the platform by right."""

GROWING = ("findings", "verdicts", "profiles", "account_metrics", "post_metrics", "judgements", "custody_log")
"""Tables of which rows are deleted as well."""


def run(options: Options) -> Figures:
    """Make a store with cases and a signed export, then change one byte or one row at a time and look.

    Figures: `changed` (how many changes), `detected` (those that were named), `missed` (where the others were), `by`
    (changes by kind), `false_alarms` (faults named where nothing was changed), `standard_tools` (whether sha256sum
    and openssl accept the untouched export and refuse a changed one; None where they are not installed), `seconds`.
    """
    started = time.monotonic()
    number = QUICK_CHANGES if options.quick else CHANGES
    chance = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        home = Path(name)
        folder = home / "store"
        export = home / "case-1.zip"
        key = _key()
        with Store.open(folder) as store:
            _fill(store)
            export_case(store, 1, export, signing_key=lambda: key)
        false_alarms = _store_faults(folder) + len(list(export_faults(export)))
        tools = _standard_tools(export, home)
        kinds: list[tuple[str, Callable[[], Iterator[str]], Callable[[], bool]]] = [
            ("byte of the evidence", lambda: _changed_file(folder, chance), lambda: bool(_store_faults(folder))),
            ("row of the store", lambda: _changed_row(folder, chance), lambda: bool(_store_faults(folder))),
            ("byte of the export", lambda: _changed_byte(export, chance), lambda: any(export_faults(export))),
        ]
        task = options.progress.add_task("tamper", total=number)
        by: Counter[str] = Counter()
        missed = []
        for index in range(number):
            kind, change, noticed = kinds[index % len(kinds)]
            with contextmanager(change)() as what:
                by[kind] += 1
                if not noticed():
                    missed.append(what)
            options.progress.advance(task)
        false_alarms += _store_faults(folder) + len(list(export_faults(export)))
    return {
        "changed": number,
        "detected": number - len(missed),
        "missed": missed[:10],
        "by": dict(by),
        "false_alarms": false_alarms,
        "standard_tools": tools,
        "seconds": round(time.monotonic() - started, 1),
    }


def _key() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _fill(store: Store) -> None:
    """Six posts of two accounts, all with alerts, judged twice, with profiles, numbers, findings, files."""
    told = circumstances(Config())
    urls = [f"https://www.tiktok.com/@deep.someone{number}" for number in (1, 2)]
    store.sync_accounts([WantedAccount(url, "tiktok", "Someone", url.rpartition("@")[2], 2700) for url in urls])
    for account in store.accounts():
        store.record_poll(
            PollRecord(account.id, NOW, "ok"),
            posts=[
                SeenPost(f"{account.id}{one}", f"{account.url}/video/{one}", f"clip {one}", NOW, 9.5, views=1000 * one)
                for one in (1, 2, 3)
            ],
            next_check_at=NOW + timedelta(hours=1),
            succeeded=True,
        )
        for post in store.posts(account_id=account.id):
            clip = store.evidence.keep_bytes(random.Random(post.id).randbytes(3000), ".mp4")
            picture = store.evidence.keep_bytes(random.Random(-post.id).randbytes(900), ".jpg")
            store.record_fetch(post.id, clip, at=NOW)
            shown = ({"start_s": 0.0, "jpeg_sha256": picture.sha256},)
            store.record_examination(
                post.id,
                [
                    StoredFinding(
                        post.id, "forgery", "1", "synthesis", "ok", "Like forgeries.", score=0.9, exhibits=shown
                    )
                ],
                at=NOW,
            )
            for round_ in (1, 2):
                at = NOW + timedelta(minutes=round_)
                with store.transaction():
                    label = ("possible", "likely")[round_ - 1]
                    store.record_verdict(StoredVerdict(post.id, label, "urgent", "rule", f"Summary {round_}."), at=at)
                    store.seal(post.id, told, at=at)
    with store.transaction() as db:
        for account in store.accounts():
            db.execute(
                "INSERT INTO profiles (account_id, seen_at, handle, display_name, bio) VALUES (?, ?, 'h', 'n', 'b')",
                [account.id, "2026-11-25T09:00:00.000Z"],
            )
            db.execute(
                "INSERT INTO account_metrics (account_id, at, followers) VALUES (?, '2026-11-25T09:00:00.000Z', 7)",
                [account.id],
            )
        for post in store.posts():
            store.seal(post.id, told, at=NOW + timedelta(minutes=3))


def _store_faults(folder: Path) -> int:
    with Store.open(folder, read_only=True) as store:
        kept = {str(priority) for priority in KEPT}
        return 0 if next(store.faults(must_have=kept), None) is None else 1


def _changed_file(folder: Path, chance: random.Random) -> Iterator[str]:
    path = chance.choice(sorted((folder / "evidence").glob("[0-9a-f][0-9a-f]/*")))
    path.chmod(0o600)
    yield from _changed_byte(path, chance)
    path.chmod(0o400)


def _changed_byte(path: Path, chance: random.Random) -> Iterator[str]:
    whole = path.read_bytes()
    place = chance.randrange(len(whole))
    changed = bytearray(whole)
    changed[place] ^= 1 << chance.randrange(8)
    path.write_bytes(changed)
    yield f"{path.name} at {place}"
    path.write_bytes(whole)


def _changed_row(folder: Path, chance: random.Random) -> Iterator[str]:
    path = folder / FILE_NAME
    before = path.with_name("before")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(path, before)
    with closing(sqlite3.connect(path)) as db:
        table = chance.choice(sorted(COLUMNS))
        for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("PRAGMA ignore_check_constraints = on")
        row = chance.choice(db.execute(f"SELECT rowid FROM {table}").fetchall())[0]
        if table in GROWING and chance.random() < 0.3:
            db.execute(f"DELETE FROM {table} WHERE rowid = ?", [row])
            what = f"{table}: row {row} deleted"
        else:
            column = chance.choice(COLUMNS[table])
            value = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", [row]).fetchone()[0]
            db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [_another(value, chance), row])
            what = f"{table}: {column} of row {row}"
        db.commit()
    yield what
    for left in folder.glob(f"{FILE_NAME}*"):
        left.unlink()
    before.rename(path)


def _another(value: object, chance: random.Random) -> object:
    """A value that is not this one."""
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + ("x" if value[place] != "x" else "y") + value[place + 1 :]
    if isinstance(value, int | float):
        return value + 1
    return "x" if value == "" else 1


def _standard_tools(export: Path, home: Path) -> bool | None:
    """Check the export as its HOW-TO-VERIFY.txt says, untouched and with one byte of its record changed."""
    if shutil.which("sha256sum") is None or shutil.which("openssl") is None:
        return None
    with ZipFile(export) as archive:
        archive.extractall(home / "out")
    folder = home / "out" / "case-1"

    def accepted() -> bool:
        sums = subprocess.run(
            ["sha256sum", "--strict", "--quiet", "-c", SUMS], cwd=folder, capture_output=True, check=False
        )
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", SIGNER, "-rawin", "-in", SUMS]
        signature = subprocess.run([*command, "-sigfile", SIGNED], cwd=folder, capture_output=True, check=False)
        return sums.returncode == 0 and signature.returncode == 0

    good = accepted()
    record = folder / "record.json"
    record.write_bytes(record.read_bytes().replace(b"urgent", b"normal", 1))
    bad = accepted()
    return good and not bad


__all__ = ["run"]
