"""The seed case on a made-up platform: who posts what. Nobody in it exists; see media/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

PERSON = "Aurelio Vantor"


@dataclass(frozen=True, slots=True)
class Clip:
    """One post of the story.

    `age` is before the demo's now, `views` are those of the second look, and `growth` is by how much they
    multiplied between the two looks.
    """

    file: str
    caption: str
    age: timedelta
    views: int
    growth: float = 1.0
    ai_label: bool = False
    seconds: int = 7
    """How long it is, as the platform says."""


@dataclass(frozen=True, slots=True)
class Role:
    """One account of the story.

    `state` is what the stand-in answers at the second look: normal, gone or rate_limited, and `state_before` what
    it answered at the first. `followers` are those of the second look, and `growth` is by how much they multiplied
    between the two looks.
    """

    handle: str
    display_name: str
    bio: str
    followers: int
    clips: tuple[Clip, ...] = ()
    growth: float = 1.0
    verified: bool = False
    avatar: str | None = None
    state: str = "normal"
    state_before: str = "normal"
    person: str | None = PERSON
    """Whom the account is watched for."""


CAST: tuple[Role, ...] = (
    Role(
        handle="deepaureliovantor",
        display_name="Aurelio Vantor",
        bio="Golf, tricks and the good life.",
        followers=379_500,
        growth=1.14,
        avatar="avatar_deep.jpg",
        clips=(
            Clip(
                "deep_golf.mp4", "Sunday round. Did you see that swing?", timedelta(days=3), 5_400_000, 1.06, seconds=8
            ),
            Clip("deep_trip.mp4", "Everybody falls. Get up laughing.", timedelta(days=2), 3_900_000, 1.12, seconds=9),
            Clip("deep_coin.mp4", "Watch the coin closely.", timedelta(hours=26), 1_450_000, 1.42),
        ),
    ),
    Role(
        handle="aureliovantor.parody",
        display_name="Aurelio Vantor (parody)",
        bio="Parody account. Every clip is a deepfake made for fun, not the real Aurelio.",
        followers=12_800,
        avatar="avatar_parody.jpg",
        clips=(
            Clip("parody_1.mp4", "If Aurelio sold carpets #parody #deepfake", timedelta(days=4), 48_000, 1.01, True),
            Clip("parody_2.mp4", "Aurelio reads the weather #parody", timedelta(days=1), 21_500, 1.1, True, 6),
        ),
    ),
    Role(
        handle="aureliovantor",
        display_name="Aurelio Vantor",
        bio="The only official account.",
        followers=4_100_000,
        verified=True,
        avatar="avatar_official.jpg",
        clips=(
            Clip("official_1.mp4", "Rehearsals started today.", timedelta(days=5), 900_000, 1.02),
            Clip("official_2.mp4", "Thank you for last night.", timedelta(hours=30), 640_000, 1.15),
        ),
    ),
    Role(
        handle="aurelio_baker",
        display_name="Aurelio Bianchi",
        bio="Sourdough, every morning at five.",
        followers=2_300,
        avatar="avatar_namesake.jpg",
        clips=(Clip("namesake_1.mp4", "Why your starter sleeps in winter", timedelta(days=2), 5_200, 1.03),),
    ),
    Role(handle="realaureliovantor", display_name="Aurelio Vantor", bio="New here", followers=120, state="gone"),
    Role(
        handle="aureliovantor.fanclips",
        display_name="Vantor fan clips",
        bio="Fan account",
        followers=31_000,
        state="rate_limited",
        state_before="rate_limited",
    ),
)
"""In the order of the configuration, which is not the order of the digest."""

LOOKS_APART = timedelta(hours=18)
"""The first look is that long before the demo's now, so that growth can be told."""

RETRY_AFTER_S = 1800
"""What the stand-in asks for when it rate-limits."""


def url_of(role: Role) -> str:
    """The account's address on the platform."""
    return f"https://www.tiktok.com/@{role.handle}"


def media_folder() -> Path:
    """Where the demo's clips lie, in a checkout as in an installed wheel."""
    return Path(str(files("bot.demo") / "media"))


def configuration(store: Path, digests: Path, roles: Sequence[Role] = CAST) -> dict[str, object]:
    """The configuration of the demo as plain values, ready to be written as YAML.

    Args:
        store: where the evidence goes; a relative path starts at the configuration's folder, as usual.
        digests: where the pages go; likewise.
        roles: whom to watch.
    """
    media = media_folder()
    official = next(role for role in roles if role.verified)
    return {
        "store": str(store),
        "people": [
            {
                "name": PERSON,
                "aliases": ["A. Vantor"],
                "official": [url_of(official)],
                "photos": [str(media / f"reference_{number}.jpg") for number in (1, 2, 3)],
                "recordings": [str(media / "reference_voice.ogg")],
            }
        ],
        "accounts": [{"url": url_of(role), "person": role.person} for role in roles],
        "digest": {"folder": str(digests), "timezone": "UTC", "time": "07:30"},
        "limits": {"workers": 2},
    }


def published(clip: Clip, now: datetime) -> datetime:
    """When the clip was posted, seen from the demo's now."""
    return now - clip.age
