"""Stores with real records for the digest's tests: real word detectors, the real judge, drawn faces of nobody."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from bot.pipeline import convert
from bot.pipeline.judge import stored_verdict
from bot.verdict import Case, judge
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.disclosure import Disclosure
from detectors.exhibits import jpeg
from detectors.handle import Handle
from detectors.specimen import OfficialAccount, Person, ProfileText, Specimen
from storage import (
    Account,
    AccountMetric,
    DigestRecord,
    PollRecord,
    Post,
    PostState,
    Profile,
    SeenPost,
    Store,
    StoredVerdict,
    WantedAccount,
)

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
DAY = "2026-11-25"
HOUR = timedelta(hours=1)
PERSON = Person("Aurelio Vantor", ("A. Vantor",), (OfficialAccount("tiktok", "aureliovantor"),))


@dataclass(frozen=True, slots=True)
class Settings:
    """The section `digest` of the configuration, as far as the digest reads it."""

    folder: Path
    timezone: str = "Europe/Paris"


def url(handle: str) -> str:
    return f"https://www.tiktok.com/@{handle}"


Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Box = tuple[float, float, float, float]


@functools.cache
def face(seed: int, width: int = 360, height: int = 640, shift: float = 0.0) -> tuple[Picture, Box]:
    """A drawn face before a soft background, nobody's, and its box as shares; `shift` moves it to the side."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    low, high = rng.uniform(60, 120, 3), rng.uniform(150, 220, 3)
    share = (rows / height * 0.7 + columns / width * 0.3)[..., None]
    picture = np.ascontiguousarray((low * share + high * (1 - share)).astype(np.uint8))
    middle = (int(width * (0.5 + shift)), int(height * (0.42 + shift / 3)))
    size = int(min(width, height) * 0.22)
    skin = tuple(int(part) for part in np.array([214, 164, 134]) + rng.uniform(-25, 20))
    hair = tuple(int(part) for part in np.array([70, 48, 34]) + rng.uniform(-25, 45))
    shirt = tuple(int(part) for part in rng.uniform(50, 160, 3))
    cv2.ellipse(picture, (middle[0], middle[1] + 3 * size), (2 * size, int(1.6 * size)), 0, 0, 360, shirt, -1)
    cv2.ellipse(picture, (middle[0], middle[1] - size // 4), (int(1.1 * size), int(1.35 * size)), 0, 0, 360, hair, -1)
    cv2.ellipse(picture, middle, (size, int(1.3 * size)), 0, 0, 360, skin, -1)
    for side in (-1, 1):
        eye = (middle[0] + side * size * 2 // 5, middle[1] - size // 5)
        cv2.ellipse(picture, eye, (size // 6, size // 9), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(picture, eye, size // 12, (60, 45, 30), -1)
    mouth = (middle[0], middle[1] + size * 3 // 5)
    cv2.ellipse(picture, mouth, (size * 2 // 5, size // 6), 0, 10, 170, (150, 60, 60), max(2, size // 20))
    box = ((middle[0] - size) / width, (middle[1] - 1.2 * size) / height, 2 * size / width, 2.4 * size / height)
    return cv2.GaussianBlur(picture, (0, 0), 1.2).astype(np.uint8), box


@functools.cache
def seen_faces(seed: int, *, wide: bool = False, share: float = 0.94) -> Finding:
    """What the `faces` detector says, with four frames."""
    shape = (640, 360) if wide else (360, 640)
    frames = []
    for time, shift in ((0.8, -0.06), (3.4, 0.0), (6.9, 0.07), (10.2, 0.03)):
        picture, box = face(seed, *shape, shift)
        frames.append(Exhibit(ExhibitKind.FRAME, f"face at {time:.1f} s", start_s=time, box=box, jpeg=jpeg(picture)))
    return Finding(
        "faces",
        "1",
        Question.IDENTITY,
        Status.OK,
        f"One face is seen in {share:.0%} of the sampled frames.",
        score=share,
        unit="share of sampled frames",
        exhibits=tuple(frames),
    )


def forgery(score: float, log10_lr: float, *, seed: int = 0) -> Finding:
    """What the `forgery` detector says, with its score over time and a cut-out."""
    rng = np.random.default_rng(seed)
    values = rng.normal(score, 0.9, 16)
    values += score - values.mean()
    series = tuple((0.4 + 0.72 * place, float(value)) for place, value in enumerate(values))
    leans = "synthetic than genuine" if log10_lr > 0 else "genuine than synthetic"
    return Finding(
        "forgery",
        "1+test",
        Question.SYNTHESIS,
        Status.OK,
        f"Over 16 looks at the face the forgery score is {score:+.2f} (positive leans to synthetic); such a score is "
        f"about {10 ** abs(log10_lr):.1f} times as common on {leans} clips of the test material, which is weak "
        "support and proves nothing alone.",
        score=score,
        unit="mean logit, positive is synthetic",
        log10_lr=log10_lr,
        exhibits=(
            Exhibit(
                ExhibitKind.SERIES,
                "forgery score over time (positive leans to synthetic)",
                start_s=series[0][0],
                end_s=series[-1][0],
                series=series,
            ),
            Exhibit(
                ExhibitKind.CROP,
                f"highest score {max(values):+.2f} at 4.7 s",
                start_s=4.7,
                jpeg=jpeg(face(seed, 240, 240)[0], 224),
            ),
        ),
    )


NO_FACE = Finding(
    "forgery",
    "1+test",
    Question.SYNTHESIS,
    Status.NOT_APPLICABLE,
    "No face was found that stays in the picture, so there is nothing to score.",
    Reason.NO_FACE,
)


class Scene:
    """A store that is filled step by step, as the pipeline would."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._wanted = [
            WantedAccount(one.url, one.platform, one.person, one.handle, one.interval_s) for one in store.accounts()
        ]
        self._posts = len(store.posts())

    def account(self, handle: str, *, person: str | None = PERSON.name, address: str | None = None) -> Account:
        """Name an account in the configuration."""
        self._wanted.append(WantedAccount(address or url(handle), "tiktok", person, handle, 3600))
        self.store.sync_accounts(self._wanted)
        return next(one for one in self.store.accounts() if one.url == self._wanted[-1].url)

    def poll(
        self,
        account: Account,
        *posts: SeenPost,
        at: datetime = NOW - HOUR / 2,
        outcome: str = "ok",
        detail: str = "",
        name: str | None = None,
        bio: str | None = None,
        followers: int | None = None,
        verified: bool | None = None,
        next_check_at: datetime = NOW + HOUR,
        examine_first: int | None = None,
    ) -> list[Post]:
        """Record a poll."""
        return self.store.record_poll(
            PollRecord(account.id, at, outcome, detail, requests=2),
            posts=posts,
            profile=Profile(account.id, at, account.handle, name, bio, verified),
            metric=AccountMetric(account.id, at, followers),
            next_check_at=next_check_at,
            succeeded=outcome in ("ok", "empty"),
            examine_first=examine_first,
        )

    def seen(self, account: Account, caption: str, *, views: int | None = None, hours: float = 20) -> SeenPost:
        """A post as a listing shows it."""
        self._posts += 1
        number = f"7{self._posts:018d}"
        return SeenPost(
            platform_id=number,
            url=f"{account.url}/video/{number}",
            caption=caption,
            published_at=NOW - timedelta(hours=hours),
            duration_s=12.0,
            views=views,
            likes=None if views is None else views // 25,
        )

    def examine(self, post: Post, *findings: Finding, ai_label: bool | None = False) -> Post:
        """Fetch and examine a post: the given findings, then the real ones of the detectors that read; then judge."""
        account = self.store.account(post.account_id)
        profile = self.store.latest_profile(account.id)
        assert profile is not None
        words = ProfileText(account.platform, account.handle, profile.display_name, profile.bio, post.caption, ai_label)
        person = PERSON if account.person == PERSON.name else None
        specimen = Specimen(profile=words, person=person)
        read = (Handle().examine(specimen), Disclosure().examine(specimen))
        everything = (*findings, *read)
        media = self.store.evidence.keep_bytes(f"clip {post.id}".encode(), ".mp4")
        self.store.record_fetch(post.id, media, at=NOW - HOUR / 3)
        self.store.record_examination(
            post.id,
            [convert.stored_finding(post.id, finding, self.store.evidence, NOW) for finding in findings],
            at=NOW - HOUR / 3,
        )
        reach, crowd = self.store.post_metrics(post.id), self.store.account_metrics(account.id)
        verdict = judge(
            Case(
                findings=everything,
                person=person,
                platform=account.platform,
                handle=account.handle,
                views=reach[-1].views if reach else None,
                followers=crowd[-1].followers if crowd else None,
            )
        )
        at = NOW - HOUR / 4
        context = [convert.stored_finding(post.id, one, self.store.evidence, at, "context") for one in read]
        self.store.record_verdict(stored_verdict(post.id, verdict, at), at=at, context=context)
        return self.store.post(post.id)

    def judged(
        self,
        post: Post,
        priority: str,
        label: str = "impersonation_synthetic",
        *,
        identity: float = 1.2,
        synthesis: float = 0.5,
        summary: str = "Moderate support that the account presents itself as the person.",
        counter: str = "",
    ) -> Post:
        """Give a post a verdict without an examination, for the tests of order."""
        questions = {
            "identity": {"log10_lr": identity, "support": "moderate support"},
            "synthesis": {"log10_lr": synthesis, "support": "weak support"},
            "disclosure": {"log10_lr": None, "support": "not examined"},
            "spread": {"log10_lr": None, "support": "reach not known"},
        }
        self.store.record_verdict(
            StoredVerdict(post.id, label, priority, "a rule", summary, questions, counter), at=NOW - HOUR / 4
        )
        return self.store.post(post.id)

    def digest(self, day: str = DAY, *, at: datetime = NOW) -> DigestRecord:
        """Gather what was judged."""
        return self.store.gather_digest(day, covers_to=at)


def seed_case(store: Store) -> DigestRecord:
    """The case that started it, on made-up accounts: what a morning looks like."""
    scene = Scene(store)
    scene.digest("2026-11-24", at=NOW - 24 * HOUR)
    store.mark_rendered(store.digests()[0].id, "2026-11-24.html", NOW - 24 * HOUR)
    deep = scene.account("deepaureliovantor")
    parody = scene.account("aureliovantor.parody")
    official = scene.account("aureliovantor")
    namesake = scene.account("aurelio_baker")
    gone = scene.account("realaureliovantor")
    limited = scene.account("aureliovantor.fanclips")

    golf = scene.seen(deep, "Sunday round. Did you see that swing?", views=5_100_000, hours=72)
    trip = scene.seen(deep, "Everybody falls. Get up laughing.", views=3_480_000, hours=48)
    coin = scene.seen(deep, "Watch the coin closely.", views=917_000, hours=20)
    bio = "Golf, tricks and the good life."
    posts = scene.poll(deep, golf, trip, coin, at=NOW - 20 * HOUR, name="Aurelio Vantor", bio=bio, followers=331_000)
    grown = [
        SeenPost(one.platform_id, one.url, one.caption, views=views, likes=views // 25)
        for one, views in ((golf, 5_400_000), (trip, 3_900_000), (coin, 1_450_000))
    ]
    scene.poll(deep, *grown, name="Aurelio Vantor", bio=bio, followers=379_500)
    for number, post in enumerate(posts):
        score, weight = ((1.31, 0.52), (0.62, 0.28), (1.74, 0.61))[number]
        scene.examine(post, seen_faces(10 * number), forgery(score, weight, seed=10 * number))

    shown = "Parody account. Every clip is a deepfake made for fun, not the real Aurelio."
    (fake,) = scene.poll(
        parody,
        scene.seen(parody, "If Aurelio sold carpets #parody #deepfake", views=48_000, hours=96),
        name="Aurelio Vantor (parody)", bio=shown, followers=12_800,
    )  # fmt: skip
    scene.examine(fake, seen_faces(80, wide=True), forgery(0.9, 0.4, seed=80), ai_label=True)

    for post in scene.poll(
        official,
        scene.seen(official, "Rehearsals started today.", views=900_000, hours=120),
        scene.seen(official, "Thank you for last night.", views=640_000, hours=30),
        name="Aurelio Vantor", bio="The only official account.", followers=4_100_000, verified=True,
    ):  # fmt: skip
        scene.examine(post, seen_faces(100 + post.id), forgery(-1.1, -0.4, seed=20 + post.id))

    (bread,) = scene.poll(
        namesake,
        scene.seen(namesake, "Why your starter sleeps in winter", views=5_200, hours=40),
        name="Aurelio Bianchi", bio="Sourdough, every morning at five.", followers=2_300,
    )  # fmt: skip
    scene.examine(bread, seen_faces(200), NO_FACE)

    scene.poll(gone, at=NOW - 30 * HOUR, outcome="ok", name="Aurelio Vantor", followers=120)
    scene.poll(gone, at=NOW - 27 * HOUR, outcome="gone", detail="the platform knows no such page")
    scene.poll(gone, outcome="gone", detail="the platform knows no such page", next_check_at=NOW + 20 * HOUR)
    scene.poll(
        limited, outcome="rate_limited", detail="the platform asks for fewer requests", next_check_at=NOW + 2 * HOUR
    )
    (lost,) = scene.poll(official, scene.seen(official, "Live tonight", views=80_000, hours=3), at=NOW - HOUR / 5)
    store.record_problem(
        lost.id, PostState.FAILED, "network: the platform answered 503", at=NOW - HOUR / 5, next_try_at=NOW + HOUR / 4
    )
    return scene.digest()
