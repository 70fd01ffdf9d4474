"""Three mornings, with their archives: a busy day, a quiet one, and one when everything failed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.digest import write_digest
from bot.digest.model import Picture
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Status
from detectors.exhibits import jpeg
from storage import Account, AccountEvent, Avatar, Store, StoredVerdict
from tests.digest.scene import HOUR, NO_FACE, NOW, Scene, Settings, face, forgery, seed_case, seen_faces

DAY = timedelta(days=1)


def portrait(name: str) -> Picture:
    """A reference photo of nobody."""
    return Picture(jpeg(face(0, 240, 240)[0], 224), 224, 224, f"reference photo of {name}", kind="reference")


def glitches(freezes: bool = True) -> Finding:
    """What the detector of glitches says."""
    series = tuple((0.1 * at, 0.0 if 35 <= at < 38 else 3.0 + at % 5) for at in range(120))
    marks = Exhibit(ExhibitKind.RANGE, "freeze: one frame is repeated 7 times amid motion", start_s=3.5, end_s=3.8)
    return Finding(
        "glitches", "1", Question.SYNTHESIS, Status.OK,
        "The picture does not run smoothly: freeze at 3.50 s." if freezes else "No freeze was found.",
        exhibits=(Exhibit(ExhibitKind.SERIES, "change", series=series), *((marks,) if freezes else ())),
    )  # fmt: skip


def likeness(seed: int) -> Finding:
    """What the detector of identity says, with the face that it compared."""
    crop = Exhibit(
        ExhibitKind.CROP, "the face that comes nearest", start_s=3.4, jpeg=jpeg(face(seed, 240, 240)[0], 224)
    )
    statement = "A face much like Aurelio Vantor's is seen in 94% of the sampled frames."
    return Finding("identity", "1", Question.IDENTITY, Status.OK, statement, log10_lr=1.4, exhibits=(crop,))


def same_pictures() -> Finding:
    """What the detector of copies says of all three posts of the campaign."""
    named = Exhibit(
        ExhibitKind.TEXT, "same pictures elsewhere", field="address", text="https://www.tiktok.com/@x/video/1"
    )
    statement = "Another post shows the same pictures."
    return Finding("copies", "1", Question.SPREAD, Status.OK, statement, exhibits=(named,))


def busy(folder: Path) -> Path:
    """The seed case, a campaign of three accounts, and a verdict that changed since the day before."""
    with Store.open(folder / "store") as store:
        _told_yesterday(store)
        seed_case(store)
        scene = Scene(store)
        for number, handle in enumerate(("aureliovantor.gives", "vantor.aurelio", "aureliovantor_win")):
            account = scene.account(handle)
            seen = scene.seen(account, f"Send 100, get 200 back. Round {number + 1}.", views=240_000, hours=9)
            scene.poll(account, seen, at=NOW - 7 * HOUR, name="Aurelio Vantor", bio="Parody.", followers=9_000)
            later = replace(seen, views=410_000 // (number + 1) + 240_000)
            scene.poll(account, later, name="Aurelio Vantor", bio="Back to you.", followers=14_000)
            (post,) = store.posts(account_id=account.id)
            scene.examine(
                post, seen_faces(300), likeness(300), forgery(1.5, 0.55, seed=300), glitches(), same_pictures()
            )
            scene.judged(post, ("urgent", "high", "normal")[number], counter="The handle may be read as a fan's.")
            store.record_event(AccountEvent(account.id, NOW - 8 * HOUR, "bio", "Parody.", "Back to you."))
            _new_picture(store, account, number)
        scene.poll(lately := scene.account("vantor.late"), scene.seen(lately, "Nothing to score", views=90_000))
        (post,) = store.posts(account_id=lately.id)
        scene.examine(post, NO_FACE, glitches())
        scene.judged(post, "high")
        return _written(store, folder)


def _new_picture(store: Store, account: Account, number: int) -> None:
    """The account changed its picture this morning."""
    addresses = []
    for when, seed in ((NOW - DAY, 500 + number), (NOW - 2 * HOUR, 600)):
        small = store.evidence.keep_bytes(jpeg(face(seed, 240, 240)[0], 128), ".jpg").sha256
        addresses.append(f"https://p.example/{account.id}/{seed}.jpg")
        straight, mirrored = (hashlib.sha256(f"{seed} {way}".encode()).digest() for way in ("straight", "mirrored"))
        store.record_avatar(Avatar(account.id, when, addresses[-1], small, small, straight, mirrored))
    store.record_event(AccountEvent(account.id, NOW - 2 * HOUR, "avatar", *addresses))


def quiet(folder: Path) -> Path:
    """Everything was seen, and there was nothing but the official account."""
    with Store.open(folder / "store") as store:
        scene = Scene(store)
        scene.digest("2026-11-24", at=NOW - DAY)
        official = scene.account("aureliovantor")
        (post,) = scene.poll(
            official, scene.seen(official, "Thank you for last night.", views=640_000), name="Aurelio Vantor",
            bio="Me.", followers=4_100_000, verified=True,
        )  # fmt: skip
        scene.examine(post, seen_faces(100), forgery(-1.1, -0.4))
        scene.poll(scene.account("aurelio_baker"), name="Aurelio Bianchi", bio="Bread.", followers=2_300)
        return _written(store, folder)


def failed(folder: Path) -> Path:
    """No account could be seen."""
    with Store.open(folder / "store") as store:
        scene = Scene(store)
        scene.digest("2026-11-24", at=NOW - DAY)
        for handle, outcome in (
            ("aureliovantor", "blocked"),
            ("deepaureliovantor", "rate_limited"),
            ("aurelio_baker", "network"),
            ("realaureliovantor", "gone"),
            ("aureliovantor.fan", "login_needed"),
            ("vantor", "extractor_broken"),
        ):
            account = scene.account(handle)
            scene.poll(account, at=NOW - 30 * HOUR, name="Aurelio Vantor", followers=10)
            for hours in (20, 10, 1):
                scene.poll(account, at=NOW - hours * HOUR, outcome=outcome, detail="the platform answered otherwise")
        return _written(store, folder)


def _told_yesterday(store: Store) -> None:
    """A post that yesterday's digest called low, and that is high by now."""
    scene = Scene(store)
    account = scene.account("vantor.tickets")
    seen = scene.seen(account, "Win a day with me", views=4_000, hours=40)
    (post,) = scene.poll(account, seen, at=NOW - 30 * HOUR, name="Aurelio V")
    questions = {"identity": {"log10_lr": 1.2, "support": "moderate support"}}
    for priority, hours in (("low", 29), ("high", 2)):
        verdict = StoredVerdict(post.id, "impersonation_authentic", priority, "a rule", "Moderate support.", questions)
        store.record_verdict(verdict, at=NOW - hours * HOUR)


def _written(store: Store, folder: Path) -> Path:
    digest = store.gather_digest("2026-11-25", covers_to=NOW)
    return write_digest(store, digest, settings=Settings(folder / "digests"), now=NOW, portraits=portrait)
