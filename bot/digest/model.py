"""What a digest page says, as values: made from the store by :mod:`bot.digest.build`, shown by the renderers.

Texts from outside are already bounded and carry no acting characters (:mod:`bot.digest.foreign`); they are
not escaped, which is the renderers' part. Times are aware, numbers are raw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest.foreign import Link
from bot.digest.notices import Notice
from bot.verdict.quotes import Quote


@dataclass(frozen=True, slots=True)
class Measure:
    """A count that was taken at least once, with what it was at first."""

    value: int
    at: datetime
    first: int
    first_at: datetime
    series: tuple[tuple[datetime, int], ...] = ()
    """Every measurement, oldest first, thinned to what a small chart can show."""

    @property
    def change(self) -> int | None:
        """How much it grew since the first measurement; None where there was only one."""
        return self.value - self.first if self.at > self.first_at else None

    @property
    def over(self) -> timedelta:
        """The time between the first measurement and the latest."""
        return self.at - self.first_at


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of the clip. `box` is the face: left, top, width, height as shares of the picture.

    `kind` is `frame` (a whole picture), `glitch` (one that lies at a glitch), `likeness` (the face that was compared
    with the reference photos), `crop` (another cut-out), `reference` (a photo of the protected person) or `profile` (a
    picture of a profile).
    """

    jpeg: bytes
    width: int
    height: int
    label: str
    at_s: float | None = None
    box: tuple[float, float, float, float] | None = None
    kind: str = "frame"


@dataclass(frozen=True, slots=True)
class Score:
    """A score over the time of the clip: (seconds, value) in order of time; positive leans to synthetic."""

    points: tuple[tuple[float, float], ...]
    mean: float | None
    label: str

    @property
    def lowest(self) -> float:
        """The smallest value."""
        return min(value for _, value in self.points)

    @property
    def highest(self) -> float:
        """The largest value."""
        return max(value for _, value in self.points)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a clip's time where something was noticed, such as a freeze; `kind` is one word for it."""

    kind: str
    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Strip:
    """What was measured over the time of a clip, to be drawn above each other on one line of time.

    Attributes:
        score: the forgery score, or None where no face was scored.
        changes: (seconds, change from frame to frame in gray levels), which shows how the clip runs; may be empty.
        marks: glitches, and stretches where the face may be another one, in order of time.
        end_s: the end of the line of time.
    """

    score: Score | None
    changes: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    end_s: float


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed on an account's profile, or happened to it.

    `what` names the field or event in words. `before` and `after` are None where the event has no such text. Of a
    picture that is another one, both are beside it as far as they are kept; `alike` says that they look the same.
    """

    at: datetime
    kind: str
    what: str
    before: str | None
    after: str | None
    picture_before: Picture | None = None
    picture_after: Picture | None = None
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """Accounts whose posts of one digest show the same pictures; `lead` is the number of the most pressing one."""

    lead: int
    handles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the four questions: `support` in graded words, `log10_lr` None where nothing could be said."""

    question: str
    asked: str
    support: str
    log10_lr: float | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the label rests on, strongest first, with what speaks against it at the same level.

    Attributes:
        towards: statements that support the label.
        against: statements that speak against it.
        neither: statements that change nothing.
        unseen: what could not be examined, and why.
    """

    towards: tuple[str, ...]
    against: tuple[str, ...]
    neither: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostView:
    """One judged post."""

    post_id: int
    account_id: int
    link: Link
    caption: str
    published_at: datetime | None
    first_seen_at: datetime
    duration_s: float | None
    label: str
    label_text: str
    priority: str
    summary: str
    answers: tuple[Answer, ...]
    declared: bool
    quotes: tuple[Quote, ...]
    reasons: Reasons
    views: Measure | None
    likes: int | None
    sha256: str | None
    judged_at: datetime | None
    weight: float
    """Sum of the log10 likelihood ratios of identity and synthesis; posts of one priority are ordered by it."""
    pictures: tuple[Picture, ...] = ()
    pictures_left_out: int = 0
    score: Score | None = None
    strip: Strip | None = None
    copies: tuple[Link, ...] = ()
    """Other posts that show the same pictures."""

    @property
    def declarations(self) -> tuple[Quote, ...]:
        """The words that say something to everybody; a hint in the handle is told among the reasons."""
        return tuple(quote for quote in self.quotes if not quote.is_hint)


@dataclass(frozen=True, slots=True)
class AccountView:
    """A watched account with those of its posts that are shown together, strongest first."""

    account_id: int
    handle: str
    display_name: str
    bio: str
    platform: str
    person: str | None
    link: Link
    verified: bool
    followers: Measure | None
    posts: tuple[PostView, ...]
    posts_elsewhere: int = 0
    """Posts of the same priorities that found no room here and follow in the table."""
    portrait: Picture | None = None
    """A reference photo of the protected person, cut to the face."""
    changes: tuple[Change, ...] = ()
    """What changed on the profile in the time that the digest covers, oldest first."""
    campaign: Campaign | None = None
    """The accounts that show the same pictures, this one among them."""

    @property
    def lead(self) -> PostView:
        """The strongest post, which speaks for the account."""
        return self.posts[0]

    @property
    def views(self) -> int | None:
        """Views of the posts shown here together, None where no count is known."""
        known = [post.views.value for post in self.posts if post.views is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Row:
    """One post in a table, with its account."""

    account: AccountView
    post: PostView


@dataclass(frozen=True, slots=True)
class ChangedView:
    """A post of an earlier digest whose verdict changed in the time that this one covers.

    Attributes:
        told_on: the day of the digest that holds the post.
        told_text, told: label and priority as they were when the time began.
        label, label_text, priority: what holds at its end.
        at: when the verdict changed last.
        note: what a person wrote when deciding on it; empty where nobody did.
    """

    post_id: int
    account_id: int
    handle: str
    platform: str
    person: str | None
    caption: str
    link: Link
    told_on: date
    told_text: str
    told: str
    label: str
    label_text: str
    priority: str
    at: datetime
    decided: bool
    note: str
    views: Measure | None


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What changed on the profile of an account that has no card of its own."""

    account_id: int
    handle: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """How the watching of one account went.

    `looks` and `failed_looks` count the polls in the time that the digest covers. `seen` tells whether
    the account counts as watched at its end: the latest poll succeeded and is not too long ago.
    """

    handle: str
    platform: str
    link: Link
    seen: bool
    outcome: str
    word: str
    meaning: str
    remedy: str
    detail: str
    since: datetime | None
    last_ok_at: datetime | None
    next_check_at: datetime | None
    looks: int
    failed_looks: int


@dataclass(frozen=True, slots=True)
class PostProblem:
    """A post that could not be examined, and why."""

    handle: str
    link: Link
    state: str
    problem: str
    since: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """What was watched and what could not be seen; `at` is when it was looked up.

    Attributes:
        accounts: all watched accounts, those that could not be seen first.
        problems: posts that ended as gone, skipped or failed in the time that the digest covers.
        problems_left_out: how many more there are, from before or beyond the limit of the page.
        waiting: posts that are known and not judged yet.
        indexed: posts from before the watch began, which are measured and not examined.
    """

    at: datetime
    accounts: tuple[AccountHealth, ...]
    problems: tuple[PostProblem, ...]
    problems_left_out: int
    waiting: int
    indexed: int

    @property
    def unseen(self) -> tuple[AccountHealth, ...]:
        """The accounts that could not be seen."""
        return tuple(account for account in self.accounts if not account.seen)

    @property
    def fine(self) -> tuple[AccountHealth, ...]:
        """The accounts that were watched as they should be."""
        return tuple(account for account in self.accounts if account.seen)

    @property
    def silence_is_proven(self) -> bool:
        """Whether "nothing found" means that there was nothing: every account seen, every new post examined."""
        return bool(self.accounts) and not self.unseen and not self.problems and not self.waiting


@dataclass(frozen=True, slots=True)
class Page:
    """One day's digest.

    Attributes:
        alerts: accounts with posts of priority urgent, high or normal, most pressing first.
        minor: accounts with posts of priority low.
        more: posts of those priorities that found no room above.
        quiet: posts without an alert: official, unrelated.
        rows_left_out: posts without an alert beyond the limit of the page.
        pressing: how many accounts need somebody, by the priority of their strongest post; also those without a card.
        priorities: how many posts there are of each priority.
        previous: the day of the digest before, where its page exists.
        changed: posts of earlier digests whose verdict changed, those that became more pressing first.
        profiles: what changed on profiles of accounts without a card.
        archived: pages of accounts and cases lie beside this page and may be linked.
        notices: what the reader must know of the watch itself: a gap before this digest, what failed in its time.
    """

    day: date
    zone: ZoneInfo
    covers_from: datetime | None
    covers_to: datetime
    alerts: tuple[AccountView, ...]
    minor: tuple[AccountView, ...]
    more: tuple[Row, ...]
    more_left_out: int
    quiet: tuple[Row, ...]
    rows_left_out: int
    pressing: Mapping[str, int]
    priorities: Mapping[str, int]
    health: Health
    previous: date | None = None
    changed: tuple[ChangedView, ...] = ()
    profiles: tuple[ProfileChanges, ...] = ()
    archived: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def examined(self) -> int:
        """How many posts were judged for this digest."""
        return sum(self.priorities.values())
