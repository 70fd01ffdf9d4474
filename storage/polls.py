"""What a poll brought, committed in one transaction: its outcome, the profile, the numbers, the posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from storage.accounts import Accounts
from storage.posts import Posts
from storage.records import Account, AccountMetric, PollRecord, Post, PostState, Profile, SeenPost
from storage.rows import column_value, time_text, to_row

NOT_EXAMINED = "indexed at first contact"
"""Why a post is skipped that was there before the account was watched and beyond the newest few."""

_COUNTS = ("views", "likes", "comments", "shares")


class Polls(Accounts, Posts):
    """Recording polls, the one place where accounts and posts change together."""

    def record_poll(
        self,
        poll: PollRecord,
        *,
        posts: Sequence[SeenPost] = (),
        profile: Profile | None = None,
        metric: AccountMetric | None = None,
        stable_id: str | None = None,
        next_check_at: datetime,
        examine_first: int | None = None,
        succeeded: bool,
        measured: bool = False,
        with_profile: bool = False,
    ) -> list[Post]:
        """Commit everything that one poll saw, together or not at all.

        Args:
            poll: what was done and how it ended; its `new_posts` is counted here.
            posts: what the listing showed, known posts included: each gets a row of reach where it shows
                any count, and a known one whose caption or AI label is another now gets the new one.
                A caption that is not shown, or a label that is not shown, wipes nothing.
            profile: the profile as shown; a row is added where it says something new.
            metric: followers and posts; a row is added where it has any number.
            stable_id: the platform's own id, pinned at first sight and never changed after.
            next_check_at: when the account is due again.
            examine_first: at first contact, how many of the newest posts are examined; the others are
                skipped, and only their reach is measured. None examines all.
            succeeded: whether the platform answered and was understood, which resets the error count.
            measured: the list was read as far as it was to be, known posts included.
            with_profile: the profile was asked for, and shown.

        Returns:
            The posts that were new, oldest first.

        Raises:
            RecordNotFound: there is no such account.
        """
        with self.transaction():
            account = self.account(poll.account_id)
            self._record_outcome(account, poll, stable_id, next_check_at, succeeded=succeeded)
            for column, done in (("measured_at", measured), ("profile_at", with_profile)):
                if done:
                    sql = f"UPDATE accounts SET {column} = ? WHERE id = ?"  # noqa: S608 - names are ours
                    self.write(sql, [time_text(poll.at), account.id])
            if profile is not None:
                self._record_profile(replace(profile, account_id=account.id))
            if metric is not None:
                counts = _counts({"followers": metric.followers, "posts": metric.posts})
                if counts:
                    self.insert("account_metrics", {"account_id": account.id, "at": time_text(metric.at)} | counts)
            new = self._record_posts(poll, posts, examine_first)
            self.insert("polls", to_row(poll, new_posts=len(new)))
        return new

    def _record_outcome(
        self, account: Account, poll: PollRecord, stable_id: str | None, next_check_at: datetime, *, succeeded: bool
    ) -> None:
        """Bring the account's row to how the poll ended."""
        self.write(
            """
            UPDATE accounts SET
                outcome_since = iif(outcome IS :outcome, outcome_since, :at), outcome = :outcome, detail = :detail,
                last_ok_at = iif(:succeeded, :at, last_ok_at),
                error_count = iif(:succeeded, 0, error_count + 1),
                next_check_at = :next_check_at,
                stable_id = coalesce(stable_id, :stable_id)
            WHERE id = :id
            """,
            {
                name: column_value(value)
                for name, value in {
                    "id": account.id,
                    "at": poll.at,
                    "outcome": poll.outcome,
                    "detail": poll.detail,
                    "succeeded": succeeded,
                    "next_check_at": next_check_at,
                    "stable_id": stable_id or None,
                }.items()
            },
        )

    def _record_profile(self, shown: Profile) -> None:
        """Append the profile where it says something new; the account takes over a new handle."""
        # as it will lie in the columns: half an emoji that was mended before must not count as a change
        shown = replace(shown, **_clean(shown))
        latest = self.latest_profile(shown.account_id)
        whole = shown if latest is None else _overlaid(latest, shown)
        if latest is None or _told(whole) != _told(latest):
            self.insert("profiles", to_row(whole))
        if whole.handle:
            self.write("UPDATE accounts SET handle = ? WHERE id = ?", [whole.handle, shown.account_id])

    def _record_posts(self, poll: PollRecord, listed: Sequence[SeenPost], examine_first: int | None) -> list[Post]:
        """Add the posts that are new, refresh those that are known, and measure the reach of all."""
        shown: dict[str, SeenPost] = {}
        for post in listed:
            # a pinned post stands twice in some listings
            shown.setdefault(str(column_value(post.platform_id)), post)
        numbers: dict[str, int] = {}
        for platform_id, post in shown.items():
            before = self.find_post(poll.account_id, platform_id)
            if before is not None:
                numbers[platform_id] = before.id
                self._refresh(before, post)
        unseen = [platform_id for platform_id in shown if platform_id not in numbers]
        unseen.sort(key=lambda platform_id: _published(shown[platform_id]), reverse=True)
        new = []
        for place, platform_id in reversed(list(enumerate(unseen))):
            chosen = examine_first is None or place < examine_first
            numbers[platform_id] = self._add(poll, shown[platform_id], chosen=chosen)
            new.append(numbers[platform_id])
        for platform_id, post in shown.items():
            self._measure(numbers[platform_id], post, poll.at)
        return [self.post(number) for number in new]

    def _add(self, poll: PollRecord, post: SeenPost, *, chosen: bool) -> int:
        """Insert a post that was never seen before; one that is not chosen is only measured."""
        row = to_row(
            post,
            account_id=poll.account_id,
            state=PostState.SEEN if chosen else PostState.SKIPPED,
            problem="" if chosen else NOT_EXAMINED,
            first_seen_at=poll.at,
            state_since=poll.at,
        )
        # the reach lies in a table of its own
        return self.insert("posts", {name: value for name, value in row.items() if name not in _COUNTS})

    def _refresh(self, before: Post, shown: SeenPost) -> None:
        """Take over what the listing shows otherwise than before; what it does not show stays."""
        changes = {
            "caption": shown.caption or before.caption,
            "ai_label": before.ai_label if shown.ai_label is None else shown.ai_label,
            "published_at": before.published_at or shown.published_at,
            "duration_s": before.duration_s or shown.duration_s,
            "subtitles": shown.subtitles or before.subtitles,
        }
        row = {name: column_value(value) for name, value in changes.items()}
        if any(column_value(getattr(before, name)) != value for name, value in row.items()):
            self.write(
                """
                UPDATE posts SET caption = :caption, ai_label = :ai_label, published_at = :published_at,
                    duration_s = :duration_s, subtitles = :subtitles
                WHERE id = :id
                """,
                row | {"id": before.id},
            )

    def _measure(self, post_id: int, shown: SeenPost, at: datetime) -> None:
        """Append the post's reach where the listing shows any of it."""
        counts = _counts({name: getattr(shown, name) for name in _COUNTS})
        if counts:
            self.insert("post_metrics", {"post_id": post_id, "at": time_text(at)} | counts)


def _published(post: SeenPost) -> str:
    """Sort key; a post without a time counts as the oldest, and stays in the order of the listing."""
    return "" if post.published_at is None else time_text(post.published_at)


def _counts(shown: Mapping[str, int | None]) -> dict[str, int]:
    """The counts that were shown and can be: nobody has minus three followers, or more than fit 64 bits."""
    return {name: value for name, value in shown.items() if value is not None and 0 <= value < 2**63}


def _clean(profile: Profile) -> dict[str, Any]:
    """The texts of a profile as they will lie in the columns."""
    values = {field.name: getattr(profile, field.name) for field in fields(profile)}
    return {name: column_value(value) for name, value in values.items() if isinstance(value, str)}


def _overlaid(latest: Profile, shown: Profile) -> Profile:
    """The profile as shown, with what this poll did not show taken from before."""
    unseen = {field.name: getattr(latest, field.name) for field in fields(shown) if getattr(shown, field.name) is None}
    return replace(shown, **unseen)


def _told(profile: Profile) -> tuple[object, ...]:
    """What makes one profile another than the last.

    Of the avatar's address only the path counts: platforms sign it anew at each request and serve it
    from changing hosts.
    """
    avatar = None if profile.avatar_url is None else _path_of(profile.avatar_url)
    return profile.handle, profile.display_name, profile.bio, profile.verified, avatar


def _path_of(address: str) -> str:
    """The path of an address; an address that is none stands for itself."""
    try:
        return urlsplit(address).path or address
    except ValueError:
        return address
