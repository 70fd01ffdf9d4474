"""Looking for accounts under handles that resemble a protected person's: what is asked, how, and what came of it."""

from bot.lookalikes.asking import ABSENT, EXISTS, PAUSE_S, WALL, Asked, Pace, ask
from bot.lookalikes.avatars import Avatars, avatars_of
from bot.lookalikes.places import PLACES
from bot.lookalikes.questions import Question, questions, unanswered

__all__ = [
    "ABSENT",
    "EXISTS",
    "PAUSE_S",
    "PLACES",
    "WALL",
    "Asked",
    "Avatars",
    "Pace",
    "Question",
    "ask",
    "avatars_of",
    "questions",
    "unanswered",
]
