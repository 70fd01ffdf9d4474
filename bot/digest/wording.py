"""The words of the digest, in one place: labels, priorities, questions, outcomes, what to do next.

They grade support and never convict: a label says how an account presents itself and what was found, a next
step begins with looking, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10

from bot.digest.formats import clip_time
from bot.digest.model import Picture
from bot.sources.contract import Outcome
from bot.verdict import Label, Priority
from bot.verdict.scale import NEUTRAL, NOT_EXAMINED, support

QUESTIONS: Mapping[str, str] = {
    "identity": "Is it them?",
    "synthesis": "Was it made?",
    "disclosure": "Does it say so?",
    "spread": "How far does it go?",
}
"""The four questions, in the order in which they are shown."""

PROPOSITIONS: Mapping[str, str] = {
    "identity": "the post presents itself as the protected person",
    "synthesis": "face or voice was synthesised or swapped",
    "disclosure": "account or post declares that it is not the person's own footage",
}
"""What positive support is for, as the detectors define it (:class:`detectors.contract.Finding`)."""

_LABELS: Mapping[str, str] = {
    Label.OFFICIAL: "Official account of {person}",
    Label.OFFICIAL_COPY: "Copy of an official clip of {person}",
    Label.DECLARED_IMITATION: "Resembles {person}; says itself that it is an imitation",
    Label.IMPERSONATION_SYNTHETIC: "Presents itself as {person}; signs of synthesis",
    Label.IMPERSONATION_AUTHENTIC: "Presents itself as {person}; no support for synthesis",
    Label.UNRELATED: "Somebody other than {person}",
    Label.UNDETERMINED: "Undetermined: too little to tell",
}
_HINTS = "Presents itself as {person}; hints at synthesis"
_DISMISSED = "Dismissed by a person"
_BY_A_PERSON = "By a person's decision: "


def label_text(label: str, person: str | None, synthesis: float | None, *, decided: bool = False) -> str:
    """What people read for a label.

    Args:
        label: a value of :class:`bot.verdict.Label`; one of a later version is shown as it is.
        person: the protected person, or None where none is named.
        synthesis: the sum of that question; without support for it the label speaks of hints, not of signs.
        decided: the label is a person's decision.
    """
    if decided and label == Label.UNRELATED:
        return _DISMISSED
    text = _LABELS.get(label, label.replace("_", " ").capitalize())
    if label == Label.IMPERSONATION_SYNTHETIC and (synthesis is None or synthesis < NEUTRAL):
        text = _HINTS
    return (_BY_A_PERSON if decided else "") + text.replace("{person}", person or "the person")


def place_of(label: str) -> int:
    """Place of a label in the order in which posts without an alert are listed; unknown ones come last."""
    return list(_LABELS).index(label) if label in _LABELS else len(_LABELS)


@dataclass(frozen=True, slots=True)
class PriorityWords:
    """How a priority is called and what it means for the reader."""

    name: str
    meaning: str


PRIORITIES: Mapping[str, PriorityWords] = {
    Priority.URGENT: PriorityWords("Urgent", "presents itself as the person and reaches very many: look now"),
    Priority.HIGH: PriorityWords("High", "look today"),
    Priority.NORMAL: PriorityWords("Normal", "look when you can; few see it yet, or support is weak"),
    Priority.LOW: PriorityWords("Low", "worth knowing: declared, small, or weakly supported"),
    Priority.NONE: PriorityWords("No alert", "official or unrelated; listed so that you can check"),
}
"""In the order in which people should look."""

ALERTS = (Priority.URGENT, Priority.HIGH, Priority.NORMAL)
"""The priorities that get a card of their own under the alerts."""


def rank(priority: str) -> int:
    """Place of a priority in the order of looking; one that is not known comes first, so that nobody misses it."""
    return list(PRIORITIES).index(priority) if priority in PRIORITIES else -1


def is_loud(priority: str) -> bool:
    """Somebody should look; also at what a later version of the judge may have called otherwise."""
    return priority in ALERTS or rank(priority) < 0


def in_order(priorities: Mapping[str, int]) -> Mapping[str, int]:
    """Counts by priority, in the order in which people should look."""
    order = sorted(priorities, key=lambda one: (rank(one), one))
    return {one: priorities[one] for one in order}


_CHANGES: Mapping[str, str] = {
    "handle": "Handle",
    "display_name": "Name",
    "bio": "Bio",
    "verified": "Verified by the platform",
    "avatar": "Picture",
    "handle_taken": "Handle now belongs to another account",
    "gone": "Account gone",
    "back": "Account back",
}


def change_text(kind: str) -> str:
    """What changed on a profile, or happened to an account, in words; a kind of a later version as it is."""
    return _CHANGES.get(kind, kind.replace("_", " ").capitalize())


_PLATFORMS: Mapping[str, str] = {
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "bitchute": "BitChute",
    "peertube": "PeerTube",
    "vk": "VK",
    "folder": "a folder of files",
    "list": "a list of addresses",
    "feed": "a feed",
    "web": "the web",
}


def platform_name(platform: str) -> str:
    """How a platform writes its own name."""
    return _PLATFORMS.get(platform, platform.capitalize())


@dataclass(frozen=True, slots=True)
class ReportWay:
    """How a platform takes reports of impersonation: words, and the address of its own page about it, if known."""

    text: str
    href: str | None = None


_REPORTS: Mapping[str, ReportWay] = {
    # each was looked up; a platform without a page of its own takes reports from the profile's menu
    "tiktok": ReportWay(
        "TikTok's impersonation report forms",
        "https://support.tiktok.com/en/safety-hc/report-a-problem/report-an-impersonation-account",
    ),
    "youtube": ReportWay(
        "YouTube's impersonation policy and report form", "https://support.google.com/youtube/answer/2801947"
    ),
}
_LOCAL = ("folder", "list", "feed", "web")


def report_way(platform: str) -> ReportWay:
    """Where an impersonation is reported: the platform's page about it, or the way through the profile."""
    if platform in _REPORTS:
        return _REPORTS[platform]
    if platform in _LOCAL:
        return ReportWay("Report it at the place that it came from")
    return ReportWay(f"Report it from the profile's menu at {platform_name(platform)}, as impersonation")


def may_report(label: str) -> bool:
    """Whether a report can come of it, so that the way to it is shown."""
    return label not in (Label.OFFICIAL, Label.OFFICIAL_COPY, Label.UNRELATED)


def priority_name(priority: str) -> str:
    """A priority as people read it; one of a later version as it is."""
    return PRIORITIES[priority].name if priority in PRIORITIES else priority


def picture_alt(picture: Picture) -> str:
    """What a picture shows, for those who cannot see it."""
    if picture.kind in ("frame", "glitch"):
        return f"Frame of the clip: {picture.label}{', marked by a box' if picture.box else ''}"
    return f"Cut-out of the clip: {picture.label}"


def picture_caption(picture: Picture) -> str:
    """The few words below a picture."""
    at = "" if picture.at_s is None else f", {clip_time(picture.at_s)}"
    if picture.kind == "likeness":
        return f"this clip{at}"
    if picture.kind == "glitch":
        what = picture.label.partition(":")[0]
        return f"{what.removesuffix(' s')}\N{NO-BREAK SPACE}s" if what.endswith(" s") else what
    if picture.box is not None:
        return clip_time(picture.at_s) if picture.at_s is not None else ""
    return picture.label


def next_step(label: str, priority: str, platform: str, person: str | None) -> str:
    """What the reader can do, in one line that begins with looking."""
    form = f"{platform_name(platform)}'s form for impersonation" if platform != "folder" else "the place it came from"
    keep = f"If you agree, report it in {form}, with the link and the SHA-256."
    if platform == "folder":
        keep = f"If you agree, report it at {form}, with the SHA-256."
    match label:
        case Label.IMPERSONATION_SYNTHETIC:
            step = f"Watch it and compare with {person or 'the person'}'s own footage. {keep}"
        case Label.IMPERSONATION_AUTHENTIC:
            step = f"Watch it: is it footage of {person or 'the person'}, re-posted? {keep}"
        case Label.DECLARED_IMITATION if priority == Priority.LOW:
            step = "Nothing, unless the declaration goes away or the clip travels on without it."
        case Label.DECLARED_IMITATION:
            step = "Watch it: does the clip itself say so? Clips travel on without their bio."
        case Label.OFFICIAL_COPY:
            step = "Nothing, unless the words around it mislead: fans and news show clips again."
        case Label.UNDETERMINED if person is None:
            step = (
                "Name the person whom this account is watched for in the configuration; without one nothing compares."
            )
        case Label.UNRELATED:
            step = "Watch it if you like: somebody else's account, and it counts here for its reach or its score."
        case _:
            step = "Watch it: the findings are too weak to tell."
    return step


def legend() -> tuple[tuple[str, str], ...]:
    """The verbal scale for readers: how many times likelier, and the words for it, as the judge words it."""
    bands = (("less than 2", 1.5), ("2 to 10", 5), ("10 to 100", 50), ("100 to 1,000", 500), ("1,000 to 10,000", 5000))
    return (
        *((words, support(log10(ratio))) for words, ratio in bands),
        ("more than 10,000", support(4.5)),
        ("nothing to look at", NOT_EXAMINED),
    )


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How the end of a poll is called, why it is so in plain words, and what the reader can do."""

    word: str
    meaning: str
    remedy: str


_WAIT = "Nothing now: the watch waits and asks again by itself."

OUTCOMES: Mapping[str, OutcomeWords] = {
    Outcome.OK: OutcomeWords("Seen", "The platform answered.", ""),
    Outcome.EMPTY: OutcomeWords("Seen, no posts", "The platform answered and shows no posts.", ""),
    Outcome.GONE: OutcomeWords(
        "Gone",
        "The platform knows no such account any more: it was deleted, closed or renamed.",
        "Search by hand whether it came back under another name; then change or remove it in the configuration.",
    ),
    Outcome.PRIVATE: OutcomeWords(
        "Private",
        "The account shows its posts to its followers only.",
        "Nothing can be watched unless it opens again. Look at it by hand now and then.",
    ),
    Outcome.LOGIN_NEEDED: OutcomeWords(
        "Login needed",
        "The platform shows this account only to visitors who are logged in.",
        "Give the cookies of a logged-in browser in the configuration.",
    ),
    Outcome.BLOCKED: OutcomeWords(
        "Blocked",
        "The platform refuses this machine's address or program.",
        "Watch from another connection or less often; look at the account by hand meanwhile.",
    ),
    Outcome.RATE_LIMITED: OutcomeWords(
        "Rate limited", "Too many requests came from this connection, so the platform asked it to wait.", _WAIT
    ),
    Outcome.CHALLENGED: OutcomeWords(
        "Challenged",
        "The platform wanted proof that a person is looking.",
        "The watch asks again by itself; if it stays so, give the cookies of a browser in the configuration.",
    ),
    Outcome.GEO: OutcomeWords(
        "Withheld here",
        "The platform does not show this account in this country.",
        "Watch it from a country where it is shown.",
    ),
    Outcome.UNSUPPORTED: OutcomeWords(
        "Not supported",
        "The address is not a page of a kind that can be watched.",
        "Correct the address in the configuration.",
    ),
    Outcome.EXTRACTOR_BROKEN: OutcomeWords(
        "Not understood",
        "The platform changed its pages, and they cannot be read.",
        "Update with `pip install --upgrade yt-dlp`; such changes are usually mended within days.",
    ),
    Outcome.NETWORK: OutcomeWords(
        "No answer", "The platform could not be reached.", "Check this machine's connection. The watch asks again."
    ),
    Outcome.TIMEOUT: OutcomeWords("Too slow", "The platform did not answer in time.", _WAIT),
    Outcome.TOO_LARGE: OutcomeWords(
        "Too large", "The platform's answer was larger than the limit.", "Look at the account by hand."
    ),
    Outcome.UNKNOWN: OutcomeWords(
        "Not clear",
        "The look failed in a way that is not known; what was seen is kept with the poll.",
        "Look at the account by hand. If it stays so, update yt-dlp.",
    ),
}
"""Words for every outcome of a poll."""

NEVER = OutcomeWords(
    "Not looked at yet", "The account is in the configuration and was never polled.", "Run `doppelwatch once`."
)

LATE = OutcomeWords(
    "Not looked at lately",
    "The last look succeeded and is too long ago: the watch did not run.",
    "Start `doppelwatch run`, or call `doppelwatch once` more often.",
)


def outcome_words(outcome: str) -> OutcomeWords:
    """The words for an outcome; one of a later version gets those for what is not clear."""
    return OUTCOMES.get(outcome, OUTCOMES[Outcome.UNKNOWN])
