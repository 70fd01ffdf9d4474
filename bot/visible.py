"""Outside text in which nothing acts, for places that have no escaping of their own: terminals and the log."""

from __future__ import annotations

import unicodedata

_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Controls, direction marks, lone surrogates, private characters, and what some readers take for a line break."""


def visible(text: str) -> str:
    """Replace control and direction characters by visible escapes, so that outside text cannot act."""
    return "".join(f"\\u{ord(letter):04x}" if unicodedata.category(letter) in _ACTING else letter for letter in text)


__all__ = ["visible"]
