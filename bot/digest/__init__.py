"""The daily digest: a page and a text that say what is new, what is urgent, why, how sure, and what to do."""

from bot.digest.build import Portraits
from bot.digest.write import DigestSettings, write_digest

__all__ = ["DigestSettings", "Portraits", "write_digest"]
