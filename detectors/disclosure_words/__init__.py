"""The words of a declaration, one module a language.

To add a language, copy one of the modules, translate its lists and name it in :data:`LANGUAGES`. How a phrase is
written is told in :mod:`detectors.phrases`. The values are log10 likelihood ratios in a bio or display name, set by
judgement until labelled profiles calibrate them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from detectors.disclosure_words import de, en, es, fr, it, pt, symbols
from detectors.phrases import Denials, lines

LANGUAGES: tuple[ModuleType, ...] = (en, es, it, fr, de, pt)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of declaration.

    Attributes:
        name: for the statement.
        vocabulary: the name of its list in each language's module.
        log10_lr: what it is worth.
        of_the_account: it says who speaks, which platforms ask of parody and fan accounts; the others say how a clip
            was made.
    """

    name: str
    vocabulary: str
    log10_lr: float
    of_the_account: bool

    @property
    def phrases(self) -> tuple[str, ...]:
        """Its phrases in all languages."""
        return lines(*(getattr(language, self.vocabulary) for language in LANGUAGES))


KINDS: tuple[Kind, ...] = (
    Kind("parody or satire", "PARODY", 1.7, of_the_account=True),
    Kind("imitation", "IMITATION", 1.6, of_the_account=True),
    Kind("deepfake", "DEEPFAKE", 1.7, of_the_account=False),
    Kind("made with AI", "MADE_WITH_AI", 1.5, of_the_account=False),
    Kind("not the person", "NOT_THE_PERSON", 1.7, of_the_account=True),
    Kind("fan account", "FAN_ACCOUNT", 1.2, of_the_account=True),
    Kind("the word fan", "THE_WORD_FAN", 0.5, of_the_account=True),
)

DENIALS = Denials(
    negations=frozenset(lines(*(language.NEGATIONS for language in LANGUAGES))),
    between=frozenset(lines(*(language.SMALL_WORDS for language in LANGUAGES))),
    only=frozenset(lines(*(language.ONLY for language in LANGUAGES))),
)

FREE_OF = lines(*(language.FREE_OF for language in LANGUAGES))
"""Phrases that deny by themselves that anything was made ("AI-free")."""

I_AM_NOT = lines(*(language.I_AM_NOT for language in LANGUAGES))
"""Beginnings of sentences that go on with a name, and so say that somebody else is speaking."""

UPPERCASE = symbols.UPPERCASE
UPPERCASE_WORTH = 0.4
"""Weak: a person may simply write about it."""

EMOJI = symbols.EMOJI

HANDLE_HINTS = ("deep", "fake", "synth")
"""Parts of a handle that hint without saying it; insiders read them, the audience does not."""

HINT_WORTH = 0.3

FIELD_WORTH = {
    "handle": 0.9,
    "display_name": 1.0,
    "bio": 1.0,
    "caption": 0.8,
    "subtitles": 0.4,
    "on screen": 0.7,
}
"""Share of a kind's worth by field: the profile speaks for the account, a caption is read less, and what is said in the
clip may be about anything."""


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """Where a platform wants parody and fan accounts to say so: in all of the fields, or in one of them."""

    name: str
    fields: tuple[str, ...]
    one_is_enough: bool = False


PLATFORM_RULES = {
    # TikTok, Safety Center, "Impersonation: Guidance on Parody/Fan/Commentary Accounts"
    "tiktok": PlatformRule("TikTok", ("bio", "display_name", "handle")),
    # YouTube, "Impersonation policy", since 21 August 2023
    "youtube": PlatformRule("YouTube", ("display_name", "handle"), one_is_enough=True),
    # X, "Authenticity policy", parody, commentary and fan accounts, since 10 April 2025
    "x": PlatformRule("X", ("display_name", "bio")),
    "twitter": PlatformRule("X", ("display_name", "bio")),
}
