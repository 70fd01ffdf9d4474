"""What a digest over ten thousand posts with three hundred alerts costs, and what the archive costs on the next day.

The store is filled with rows as the pipeline leaves them: fifteen findings a post, scores over time, six pictures for
each alert. The page, its text and the whole archive are then made in a process of their own, whose peak memory is told,
and once more for the next day with a hundred new posts and all accounts polled again. The mail of a day with forty
alerts is measured where the mail's renderer is there.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.runner import Figures, Options
from bot.deliver.digest import digest_html
from bot.digest import write_digest
from bot.digest.build import build_page
from detectors.exhibits import jpeg
from storage import AccountMetric, Media, PollRecord, Post, Profile, SeenPost, Store, StoredFinding, StoredVerdict
from storage import WantedAccount as Wanted

POSTS, ALERTS, ACCOUNTS = 10_000, 300, 60
QUICK_POSTS, QUICK_ALERTS, QUICK_ACCOUNTS = 300, 40, 8
MAIL_ALERTS = 40
NEXT_DAY_SHARE = 100
"""One post in so many is new on the next day."""

_NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
_DAY = timedelta(days=1)
_PICTURES = 60
"""Different pictures that are shared out, as large as the detectors write them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and when."""

    folder: Path
    timezone: str = "Europe/Paris"


def _findings(post: Post, pictures: list[str], alert: bool) -> list[StoredFinding]:
    """What the detectors leave of one post."""
    rng = np.random.default_rng(post.id)
    series = [[round(0.5 * at, 2), float(value)] for at, value in enumerate(rng.normal(1.0, 0.8, 16))]
    changes = [[round(0.05 * at, 2), float(value)] for at, value in enumerate(rng.uniform(0, 9, 240))]

    def picture(kind: str, place: int, **more: object) -> dict[str, object]:
        sha256 = pictures[(post.id * 7 + place) % len(pictures)]
        return {"kind": kind, "label": f"{kind} {place}", "start_s": float(place), "jpeg_sha256": sha256, **more}

    frames = [picture("frame", place, box=[0.3, 0.2, 0.3, 0.4]) for place in range(4)] if alert else []
    freeze: dict[str, object] = {
        "kind": "range",
        "label": "freeze: one frame is repeated 7 times",
        "start_s": 3.5,
        "end_s": 3.8,
    }
    found: list[tuple[str, str, float, list[dict[str, object]]]] = [
        ("faces", "identity", 0.0, frames),
        ("identity", "identity", 1.9 if alert else -1.0, [picture("crop", 4)] if alert else []),
        ("handle", "identity", 1.1, []),
        ("voice", "identity", 0.4, []),
        ("forgery", "synthesis", 0.5, [{"kind": "series", "label": "forgery score over time", "series": series}]),
        ("glitches", "synthesis", 0.0, [{"kind": "series", "label": "change", "series": changes}, freeze]),
        ("drift", "synthesis", 0.0, [{"kind": "series", "label": "likeness over time", "series": series}]),
        ("disclosure", "disclosure", -0.3, []),
        *((name, "spread", 0.0, []) for name in ("harm", "copies", "spread", "screen_text")),
        *((name, "synthesis", 0.0, []) for name in ("provenance", "platform_label", "voice_mismatch")),
    ]
    return [
        StoredFinding(
            post.id, detector, "1", question, "ok",
            f"What {detector} says of post {post.id}, in one plain sentence that is as long as they usually are.",
            score=0.5, unit="a unit", log10_lr=weight, exhibits=tuple(shown),
        )
        for detector, question, weight, shown in found
    ]  # fmt: skip


def _verdict(post: Post, priority: str) -> StoredVerdict:
    label = "unrelated" if priority == "none" else "impersonation_synthetic"
    questions = {
        name: {"log10_lr": weight, "support": "moderate support"}
        for name, weight in (("identity", 2.0), ("synthesis", 0.5), ("disclosure", -0.3), ("spread", None))
    }
    return StoredVerdict(
        post.id, label, priority, "a rule", f"Moderate support, on post {post.id}.", questions, "A hint."
    )


@dataclass(frozen=True, slots=True)
class Day:
    """How much comes in, and when."""

    at: datetime
    posts: int
    alerts: int


def _fill(store: Store, day: Day, pictures: list[str], *, loud_share: int = 2) -> None:
    """Poll, examine and judge; the alerts are those of the first half of the accounts, or of one in `loud_share`."""
    watched, at = store.accounts(), day.at
    each, loud_each = -(-day.posts // len(watched)), -(-loud_share * day.alerts // len(watched))
    left, loud = day.posts, day.alerts
    for place, account in enumerate(watched):
        count = min(each, left)
        left -= count
        seen = [
            SeenPost(
                platform_id=f"{at:%d}{account.id:04d}{number:06d}", url=f"{account.url}/video/{at:%d}{number}",
                caption=f"A caption of usual length, number {number}, of this account.", published_at=at - _DAY / 2,
                duration_s=12.0, views=1000 + number, likes=10,
            )
            for number in range(count)
        ]  # fmt: skip
        new = store.record_poll(
            PollRecord(account.id, at, "ok", requests=2),
            posts=seen,
            profile=Profile(account.id, at, account.handle, "A Name", "A bio.", False),
            metric=AccountMetric(account.id, at, 1000 * (place + 1) + int(at.timestamp()) % 997),
            next_check_at=at + _DAY,
            succeeded=True,
        )
        mine = min(loud, loud_each, count) if place * loud_share < len(watched) else 0
        loud -= mine
        with store.transaction():
            for number, post in enumerate(new):
                is_alert = number < mine
                priority = (
                    ("urgent", "high", "normal")[number % 3] if is_alert else "low" if number % 50 == 0 else "none"
                )
                sha256 = f"{post.id:064x}"
                store.record_fetch(post.id, Media(sha256, 1000, ".mp4"), at=at)
                store.record_examination(post.id, _findings(post, pictures, is_alert), at=at)
                store.record_verdict(_verdict(post, priority), at=at)


def _write(folder: Path, digest_id: int, now: datetime, answer: Connection) -> None:
    """Make the pages; in a process of its own, so that its peak is not that of filling the store."""
    with Store.open(folder / "store") as store:
        began = time.perf_counter()
        page = write_digest(store, store.digest(digest_id), settings=Settings(folder / "digests"), now=now)
        elapsed = time.perf_counter() - began
        store.mark_rendered(digest_id, str(page), now)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((elapsed, peak, page.stat().st_size))


def _apart(folder: Path, digest_id: int, now: datetime) -> tuple[float, float, int]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_write, args=(folder, digest_id, now, theirs))
    process.start()
    theirs.close()
    told: tuple[float, float, int] = ours.recv()
    process.join()
    return told


def _mail_kb(folder: Path) -> float:
    """Kilobytes of the mail's HTML on a day with forty alerts of as many accounts."""
    with Store.open(folder / "mail") as store:
        store.sync_accounts([_wanted(number) for number in range(MAIL_ALERTS)])
        day = Day(_NOW, MAIL_ALERTS, MAIL_ALERTS)
        _fill(store, day, _pictures(store), loud_share=1)
        digest = store.gather_digest("2026-11-25", covers_to=_NOW)
        page = build_page(store, digest, zone=ZoneInfo("Europe/Paris"), now=_NOW, previous=None)
    return round(len(digest_html(page).html.encode()) / 1024, 1)


def _wanted(number: int) -> Wanted:
    return Wanted(f"https://www.tiktok.com/@account{number}", "tiktok", "Aurelio Vantor", f"account{number}", 3600)


def _pictures(store: Store) -> list[str]:
    rng = np.random.default_rng(1)
    kept = []
    for _ in range(_PICTURES):
        coarse = rng.integers(0, 255, (40, 23, 3)).astype(np.uint8)
        picture = np.asarray(np.kron(coarse, np.ones((16, 16, 1), np.uint8)), np.uint8)
        kept.append(store.evidence.keep_bytes(jpeg(picture), ".jpg").sha256)
    return kept


def run(options: Options) -> Figures:
    """Fill a store, write the digest of a day and of the next."""
    posts, alerts, accounts = (
        (QUICK_POSTS, QUICK_ALERTS, QUICK_ACCOUNTS) if options.quick else (POSTS, ALERTS, ACCOUNTS)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = options.progress.add_task("digest", total=4)
        with Store.open(folder / "store") as store:
            store.sync_accounts([_wanted(number) for number in range(accounts)])
            pictures = _pictures(store)
            _fill(store, Day(_NOW, posts, alerts), pictures)
            first = store.gather_digest("2026-11-25", covers_to=_NOW)
        options.progress.advance(task)
        elapsed, peak, size = _apart(folder, first.id, _NOW)
        pages = len(list((folder / "digests").rglob("*.html")))
        options.progress.advance(task)
        stamps = _stamps(folder / "digests")
        with Store.open(folder / "store") as store:
            share = max(1, posts // NEXT_DAY_SHARE)
            _fill(store, Day(_NOW + _DAY, share, max(1, alerts // NEXT_DAY_SHARE)), pictures)
            second = store.gather_digest("2026-11-26", covers_to=_NOW + _DAY)
        next_day, _, _ = _apart(folder, second.id, _NOW + _DAY)
        after = _stamps(folder / "digests")
        options.progress.advance(task)
        mail_kb = _mail_kb(folder)
        options.progress.advance(task)
    return {
        "posts": posts,
        "alerts": alerts,
        "elapsed_s": round(elapsed, 2),
        "peak_mb": round(peak),
        "page_kb": round(size / 1024),
        "pages": pages,
        "next_day_s": round(next_day, 2),
        "next_day_pages": sum(stamps.get(path) != stamp for path, stamp in after.items()),
        "mail_html_kb": mail_kb,
    }


def _stamps(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*.html")}
