"""`python -m bot.sources`: write the README's platform tables anew, in a checkout."""

from __future__ import annotations

from pathlib import Path

import bot
from bot.sources.table import with_table


def main(root: Path) -> None:
    """Write the README beneath the root of a checkout."""
    page = root / "README.md"
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(bot.__file__).parents[1])
