"""How accounts are looked at: the group `polling` of the table of options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.section import Section
from bot.config.subjects import asked_platform
from bot.config.values import Count, Duration, Flag, Host, Hours, Kind, PartOfDay, growing


@dataclass(frozen=True, slots=True)
class Manners:
    """What one platform is asked at most: requests of looks, and downloads, in any 60 minutes and any 24 hours.

    Attributes:
        quiet: the hours in which it is left alone, in the time zone of the digest; None for no such hours.
    """

    requests_per_hour: int
    requests_per_day: int
    downloads_per_hour: int
    downloads_per_day: int
    quiet: Hours | None = None


class PlatformPolling(Section):
    """Limits and quiet hours of one platform."""

    name: Annotated[str, AfterValidator(asked_platform), Kind("text")] = Field(
        description="Name of the platform, as the README's table has it.", examples=["tiktok"]
    )
    requests_per_hour: Annotated[Count, Field(ge=20, le=100_000)] | None = Field(
        None, description="Instead of polling.requests_per_hour.", examples=[300]
    )
    requests_per_day: Annotated[Count, Field(ge=20, le=1_000_000)] | None = Field(
        None, description="Instead of polling.requests_per_day.", examples=[3000]
    )
    downloads_per_hour: Annotated[Count, Field(ge=1, le=100_000)] | None = Field(
        None, description="Instead of polling.downloads_per_hour.", examples=[50]
    )
    downloads_per_day: Annotated[Count, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="Instead of polling.downloads_per_day.", examples=[500]
    )
    quiet: PartOfDay | None = Field(
        None,
        description=(
            "Hours in which the platform is asked nothing, in digest.timezone. An account that nobody looked at for "
            "six hours is told as unwatched, so keep them short, and the digest some hours behind them."
        ),
        examples=["01:00-05:00"],
    )


class Polling(Section):
    """How accounts are looked at."""

    interval: Duration = Field(
        timedelta(minutes=45),
        ge=timedelta(minutes=5),
        le=timedelta(days=7),
        description=(
            "Time between two looks at an account. Platforms answer faster watchers with refusals, "
            "and in more than a week posts leave the part of the listing that is read."
        ),
    )
    slowest: Duration = Field(
        timedelta(hours=3),
        ge=timedelta(minutes=5),
        # with the jitter less than the six hours after which the digest calls an account unwatched
        le=timedelta(hours=5),
        description=(
            "Longest time between two looks at an account that seldom posts, unless polling.interval is longer; one "
            "that posts daily is looked at once an hour. Accounts with an interval of their own keep it."
        ),
    )
    requests_per_hour: Count = Field(
        1200,
        ge=20,
        le=100_000,
        description="Requests that the looks at one platform may send within 60 minutes; accounts beyond wait.",
    )
    requests_per_day: Count = Field(
        15_000, ge=20, le=1_000_000, description="Requests that the looks at one platform may send within 24 hours."
    )
    downloads_per_hour: Count = Field(
        200,
        ge=1,
        le=100_000,
        description="Clips that are downloaded from one platform within 60 minutes; posts beyond wait.",
    )
    downloads_per_day: Count = Field(
        2000, ge=1, le=1_000_000, description="Clips that are downloaded from one platform within 24 hours."
    )
    platforms: tuple[PlatformPolling, ...] = Field(
        (),
        description="Other limits for single platforms, and hours in which they are left alone.",
    )
    profile: Duration = Field(
        timedelta(hours=2),
        ge=timedelta(0),
        le=timedelta(hours=6),
        description=(
            "Time after which a look reads the profile, too. In between, posts alone are asked for where a platform "
            "gives them with fewer requests."
        ),
    )
    remeasure: Annotated[
        tuple[Annotated[Duration, Field(ge=timedelta(minutes=5), le=timedelta(days=365))], ...],
        AfterValidator(growing),
    ] = Field(
        tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24)),
        description=(
            "Times after the first sight of a post at which its account's list is read as far as listing_limit, so "
            "that views, likes and followers are measured again; the next look does it along the way. Posts with an "
            "alert go on at twice the last time, four times, and so on."
        ),
    )
    first_index: Count = Field(
        15,
        ge=1,
        le=500,
        description="Newest posts of each of its lists that are recorded at the first contact with an account.",
    )
    first_examine: Count = Field(
        5, ge=0, le=500, description="How many of those are examined, newest first; the others are only recorded."
    )
    listing_limit: Count = Field(
        15, ge=1, le=500, description="Posts that a later look reads at most, of each list of an account."
    )
    stop_after_known: Count = Field(
        3,
        ge=1,
        le=100,
        description="Known posts in a row that end a look; more than the posts that an account has pinned.",
    )
    max_requests: Count = Field(12, ge=2, le=200, description="Requests that one look may send.")
    deadline: Duration = Field(
        timedelta(seconds=60),
        ge=timedelta(seconds=5),
        le=timedelta(minutes=10),
        description="Time after which a look is given up.",
    )
    hosts: tuple[Host, ...] = Field(
        (),
        description=(
            "Hosts that sources may ask beside a platform's own, each with all names below it; for a content network "
            "that got a new name, which the look that was refused tells."
        ),
        examples=[["cdn.example.com"]],
    )
    impersonate: Flag = Field(
        False,
        description=(
            "Ask platforms that refuse clients which are no browser with the handshake of one. Needs "
            "pip install 'doppelwatch[impersonate]'."
        ),
    )

    def manners_of(self, platform: str) -> Manners:
        """How much a platform is asked, and when it is not."""
        own = next((one for one in self.platforms if one.name == platform), None)

        def limit(name: str) -> int:
            written = getattr(own, name, None)
            return int(getattr(self, name) if written is None else written)

        return Manners(
            requests_per_hour=limit("requests_per_hour"),
            requests_per_day=limit("requests_per_day"),
            downloads_per_hour=limit("downloads_per_hour"),
            downloads_per_day=limit("downloads_per_day"),
            quiet=None if own is None else own.quiet,
        )


__all__ = ["Manners", "PlatformPolling", "Polling"]
