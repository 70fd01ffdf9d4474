"""Between the rooms: findings of `detectors` as rows of `storage` and back, posts of `sources` as rows.

The two packages must not know each other, so the translation stands here, in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.config import Config
from bot.sources.contract import ListedPost, ListedProfile, TrailEntry
from bot.sources.registry import handle_of, platform_of
from bot.verdict import Decided, Decision
from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status, Vote
from detectors.specimen import FrameHash, OfficialAccount, Person, ProfileText
from storage import Account, AccountMetric, Evidence, Post, Profile, Review, SeenPost, StoredFinding, StoredHash


def seen_post(listed: ListedPost) -> SeenPost:
    """A post as a listing shows it, as a row on its way into the store."""
    return SeenPost(
        platform_id=listed.platform_id,
        url=listed.url,
        caption=listed.caption,
        published_at=listed.published_at,
        duration_s=listed.duration_s,
        ai_label=listed.ai_label,
        views=listed.views,
        likes=listed.likes,
        comments=listed.comments,
        shares=listed.shares,
        subtitles=listed.subtitles,
    )


def profile_row(account_id: int, listed: ListedProfile, at: datetime) -> Profile:
    """The words and flags of a profile at one time."""
    return Profile(
        account_id=account_id,
        seen_at=at,
        handle=listed.handle,
        display_name=listed.display_name,
        bio=listed.bio,
        verified=listed.verified,
        avatar_url=listed.avatar_url,
    )


def metric_row(account_id: int, listed: ListedProfile, at: datetime) -> AccountMetric | None:
    """The numbers of a profile at one time, or None where the source sees none."""
    if listed.followers is None and listed.posts is None:
        return None
    return AccountMetric(account_id=account_id, at=at, followers=listed.followers, posts=listed.posts)


def trail_rows(trail: Sequence[TrailEntry]) -> tuple[Mapping[str, Any], ...]:
    """The requests of a poll as plain mappings, without what is empty."""
    rows = []
    for entry in trail:
        row = {
            "host": entry.host,
            "status": entry.status,
            "error": entry.error,
            "retry_after_s": entry.retry_after_s,
        }
        rows.append({name: value for name, value in row.items() if value is not None})
    return tuple(rows)


def person_of(config: Config, name: str | None) -> Person | None:
    """The protected person as a detector needs to know them, or None where no person is named."""
    for person in config.people:
        if person.name == name:
            return Person(
                name=person.name,
                aliases=tuple(person.aliases),
                official=tuple(OfficialAccount(platform_of(url), handle_of(url)) for url in person.official),
            )
    return None


def profile_text(account: Account, profile: Profile | None, post: Post) -> ProfileText:
    """What account and post say of themselves, for the detectors that read."""
    return ProfileText(
        platform=account.platform,
        handle=(profile.handle if profile is not None else None) or account.handle,
        display_name=profile.display_name if profile is not None else None,
        bio=profile.bio if profile is not None else None,
        caption=post.caption,
        ai_label=post.ai_label,
        seen_at=profile.seen_at if profile is not None else None,
    )


def earlier_words(account: Account, profile: Profile) -> ProfileText:
    """What the account said of itself at an earlier time; what its posts said then is not kept."""
    return ProfileText(
        platform=account.platform,
        handle=profile.handle,
        display_name=profile.display_name,
        bio=profile.bio,
        seen_at=profile.seen_at,
    )


def decided(review: Review) -> Decided:
    """A person's decision as the judge takes it."""
    return Decided(Decision(review.decision), review.note, review.at)


def exhibit_mapping(exhibit: Exhibit, evidence: Evidence | None = None) -> dict[str, Any]:
    """An exhibit as plain JSON values without what is empty; its picture goes into the evidence folder.

    Without an evidence folder the picture's bytes are left out.
    """
    plain: dict[str, Any] = {"kind": str(exhibit.kind), "label": exhibit.label}
    for name in ("start_s", "end_s", "field", "text"):
        value = getattr(exhibit, name)
        if value is not None:
            plain[name] = value
    if exhibit.box is not None:
        plain["box"] = [round(share, 5) for share in exhibit.box]
    if exhibit.series:
        plain["series"] = [[round(time, 3), round(value, 5)] for time, value in exhibit.series]
    if exhibit.jpeg is not None and evidence is not None:
        plain["jpeg_sha256"] = evidence.keep_bytes(exhibit.jpeg, ".jpg").sha256
    return plain


def stored_finding(
    post_id: int, finding: Finding, evidence: Evidence, at: datetime, stage: str = "clip"
) -> StoredFinding:
    """A finding as a row; pictures are kept first, so that a row never names a missing one.

    `stage` is "clip" for what the bytes say, and "context" for what is made anew at each judging.
    """
    return StoredFinding(
        post_id=post_id,
        detector=finding.detector,
        version=finding.version,
        question=str(finding.question),
        status=str(finding.status),
        statement=finding.statement,
        reason=None if finding.reason is None else str(finding.reason),
        score=finding.score,
        unit=finding.unit,
        log10_lr=finding.log10_lr,
        exhibits=tuple(exhibit_mapping(exhibit, evidence) for exhibit in finding.exhibits),
        votes=tuple({"model": vote.model, "score": vote.score, "log10_lr": vote.log10_lr} for vote in finding.votes),
        examined_at=at,
        stage=stage,
    )


def stored_hashes(post_id: int, hashes: tuple[FrameHash, ...]) -> list[StoredHash]:
    """A fingerprint as rows."""
    rows = []
    for one in hashes:
        kinds = [("whole", one.pdq), ("mirrored", one.mirrored), *(("inner", bits) for bits in one.inner)]
        if one.face is not None:
            kinds.append(("face", one.face))
        rows += [StoredHash(post_id, one.time_s, kind, bits, one.quality) for kind, bits in kinds if bits]
    return rows


def finding_of(row: StoredFinding) -> Finding:
    """A stored finding as the judge reads it; pictures stay in the evidence folder."""
    return Finding(
        detector=row.detector,
        version=row.version,
        question=Question(row.question),
        status=Status(row.status),
        statement=row.statement,
        reason=None if row.reason is None else Reason(row.reason),
        score=row.score,
        unit=row.unit,
        log10_lr=row.log10_lr,
        exhibits=tuple(
            Exhibit(
                kind=ExhibitKind(plain["kind"]),
                label=plain["label"],
                start_s=plain.get("start_s"),
                end_s=plain.get("end_s"),
                field=plain.get("field"),
                text=plain.get("text"),
            )
            for plain in row.exhibits
        ),
        votes=tuple(Vote(vote["model"], vote["score"], vote["log10_lr"]) for vote in row.votes),
    )
