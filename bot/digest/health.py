"""How the watching went: which accounts could be seen, which posts could not be examined, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.digest.foreign import foreign, link
from bot.digest.model import AccountHealth, Health, PostProblem
from bot.digest.wording import LATE, NEVER, OutcomeWords, outcome_words
from bot.sources.contract import Outcome
from bot.sources.told import what_control_says
from storage import Account, DigestRecord, PlatformState, Post, PostState, Store
from storage.polls import NOT_EXAMINED

LATE_AFTER = timedelta(hours=6)
"""An account whose latest successful poll is older than this, and than two of its intervals, counts as not watched."""

TRIED_FOR = timedelta(days=1)
"""A post that failed is named for this long beyond the digest's time, as it is tried again meanwhile."""

MOST_PROBLEMS = 30
"""Posts named one by one; more of them have one cause, which the accounts tell."""

_SUCCEEDED = frozenset(str(outcome) for outcome in Outcome if outcome.succeeded)
_WAITING = (PostState.SEEN, PostState.FETCHED, PostState.EXAMINED)


def health(store: Store, digest: DigestRecord, now: datetime) -> Health:
    """Look up how the watching went in the time that the digest covers, and how it stands now."""
    accounts = store.accounts()
    polls = [poll for poll in store.polls(since=digest.covers_from) if poll.at <= digest.covers_to]
    looks = Counter(poll.account_id for poll in polls)
    failed = Counter(poll.account_id for poll in polls if poll.outcome not in _SUCCEEDED)
    platforms = {state.door: state for state in store.platform_states()}
    views = [
        _account(account, digest, looks[account.id], failed[account.id], platforms.get(account.platform))
        for account in accounts
    ]
    views.sort(key=lambda view: view.seen)
    problems, left_out, indexed = _problems(store, {account.id: account for account in accounts}, digest)
    counts = store.counts()
    return Health(
        at=now,
        accounts=tuple(views),
        problems=problems,
        problems_left_out=left_out,
        waiting=sum(counts.get(str(state), 0) for state in _WAITING),
        indexed=indexed,
    )


def _account(
    account: Account, digest: DigestRecord, looks: int, failed: int, platform: PlatformState | None
) -> AccountHealth:
    words, seen, since = _state(account, digest)
    control = "" if seen else _control(platform, since)
    return AccountHealth(
        handle=foreign(account.handle, 60),
        platform=account.platform,
        link=link(account.url),
        seen=seen,
        outcome=account.outcome or "",
        word=words.word,
        meaning=f"{words.meaning} {control}".strip(),
        remedy=words.remedy,
        detail=foreign(account.detail, 200),
        since=since,
        last_ok_at=account.last_ok_at,
        next_check_at=account.next_check_at,
        looks=looks,
        failed_looks=failed,
    )


def _control(platform: PlatformState | None, since: datetime | None) -> str:
    """What the platform's control account says of a trouble, where it was asked since that began."""
    if platform is None or platform.control_outcome is None or platform.control_at is None:
        return ""
    if since is None or platform.control_at < since:
        return ""
    return what_control_says(platform.door, platform.control_outcome)


def _state(account: Account, digest: DigestRecord) -> tuple[OutcomeWords, bool, datetime | None]:
    """The words for how an account stands, whether it counts as seen, and since when it stands so."""
    if account.outcome is None:
        return NEVER, False, None
    if account.outcome not in _SUCCEEDED:
        return outcome_words(account.outcome), False, account.outcome_since
    patience = max(LATE_AFTER, 2 * timedelta(seconds=account.interval_s))
    if account.last_ok_at is None or digest.covers_to - account.last_ok_at > patience:
        return LATE, False, account.last_ok_at
    return outcome_words(account.outcome), True, account.outcome_since


def _problems(
    store: Store, accounts: Mapping[int, Account], digest: DigestRecord
) -> tuple[tuple[PostProblem, ...], int, int]:
    """Posts that ended badly, newest first; how many more there are; how many were never to be examined."""
    skipped = [post for post in store.posts(state=PostState.SKIPPED) if post.account_id in accounts]
    chosen_not = [post for post in skipped if post.problem == NOT_EXAMINED]
    bad = [post for post in skipped if post.problem != NOT_EXAMINED]
    for state in (PostState.GONE, PostState.FAILED):
        bad += [post for post in store.posts(state=state) if post.account_id in accounts]
    bad = [post for post in bad if post.state_since <= digest.covers_to]
    recent = [post for post in bad if _is_recent(post, digest)]
    recent.sort(key=lambda post: (post.state_since, post.id), reverse=True)
    shown = tuple(_problem(post, accounts[post.account_id]) for post in recent[:MOST_PROBLEMS])
    return shown, len(bad) - len(shown), len(chosen_not)


def _is_recent(post: Post, digest: DigestRecord) -> bool:
    if digest.covers_from is None:
        return True
    grace = TRIED_FOR if post.state is PostState.FAILED else timedelta(0)
    return post.state_since > digest.covers_from - grace


def _problem(post: Post, account: Account) -> PostProblem:
    return PostProblem(
        handle=foreign(account.handle, 60),
        link=link(post.url),
        state=str(post.state),
        problem=foreign(post.problem, 200),
        since=post.state_since,
        next_try_at=post.next_try_at,
    )
