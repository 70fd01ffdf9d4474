"""The table of options: every key of config.yaml with its kind, bounds, default, example and meaning.

What stands here is the only place where an option is described. Validation, the commented config.yaml and the table in
docs/configuration.md are made from it (:mod:`bot.config.starter`, :mod:`bot.config.reference`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from bot.config.delivery import Deliver, Mail
from bot.config.log import Log
from bot.config.places import Origin
from bot.config.polling import Polling
from bot.config.secrets import Apprise, Cookies, Proxies, Secret, reveal
from bot.config.section import Section
from bot.config.subjects import official_account, time_zone, watched_account
from bot.config.timestamps import Timestamps
from bot.config.values import BUNDLED, Count, Day, Duration, Kind, LocalPath, ModelFiles, Name, Size, TimeOfDay
from bot.errors import ConfigError

MB = 1000**2
GB = 1000**3


class Person(Section):
    """One person to protect."""

    name: Name = Field(
        description="The name under which the public knows the person; accounts refer to it.",
        examples=["Jane Example"],
    )
    aliases: tuple[Name, ...] = Field(
        (),
        description="Other names, stage names and spellings that an impostor might use.",
        examples=[["Janie Example", "J. Example"]],
    )
    official: tuple[Annotated[str, AfterValidator(official_account), Kind("address")], ...] = Field(
        (),
        description="Addresses of the person's own accounts, on any platform; posts there are never alerts.",
        examples=[["https://www.tiktok.com/@janeexample", "https://www.instagram.com/janeexample"]],
    )
    photos: tuple[LocalPath, ...] = Field(
        (),
        description="Reference photos, each with the face of this person and of nobody else.",
        examples=[["references/jane-1.jpg", "references/jane-2.jpg"]],
    )
    recordings: tuple[LocalPath, ...] = Field(
        (),
        description="Reference recordings of the person's voice, sound or video, with nobody else speaking.",
        examples=[["references/jane-interview.m4a"]],
    )
    basis: Name | None = Field(
        None,
        description=(
            "On what basis face and voice of the person are processed (a mandate, their consent, a law), for whoever "
            "asks, instead of retention.basis; check misses it where there are references."
        ),
        examples=["mandate of 2026-01-15, renewed each year"],
    )
    until: Day | None = Field(
        None,
        description=(
            "The last day on which photos and recordings are used, in digest.timezone. Then what models made of them "
            "is deleted, and faces and voices are compared with nobody's; names and posts are watched on."
        ),
        examples=["2027-01-15"],
    )


class Account(Section):
    """One account to watch; its address alone, written as text, is enough."""

    url: Annotated[str, AfterValidator(watched_account), Kind("address")] = Field(
        description="Address of a profile, or folder:PATH for a folder into which video files are dropped.",
        examples=["https://www.tiktok.com/@deepjaneexample"],
    )
    person: Name | None = Field(
        None,
        description="Whom the account might imitate: a name from people; without it nobody is compared.",
        examples=["Jane Example"],
    )
    interval: Annotated[Duration, Field(ge=timedelta(minutes=5), le=timedelta(days=7))] | None = Field(
        None,
        description="Time between two looks at this account, instead of polling.interval.",
        examples=["15 min"],
    )

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: object) -> object:
        return {"url": data} if isinstance(data, str) else data


class DigestSettings(Section):
    """The daily digest."""

    time: TimeOfDay = Field(time(7, 30), description="When the daily digest is written, in its time zone.")
    timezone: Annotated[str, AfterValidator(time_zone), Kind("time zone")] = Field(
        "UTC", description='IANA name of the time zone, such as "Europe/Berlin"; it decides where a day begins.'
    )
    folder: LocalPath = Field(Path("watch/digests"), description="Folder into which the digests are written.")


class Limits(Section):
    """What one clip may cost."""

    workers: Count = Field(1, ge=1, le=64, description="Clips that are examined at the same time.")
    memory: Size = Field(
        3 * GB,
        ge=GB,
        le=1000 * GB,
        description="Address space of each worker process; its libraries alone take 0.7 GB of it.",
    )
    time: Duration = Field(
        timedelta(minutes=5),
        ge=timedelta(seconds=10),
        le=timedelta(hours=6),
        description="Time in which a clip must be downloaded, and again in which it must be examined.",
    )
    file_size: Size = Field(200 * MB, ge=MB, le=100 * GB, description="Largest file that is downloaded or examined.")
    duration: Duration = Field(
        timedelta(hours=3),
        ge=timedelta(seconds=1),
        le=timedelta(days=7),
        description="Longest clip, by the length that its file declares.",
    )
    examine: Duration = Field(
        timedelta(minutes=3),
        ge=timedelta(seconds=1),
        le=timedelta(hours=2),
        description="How much of a clip is examined, from its start.",
    )
    pixels: Count = Field(
        36_000_000,
        ge=100_000,
        le=400_000_000,
        description="Pixels of one frame, width times height; 8K video has 33 million.",
    )
    frames: Count = Field(
        40_000, ge=100, le=10_000_000, description="Frames that are decoded within the examined part."
    )


class Retention(Section):
    """What is deleted, and when."""

    media: Duration = Field(
        timedelta(days=30),
        ge=timedelta(days=1),
        le=timedelta(days=3650),
        description=(
            "How long the video files of posts without an alert are kept, and the pictures taken from them. "
            "Files of alerts, profiles and numbers stay, "
            "as evidence; what models make of reference photos and recordings, until these leave this file or "
            "people[].until is over."
        ),
    )
    basis: Name | None = Field(
        None,
        description=(
            "On what basis faces and voices of all people are processed who have no people[].basis of their own."
        ),
        examples=["mandate and consent, register of processing no. 7"],
    )


class Models(Section):
    """Models of your own in the place of those that come with Doppelwatch."""

    faces: LocalPath | None = Field(
        None,
        description="ONNX file of a face detector, with its card (same name, .toml) beside it.",
        examples=["models/faces.onnx"],
    )
    forgery: ModelFiles = Field(
        (),
        description=(
            "ONNX file of a forgery classifier, with its card (same name, .toml) beside it; or a list of several that "
            f"vote, with the word {BUNDLED} for the one that comes with Doppelwatch."
        ),
        examples=[[BUNDLED, "models/forgery.onnx"]],
    )
    identity: LocalPath | None = Field(
        None,
        description="ONNX file of a face embedding, with its card (same name, .toml) beside it.",
        examples=["models/identity.onnx"],
    )
    voice: LocalPath | None = Field(
        None,
        description="ONNX file of a speaker embedding, with its card (same name, .toml) beside it.",
        examples=["models/voice.onnx"],
    )
    trust_list: LocalPath | None = Field(
        None,
        description=(
            "PEM file with certificates, such as the list that C2PA publishes: content credentials count in full only "
            "where their signer goes back to one of these. Read with the extra c2pa."
        ),
        examples=["models/C2PA-TRUST-LIST.pem"],
    )


class Secrets(Section):
    """What must not stand in this file: where to read it from."""

    cookies: Annotated[dict[str, Secret], BeforeValidator(Cookies.known), Kind("group of keys")] = Field(
        default_factory=dict,
        description=(
            "Cookies of a login by platform (tiktok, youtube, twitch, kick, vimeo, vk), from {file: PATH} or from "
            "{env: NAME}, a variable of the environment: a Netscape cookie file, or one line like "
            "name=value; name=value. The file must be closed to others (chmod 600)."
        ),
        examples=[{"tiktok": {"file": "secrets/tiktok-cookies.txt"}}],
    )
    proxies: Annotated[dict[str, Secret], BeforeValidator(Proxies.known), Kind("group of keys")] = Field(
        default_factory=dict,
        description=(
            f"Proxy by platform ({', '.join(Proxies.PLATFORMS)}), from {{file: PATH}} or {{env: NAME}}: one line "
            "like http://user:password@host:3128, through which all of that platform is asked. The file must be closed "
            "to others (chmod 600)."
        ),
        examples=[{"tiktok": {"env": "TIKTOK_PROXY"}}],
    )
    mail_password: Annotated[Secret, Kind("secret")] | None = Field(
        None,
        description=(
            "Password of mail.user, from {file: PATH} or {env: NAME}. The file must be closed to others (chmod 600)."
        ),
        examples=[{"file": "secrets/mail-password.txt"}],
    )
    signing_key: Annotated[Secret, Kind("secret")] | None = Field(
        None,
        description=(
            "Private Ed25519 key (PEM) with which exported cases are signed, from {file: PATH} or {env: NAME}. Make "
            "one with: openssl genpkey -algorithm ed25519 -out signing.pem. "
            "The file must be closed to others (chmod 600)."
        ),
        examples=[{"file": "secrets/signing.pem"}],
    )
    apprise: Annotated[dict[str, Secret], BeforeValidator(Apprise.named), Kind("group of keys")] = Field(
        default_factory=dict,
        description=(
            "Addresses of chats, push services and webhooks as Apprise writes them, each by a name of your own, from "
            "{file: PATH} or {env: NAME}; they receive a short form of what is told. Needs the extra apprise."
        ),
        examples=[{"phone": {"env": "APPRISE_PHONE"}}],
    )


class Config(Section):
    """The whole configuration, validated; every path is absolute."""

    store: LocalPath = Field(
        Path("watch/store"), description="Folder for the database and the evidence; made at the first run."
    )
    people: tuple[Person, ...] = Field((), description="The people to protect.")
    accounts: tuple[Account, ...] = Field(
        (),
        description="The accounts to watch; an address alone is enough.",
        examples=["https://www.tiktok.com/@janeexample.fans", "folder:~/suspicious-clips"],
    )
    polling: Polling = Field(default_factory=Polling, description="How accounts are looked at.")
    digest: DigestSettings = Field(default_factory=DigestSettings, description="The daily digest.")
    mail: Mail = Field(default_factory=Mail, description="The digest and what is urgent by e-mail.")
    deliver: Deliver = Field(
        default_factory=Deliver, description="Other ways out, and what does not wait for the digest."
    )
    limits: Limits = Field(default_factory=Limits, description="What one clip may cost.")
    retention: Retention = Field(default_factory=Retention, description="What is deleted, and when.")
    timestamps: Timestamps = Field(
        default_factory=Timestamps,
        description="Time stamps (RFC 3161) over the custody log, by which others see that it existed then.",
    )
    log: Log = Field(default_factory=Log, description="What the watch says of its work.")
    models: Models = Field(
        default_factory=Models, description="Models of your own, in the place of those that come with Doppelwatch."
    )
    secrets: Secrets = Field(
        default_factory=Secrets,
        description="Where to read what must not stand in this file: from the environment or from a file.",
    )

    _origin: Origin = PrivateAttr(default_factory=Origin)

    def cookies(self) -> Mapping[str, str]:
        """The cookies by platform, read now from where the configuration says they are.

        Raises:
            ConfigError: one is not there, cannot be read, or lies in a file that others can read.
        """
        return self._by_platform("cookies", self.secrets.cookies)

    def proxies(self) -> Mapping[str, str]:
        """The addresses of proxies by platform, read now from where the configuration says they are.

        Raises:
            ConfigError: one is not there, cannot be read, or lies in a file that others can read.
        """
        return {name: text.strip() for name, text in self._by_platform("proxies", self.secrets.proxies).items()}

    def _by_platform(self, key: str, secrets: Mapping[str, Secret]) -> dict[str, str]:
        texts = {}
        for platform, secret in secrets.items():
            try:
                texts[platform] = reveal(secret)
            except ConfigError as error:
                raise ConfigError(f"{self.place('secrets', key, platform)}: {error}") from None
        return texts

    def in_force(self, at: datetime) -> Self:
        """The configuration at a time: without the references of people whose last day is over."""
        today = at.astimezone(ZoneInfo(self.digest.timezone)).date()
        over = [one for one in self.people if one.until is not None and one.until < today]
        if not over:
            return self
        people = tuple(
            one.model_copy(update={"photos": (), "recordings": ()}) if one in over else one for one in self.people
        )
        return self.model_copy(update={"people": people})

    def secret(self, *path: str) -> str:
        """One secret beneath `secrets`, read now; for errors that name its place.

        Args:
            path: its key, such as ("mail_password",) or ("apprise", "phone").

        Raises:
            ConfigError: it is not there, cannot be read, or lies in a file that others can read.
        """
        named = getattr(self.secrets, path[0])
        secret = named[path[1]] if isinstance(named, dict) else named
        try:
            # a file that an editor saved ends with a line break, which is no part of a password
            return reveal(secret).strip("\r\n")
        except ConfigError as error:
            raise ConfigError(f"{self.place('secrets', *path)}: {error}") from None

    def place(self, *path: str | int) -> str:
        """Where a key stands, for the start of a message: `config.yaml:12: people[0].photos[1]`."""
        return self._origin.place(path)

    def read_from(self, origin: Origin) -> Self:
        """The same configuration, knowing where it was read from."""
        self._origin = origin
        return self


__all__ = [
    "Account",
    "Config",
    "Deliver",
    "DigestSettings",
    "Limits",
    "Log",
    "Mail",
    "Models",
    "Person",
    "Polling",
    "Retention",
    "Secrets",
    "Section",
    "Timestamps",
]
