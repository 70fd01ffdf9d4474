"""Cues of harm, one module a language.

To add a language, copy one of the modules, translate its lists and name it in :data:`LANGUAGES`; how a phrase is
written is told in :mod:`detectors.phrases`. The lists hold what calls a reader to do something, or the topics
that fakes are used for; no list of insults is needed for that, and none is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from detectors.harm_words import de, en, es, fr, it, pt
from detectors.phrases import lines

LANGUAGES: tuple[ModuleType, ...] = (en, es, it, fr, de, pt)

PLAIN = 0.8
"""Grade of a phrase that hardly means anything else."""

HINT = 0.3
"""Grade of a word that also has harmless uses."""

HINTS_TOGETHER = 0.55
"""Grade of two different hints of one category."""

TOPIC = 0.5
"""Grade of a topic that fakes are made for, and that everybody else speaks about too."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of harm.

    Attributes:
        name: for the statement and the label.
        vocabulary: the name of its list of plain phrases in each language's module; its hints end in `_HINTS`.
        hint: grade of a hint; None where there are none.
        warned: a warning against scams in the same sentence is no scam.
        never: nor is a promise never to ask for it, in the same sentence.
        quoted: it is what news quotes, so that words of quoting halve it.
    """

    name: str
    vocabulary: str
    hint: float | None = HINT
    warned: bool = False
    never: bool = True
    quoted: bool = False

    def plain(self) -> tuple[str, ...]:
        """Its plain phrases in all languages."""
        return listed(self.vocabulary)

    def hints(self) -> tuple[str, ...]:
        """Its hints in all languages."""
        return listed(f"{self.vocabulary}_HINTS") if self.hint is not None else ()


def listed(vocabulary: str) -> tuple[str, ...]:
    """The phrases of one list in all languages."""
    return lines(*(getattr(language, vocabulary) for language in LANGUAGES))


INVESTMENT = Category("investment scam", "INVESTMENT", warned=True)
GIVEAWAY = Category("giveaway", "GIVEAWAY", warned=True)
CONTACT = Category("contact elsewhere", "CONTACT")
CATEGORIES: tuple[Category, ...] = (
    GIVEAWAY,
    INVESTMENT,
    CONTACT,
    Category("sexual content", "SEXUAL", never=False),
    Category("election topic", "ELECTION", hint=TOPIC, never=False, quoted=True),
    Category("crisis topic", "CRISIS", hint=TOPIC, never=False, quoted=True),
    Category("call to violence", "VIOLENCE", hint=None, never=False, quoted=True),
    Category("hate", "HATE", hint=None, never=False, quoted=True),
)
