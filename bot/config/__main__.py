"""`python -m bot.config`: write config.yaml and the table of docs/configuration.md anew, in a checkout."""

from __future__ import annotations

from pathlib import Path

import bot
from bot.config.reference import with_reference
from bot.config.starter import starter


def main(root: Path) -> None:
    """Write both files beneath the root of a checkout."""
    page = root / "docs" / "configuration.md"
    renewed = with_reference(page.read_text(encoding="utf-8"))
    (root / "config.yaml").write_text(starter(), encoding="utf-8")
    page.write_text(renewed, encoding="utf-8")


if __name__ == "__main__":
    main(Path(bot.__file__).parents[1])
