"""`python -m bot.verdict`: write the tables of docs/verdict.md anew, in a checkout."""

from __future__ import annotations

from pathlib import Path

import bot
from bot.verdict.reference import renewed


def main(root: Path) -> None:
    """Write the page beneath the root of a checkout."""
    page = root / "docs" / "verdict.md"
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(bot.__file__).parents[1])
