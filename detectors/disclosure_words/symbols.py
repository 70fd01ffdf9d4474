"""Signs that declare in every language."""

from __future__ import annotations

UPPERCASE = frozenset({"AI", "A.I", "A.I.", "IA", "I.A", "I.A.", "KI"})
"""Alone they count only in capitals: "ai" is a word in Italian, "j'ai" in French, "ia" and "ki" elsewhere."""

EMOJI = {
    "\U0001f916": "made with AI",  # robot face
    "\U0001f3ad": "imitation",  # performing arts
    "\U0001f9ec": "made with AI",  # double helix, of clones
}
"""Emoji that are put as labels, with the kind that they hint at; each is worth a hint."""
