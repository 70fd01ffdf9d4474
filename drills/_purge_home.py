"""A watch with three people in it: what their purge must find, and what it must leave alone."""

from __future__ import annotations

import email
import random
import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import yaml

from bot.config import Config, load
from bot.deliver import deliver, hand_out
from bot.demo.run import run_demo
from bot.pipeline.digest import make_digest
from bot.pipeline.seal import circumstances
from storage import (
    Lookalike,
    PollRecord,
    Profile,
    SeenPost,
    Store,
    StoredFinding,
    StoredHash,
    StoredReference,
    StoredVerdict,
    WantedAccount,
)
from storage.opening import FILE_NAME

PEOPLE = ("Mirela Östergård-Quist", "Tomaso Akkerbeek", "Ines Fairwater")
"""Nobody of these names exists. The first is the one who is purged; JSON and addresses write her name in escapes."""

HANDLES = {PEOPLE[0]: "mirelaostergardquist", PEOPLE[1]: "tomasoakkerbeek", PEOPLE[2]: "inesfairwater"}

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def prepare(home: Path, *, with_demo: bool) -> Config:
    """Fill a watch in this folder: by the demo's own run where it is wanted, then with three people by rows.

    Everything that the watch writes is there: evidence, cases, digests, archive, feed, messages, look-alikes.
    """
    if with_demo:
        run_demo(home, progress=lambda *_: None)
    path = home / "config.yaml"
    told = yaml.safe_load(path.read_text("utf-8")) if with_demo else {"store": "store", "digest": {"folder": "digests"}}
    told["people"] = [
        *told.get("people", []),
        *(
            {"name": name, "aliases": [f"Dr {name}"], "official": [f"https://www.tiktok.com/@{HANDLES[name]}"]}
            for name in PEOPLE
        ),
    ]
    told["deliver"] = {"folder": "messages", "feed": "feed.xml", "immediate": "urgent"}
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    config = load(path)
    with Store.open(config.store) as store:
        for number, name in enumerate(PEOPLE):
            _fill(store, name, others=[one for one in PEOPLE if one != name], number=number)
        make_digest(store, config, NOW + timedelta(hours=1))
        hand_out(store, config, NOW + timedelta(hours=1), early=True)
        deliver(store, config, NOW + timedelta(hours=1))
    return config


def _fill(store: Store, name: str, *, others: Sequence[str], number: int) -> None:
    """Two accounts of one person with three posts each; one account's words name the other people as well."""
    chance = random.Random(number)
    known = {account.url for account in store.accounts()}
    urls = [f"https://www.tiktok.com/@{prefix}{HANDLES[name]}" for prefix in ("deep", "real")]
    kept = [
        WantedAccount(one.url, one.platform, one.person, one.handle, one.interval_s)
        for one in store.accounts()
        if one.url not in urls
    ]
    store.sync_accounts([*kept, *(WantedAccount(url, "tiktok", name, url.rpartition("@")[2], 2700) for url in urls)])
    for account in store.accounts():
        if account.url in known or account.url not in urls:
            continue
        bio = f"Fans of {name}, {others[0].upper()} and {quote(others[1])}"
        profile = Profile(account.id, NOW, account.handle, f"The real {name}", bio)
        seen = [
            SeenPost(f"{number}{account.id}{one}", f"{account.url}/video/{one}", f"{name} meets {others[0]}", NOW, 9.5)
            for one in range(3)
        ]
        store.record_poll(
            PollRecord(account.id, NOW, "ok"),
            profile=profile,
            posts=seen,
            next_check_at=NOW + timedelta(hours=1),
            succeeded=True,
        )
        for post in store.posts(account_id=account.id):
            _examine(store, post.id, name, chance)
    for kind in ("face", "voice"):
        vector = [chance.gauss(0, 1) for _ in range(256)]
        store.record_references(
            [
                StoredReference(
                    name,
                    kind,
                    chance.randbytes(32).hex(),
                    chance.randbytes(32).hex(),
                    "1",
                    struct.pack("<256f", *vector),
                    NOW,
                )
            ]
        )
    store.record_lookalike(
        Lookalike(
            name, "tiktok", f"{HANDLES[name]}x", f"https://www.tiktok.com/@{HANDLES[name]}x", ("added",), 0.5,
            "exists", "ok", NOW,
        )
    )  # fmt: skip


def _examine(store: Store, post_id: int, name: str, chance: random.Random) -> None:
    clip = store.evidence.keep_bytes(chance.randbytes(3000), ".mp4")
    picture = store.evidence.keep_bytes(chance.randbytes(900), ".jpg")
    store.record_fetch(post_id, clip, at=NOW)
    shown = (
        {
            "kind": "frame",
            "label": "frame",
            "start_s": 0.0,
            "jpeg_sha256": picture.sha256,
            "text": f"beside a photo of {name}",
        },
    )
    finding = StoredFinding(post_id, "identity", "1", "identity", "ok", f"A face like {name}'s.", exhibits=shown)
    store.record_examination(post_id, [finding], at=NOW)
    store.record_fingerprint(post_id, [StoredHash(post_id, 0.5, "whole", chance.randbytes(32), 90)])
    with store.transaction():
        verdict = StoredVerdict(post_id, "impersonation_authentic", "urgent", "rule", f"Presents itself as {name}.")
        store.record_verdict(verdict, at=NOW)
        store.seal(post_id, circumstances(Config()), at=NOW)


def needles(config: Config, name: str) -> list[bytes]:
    """What must not be found any more: spellings of the name, addresses, and pieces of the embeddings.

    Written out by hand, and not by the code that the purge searches with.
    """
    words = name.replace("-", " ").split()
    spelled = {between.join(words) for between in ("", " ", "-", "_", ".", "%20", "&#32;")} | {name, HANDLES[name]}
    texts = {spelling for one in spelled for spelling in (one, one.lower(), one.upper())}
    texts |= {quote(one) for one in texts} | {one.encode("ascii", "backslashreplace").decode() for one in texts}
    texts |= {"".join(letter if letter.isascii() else f"\\u{ord(letter):04x}" for letter in one) for one in texts}
    found = [text.encode() for text in texts]
    with closing(sqlite3.connect(config.store / FILE_NAME)) as db:
        for (vector,) in db.execute("SELECT embedding FROM reference_embeddings WHERE person = ?", [name]):
            found += [vector[start : start + 16] for start in range(0, len(vector) - 15, 16)]
    return found


def left_of(home: Path, wanted: Sequence[bytes]) -> tuple[list[str], int]:
    """The files below a folder in whose name, bytes or mail parts one of these is; and how many bytes were searched."""
    found, searched = [], 0
    for path in sorted(home.rglob("*")):
        if not path.is_file() or path.name == "config.yaml":
            continue
        data = str(path.relative_to(home)).encode() + path.read_bytes()
        if path.suffix == ".eml":
            for part in email.message_from_bytes(path.read_bytes()).walk():
                payload = part.get_payload(decode=True)
                data += payload if isinstance(payload, bytes) else b""
        searched += len(data)
        lowered = data.lower()
        if any(one in data or one in lowered for one in wanted):
            found.append(str(path.relative_to(home)))
    return found, searched


def rows_of(config: Config, names: Sequence[str]) -> dict[str, int]:
    """How many rows there are of these people, by table."""
    marks = ", ".join("?" * len(names))
    own = f"(SELECT id FROM accounts WHERE person IN ({marks}))"
    posts = f"(SELECT id FROM posts WHERE account_id IN {own})"
    queries = {
        "accounts": f"SELECT count(*) FROM accounts WHERE person IN ({marks})",
        "reference_embeddings": f"SELECT count(*) FROM reference_embeddings WHERE person IN ({marks})",
        "lookalikes": f"SELECT count(*) FROM lookalikes WHERE person IN ({marks})",
        "posts": f"SELECT count(*) FROM posts WHERE account_id IN {own}",
        **{
            table: f"SELECT count(*) FROM {table} WHERE post_id IN {posts}"
            for table in ("findings", "verdicts", "judgements", "digest_entries", "frame_hashes")
        },
    }
    with closing(sqlite3.connect(config.store / FILE_NAME)) as db:
        return {table: int(db.execute(sql, names).fetchone()[0]) for table, sql in queries.items()}


__all__ = ["NOW", "PEOPLE", "left_of", "needles", "prepare", "rows_of"]
