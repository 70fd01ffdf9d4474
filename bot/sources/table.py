"""The platform tables of the README, made from what the sources declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sources.registry import capabilities
from bot.sources.unlistable import NAMES, WAYS

BEGIN = "<!-- platforms: made by python -m bot.sources; a test holds it -->"
END = "<!-- /platforms -->"

HEAD = (
    "| platform | lists posts | downloads | followers | bio | AI label | login | browser | an address |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def rows() -> Iterator[str]:
    """The lines between the two marks."""
    yield from HEAD
    for name, can in capabilities().items():
        word = ["yes" if seen else "no" for seen in (can.lists, can.downloads, can.followers, can.bio, can.ai_label)]
        word += ["often needed" if can.needs_cookies else "", "often wanted" if can.wants_impersonation else ""]
        yield f"| {name} | {' | '.join(word)} | `{can.example}` |".replace("|  |", "| |").replace("|  |", "| |")
    yield ""
    for name, can in capabilities().items():
        if can.note:
            yield f"- {name}: {can.note}."
    yield ""
    yield "No lister exists for these; `check` says so and names the way round:"
    yield ""
    for way in dict.fromkeys(WAYS.values()):
        yield f"- {', '.join(NAMES.get(name, name.capitalize()) for name in WAYS if WAYS[name] == way)}: {way}."


def with_table(page: str) -> str:
    """The README with its tables made anew. Raises ValueError where the marks are missing."""
    text = "\n".join((BEGIN, *rows(), END))
    renewed, count = re.subn(r"<!-- platforms.*?-->.*?<!-- /platforms -->", lambda _: text, page, flags=re.DOTALL)
    if count != 1:
        raise ValueError("the page has no place for the platforms")
    return renewed


__all__ = ["rows", "with_table"]
